/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl explain: which rules matched, and where each value comes from. */

#include <json-c/json_object.h>
#include <stdio.h>
#include <string.h>

#include "document/build.h"
#include "host/inputs.h"
#include "host/pick.h"
#include "host/provenance.h"
#include "memory.h"
#include "options.h"
#include "plan/step.h"
#include "policy/match.h"
#include "policy/resolve/resolve.h"
#include "print/json.h"
#include "print/places.h"
#include "print/table.h"
#include "print/value_text.h"
#include "print/vf_groups.h"
#include "print/warnings.h"
#include "print/wrap.h"
#include "report/once.h"
#include "style.h"
#include "verb.h"

/* What is explained. */
struct question {
	const struct policy *policy;
	const struct host *host;
	const struct pf *pf;
	const struct desired *desired;
	const struct places *places; /* of all files of the policy's rules */
	bool all;		     /* one by one what each VF has of its own */
	bool of_vf;		     /* only of this one: */
	uint32_t vf;
};

static const char *place_of(const struct places *places, const struct origin *origin)
{
	if (!origin || !origin->document)
		return NULL;
	return places_name(places, origin->document->name, origin->line, origin->column);
}

/* How it stands with a value that the VF is given once; NULL: it is not. */
static const char *once_of(const struct question *question, uint32_t vf, enum vf_setting setting)
{
	if (!(question->desired->pf->vfs[vf].once & SETTING_BIT(setting)))
		return NULL;
	return once_describe(pf_vf(question->pf, vf), setting, false);
}

static const char *note_of(const struct places *places, const struct provenance *provenance,
			   const char *once)
{
	const struct value *written = provenance_written(provenance);
	CLEANUP_TEXT struct text text = { 0 };

	if (!provenance->result) {
		text_append(&text, "left out: it makes no sense on this PF");
	} else if (provenance->result->form == VALUE_PERCENT) {
		text_append(&text, "not yet: " STEP_WAITS_LINK);
	} else if (written) {
		text_append(&text, written->form == VALUE_FROM ? "counted: " : "from ");
		value_format(provenance->setting, written, &text);
	}
	if (provenance->result && once)
		text_printf(&text, "%s%s", text.length ? "; " : "", once);
	for (size_t i = provenance->count; i > 1; i--) {
		text_append(&text, text.length ? "; overrides " : "overrides ");
		value_format(provenance->setting, provenance->places[i - 2], &text);
		text_printf(&text, " (%s)", place_of(places, provenance->places[i - 2]->origin));
	}
	return text.length || text.failed ? memory_keep(places->arena, &text) : NULL;
}

/* "stable", where each VF gets a value of its own; else NULL. */
static const char *wish_of(struct arena *arena, const struct provenance *provenance)
{
	const struct value *written = provenance_written(provenance);
	CLEANUP_TEXT struct text text = { 0 };

	if (!written)
		return NULL;
	value_format(provenance->setting, written, &text);
	return memory_keep(arena, &text);
}

enum { CELL_SETTING, CELL_VALUE, CELL_PLACE, CELL_NOTE };

/* How the value counts over VFs, if it does. */
static void count_value(struct arena *arena, const struct provenance *provenance,
			struct vf_groups_line *line)
{
	struct json_object *value;

	line->counted_cell = CELL_VALUE;
	if (!line->folded[CELL_VALUE])
		return;
	value = MEMORY_REQUIRE(value_json(provenance->setting, provenance->result));
	value_text_counted(value, line->folded[CELL_VALUE], "", arena, &line->counted);
	json_object_put(value);
}

static void add_line(struct vf_groups *groups, const struct places *places, uint32_t vf,
		     const struct provenance *provenance, const char *once)
{
	const struct value *last = provenance_last(provenance);
	struct vf_groups_line line = { .vf = vf };
	CLEANUP_TEXT struct text value = { 0 };

	if (!last)
		return;
	if (provenance->result)
		value_describe(provenance->setting, provenance->result, &value);
	else
		value_format(provenance->setting, last, &value);
	line.cells[CELL_SETTING] = provenance->setting->key;
	line.cells[CELL_VALUE] = memory_keep(groups->arena, &value);
	line.cells[CELL_PLACE] = place_of(places, last->origin);
	line.cells[CELL_NOTE] = note_of(places, provenance, once);
	if (provenance->result)
		line.folded[CELL_VALUE] = wish_of(groups->arena, provenance);
	count_value(groups->arena, provenance, &line);
	vf_groups_add(groups, &line);
}

