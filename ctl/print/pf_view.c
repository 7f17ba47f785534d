/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/pf_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "model/pf_state.h"
#include "print/json.h"
#include "print/table.h"
#include "print/value_text.h"
#include "print/vf_groups.h"
#include "print/wrap.h"

/* Whether the PF is only observed (mode: observe). */
static bool is_observed(struct json_object *pf)
{
	const char *mode = json_get_text(pf, "mode");

	return mode && !strcmp(mode, "observe");
}

/* Whether nothing is written to the PF for now. */
static bool is_paused(struct json_object *pf)
{
	return json_get_text(pf, "paused-until");
}

bool pf_view_waits_for_request(struct json_object *pf)
{
	const char *blocker = json_get_text(pf, "blocked-by");

	return blocker && !strcmp(blocker, "request");
}

enum verdict pf_view_verdict(struct json_object *pf, enum verdict otherwise,
			     enum pf_view_observed observed)
{
	enum pf_state state = pf_state_by_name(json_get_text(pf, "state"));

	if (state <= STATE_IN_SYNC || (is_observed(pf) && observed == PF_VIEW_OBSERVED_IS_FINE))
		return VERDICT_OK;
	/* Nothing has failed: it is to be done once the pause is over. */
	if (is_paused(pf) && state == STATE_DRIFTED)
		return VERDICT_PENDING;
	if (state != STATE_BLOCKED)
		return otherwise;
	return pf_view_waits_for_request(pf) ? VERDICT_PENDING : VERDICT_BLOCKED;
}

enum verdict pf_view_verdict_of_all(struct json_object *document, enum verdict otherwise,
				    enum pf_view_observed observed)
{
	struct json_object *pfs = json_get(document, "pfs");
	enum verdict verdict = VERDICT_OK;

	if (json_length(json_get(document, "unmatched-rules")))
		verdict = otherwise;
	for (size_t i = 0; i < json_length(pfs); i++)
		verdict = verdict_worst(verdict,
					pf_view_verdict(json_item(pfs, i), otherwise, observed));
	return verdict;
}

enum style pf_view_style(const char *name)
{
	enum pf_state state = pf_state_by_name(name);

	if (state <= STATE_IN_SYNC)
		return STYLE_GOOD;
	return state == STATE_BLOCKED || state == STATE_STUCK ? STYLE_BAD : STYLE_WARN;
}

static const char *rules_text(struct arena *arena, struct json_object *pf)
{
	struct json_object *rules = json_get(pf, "rules");
	CLEANUP_TEXT struct text text = { 0 };

	if (!rules)
		return "not told";
	for (size_t i = 0; i < json_length(rules); i++)
		text_printf(&text, "%s%s", i ? ", " : "", json_string(json_item(rules, i)));
	if (!text.length)
		text_append(&text, "none");
	return memory_keep(arena, &text);
}

/* ", 4 of 128 VFs", as many as there are now; "" where that is not known. */
static const char *count_text(struct arena *arena, struct json_object *pf)
{
	struct json_object *vfs = json_get(pf, "vfs");
	CLEANUP_TEXT struct text text = { 0 };

	if (!vfs)
		return "";
	text_printf(&text, ", %" PRIi64, json_get_number(vfs, "actual"));
	if (json_get(vfs, "most"))
		text_printf(&text, " of %" PRIi64, json_get_number(vfs, "most"));
	text_append(&text, " VFs");
	return memory_keep(arena, &text);
}

void pf_view_print_heading(struct json_object *pf)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	const char *driver = json_get_text(pf, "driver");
	CLEANUP_TEXT struct text text = { 0 };

	style_print(stdout, STYLE_STRONG, json_get_text(pf, "name"));
	text_printf(&text, " (%s%s%s)%s, rules: %s", json_get_text(pf, "address"),
		    driver ? ", " : "", driver ? driver : "", count_text(arena, pf),
		    rules_text(arena, pf));
	style_print(stdout, STYLE_PLAIN, memory_text(&text));
	putchar('\n');
}

void pf_view_print_state(struct json_object *pf, enum style style)
{
	const char *state = json_get_text(pf, "state"), *reason = json_get_text(pf, "reason");
	size_t head = strlen("  ") + strlen(state);
	CLEANUP_TEXT struct text text = { 0 };
	CLEANUP_FREE char *lines = NULL;

	text_printf(&text, "  %s%s", state, reason ? ": " : "");
	text_append_escaped(&text, reason ? reason : "");
	lines = wrap_line(memory_text(&text), text.length, wrap_columns(stdout), "    ");
	(void)fputs("  ", stdout);
	style_print(stdout, style, state);
	puts(lines + head);
}

