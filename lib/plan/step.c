/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/step.h"

#include <stdlib.h>

#include "plan/eswitch_mode.h"

/* What steps of a kind of their own write of the PF. */
static const enum pf_setting pf_kind_settings[STEP_KIND_COUNT] = {
	[STEP_DESTROY_VFS] = PF_VFS,
	[STEP_ESWITCH_MODE] = PF_ESWITCH_MODE,
	[STEP_HOLD_DRIVERS] = PF_DRIVERS_AUTOPROBE,
	[STEP_CREATE_VFS] = PF_VFS,
	[STEP_UNBIND_VFS] = PF_DRIVERS_AUTOPROBE,
	[STEP_ESWITCH_MODE_WITH_VFS] = PF_ESWITCH_MODE,
	[STEP_RELEASE_DRIVERS] = PF_DRIVERS_AUTOPROBE,
};

static const enum step_kind layer_kinds[VF_LAYER_COUNT] = {
	[VF_LAYER_FUNCTION] = STEP_VF_SETTING,
	[VF_LAYER_DEVICE] = STEP_VF_DEVICE,
	[VF_LAYER_NETDEV] = STEP_VF_NETDEV,
};

enum step_kind step_kind_of(enum vf_setting setting)
{
	return layer_kinds[vf_settings[setting].layer];
}

bool step_is_of_vf(const struct step_target *target)
{
	for (enum vf_layer layer = 0; layer < VF_LAYER_COUNT; layer++)
		if (layer_kinds[layer] == target->kind)
			return true;
	return false;
}

enum pf_setting step_pf_setting(const struct step_target *target)
{
	if (target->kind == STEP_PF_BEFORE || target->kind == STEP_PF_AFTER)
		return (enum pf_setting)target->setting;
	return pf_kind_settings[target->kind];
}

struct step_target step_target_of_pf(enum pf_setting setting)
{
	bool after = pf_settings[setting].when == SETTING_AFTER_VFS;

	return (struct step_target){ after ? STEP_PF_AFTER : STEP_PF_BEFORE, 0, setting };
}

const struct setting *step_setting(const struct step_target *target)
{
	if (step_is_of_vf(target))
		return &vf_settings[target->setting];
	return &pf_settings[step_pf_setting(target)];
}

int step_target_compare(const struct step_target *a, const struct step_target *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->vf != b->vf)
		return a->vf < b->vf ? -1 : 1;
	return (int)a->setting - (int)b->setting;
}

bool step_target_equal(const struct step_target *a, const struct step_target *b)
{
	return step_target_compare(a, b) == 0;
}

bool step_is_auxiliary(const struct step *step)
{
	return step->target.kind == STEP_HOLD_DRIVERS || step->target.kind == STEP_UNBIND_VFS ||
	       step->target.kind == STEP_RELEASE_DRIVERS;
}

bool step_rebinds(const struct step_target *target)
{
	return target->kind == STEP_VF_DEVICE &&
	       vf_settings[target->setting].layer == VF_LAYER_FUNCTION;
}

/* A mode is left for another with VFs that no driver has. */
static bool leaves_mode(const struct step *step)
{
	return !step->from_known || !eswitch_mode_connects(&step->from, &step->to);
}

bool step_takes_vfs(const struct step *step)
{
	switch (step->target.kind) {
	case STEP_DESTROY_VFS:
	case STEP_UNBIND_VFS:
		return true;
	case STEP_ESWITCH_MODE_WITH_VFS:
		return leaves_mode(step);
	default:
		return step_is_of_vf(&step->target) &&
		       (vf_settings[step->target.setting].unbinds || step_rebinds(&step->target));
	}
}

bool step_disrupts_users(const struct step *step)
{
	return step->disruption == DISRUPTS_PF || step->takes_netdev;
}

bool step_is_unseen(const struct step *step)
{
	return step->blind && !step->refuser;
}

bool step_writes_number(const struct step_target *target)
{
	return target->kind == STEP_DESTROY_VFS || target->kind == STEP_CREATE_VFS;
}

bool step_is_requestable(const struct step *step)
{
	return step->block.by == BLOCKED_BY_REQUEST;
}

bool step_is_ready(const struct step *step)
{
	return !step->block.why && !step->refused && !step->waits;
}

