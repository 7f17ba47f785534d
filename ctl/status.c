/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl status: desired against actual. */

#include <stdint.h>
#include <stdio.h>

#include "compare.h"
#include "fold.h"
#include "json.h"
#include "memory.h"
#include "rivals.h"
#include "survey.h"
#include "table.h"

static enum verdict verdict_of(const struct subject *subject)
{
	switch (subject->pass->state) {
	case STATE_UNMANAGED:
	case STATE_IN_SYNC:
		return VERDICT_OK;
	case STATE_BLOCKED:
		return VERDICT_BLOCKED;
	default:
		return VERDICT_PENDING;
	}
}

static enum style state_style(const struct subject *subject)
{
	switch (verdict_of(subject)) {
	case VERDICT_OK:
		return STYLE_GOOD;
	case VERDICT_PENDING:
		return STYLE_WARN;
	default:
		return STYLE_BAD;
	}
}

static const struct value *wanted_vfs(const struct pass *pass)
{
	return VALUES_GET(&pass->desired->pf->settings, PF_VFS);
}

/* "4/8": what there are, and what there should be where that is managed. */
static const char *vfs_cell(struct arena *arena, const struct pass *pass)
{
	const struct value *wanted = wanted_vfs(pass);

	if (!wanted)
		return MEMORY_REQUIRE(arena_printf(arena, "%u", pass->observed->n_vfs));
	return MEMORY_REQUIRE(
		arena_printf(arena, "%u/%u", pass->observed->n_vfs, (unsigned)wanted->number));
}

enum { CELL_PF, CELL_ADDRESS, CELL_DRIVER, CELL_RULES, CELL_VFS, CELL_STATE, CELL_REASON };

static const struct column overview_columns[] = {
	[CELL_PF] = { "PF" },
	[CELL_ADDRESS] = { "ADDRESS" },
	[CELL_DRIVER] = { "DRIVER" },
	[CELL_RULES] = { "RULES", COLUMN_WRAP },
	[CELL_VFS] = { "VFS", COLUMN_RIGHT },
	[CELL_STATE] = { "STATE" },
	[CELL_REASON] = { "REASON", COLUMN_WRAP },
};

static void add_subject(struct libscols_table *table, struct arena *arena,
			const struct subject *subject)
{
	const struct pass *pass = subject->pass;
	struct libscols_line *row = table_row(table, NULL);
	CLEANUP_TEXT struct text rules = { 0 };

	survey_rules(subject, &rules);
	table_cell(row, CELL_PF, STYLE_STRONG, pf_name(pass->observed));
	table_cell(row, CELL_ADDRESS, STYLE_PLAIN, pass->observed->address);
	table_cell(row, CELL_DRIVER, STYLE_PLAIN,
		   pass->observed->driver ? pass->observed->driver : "none");
	table_cell(row, CELL_RULES, STYLE_PLAIN, memory_text(&rules));
	table_cell(row, CELL_VFS, STYLE_PLAIN, vfs_cell(arena, pass));
	table_cell(row, CELL_STATE, state_style(subject), pf_state_name(pass->state));
	table_cell(row, CELL_REASON, STYLE_PLAIN, pass->reason);
}

static void add_absent(struct libscols_table *table, const struct absent *absent)
{
	struct libscols_line *row = table_row(table, NULL);

	table_cell(row, CELL_PF, STYLE_PLAIN, "-");
	table_cell(row, CELL_ADDRESS, STYLE_PLAIN, "-");
	table_cell(row, CELL_DRIVER, STYLE_PLAIN, "-");
	table_cell(row, CELL_RULES, STYLE_PLAIN, absent->rule->name);
	table_cell(row, CELL_VFS, STYLE_PLAIN, "-");
	table_cell(row, CELL_STATE, STYLE_BAD, pf_state_name(STATE_ABSENT));
	table_cell(row, CELL_REASON, STYLE_PLAIN, absent->reason);
}

static void print_overview(const struct survey *survey)
{
	CLEANUP_TABLE struct libscols_table *table =
		table_new(overview_columns, ARRAY_SIZE(overview_columns));

	for (size_t i = 0; i < survey->count; i++)
		add_subject(table, survey->arena, &survey->items[i]);
	for (size_t i = 0; i < survey->n_absents; i++)
		add_absent(table, &survey->absents[i]);
	table_print(table, TABLE_HEADING);
	if (!survey->count && !survey->n_absents)
		puts("no rules");
}