static void add_vf_lines(struct vf_groups *groups, const struct question *question, uint32_t vf)
{
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++) {
		const struct provenance provenance =
			provenance_of_vf(question->desired, vf, i, groups->arena);

		add_line(groups, question->places, vf, &provenance, once_of(question, vf, i));
	}
}

static void add_pf_lines(struct vf_groups *groups, const struct question *question)
{
	for (enum pf_setting i = 0; i < PF_SETTING_COUNT; i++) {
		const struct provenance provenance =
			provenance_of_pf(question->desired, i, groups->arena);

		add_line(groups, question->places, VF_GROUPS_PF, &provenance, NULL);
	}
}

static void print_values(const struct question *question)
{
	static const struct column columns[] = {
		{ "OF" },
		{ "SETTING" },
		{ "VALUE" },
		{ "SET BY", COLUMN_BELOW },
		{ "NOTE", COLUMN_WRAP | COLUMN_BELOW },
	};
	CLEANUP_TABLE struct table *table = table_new(columns, ARRAY_SIZE(columns));
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct vf_groups groups = { .arena = arena, .all = question->all };
	const struct vf_groups_row *rows;
	size_t count;

	if (question->of_vf)
		add_vf_lines(&groups, question, question->vf);
	else
		add_pf_lines(&groups, question);
	for (uint32_t i = 0; !question->of_vf && i < question->desired->pf->n_vfs; i++)
		add_vf_lines(&groups, question, i);
	rows = vf_groups_rows(&groups, &count);
	for (size_t i = 0; i < count; i++) {
		struct libscols_line *row = table_row(table, NULL);

		table_cell(row, 0, STYLE_PLAIN, rows[i].vfs ? rows[i].vfs : "PF");
		for (size_t k = 0; k < VF_GROUPS_CELLS; k++)
			table_cell(row, k + 1, k == CELL_PLACE ? STYLE_FAINT : STYLE_PLAIN,
				   rows[i].cells[k]);
	}
	table_print(table, TABLE_INDENTED | TABLE_HEADING);
	if (!count)
		puts("  nothing is set");
}

static void print_rules(const struct question *question)
{
	static const struct column columns[] = { { "RULE" },
						 { "MATCH", COLUMN_WRAP | COLUMN_BELOW },
						 { "AT", COLUMN_BELOW } };
	CLEANUP_TABLE struct table *table = table_new(columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < question->policy->n_rules; i++) {
		const struct rule *rule = &question->policy->rules[i];
		struct libscols_line *row = table_row(table, NULL);
		CLEANUP_TEXT struct text text = { 0 };
		struct match_failure failure;

		if (rule_matches(rule, question->pf, &failure)) {
			table_cell(row, 1, STYLE_GOOD, "matches");
		} else {
			text_append(&text, "no: ");
			match_failure_describe(&failure, rule, question->pf, &text);
			table_cell(row, 1, STYLE_PLAIN, memory_text(&text));
		}
		table_cell(row, 0, STYLE_PLAIN, rule->name);
		table_cell(row, 2, STYLE_FAINT, place_of(question->places, &rule->origin));
	}
	table_print(table, TABLE_INDENTED | TABLE_HEADING);
	if (!question->policy->n_rules)
		puts("  there are no rules");
}

static void print_heading(const struct pf *pf)
{
	CLEANUP_TEXT struct text text = { 0 };

	style_print(stdout, STYLE_STRONG, pf_name(pf));
	text_printf(&text, " (%s%s%s)", pf->address, pf->driver ? ", " : "",
		    pf->driver ? pf->driver : "");
	style_print(stdout, STYLE_PLAIN, memory_text(&text));
	putchar('\n');
}

/* Why there are no values. */
static void print_unmanaged(const struct desired *desired)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (desired->ignored_by) {
		text_append(&text, "rule '");
		text_append_quoted(&text, desired->ignored_by->name);
		text_append(&text, "' ignores it: it is left alone, whatever others say");
	} else {
		text_append(&text, desired->n_rules ? desired->undecided
						    : "no rule matches: it is left alone");
	}
	(void)fputs("  ", stdout);
	wrap_print(stdout, STYLE_PLAIN, memory_text(&text));
}

