/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compare.h"

#include <stdlib.h>

#include "fold.h"
#include "json.h"
#include "memory.h"
#include "steps.h"
#include "table.h"

/* One setting, as wanted and as it is. It is the plan that knows whether the two differ: a second
 * opinion could only be wrong. */
struct comparison {
	const struct setting *setting;
	const struct value *desired;
	const struct value *actual;
	const struct step *step; /* that would make it so; NULL if nothing is to be done */
	bool exists;		 /* what has the setting: the PF does, a VF may not yet */
};

/* How the PF is to be treated: the kernel knows nothing of these. */
#define NOT_COMPARED (SETTING_BIT(PF_MODE) | SETTING_BIT(PF_ON_RESIZE))

static const struct step *find_pf_step(const struct plan *plan, const struct setting *setting)
{
	for (size_t i = 0; plan && i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		/* What comes with the creation of VFs, whatever the policy says of
		 * drivers-autoprobe, is no difference. */
		if (!step_is_of_vf(&step->target) && !step_is_auxiliary(step) &&
		    step_setting(&step->target) == setting)
			return step;
	}
	return NULL;
}

static int compare_target(const void *key, const void *step)
{
	return step_target_compare(key, &((const struct step *)step)->target);
}

static const struct step *find_vf_step(const struct plan *plan, uint32_t vf,
				       enum vf_setting setting)
{
	const struct step_target target = { step_kind_of(setting), vf, setting };

	if (!plan || !plan->n_steps)
		return NULL;
	return bsearch(&target, plan->steps, plan->n_steps, sizeof(*plan->steps), compare_target);
}

static size_t compare_pf(const struct pass *pass, struct comparison ret[static PF_SETTING_COUNT])
{
	const struct pf_values *desired = &pass->desired->pf->settings;
	size_t count = 0;

	for (enum pf_setting i = 0; i < PF_SETTING_COUNT; i++)
		if (VALUES_GET(desired, i) && !(NOT_COMPARED & SETTING_BIT(i)))
			ret[count++] = (struct comparison){
				.setting = &pf_settings[i],
				.desired = VALUES_GET(desired, i),
				.actual = VALUES_GET(&pass->observed->settings, i),
				.step = find_pf_step(pass->remaining, &pf_settings[i]),
				.exists = true,
			};
	return count;
}

static const struct vf *vf_of(const struct pf *pf, uint32_t vf)
{
	return vf < pf->n_vfs ? &pf->vfs[vf] : NULL;
}

static size_t compare_vf(const struct pass *pass, uint32_t vf,
			 struct comparison ret[static VF_SETTING_COUNT])
{
	const struct vf *desired = vf_of(pass->desired->pf, vf);
	const struct vf *actual = vf_of(pass->observed, vf);
	size_t count = 0;

	for (enum vf_setting i = 0; desired && i < VF_SETTING_COUNT; i++)
		if (VALUES_GET(&desired->settings, i))
			ret[count++] = (struct comparison){
				.setting = &vf_settings[i],
				.desired = VALUES_GET(&desired->settings, i),
				.actual = actual ? VALUES_GET(&actual->settings, i) : NULL,
				.step = find_vf_step(pass->remaining, vf, i),
				.exists = actual,
			};
	return count;
}

static uint32_t count_vfs(const struct pass *pass)
{
	return pass->desired->pf->n_vfs > pass->observed->n_vfs ? pass->desired->pf->n_vfs
								: pass->observed->n_vfs;
}

enum { CELL_SETTING, CELL_DESIRED, CELL_ACTUAL, CELL_NOTE };

static const char *describe(struct arena *arena, const struct setting *setting,
			    const struct value *value)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (!value)
		return "-";
	value_describe(setting, value, &text);
	return memory_keep(arena, &text);
}

static bool differs(const struct comparison *comparison)
{
	return comparison->step && !comparison->step->blind;
}

static const char *note_of(struct arena *arena, const struct comparison *comparison)
{
	const char *note;

	if (!comparison->exists)
		return "there is no such VF yet";
	if (!comparison->step)
		return comparison->actual ? NULL : "not reported";
	note = steps_note(arena, comparison->step);
	if (!differs(comparison))
		return note;
	return note ? MEMORY_REQUIRE(arena_printf(arena, "differs; %s", note)) : "differs";
}