void pf_view_print_mode(struct json_object *pf)
{
	if (!json_length(json_get(pf, "steps")))
		return;
	if (is_observed(pf))
		puts("  mode is observe: this differs, and stays as it is");
	else if (is_paused(pf))
		puts("  it is paused: this differs, and stays as it is until that is over");
}

void pf_view_print_changed(struct json_object *pf)
{
	int64_t count = json_get_number(pf, "changed-since-creation");

	if (count == 1)
		puts("  1 value is another than is given at creation, and stays as it is");
	else if (count)
		printf("  %" PRIi64
		       " values are others than are given at creation, and stay as they "
		       "are\n",
		       count);
}

enum { CELL_SETTING, CELL_DESIRED, CELL_ACTUAL, CELL_NOTE };

static const char *describe(struct arena *arena, const char *key, struct json_object *value)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (!value)
		return "-";
	value_text(key, value, &text);
	return memory_keep(arena, &text);
}

/* Also a value that is left as it is since it was given once. */
static bool is_another(struct json_object *setting)
{
	return json_get_bool(setting, "differs") || json_get_bool(setting, "changed");
}

static void add_lines(struct vf_groups *groups, uint32_t vf, struct json_object *settings)
{
	for (size_t i = 0; i < json_length(settings); i++) {
		struct json_object *setting = json_item(settings, i);
		const char *key = json_get_text(setting, "setting");
		struct vf_groups_line line = { .vf = vf };

		line.style = json_get_bool(setting, "differs") ? STYLE_BAD : STYLE_PLAIN;
		line.cells[CELL_SETTING] = key;
		line.cells[CELL_DESIRED] =
			describe(groups->arena, key, json_get(setting, "desired"));
		line.cells[CELL_ACTUAL] = describe(groups->arena, key, json_get(setting, "actual"));
		line.cells[CELL_NOTE] = json_get_text(setting, "note");
		line.folded[CELL_DESIRED] = json_get_text(setting, "written");
		if (line.folded[CELL_DESIRED] && json_get(setting, "actual"))
			line.folded[CELL_ACTUAL] = is_another(setting) ? "others" : "the same";
		value_text_counted(json_get(setting, "desired"), line.folded[CELL_DESIRED], "",
				   groups->arena, &line.counted);
		line.counted_cell = CELL_DESIRED;
		vf_groups_add(groups, &line);
	}
}

void pf_view_print_settings(struct json_object *pf, bool all)
{
	static const struct column columns[] = {
		{ "OF" },
		{ "SETTING" },
		{ "DESIRED" },
		{ "ACTUAL" },
		{ "NOTE", COLUMN_WRAP | COLUMN_BELOW },
	};
	CLEANUP_TABLE struct table *table = table_new(columns, ARRAY_SIZE(columns));
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct json_object *vfs = json_get(pf, "virtual-functions");
	struct vf_groups groups = { .arena = arena, .all = all };
	const struct vf_groups_row *rows;
	size_t count;

	add_lines(&groups, VF_GROUPS_PF, json_get(pf, "settings"));
	for (size_t i = 0; i < json_length(vfs); i++)
		add_lines(&groups, (uint32_t)i, json_get(json_item(vfs, i), "settings"));
	rows = vf_groups_rows(&groups, &count);
	for (size_t i = 0; i < count; i++) {
		struct libscols_line *row = table_row(table, NULL);

		table_cell(row, 0, STYLE_PLAIN, rows[i].vfs ? rows[i].vfs : "PF");
		for (size_t k = 0; k < VF_GROUPS_CELLS; k++)
			table_cell(row, k + 1, k < CELL_ACTUAL ? STYLE_PLAIN : rows[i].style,
				   rows[i].cells[k]);
	}
	table_print(table, TABLE_INDENTED | TABLE_HEADING);
}

void pf_view_print_holders(struct json_object *pf)
{
	static const struct column columns[] = { { "VFS" }, { "HOLDER", COLUMN_WRAP } };
	CLEANUP_TABLE struct table *table = table_new(columns, ARRAY_SIZE(columns));
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct json_object *vfs = json_get(pf, "virtual-functions");
	struct vf_groups groups = { .arena = arena };
	const struct vf_groups_row *rows;
	size_t count;

	for (size_t i = 0; i < json_length(vfs); i++) {
		const char *holder = json_get_text(json_item(vfs, i), "holder");

		if (!holder)
			holder = json_get_text(json_item(vfs, i), "use");
		if (holder)
			vf_groups_add(&groups, &(struct vf_groups_line){ .vf = (uint32_t)i,
									 .cells = { holder } });
	}
	rows = vf_groups_rows(&groups, &count);
	for (size_t i = 0; i < count; i++) {
		struct libscols_line *row = table_row(table, NULL);
		CLEANUP_TEXT struct text text = { 0 };

		text_printf(&text, "in use: %s", rows[i].cells[0]);
		table_cell(row, 0, STYLE_PLAIN, rows[i].vfs);
		table_cell(row, 1, STYLE_WARN, memory_text(&text));
	}
	table_print(table, TABLE_INDENTED);
}