static void print_text(const struct question *question)
{
	print_heading(question->pf);
	print_rules(question);
	putchar('\n');
	if (desired_is_managed(question->desired))
		print_values(question);
	else
		print_unmanaged(question->desired);
	places_print(question->places);
}

static void set_failure(struct json_object *object, const struct question *question,
			const struct rule *rule, const struct match_failure *failure)
{
	CLEANUP_TEXT struct text key = { 0 }, wanted = { 0 }, actual = { 0 };

	match_failure_key(failure, &key);
	match_patterns_describe(match_failure_patterns(failure, rule), &wanted);
	match_actual(question->pf, failure->key, &actual);
	json_set_text(object, "failed", memory_text(&key));
	json_set_text(object, "wanted", memory_text(&wanted));
	json_set_text(object, "actual", memory_text(&actual));
	json_set_bool(object, "untold", failure->untold);
}

static struct json_object *rules_json(const struct question *question)
{
	struct json_object *array = json_new_array();

	for (size_t i = 0; i < question->policy->n_rules; i++) {
		const struct rule *rule = &question->policy->rules[i];
		struct json_object *object = json_new_object();
		struct match_failure failure;
		bool matches = rule_matches(rule, question->pf, &failure);

		json_set_text(object, "name", rule->name);
		json_set_bool(object, "matches", matches);
		if (!matches)
			set_failure(object, question, rule, &failure);
		json_set_origin(object, "origin", &rule->origin);
		json_append(array, object);
	}
	return array;
}

static void set_written(struct json_object *object, const char *key,
			const struct provenance *provenance, const struct value *value)
{
	CLEANUP_TEXT struct text text = { 0 };

	value_format(provenance->setting, value, &text);
	json_set_text(object, key, memory_text(&text));
}

/* What was appended, or NULL. */
static struct json_object *append_provenance(struct json_object *array,
					     const struct desired *desired,
					     const struct provenance *provenance)
{
	struct json_object *object, *overrides;

	/* What rules say of a PF that is ignored means nothing. */
	if (!provenance->count || !desired_is_managed(desired))
		return NULL;
	object = json_new_object();
	overrides = json_new_array();
	json_set_text(object, "setting", provenance->setting->key);
	if (provenance->result)
		json_set(object, "value", value_json(provenance->setting, provenance->result));
	if (provenance_written(provenance))
		set_written(object, "written", provenance, provenance_written(provenance));
	json_set_origin(object, "origin", provenance_last(provenance)->origin);
	for (size_t i = 0; i + 1 < provenance->count; i++) {
		struct json_object *overridden = json_new_object();

		set_written(overridden, "written", provenance, provenance->places[i]);
		json_set_origin(overridden, "origin", provenance->places[i]->origin);
		json_append(overrides, overridden);
	}
	json_set(object, "overrides", overrides);
	json_append(array, object);
	return object;
}

static struct json_object *vf_json(const struct question *question, uint32_t vf)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct json_object *object = json_new_object();
	struct json_object *settings = json_new_array();

	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++) {
		const struct provenance provenance =
			provenance_of_vf(question->desired, vf, i, arena);

		struct json_object *added =
			append_provenance(settings, question->desired, &provenance);

		if (added && once_of(question, vf, i))
			once_set(&added, pf_vf(question->pf, vf), i);
	}
	json_set_number(object, "index", vf);
	json_set(object, "settings", settings);
	return object;
}

static struct json_object *pf_settings_json(const struct question *question)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct json_object *settings = json_new_array();

	for (enum pf_setting i = 0; i < PF_SETTING_COUNT; i++) {
		const struct provenance provenance = provenance_of_pf(question->desired, i, arena);

		(void)append_provenance(settings, question->desired, &provenance);
	}
	return settings;
}