void step_describe_change(const struct step *step, struct text *out)
{
	const struct setting *setting = step_setting(&step->target);

	if (step_rebinds(&step->target))
		text_append(out, "bind its driver anew for ");
	text_printf(out, "%s ", setting->key);
	/* The same is written once more where the card may have lost it. */
	if (step->from_known && !step_rebinds(&step->target) &&
	    !value_equal(setting, &step->from, &step->to)) {
		value_describe(setting, &step->from, out);
		text_append(out, " -> ");
	}
	value_describe(setting, &step->to, out);
}

static void describe_count(const struct value *count, struct text *out)
{
	text_printf(out, "%u VF%s", (unsigned)count->number, count->number == 1 ? "" : "s");
}

void step_describe(const struct step *step, struct text *out)
{
	switch (step->target.kind) {
	case STEP_HOLD_DRIVERS:
		text_append(out, "keep drivers off new VFs");
		return;
	case STEP_UNBIND_VFS:
		text_append(out, "take drivers off the VFs");
		return;
	case STEP_RELEASE_DRIVERS:
		text_append(out, "let drivers bind the VFs");
		return;
	case STEP_DESTROY_VFS:
		text_append(out, "destroy ");
		/* A refusal does not know any more how many there were. */
		if (step->from_known)
			describe_count(&step->from, out);
		else
			text_append(out, "the VFs");
		return;
	case STEP_CREATE_VFS:
		text_append(out, "create ");
		describe_count(&step->to, out);
		return;
	default:
		break;
	}
	if (!step_is_of_vf(&step->target) && step_pf_setting(&step->target) == PF_UP) {
		text_append(out, "bring the PF up");
		return;
	}
	if (step_is_of_vf(&step->target))
		text_printf(out, "VF %u: ", step->target.vf);
	step_describe_change(step, out);
}

const char *disruption_word(enum disruption disruption)
{
	static const char *const words[] = {
		[DISRUPTS_NOTHING] = "nothing",
		[DISRUPTS_VF] = "traffic of the VF for a moment",
		[DISRUPTS_PF] = "the PF's link for a moment",
		[DISRUPTS_ALL] = "every VF: all are destroyed",
	};

	return words[disruption];
}

void step_describe_disruption(const struct step *step, struct text *out)
{
	text_append(out, disruption_word(step->disruption));
	/* What else blocks it for them names them. */
	if (step->users && (!step->block.why || step_is_requestable(step)))
		text_printf(out, "%s, which is in use: %s",
			    step->takes_netdev ? ", and the PF's own network device" : "",
			    step->users);
}

enum blocker plan_blocker(const struct plan *plan)
{
	enum blocker blocker = BLOCKED_BY_NOTHING;

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		if (step->block.why && (!blocker || blocker == BLOCKED_BY_REQUEST))
			blocker = step->block.by;
	}
	return blocker;
}

enum disruption plan_requested(const struct plan *plan)
{
	enum disruption worst = DISRUPTS_NOTHING;

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		if (step->awaits_request && step->disruption > worst)
			worst = step->disruption;
	}
	return worst;
}

bool plan_requested_of_vf(const struct plan *plan, uint32_t vf)
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		if (step->awaits_request &&
		    (!step_is_of_vf(&step->target) || step->target.vf == vf))
			return true;
	}
	return false;
}

const char *blocker_word(enum blocker blocker)
{
	static const char *const words[BLOCKER_COUNT] = {
		[BLOCKED_BY_HOLDER] = "holder",
		[BLOCKED_BY_POLICY] = "policy",
		[BLOCKED_BY_REQUEST] = "request",
	};

	return words[blocker];
}

static int compare_target(const void *key, const void *step)
{
	return step_target_compare(key, &((const struct step *)step)->target);
}

const struct step *plan_find(const struct plan *plan, const struct step_target *target)
{
	if (!plan->n_steps)
		return NULL;
	return bsearch(target, plan->steps, plan->n_steps, sizeof(*plan->steps), compare_target);
}

bool step_is_before_driver(const struct step *step)
{
	return step->target.kind == STEP_VF_SETTING &&
	       vf_settings[step->target.setting].before_driver;
}

bool plan_is_bare(const struct plan *plan)
{
	bool bare = plan->holds_back || plan->n_missing;

	for (size_t i = 0; !bare && i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		bare = step_is_before_driver(step) && !step->refused && !step->block.why;
	}
	return bare;
}
