/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/correction.h"

const struct step *correction_find(const struct pass *before, const struct pass *pass)
{
	bool was_right = before && before->remaining && !before->passive;
	const struct step *found = NULL;

	for (size_t i = 0; was_right && i < pass->actions.count; i++) {
		const struct action *action = &pass->actions.items[i];

		if (action->step.target.kind == STEP_CREATE_VFS)
			return NULL;
		if (!found && action->done && !action->step.blind &&
		    step_is_of_vf(&action->step.target) &&
		    !plan_find(before->remaining, &action->step.target))
			found = &action->step;
	}
	return found;
}

void correction_mark_contested(struct pass *pass, const struct step *correction, unsigned count)
{
	CLEANUP_TEXT struct text reason = { 0 };
	const char *copy;

	text_printf(&reason,
		    "something else keeps changing settings: put back %u times in the last minute",
		    count);
	if (correction) {
		text_append(&reason, ", the latest: ");
		step_describe(correction, &reason);
	}
	copy = arena_strdup(pass->arena, text_string(&reason));
	if (pass->state >= STATE_CONTESTED || !copy)
		return;
	pass->state = STATE_CONTESTED;
	pass->reason = copy;
}