enum { CELL_PF, CELL_ADDRESS, CELL_DRIVER, CELL_RULES, CELL_VFS, CELL_STATE, CELL_REASON };

static const struct column overview_columns[] = {
	[CELL_PF] = { "PF" },
	[CELL_ADDRESS] = { "ADDRESS" },
	[CELL_DRIVER] = { "DRIVER" },
	[CELL_RULES] = { "RULES", COLUMN_WRAP },
	[CELL_VFS] = { "VFS", COLUMN_RIGHT },
	[CELL_STATE] = { "STATE" },
	[CELL_REASON] = { "REASON", COLUMN_WRAP | COLUMN_BELOW },
};

/* "4/8": what there are, and what there should be where that is managed. */
static const char *vfs_cell(struct arena *arena, struct json_object *vfs)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (!vfs)
		return "-";
	text_printf(&text, "%" PRIi64, json_get_number(vfs, "actual"));
	if (json_get(vfs, "desired"))
		text_printf(&text, "/%" PRIi64, json_get_number(vfs, "desired"));
	return memory_keep(arena, &text);
}

static void add_pf(struct table *table, struct json_object *pf)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct libscols_line *row = table_row(table, NULL);
	const char *driver = json_get_text(pf, "driver"), *state = json_get_text(pf, "state");

	table_cell(row, CELL_PF, STYLE_STRONG, json_get_text(pf, "name"));
	table_cell(row, CELL_ADDRESS, STYLE_PLAIN, json_get_text(pf, "address"));
	table_cell(row, CELL_DRIVER, STYLE_PLAIN, driver ? driver : "none");
	table_cell(row, CELL_RULES, STYLE_PLAIN, rules_text(arena, pf));
	table_cell(row, CELL_VFS, STYLE_PLAIN, vfs_cell(arena, json_get(pf, "vfs")));
	table_cell(row, CELL_STATE, pf_view_style(state), state);
	table_cell(row, CELL_REASON, STYLE_PLAIN, json_get_text(pf, "reason"));
}

static void add_unmatched(struct table *table, struct json_object *rule)
{
	const char *name = json_get_text(rule, "name");
	struct libscols_line *row = table_row(table, NULL);

	table_cell(row, CELL_PF, STYLE_PLAIN, "-");
	table_cell(row, CELL_ADDRESS, STYLE_PLAIN, "-");
	table_cell(row, CELL_DRIVER, STYLE_PLAIN, "-");
	table_cell(row, CELL_RULES, STYLE_PLAIN, name ? name : "not told");
	table_cell(row, CELL_VFS, STYLE_PLAIN, "-");
	table_cell(row, CELL_STATE, STYLE_BAD, pf_state_name(STATE_ABSENT));
	table_cell(row, CELL_REASON, STYLE_PLAIN, json_get_text(rule, "reason"));
}

void pf_view_print_overview(struct json_object *pfs, struct json_object *unmatched_rules)
{
	CLEANUP_TABLE struct table *table =
		table_new(overview_columns, ARRAY_SIZE(overview_columns));

	for (size_t i = 0; i < json_length(pfs); i++)
		add_pf(table, json_item(pfs, i));
	for (size_t i = 0; i < json_length(unmatched_rules); i++)
		add_unmatched(table, json_item(unmatched_rules, i));
	table_print(table, TABLE_HEADING);
	if (!json_length(pfs) && !json_length(unmatched_rules))
		puts("no rules");
}

void pf_view_print_nothing(struct json_object *document)
{
	bool any = json_length(json_get(document, "pfs")) ||
		   json_length(json_get(document, "unmatched-rules"));

	puts(any ? "nothing to do" : "nothing to do: there are no rules");
}

void pf_view_print_rivals(struct json_object *pf)
{
	struct json_object *rivals = json_get(pf, "rivals");

	for (size_t i = 0; i < json_length(rivals); i++) {
		CLEANUP_TEXT struct text text = { 0 };

		text_printf(&text, "%s: %s", json_get_text(pf, "name"),
			    json_string(json_item(rivals, i)));
		wrap_print(stdout, STYLE_WARN, memory_text(&text));
	}
}
