/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/attempts.h"

bool attempts_have(const struct attempts *attempts, const struct step_target *target, uint64_t now)
{
	unsigned n = attempts->count < ATTEMPTS_MEMORY ? attempts->count : ATTEMPTS_MEMORY;

	for (unsigned i = 0; i < n; i++)
		if (now - attempts->items[i].at <= ATTEMPTS_WINDOW_MS &&
		    step_target_equal(&attempts->items[i].target, target))
			return true;
	return false;
}

void attempts_note(struct attempts *attempts, const struct pass *pass, uint64_t now)
{
	unsigned n = 0;

	for (size_t i = 0; n < ATTEMPTS_OF_PASS && i < pass->actions.count; i++) {
		const struct action *action = &pass->actions.items[i];
		unsigned place = attempts->count % ATTEMPTS_MEMORY;

		if (!action_was_tried(action))
			continue;
		attempts->items[place].target = action->step.target;
		attempts->items[place].at = now;
		attempts->count++;
		n++;
	}
}
