/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/steps.h"

#include <string.h>

#include "memory.h"
#include "print/json.h"
#include "print/table.h"
#include "print/value_text.h"

enum { CELL_CHANGE, CELL_NOTE, CELL_ORIGIN };

/* "file:line", or NULL. */
static const char *origin_of(const struct places *places, struct json_object *step)
{
	struct json_object *origin = json_get(step, "origin");

	if (!origin)
		return NULL;
	return places_name(places, json_get_text(origin, "file"),
			   (unsigned)json_get_number(origin, "line"), 0);
}

static bool waits_for_request(struct json_object *step)
{
	const char *blocker = json_get_text(step, "blocked-by");

	return blocker && !strcmp(blocker, "request");
}

static enum style style_of(struct json_object *step)
{
	bool bad = (json_get(step, "blocked") && !waits_for_request(step)) ||
		   !strcmp(json_get_text(step, "disrupts"), "all-vfs");

	return bad ? STYLE_BAD : STYLE_WARN;
}

/* What stands before the values of a step: "mac ", "bind its driver anew for mac ". */
static const char *subject_of(struct arena *arena, struct json_object *step)
{
	const char *text = json_get_text(step, "text"), *key = json_get_text(step, "setting");
	const char *place = strstr(text, key);
	size_t length = place ? (size_t)(place - text) : 0;

	return MEMORY_REQUIRE(arena_printf(arena, "%.*s%s ", (int)length, text, key));
}

static void add(struct vf_groups *groups, const struct places *places, struct json_object *step,
		const char *note, enum style style)
{
	struct json_object *vf = json_get(step, "vf");
	const char *written = json_get_text(step, "written");
	struct vf_groups_line line = {
		.vf = vf ? (uint32_t)json_get_number(step, "vf") : VF_GROUPS_PF,
		.style = style,
		.cells = { [CELL_CHANGE] = json_get_text(step, "text"),
			   [CELL_NOTE] = note,
			   [CELL_ORIGIN] = origin_of(places, step) },
		.counted_cell = CELL_CHANGE,
	};

	/* "mac stable", where each VF gets a value of its own */
	if (written) {
		const char *subject = subject_of(groups->arena, step);

		line.folded[CELL_CHANGE] =
			MEMORY_REQUIRE(arena_printf(groups->arena, "%s%s", subject, written));
		value_text_counted(json_get(step, "to"), written, subject, groups->arena,
				   &line.counted);
	}
	vf_groups_add(groups, &line);
}

static void print(struct vf_groups *groups)
{
	static const struct column columns[] = { { "STEP" },
						 { "NOTE", COLUMN_WRAP | COLUMN_BELOW },
						 { "ORIGIN", COLUMN_BELOW } };
	CLEANUP_TABLE struct table *table = table_new(columns, ARRAY_SIZE(columns));
	const struct vf_groups_row *rows;
	size_t count;

	rows = vf_groups_rows(groups, &count);
	for (size_t i = 0; i < count; i++) {
		struct libscols_line *row = table_row(table, NULL);
		CLEANUP_TEXT struct text text = { 0 };

		if (rows[i].vfs)
			text_printf(&text, "%s: ", rows[i].vfs);
		text_append(&text, rows[i].cells[CELL_CHANGE]);
		table_cell(row, CELL_CHANGE, STYLE_PLAIN, memory_text(&text));
		table_cell(row, CELL_NOTE, rows[i].style, rows[i].cells[CELL_NOTE]);
		table_cell(row, CELL_ORIGIN, STYLE_FAINT, rows[i].cells[CELL_ORIGIN]);
	}
	table_print(table, TABLE_INDENTED);
}

static bool is_blocked_alike(struct json_object *a, struct json_object *b)
{
	const char *left = json_get_text(a, "blocked"), *right = json_get_text(b, "blocked");

	return left && right && strcmp(left, right) == 0;
}

/* What is to be said of the step. Steps of one resize are blocked together: the reason stands at
 * the first of them. */
static const char *note_of(struct arena *arena, struct json_object *previous,
			   struct json_object *step)
{
	const char *note = json_get_text(step, "note"), *reason = json_get_text(step, "blocked");
	const char *place;

	if (json_get(step, "vf") || waits_for_request(step) || !previous ||
	    !is_blocked_alike(previous, step))
		return note;
	place = strstr(note, reason);
	if (!place)
		return note;
	return MEMORY_REQUIRE(arena_printf(arena, "blocked by the same%s", place + strlen(reason)));
}

/* With where it is known from that the driver refuses it. */
static const char *add_source(struct arena *arena, struct json_object *step, const char *note)
{
	const char *source = json_get_text(step, "source");

	if (!source || !note)
		return note;
	return MEMORY_REQUIRE(arena_printf(arena, "%s (Linux, drivers/%s)", note, source));
}

void steps_print(struct json_object *steps, const struct places *places, bool all, bool verbose)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct vf_groups groups = { .arena = arena, .all = all };

	for (size_t i = 0; i < json_length(steps); i++) {
		struct json_object *step = json_item(steps, i);
		const char *note = note_of(arena, i ? json_item(steps, i - 1) : NULL, step);

		if (verbose)
			note = add_source(arena, step, note);
		add(&groups, places, step, note, style_of(step));
	}
	print(&groups);
}

void steps_print_done(struct json_object *steps, const struct places *places, bool all)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct vf_groups groups = { .arena = arena, .all = all };

	for (size_t i = 0; i < json_length(steps); i++)
		add(&groups, places, json_item(steps, i), "done", STYLE_GOOD);
	print(&groups);
}
