/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/correction.h"

/* Whether what the action did had been right. What cannot be read was not wrong either. */
static bool puts_back(const struct action *action, const struct pass *before)
{
	const struct step *step = &action->step;

	return action->done && !step->blind && !step_is_auxiliary(step) &&
	       !plan_find(before->remaining, &step->target);
}

const struct step *correction_find(const struct pass *before, const struct pass *pass)
{
	bool was_right =
		before && before->remaining && !before->passive && before->policy == pass->policy;
	bool new_vfs = false;

	for (size_t i = 0; was_right && i < pass->actions.count; i++) {
		const struct action *action = &pass->actions.items[i];

		if (puts_back(action, before) && !(new_vfs && step_is_of_vf(&action->step.target)))
			return &action->step;
		new_vfs = new_vfs || action->step.target.kind == STEP_CREATE_VFS;
	}
	return NULL;
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
