/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/plan.h"

#include <errno.h>
#include <stdlib.h>

#include "plan/draft.h"
#include "plan/knowledge.h"

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

/* What VFs that will be destroyed were refused says nothing of those that come after them. */
static const struct refusal *refusal_of(const struct draft *draft, const struct step *step)
{
	if (!draft->knowledge)
		return NULL;
	if (draft->resizes && step_is_of_vf(&step->target))
		return knowledge_unsupported(draft->knowledge, &step->target);
	return knowledge_refused(draft->knowledge, &step->target, &step->to);
}

int draft_add(struct draft *draft, const struct step *step)
{
	struct plan *plan = draft->plan;
	const struct refusal *refusal = refusal_of(draft, step);
	struct step *added;
	int r;

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
		added->refused = copy;
		draft->unready = draft->unready || draft_is_unready(added);
	}
	plan->n_steps++;
	return 0;
}

int draft_add_pf_setting(struct draft *draft, enum step_kind kind, enum disruption disruption)
{
	const struct step_target target = { .kind = kind };
	const struct setting *setting = step_setting(&target);
	size_t i = (size_t)(setting - pf_settings);
	const struct value *to = VALUES_GET(&draft->desired->settings, i);
	const struct value *from = VALUES_GET(&draft->observed->settings, i);

	/* What the PF does not have now, for want of a network device say, cannot be written. */
	if (!to || !from || value_equal(setting, from, to))
		return 0;
	return draft_add(draft, &(struct step){ .target = target,
						.from_known = true,
						.from = *from,
						.to = *to,
						.disruption = disruption });
}

int draft_block_for(struct draft *draft, const struct vf *held, const char **ret)
{
	*ret = arena_printf(draft->plan->arena, "VF %u is in use: %s", held->index, held->holder);
	return *ret ? 0 : -ENOMEM;
}

static bool is_down(const struct pf *pf)
{
	const struct value *up = VALUES_GET(&pf->settings, PF_UP);

	return up && !up->number;
}

/* "pf-up: false" only says that sriovd leaves the PF's state to others: taking a PF down would take
 * the host's network with it. What is not said at all may be implied by VFs that need it. */
static int add_pf_up(struct draft *draft)
{
	const struct value *to = VALUES_GET(&draft->desired->settings, PF_UP);
	bool implied = !to && draft->quirk->vfs_need_up && resize_creates(draft);

	if (!is_down(draft->observed) || !(implied || (to && to->number)))
		return 0;
	return draft_add(draft, &(struct step){ .target = { STEP_PF_UP },
						.from_known = true,
						.to = to ? *to : (struct value){ .number = 1 } });
}

bool draft_holds_back(struct draft *draft)
{
	bool patient = !draft->knowledge || knowledge_is_patient(draft->knowledge);
	bool holds_back = (draft->plan->n_missing || draft->unready) && patient;

	draft->plan->holds_back = draft->plan->holds_back || holds_back;
	return holds_back;
}

static int add_all(struct draft *draft)
{
	int r = draft_add_pf_setting(draft, STEP_PF_MTU, DISRUPTS_PF);

	if (r >= 0)
		r = add_pf_up(draft);
	if (r >= 0)
		r = draft_add_pf_setting(draft, STEP_AUTOPROBE, DISRUPTS_NOTHING);
	if (r >= 0)
		r = resize_add(draft);
	if (r >= 0)
		r = vf_steps_add(draft, VF_LAYER_FUNCTION);
	if (r >= 0)
		r = resize_add_eswitch(draft);
	if (r >= 0)
		r = vf_steps_add(draft, VF_LAYER_DEVICE);
	if (r >= 0)
		r = resize_add_release(draft);
	if (r >= 0)
		r = vf_steps_add(draft, VF_LAYER_NETDEV);
	return r;
}

static void count_steps(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		if (step->blocked)
			plan->n_blocked++;
		else if (step->refused)
			plan->n_refused++;
		else if (step->waits)
			plan->n_waiting++;
		else
			plan->n_ready++;
	}
}

int plan_make(const struct pf *desired, const struct pf *observed,
	      const struct knowledge *knowledge, struct plan **ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct draft draft = { .desired = desired,
			       .observed = observed,
			       .knowledge = knowledge,
			       .quirk = quirk_of(observed->driver) };
	int r = arena_new(&arena);

	if (r < 0)
		return r;
	draft.plan = arena_alloc(arena, sizeof(*draft.plan));
	if (!draft.plan)
		return -ENOMEM;
	draft.plan->arena = arena;
	r = add_all(&draft);
	if (r < 0)
		return r;
	count_steps(draft.plan);
	(void)TAKE(arena);
	*ret = draft.plan;
	return 0;
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

void plan_free(struct plan *plan)
{
	if (plan)
		arena_free(plan->arena);
}
