/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/compare.h"

#include <json-c/json_object.h>

#include "document/build.h"
#include "report/once.h"
#include "report/steps.h"

/* One setting, as wanted and as it is. It is the plan that knows whether the two differ: a second
 * opinion could only be wrong. */
struct comparison {
	const struct setting *setting;
	const struct value *desired;
	const struct value *written; /* what that was made from, or NULL */
	const struct value *actual;
	const struct step *step; /* that would make it so; NULL if nothing is to be done */
	bool is_label;		 /* nothing that the kernel would report */
	bool exists;		 /* what has the setting: the PF does, a VF may not yet */
	const char *once; /* how it stands with a value that a VF is given once; NULL: it is not */
	const struct vf *vf; /* whose it is then, as observed */
	bool changed;	     /* the value of such a VF is another by now */
};

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

static const struct step *find_vf_step(const struct plan *plan, uint32_t vf,
				       enum vf_setting setting)
{
	const struct step_target anew = { STEP_VF_DEVICE, vf, setting };
	struct step_target target;
	const struct step *step;

	if (vf_settings[setting].layer == VF_LAYER_NONE)
		return NULL;
	target = (struct step_target){ step_kind_of(setting), vf, setting };
	step = plan ? plan_find(plan, &target) : NULL;

	/* It may be there, and its driver not have taken it up. */
	return plan && !step ? plan_find(plan, &anew) : step;
}

static size_t collect_pf(const struct pass *pass, struct comparison ret[static PF_SETTING_COUNT])
{
	const struct pf_values *desired = &pass->desired->pf->settings;
	size_t count = 0;

	for (enum pf_setting i = 0; i < PF_SETTING_COUNT; i++)
		if (VALUES_GET(desired, i) && pf_settings[i].when != SETTING_NEVER)
			ret[count++] = (struct comparison){
				.setting = &pf_settings[i],
				.desired = VALUES_GET(desired, i),
				.actual = VALUES_GET(&pass->observed->settings, i),
				.step = find_pf_step(pass->remaining, &pf_settings[i]),
				.exists = true,
			};
	return count;
}

static const char *describe_once(const struct pass *pass, uint32_t vf, enum vf_setting setting,
				 bool changed)
{
	if (!(pass->desired->pf->vfs[vf].once & SETTING_BIT(setting)))
		return NULL;
	return once_describe(pf_vf(pass->observed, vf), setting, changed);
}

static size_t collect_vf(const struct pass *pass, uint32_t vf,
			 struct comparison ret[static VF_SETTING_COUNT])
{
	const struct vf *desired = pf_vf(pass->desired->pf, vf);
	const struct vf *actual = pf_vf(pass->observed, vf);
	size_t count = 0;

	for (enum vf_setting i = 0; desired && i < VF_SETTING_COUNT; i++) {
		const struct value *want = VALUES_GET(&desired->settings, i);
		const bool changed = once_is_changed(pass->remaining, vf, i);

		if (want)
			ret[count++] = (struct comparison){
				.setting = &vf_settings[i],
				.once = describe_once(pass, vf, i, changed),
				.changed = changed,
				.vf = actual,
				.desired = want,
				.written = desired_written(pass->desired, i, want),
				.actual = actual ? vf_actual(actual, i, want) : NULL,
				.step = find_vf_step(pass->remaining, vf, i),
				.is_label = vf_settings[i].layer == VF_LAYER_NONE,
				.exists = actual,
			};
	}
	return count;
}

static uint32_t count_vfs(const struct pass *pass)
{
	return pass->desired->pf->n_vfs > pass->observed->n_vfs ? pass->desired->pf->n_vfs
								: pass->observed->n_vfs;
}

static bool differs(const struct comparison *comparison)
{
	return comparison->step && !comparison->step->blind;
}

static void describe_note(const struct comparison *comparison, struct text *out)
{
	CLEANUP_TEXT struct text note = { 0 };

	if (!comparison->exists) {
		text_append(out, "there is no such VF yet");
	} else if (!comparison->step) {
		text_append(out, comparison->actual || comparison->is_label ? "" : "not reported");
	} else {
		report_step_note(comparison->step, &note);
		out->failed = out->failed || note.failed;
		text_append(out, differs(comparison) ? "differs" : "");
		text_printf(out, "%s%s", out->length && note.length ? "; " : "",
			    text_string(&note));
	}
	if (comparison->once)
		text_printf(out, "%s%s", out->length ? "; " : "", comparison->once);
}

static struct json_object *comparison_json(const struct comparison *comparison)
{
	struct json_object *object = json_object_new_object();
	CLEANUP_TEXT struct text note = { 0 }, written = { 0 };

	describe_note(comparison, &note);
	build_set_text(&object, "setting", comparison->setting->key);
	if (comparison->written)
		value_format(comparison->setting, comparison->written, &written);
	if (written.failed)
		build_set(&object, "written", NULL);
	else if (written.length)
		build_set_text(&object, "written", text_string(&written));
	build_set(&object, "desired", value_json(comparison->setting, comparison->desired));
	if (comparison->actual)
		build_set(&object, "actual", value_json(comparison->setting, comparison->actual));
	build_set_bool(&object, "differs", differs(comparison));
	if (comparison->once)
		once_set(&object, comparison->vf,
			 (enum vf_setting)(comparison->setting - vf_settings));
	if (comparison->changed)
		build_set_bool(&object, "changed", true);
	if (note.failed)
		build_set(&object, "note", NULL);
	else if (note.length)
		build_set_text(&object, "note", text_string(&note));
	return object;
}

static struct json_object *comparisons_json(const struct comparison *comparisons, size_t count)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		build_append(&array, comparison_json(&comparisons[i]));
	return array;
}

struct json_object *compare_pf(const struct pass *pass)
{
	struct comparison comparisons[PF_SETTING_COUNT];

	return comparisons_json(comparisons, collect_pf(pass, comparisons));
}

static struct json_object *vf_json(const struct pass *pass, uint32_t index)
{
	struct comparison comparisons[VF_SETTING_COUNT];
	const struct vf *vf = pf_vf(pass->observed, index);
	struct json_object *object = json_object_new_object();

	build_set_number(&object, "index", index);
	build_set_bool(&object, "reported", vf && vf->reported);
	if (vf) {
		build_set_text(&object, "address", vf->address);
		build_set_name(&object, "interface", vf->ifname);
		build_set_text(&object, "use", vf->holder.use);
		build_set_text(&object, "holder", vf->holder.details);
	}
	build_set(&object, "settings",
		  comparisons_json(comparisons, collect_vf(pass, index, comparisons)));
	return object;
}

struct json_object *compare_vfs(const struct pass *pass)
{
	struct json_object *array = json_object_new_array();

	for (uint32_t i = 0; i < count_vfs(pass); i++)
		build_append(&array, vf_json(pass, i));
	return array;
}