static void print_json(const struct question *question)
{
	struct json_object *object = json_new_object();
	struct json_object *vfs = json_new_array();

	json_set_text(object, "handle", question->pf->handle);
	json_set(object, "name", build_name(pf_name(question->pf)));
	json_set(object, "rules", rules_json(question));
	if (question->desired->ignored_by)
		json_set_text(object, "ignored-by", question->desired->ignored_by->name);
	if (question->desired->undecided)
		json_set_text(object, "undecided", question->desired->undecided);
	if (!question->of_vf)
		json_set(object, "settings", pf_settings_json(question));
	for (uint32_t i = 0; i < question->desired->pf->n_vfs; i++)
		if (!question->of_vf || i == question->vf)
			json_append(vfs, vf_json(question, i));
	json_set(object, "virtual-functions", vfs);
	json_print(object);
}

static void print_problems(const struct question *question)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };

	for (size_t i = 0; i < question->desired->n_problems; i++)
		diagnostics_report(&diagnostics, SEVERITY_WARNING,
				   &question->desired->problems[i].origin, NULL, "%s: %s",
				   pf_name(question->pf), question->desired->problems[i].message);
	warnings_print_diagnostics(&diagnostics);
}

static void print_left_out(const struct question *question)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };

	inputs_add_left_out(question->policy, question->host, &diagnostics);
	warnings_print_diagnostics(&diagnostics);
}

/* "there is no VF 7: ens1f0 has 0 VFs now and 2 by the policy" */
static void complain_of_vf(const struct question *question)
{
	const struct pf *pf = question->pf;
	uint32_t wanted = question->desired->pf->n_vfs;
	CLEANUP_TEXT struct text text = { 0 };

	text_append_quoted(&text, pf_name(pf));
	if (VALUES_GET(&question->desired->pf->settings, PF_VFS))
		text_printf(&text, " has %u VFs now and %u by the policy", pf->n_vfs, wanted);
	else
		text_printf(&text, " has %u VFs", pf->n_vfs);
	(void)fprintf(stderr, "sriovctl explain: there is no VF %u: %s\n", question->vf,
		      memory_text(&text));
}

static enum verdict explain(const struct options *options, struct question *question)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct places places = { .arena = arena };

	if (question->of_vf && question->vf >= question->desired->pf->n_vfs) {
		complain_of_vf(question);
		return VERDICT_FAILED;
	}
	print_left_out(question);
	print_problems(question);
	if (options->json) {
		print_json(question);
		return VERDICT_OK;
	}
	for (size_t i = 0; i < question->policy->n_rules; i++)
		places_add(&places, question->policy->rules[i].origin.document->name);
	question->places = &places;
	print_text(question);
	question->places = NULL;
	return VERDICT_OK;
}

/* The second operand, if there is one. */
static bool parse_vf(const struct options *options, struct question *question)
{
	const char *word = options->n_operands > 1 ? options->operands[1] : NULL;
	char *end;

	if (!word)
		return true;
	question->of_vf = true;
	question->vf = (uint32_t)strtoul(word, &end, 10);
	if (*word && strspn(word, "0123456789") == strlen(word) && strlen(word) <= 5)
		return true;
	(void)fputs("sriovctl explain: '", stderr);
	style_print(stderr, STYLE_PLAIN, word);
	(void)fputs("' is no number of a VF\n", stderr);
	return false;
}

static enum verdict run(const struct options *options)
{
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	CLEANUP(desired_free_cleanup) struct desired *desired = NULL;
	struct question question = { .all = options->all };
	enum verdict verdict;
	size_t which;

	if (!parse_vf(options, &question))
		return VERDICT_USAGE;
	verdict = inputs_open_with_policy(options, &inputs);
	if (verdict != VERDICT_OK)
		return verdict;
	if (!pick_pf(&inputs.inventory.pfs, options->operands[0], "--policy", &which))
		return VERDICT_FAILED;
	question.policy = inputs.policy;
	question.host = &inputs.inventory.host;
	question.pf = inputs.inventory.pfs.items[which];
	if (policy_resolve(inputs.policy, &inputs.inventory.host, question.pf, &desired) < 0)
		memory_exhausted();
	question.desired = desired;
	return explain(options, &question);
}

const struct verb verb_explain = {
	.name = "explain",
	.operands = "PF [VF]",
	.summary = "which rules match a PF, and what set each value",
	.options = OPTION_BIT(OPTION_INVENTORY) | OPTION_BIT(OPTION_JSON) | OPTION_BIT(OPTION_ALL),
	.operands_min = 1,
	.operands_max = 2,
	.run = run,
};