static void add_lines(struct fold *fold, uint32_t vf, const struct comparison *comparisons,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct comparison *comparison = &comparisons[i];
		const struct setting *setting = comparison->setting;
		struct fold_line line = { .vf = vf };

		line.style = differs(comparison) ? STYLE_BAD : STYLE_PLAIN;
		line.cells[CELL_SETTING] = setting->key;
		line.cells[CELL_DESIRED] = describe(fold->arena, setting, comparison->desired);
		line.cells[CELL_ACTUAL] = describe(fold->arena, setting, comparison->actual);
		line.cells[CELL_NOTE] = note_of(fold->arena, comparison);
		fold_add(fold, &line);
	}
}

static void print_rows(const struct fold *fold)
{
	static const struct column columns[] = {
		{ "OF" }, { "SETTING" }, { "DESIRED" }, { "ACTUAL" }, { "NOTE", COLUMN_WRAP },
	};
	CLEANUP_TABLE struct libscols_table *table = table_new(columns, ARRAY_SIZE(columns));
	const struct fold_row *rows;
	size_t count;

	rows = fold_rows(fold, &count);
	for (size_t i = 0; i < count; i++) {
		struct libscols_line *row = table_row(table, NULL);

		table_cell(row, 0, STYLE_PLAIN, rows[i].subject ? rows[i].subject : "PF");
		for (size_t k = 0; k < FOLD_CELLS; k++)
			table_cell(row, k + 1, k < CELL_ACTUAL ? STYLE_PLAIN : rows[i].style,
				   rows[i].cells[k]);
	}
	table_print(table, TABLE_INDENTED | TABLE_HEADING);
}

void compare_print(const struct pass *pass)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct comparison pf[PF_SETTING_COUNT], vf[VF_SETTING_COUNT];
	struct fold fold = { .arena = arena };

	add_lines(&fold, FOLD_PF, pf, compare_pf(pass, pf));
	for (uint32_t i = 0; i < count_vfs(pass); i++)
		add_lines(&fold, i, vf, compare_vf(pass, i, vf));
	print_rows(&fold);
}

static struct json_object *comparisons_json(struct arena *arena,
					    const struct comparison *comparisons, size_t count)
{
	struct json_object *array = json_new_array();

	for (size_t i = 0; i < count; i++) {
		const struct comparison *comparison = &comparisons[i];
		struct json_object *object = json_new_object();

		json_set_text(object, "setting", comparison->setting->key);
		json_set(object, "desired", value_json(comparison->setting, comparison->desired));
		if (comparison->actual)
			json_set(object, "actual",
				 value_json(comparison->setting, comparison->actual));
		json_set_bool(object, "differs", differs(comparison));
		json_set_text(object, "note", note_of(arena, comparison));
		json_append(array, object);
	}
	return array;
}

struct json_object *compare_pf_json(const struct pass *pass)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct comparison comparisons[PF_SETTING_COUNT];

	return comparisons_json(arena, comparisons, compare_pf(pass, comparisons));
}

static struct json_object *vf_json(struct arena *arena, const struct pass *pass, uint32_t index)
{
	struct comparison comparisons[VF_SETTING_COUNT];
	const struct vf *vf = vf_of(pass->observed, index);
	struct json_object *object = json_new_object();

	json_set_number(object, "index", index);
	json_set_bool(object, "reported", vf && vf->reported);
	if (vf) {
		json_set_text(object, "address", vf->address);
		json_set_text(object, "interface", vf->ifname);
		json_set_text(object, "holder", vf->holder);
	}
	json_set(object, "settings",
		 comparisons_json(arena, comparisons, compare_vf(pass, index, comparisons)));
	return object;
}

struct json_object *compare_vfs_json(const struct pass *pass)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct json_object *array = json_new_array();

	for (uint32_t i = 0; i < count_vfs(pass); i++)
		json_append(array, vf_json(arena, pass, i));
	return array;
}
