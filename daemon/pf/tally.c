/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/tally.h"

/* A pass that finds nothing takes a millisecond or two, one that makes VFs seconds; a call may hang
 * for a minute. */
const uint32_t tally_bounds[TALLY_BOUNDS] = { 2, 5, 10, 25, 100, 250, 1000, 5000, 20000, 60000 };

static void add_steps(struct tally *tally, const struct actions *actions)
{
	for (size_t i = 0; i < actions->count; i++) {
		const struct action *action = &actions->items[i];

		if (step_is_auxiliary(&action->step) || !action_was_tried(action))
			continue;
		if (action->done)
			tally->steps++;
		else
			tally->refused++;
	}
}

void tally_add(struct tally *tally, const struct pass *pass, bool repaired, uint64_t ms)
{
	tally->passes++;
	tally->ms += ms;
	for (size_t i = 0; i < TALLY_BOUNDS; i++)
		tally->within[i] += ms <= tally_bounds[i];
	tally->repairs += repaired;
	if (pass)
		add_steps(tally, &pass->actions);
	else
		tally->failed++;
}
