/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/draft.h"

#include <errno.h>
#include <string.h>

#include "plan/knowledge.h"
#include "plan/request.h"

/* The refusal is of a VF that is not ready yet, rather than of the value. A driver that is not
 * there may never be. */
bool draft_is_unready(const struct step *step)
{
	if (!step_is_of_vf(&step->target) || !step->refused)
		return false;
	if (step->refused->kind == REFUSAL_WAITS_VF)
		return step->target.setting != VF_DRIVER;
	return step->refused->kind == REFUSAL_RETRY;
}

/* The driver is known to make all VFs of the card whatever number it is asked for: for another
 * number those that there are would be destroyed in vain, at each start anew. */
static int foresee(const struct draft *draft, const struct step *step, const struct refusal **ret)
{
	uint32_t now = draft->observed->n_vfs, most = draft->observed->totalvfs;
	struct refusal *refusal;
	const char *words;

	*ret = NULL;
	if (step->target.kind != STEP_CREATE_VFS || !now || step->to.number == most ||
	    !driver_does(draft->driver, DRIVER_MAKES_ALL))
		return 0;
	refusal = arena_alloc(draft->plan->arena, sizeof(*refusal));
	if (!refusal)
		return -ENOMEM;
	*refusal = (struct refusal){ .target = step->target,
				     .value = step->to,
				     .kind = REFUSAL_UNSUPPORTED,
				     .of_any = true };
	words = arena_printf(draft->plan->arena, "it makes %u whatever is asked",
			     most ? most : now);
	if (!words)
		return -ENOMEM;
	memcpy(refusal->message, words, strlen(words) + 1);
	*ret = refusal;
	return 0;
}

/* What VFs that will be destroyed were refused says nothing of those that come after them. */
static const struct refusal *refusal_of(const struct draft *draft, const struct step *step)
{
	if (!draft->knowledge)
		return NULL;
	if (draft->resizes && step_is_of_vf(&step->target))
		return knowledge_unsupported(draft->knowledge, &step->target);
	/* Without a request it is not tried again, however long ago it was refused. */
	if (request_concerns(draft->desired, draft->observed, draft->knowledge, step))
		return knowledge_refused_for_good(draft->knowledge, &step->target, &step->to);
	return knowledge_refused(draft->knowledge, &step->target, &step->to);
}

int draft_add(struct draft *draft, const struct step *step)
{
	struct plan *plan = draft->plan;
	const struct refusal *refusal = refusal_of(draft, step);
	struct step *added;
	int r = refusal ? 0 : foresee(draft, step, &refusal);

	if (r < 0)
		return r;
	r = arena_grow(plan->arena, &plan->steps, plan->n_steps, &draft->capacity,
		       sizeof(*plan->steps));
	if (r < 0)
		return r;
	added = &plan->steps[plan->n_steps];
	*added = *step;
	if (refusal) {
		struct refusal *copy = arena_alloc(plan->arena, sizeof(*copy));

		if (!copy)
			return -ENOMEM;
		*copy = *refusal;
		copy->value = refusal->of_any ? step->to : refusal->value;
		added->refused = copy;
		draft->unready = draft->unready || draft_is_unready(added);
	}
	request_block(draft->desired, draft->observed, draft->knowledge, added);
	plan->n_steps++;
	return 0;
}

uint64_t draft_left(const struct draft *draft, const struct vf *want, const struct vf *now)
{
	bool may_pass;

	/* Mostly nothing is given once. */
	if (!now || !want->once)
		return 0;
	may_pass =
		draft->knowledge && knowledge_users(draft->knowledge, now->index) == USERS_NOT_YET;
	return want->once & given_left(&now->given, vf_is_held(now) && !may_pass);
}

bool draft_has_time(const struct draft *draft)
{
	return !draft->knowledge || knowledge_is_awaiting(draft->knowledge);
}

bool draft_awaits(const struct draft *draft, enum pf_setting setting)
{
	const struct value *to = VALUES_GET(&draft->desired->settings, setting);
	const struct value *from = VALUES_GET(&draft->observed->settings, setting);

	return draft->observed->eswitch_silent && pf_settings[setting].from_driver && to && !from;
}

/* It is not tried: what it would do to VFs depends on the mode that there is. */
static int add_awaited(struct draft *draft, const struct step_target *target,
		       const struct value *to)
{
	struct refusal *refusal = arena_alloc(draft->plan->arena, sizeof(*refusal));

	if (!refusal)
		return -ENOMEM;
	draft->plan->lacks_eswitch = true;
	draft->plan->awaits_eswitch = draft_has_time(draft);
	if (draft->plan->awaits_eswitch)
		return 0;
	*refusal = (struct refusal){ .target = *target,
				     .value = *to,
				     .kind = REFUSAL_UNSUPPORTED,
				     .error = -ENODEV,
				     .message = "devlink says nothing of this PF's eswitch" };
	return draft_add(draft, &(struct step){ .target = *target, .to = *to, .refused = refusal });
}

void draft_need_netdev(struct draft *draft)
{
	if (!draft->observed->ifindex)
		draft->plan->lacks_netdev = true;
}

int draft_add_pf_setting(struct draft *draft, const struct step_target *target)
{
	enum pf_setting setting = step_pf_setting(target);
	const struct value *to = VALUES_GET(&draft->desired->settings, setting);
	const struct value *from = VALUES_GET(&draft->observed->settings, setting);

	if (to && draft_awaits(draft, setting))
		return add_awaited(draft, target, to);
	if (to && pf_settings[setting].of_netdev)
		draft_need_netdev(draft);
	/* What the PF does not have now, for want of a network device say, cannot be written. */
	if (!to || !from || value_equal(&pf_settings[setting], from, to))
		return 0;
	return draft_add(draft, &(struct step){ .target = *target,
						.from_known = true,
						.from = *from,
						.to = *to,
						.disruption = pf_settings[setting].disrupts });
}

bool draft_gives(const struct draft *draft, uint32_t vf, enum vf_setting setting)
{
	const struct step_target target = { STEP_VF_SETTING, vf, setting };
	const struct step *step = plan_find(draft->plan, &target);

	return !step || step_is_ready(step);
}

bool draft_autoprobes(const struct draft *draft)
{
	const struct value *now = VALUES_GET(&draft->observed->settings, PF_DRIVERS_AUTOPROBE);
	const struct value *want = VALUES_GET(&draft->desired->settings, PF_DRIVERS_AUTOPROBE);
	const struct step_target target = step_target_of_pf(PF_DRIVERS_AUTOPROBE);

	/* It is as it was where it could not be changed. */
	if (want && draft->knowledge && knowledge_refused(draft->knowledge, &target, want))
		want = NULL;
	return now && (want ? want : now)->number;
}

bool draft_holds_back(const struct draft *draft)
{
	bool patient = !draft->knowledge || knowledge_is_patient(draft->knowledge);

	return (draft->plan->n_missing || draft->unready) && patient;
}