static void print_holders(const struct pf *pf)
{
	static const struct column columns[] = { { "VFS" }, { "HOLDER", COLUMN_WRAP } };
	CLEANUP_TABLE struct libscols_table *table = table_new(columns, ARRAY_SIZE(columns));
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct fold fold = { .arena = arena };
	const struct fold_row *rows;
	size_t count;

	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].holder)
			fold_add(&fold,
				 &(struct fold_line){ .vf = i, .cells = { pf->vfs[i].holder } });
	rows = fold_rows(&fold, &count);
	for (size_t i = 0; i < count; i++) {
		struct libscols_line *row = table_row(table, NULL);
		CLEANUP_TEXT struct text text = { 0 };

		text_printf(&text, "in use: %s", rows[i].cells[0]);
		table_cell(row, 0, STYLE_PLAIN, rows[i].subject);
		table_cell(row, 1, STYLE_WARN, memory_text(&text));
	}
	table_print(table, TABLE_INDENTED);
}

static void print_details(const struct subject *subject)
{
	const struct pass *pass = subject->pass;

	survey_print_heading(subject);
	survey_print_state(subject, state_style(subject));
	compare_print(pass);
	print_holders(pass->observed);
	putchar('\n');
}

static void print_text(const struct options *options, const struct survey *survey)
{
	if (!options->n_operands)
		print_overview(survey);
	for (size_t i = 0; options->n_operands && i < survey->count; i++)
		print_details(&survey->items[i]);
	for (size_t i = 0; i < survey->count; i++)
		rivals_print(options, &survey->items[i]);
	puts("observed directly; the daemon was not asked");
}

static struct json_object *subject_json(const struct options *options,
					const struct subject *subject)
{
	const struct pass *pass = subject->pass;
	struct json_object *object = survey_json(subject);
	struct json_object *vfs = json_new_object();

	json_set_number(vfs, "actual", pass->observed->n_vfs);
	if (wanted_vfs(pass))
		json_set_number(vfs, "desired", (int64_t)wanted_vfs(pass)->number);
	json_set(object, "vfs", vfs);
	json_set(object, "settings", compare_pf_json(pass));
	json_set(object, "virtual_functions", compare_vfs_json(pass));
	json_set(object, "rivals", rivals_json(options, subject));
	return object;
}

static void print_json(const struct options *options, const struct survey *survey)
{
	struct json_object *object = json_new_object();
	struct json_object *pfs = json_new_array();

	for (size_t i = 0; i < survey->count; i++)
		json_append(pfs, subject_json(options, &survey->items[i]));
	json_set_text(object, "source", "direct");
	json_set(object, "pfs", pfs);
	json_set(object, "unmatched_rules", absent_json(survey->absents, survey->n_absents));
	json_print(object);
}

static enum verdict run(const struct options *options)
{
	CLEANUP_SCENE struct scene scene = { 0 };
	CLEANUP_SURVEY struct survey survey = { 0 };
	enum verdict verdict;

	verdict = scene_open_with_policy(options, &scene);
	if (verdict == VERDICT_OK)
		verdict = survey_open(options, &scene, &survey);
	if (verdict != VERDICT_OK)
		return verdict;
	survey_look(&scene, &survey);
	if (scene.partial)
		verdict = VERDICT_FAILED;
	if (survey.n_absents)
		verdict = verdict_worst(verdict, VERDICT_PENDING);
	for (size_t i = 0; i < survey.count; i++)
		verdict = verdict_worst(verdict, verdict_of(&survey.items[i]));
	survey_print_problems(&survey);
	if (options->json)
		print_json(options, &survey);
	else
		print_text(options, &survey);
	return verdict;
}

const struct verb verb_status = {
	.name = "status",
	.operands = "[PF...]",
	.summary = "desired against actual; of the PFs named, setting by setting",
	.options = OPTION_BIT(OPTION_JSON),
	.operands_max = SIZE_MAX,
	.run = run,
};
