/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "named.h"

#include <string.h>

#include "device.h"

/* words: NULL where nobody is said to be there. A look that failed names nobody. */
static void check(struct world *world, const struct sim_pf *pf, const char *what, const char *words)
{
	if (words && strstr(words, "cannot be told"))
		return;
	for (enum pf_use i = 0; i < PF_USE_COUNT; i++)
		if (pf->began && device_pf_is_used_since(pf, i, pf->began - 1) &&
		    !(words && strstr(words, device_pf_user(i))))
			world_violate(world, INVARIANT_NAMED,
				      "%s: %s says '%s', and nothing of '%s'", pf->ifname, what,
				      words ? words : "", device_pf_user(i));
}

static void check_actions(struct world *world, const struct sim_pf *pf,
			  const struct actions *actions)
{
	for (size_t i = 0; i < actions->count; i++) {
		const struct action *action = &actions->items[i];

		if (action->done && step_disrupts_users(&action->step))
			check(world, pf, "a step that was done", action->step.users);
	}
}

/* The same block may be there for VFs in use: these come first. */
static bool is_for_netdev(const struct step *step)
{
	return step->block.by == BLOCKED_BY_HOLDER && strstr(step->block.why, "own network device");
}

void named_check(struct world *world, const struct sim_pf *pf, const struct pass *pass)
{
	const struct plan *plan = pass->remaining;

	check_actions(world, pf, &pass->actions);
	for (size_t i = 0; plan && i < plan->n_steps; i++)
		if (is_for_netdev(&plan->steps[i]))
			check(world, pf, "a step that is blocked", plan->steps[i].block.why);
}
