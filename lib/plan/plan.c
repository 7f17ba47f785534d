/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/plan.h"

#include <errno.h>

#include "plan/draft.h"
#include "plan/eswitch.h"
#include "plan/guard.h"
#include "plan/pf_steps.h"
#include "plan/request.h"
#include "plan/resize.h"
#include "plan/vf_steps.h"
#include "plan/withheld.h"

/* In the order in which they are done. */
static int add_all(struct draft *draft)
{
	int r = pf_steps_add_before(draft);

	if (r >= 0)
		r = resize_add(draft);
	if (r >= 0)
		r = vf_steps_note_once(draft);
	if (r >= 0)
		r = vf_steps_add(draft, VF_LAYER_FUNCTION);
	if (r >= 0)
		r = eswitch_add_with_vfs(draft);
	if (r >= 0)
		r = pf_steps_add_after(draft);
	if (r >= 0)
		r = vf_steps_add(draft, VF_LAYER_DEVICE);
	if (r >= 0)
		r = resize_add_release(draft);
	if (r >= 0)
		r = vf_steps_add(draft, VF_LAYER_NETDEV);
	return r;
}

static void guard_steps(struct draft *draft)
{
	for (size_t i = 0; i < draft->plan->n_steps; i++) {
		struct step *step = &draft->plan->steps[i];

		step->guard = guard_of(draft, step);
		step->renews_netdev = guard_renews_netdev(draft, step);
		step->awaits_request = request_is_awaited_for(draft->desired, draft->observed,
							      draft->knowledge, step);
		step->ends_rates = guard_ends_rates(draft, step);
		step->takes_netdev = guard_takes_netdev(draft, step);
		if (step_disrupts_users(step))
			step->users = draft->observed->holder.details;
	}
}

static void count_steps(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		plan->n_requestable += step_is_requestable(step);
		if (step->block.why)
			plan->n_blocked++;
		else if (step->refused)
			plan->n_refused++;
		else if (step->waits)
			plan->n_waiting += !step->has_event;
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
			       .driver = driver_of(observed->driver),
			       .owes_drivers = pf_owes_drivers(observed) };
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
	guard_steps(&draft);
	draft.plan->awaits_bond = withheld_bond(&draft);
	count_steps(draft.plan);
	(void)TAKE(arena);
	*ret = draft.plan;
	return 0;
}

void plan_free(struct plan *plan)
{
	if (plan)
		arena_free(plan->arena);
}
