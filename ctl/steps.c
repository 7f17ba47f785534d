/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "steps.h"

#include <string.h>

#include "apply/refusal.h"
#include "json.h"
#include "memory.h"
#include "plan/knowledge.h"
#include "table.h"

/* What becomes of a VF's setting, without the VF: it is folded over VFs. */
static const char *change_of(struct arena *arena, const struct step *step)
{
	const struct setting *setting = step_setting(&step->target);
	CLEANUP_TEXT struct text text = { 0 };

	if (!step_is_of_vf(&step->target)) {
		step_describe(step, &text);
		return memory_keep(arena, &text);
	}
	text_printf(&text, "%s ", setting->key);
	if (step->from_known) {
		value_describe(setting, &step->from, &text);
		text_append(&text, " -> ");
	}
	value_describe(setting, &step->to, &text);
	return memory_keep(arena, &text);
}

/* The reason of refusal_describe(), which begins with the step: the line has said that already. */
static void append_reason(const struct refusal *refusal, struct text *out)
{
	const struct step step = { .target = refusal->target, .to = refusal->value };
	CLEANUP_TEXT struct text whole = { 0 }, beginning = { 0 };

	refusal_describe(refusal, &whole);
	step_describe(&step, &beginning);
	text_append(&beginning, ": ");
	text_append(out, memory_text(&whole) + strlen(memory_text(&beginning)));
}

const char *steps_note(struct arena *arena, const struct step *step)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (step->blocked) {
		text_printf(&text, "blocked: %s", step->blocked);
	} else if (step->refused) {
		text_append(&text, "not now: ");
		append_reason(step->refused, &text);
	} else if (step->waits) {
		text_append(&text, "once udev has finished with the network device");
	} else if (step->blind && step->from_known) {
		text_append(&text, "again: the card may have lost it");
	} else if (step->blind) {
		text_append(&text, "set once; the kernel does not report it");
	}
	if (step->disruption != DISRUPTS_NOTHING)
		text_printf(&text, "%s%s %s", text.length ? "; " : "",
			    step->blocked || step->refused ? "would disrupt" : "disrupts",
			    disruption_word(step->disruption));
	return text.length || text.failed ? memory_keep(arena, &text) : NULL;
}

const char *steps_origin(struct arena *arena, const struct origin *origin)
{
	if (!origin || !origin->document)
		return NULL;
	return MEMORY_REQUIRE(arena_printf(arena, "%s:%u", origin->document->name, origin->line));
}

static struct fold_line line_of(struct arena *arena, const struct step *step)
{
	return (struct fold_line){
		.vf = step_is_of_vf(&step->target) ? step->target.vf : FOLD_PF,
		.cells = { [STEP_CELL_CHANGE] = change_of(arena, step),
			   [STEP_CELL_ORIGIN] = steps_origin(arena, step->to.origin) },
	};
}

void steps_add(struct fold *fold, const struct step *step)
{
	struct fold_line line = line_of(fold->arena, step);

	line.cells[STEP_CELL_NOTE] = steps_note(fold->arena, step);
	line.style = step->blocked || step->disruption == DISRUPTS_ALL ? STYLE_BAD : STYLE_WARN;
	fold_add(fold, &line);
}

void steps_add_done(struct fold *fold, const struct step *step)
{
	struct fold_line line = line_of(fold->arena, step);

	line.cells[STEP_CELL_NOTE] = "done";
	line.style = STYLE_GOOD;
	fold_add(fold, &line);
}

void steps_print(const struct fold *fold)
{
	static const struct column columns[] = { { "STEP" },
						 { "NOTE", COLUMN_WRAP },
						 { "ORIGIN" } };
	CLEANUP_TABLE struct libscols_table *table = table_new(columns, ARRAY_SIZE(columns));
	const struct fold_row *rows;
	size_t count;

	rows = fold_rows(fold, &count);
	for (size_t i = 0; i < count; i++) {
		struct libscols_line *row = table_row(table, NULL);
		CLEANUP_TEXT struct text text = { 0 };

		if (rows[i].subject)
			text_printf(&text, "%s: ", rows[i].subject);
		text_append(&text, rows[i].cells[STEP_CELL_CHANGE]);
		table_cell(row, 0, STYLE_PLAIN, memory_text(&text));
		table_cell(row, 1, rows[i].style, rows[i].cells[STEP_CELL_NOTE]);
		table_cell(row, 2, STYLE_FAINT, rows[i].cells[STEP_CELL_ORIGIN]);
	}
	table_print(table, TABLE_INDENTED);
}

static const char *const kind_words[STEP_KIND_COUNT] = {
	[STEP_PF_MTU] = "pf-mtu",
	[STEP_PF_UP] = "pf-up",
	[STEP_AUTOPROBE] = "drivers-autoprobe",
	[STEP_DESTROY_VFS] = "destroy-vfs",
	[STEP_ESWITCH_MODE] = "eswitch",
	[STEP_HOLD_DRIVERS] = "hold-drivers",
	[STEP_CREATE_VFS] = "create-vfs",
	[STEP_VF_SETTING] = "vf-setting",
	[STEP_UNBIND_VFS] = "unbind-vfs",
	[STEP_ESWITCH_MODE_WITH_VFS] = "eswitch",
	[STEP_ESWITCH_INLINE_MODE] = "eswitch",
	[STEP_ESWITCH_ENCAP_MODE] = "eswitch",
	[STEP_VF_DEVICE] = "vf-setting",
	[STEP_RELEASE_DRIVERS] = "release-drivers",
	[STEP_VF_NETDEV] = "vf-setting",
};

static const char *const disruption_words[] = {
	[DISRUPTS_NOTHING] = "nothing",
	[DISRUPTS_VF] = "vf",
	[DISRUPTS_PF] = "pf",
	[DISRUPTS_ALL] = "all-vfs",
};

static const char *const refusal_words[REFUSAL_KIND_COUNT] = {
	[REFUSAL_UNSUPPORTED] = "unsupported", [REFUSAL_WAITS_LINK] = "waits-for-link",
	[REFUSAL_WAITS_VF] = "waits-for-vf",   [REFUSAL_RETRY] = "busy",
	[REFUSAL_REJECTED] = "rejected",       [REFUSAL_NOT_TAKEN] = "not-taken",
};

static struct json_object *refusal_json(const struct refusal *refusal)
{
	struct json_object *object = json_new_object();
	CLEANUP_TEXT struct text text = { 0 };

	append_reason(refusal, &text);
	json_set_text(object, "kind", refusal_words[refusal->kind]);
	json_set_text(object, "reason", memory_text(&text));
	if (refusal->error)
		json_set_text(object, "error", strerrorname_np(-refusal->error));
	return object;
}

struct json_object *steps_json(const struct step *step)
{
	const struct setting *setting = step_setting(&step->target);
	struct json_object *object = json_new_object();

	json_set_text(object, "kind", kind_words[step->target.kind]);
	if (step_is_of_vf(&step->target))
		json_set_number(object, "vf", step->target.vf);
	json_set_text(object, "setting", setting->key);
	if (step->from_known)
		json_set(object, "from", value_json(setting, &step->from));
	json_set(object, "to", value_json(setting, &step->to));
	json_set_text(object, "disrupts", disruption_words[step->disruption]);
	json_set_bool(object, "blind", step->blind);
	json_set_text(object, "blocked", step->blocked);
	if (step->refused)
		json_set(object, "refused", refusal_json(step->refused));
	json_set_origin(object, "origin", step->to.origin);
	return object;
}
