/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/correction.h"

#include "pf/contest.h"

/* Whether it was wanted then as it is now: a share of the link is another number with another
 * speed. */
static bool was_wanted(const struct step *step, const struct pass *before)
{
	const struct pf *desired = before->desired->pf;
	const struct value *then;

	if (!step_is_of_vf(&step->target) || step->target.vf >= desired->n_vfs)
		return true;
	then = VALUES_GET(&desired->vfs[step->target.vf].settings, step->target.setting);
	return !then || value_equal(step_setting(&step->target), then, &step->to);
}

/* Whether what the action did had been right. What cannot be read was not wrong either. */
static bool puts_back(const struct action *action, const struct pass *before)
{
	const struct step *step = &action->step;

	return action->done && !step->blind && !plan_find(before->remaining, &step->target) &&
	       was_wanted(step, before);
}

static bool is_correction(const struct action *action, const struct pass *before,
			  const struct attempts *attempts, bool others, uint64_t now)
{
	const struct step *step = &action->step;

	if (step_is_auxiliary(step))
		return false;
	return puts_back(action, before) || (others && step_is_of_vf(&step->target)) ||
	       (attempts && attempts_have(attempts, &step->target, now));
}

static bool makes_vfs_anew(const struct step *step)
{
	enum step_kind kind = step->target.kind;

	return kind == STEP_DESTROY_VFS || kind == STEP_CREATE_VFS || kind == STEP_ESWITCH_MODE ||
	       kind == STEP_ESWITCH_MODE_WITH_VFS;
}

static bool is_other_mode(const struct pf *then, const struct pf *now)
{
	const struct value *before = VALUES_GET(&then->settings, PF_ESWITCH_MODE),
			   *after = VALUES_GET(&now->settings, PF_ESWITCH_MODE);

	return before && after && before->number != after->number;
}

/* Whether it found other VFs than the one before had left, or these in another eswitch mode, which
 * somebody else has made. */
static bool has_other_vfs(const struct pass *before, const struct pass *pass)
{
	const struct pf *then = before->observed, *now = pass->observed;

	for (size_t i = 0; i < pass->actions.count; i++)
		if (makes_vfs_anew(&pass->actions.items[i].step))
			return false;
	return now->n_vfs && then->instance == now->instance &&
	       (then->n_vfs != now->n_vfs || then->vfs[0].instance != now->vfs[0].instance ||
		is_other_mode(then, now));
}

static unsigned weight_of(const struct step *step, bool others)
{
	if (!step)
		return 0;
	return others || makes_vfs_anew(step) ? CONTEST_WEIGHT_OF_VFS : 1;
}

struct correction correction_find(const struct pass *before, const struct pass *pass,
				  const struct attempts *attempts, bool failed, uint64_t now)
{
	const struct step *found = NULL;
	bool others, new_vfs = false;

	if (!before || !before->remaining || before->passive || before->policy != pass->policy)
		return (struct correction){ 0 };
	others = !failed && has_other_vfs(before, pass);
	for (size_t i = 0; i < pass->actions.count; i++) {
		const struct action *action = &pass->actions.items[i];
		const struct step *step = &action->step;

		if (is_correction(action, before, attempts, others, now) &&
		    !(new_vfs && step_is_of_vf(&step->target)) &&
		    (!found || (makes_vfs_anew(step) && !makes_vfs_anew(found))))
			found = step;
		new_vfs = new_vfs || step->target.kind == STEP_CREATE_VFS;
	}
	return (struct correction){ found, weight_of(found, others) };
}

void correction_mark_contested(struct pass *pass, const struct correction *correction,
			       unsigned count)
{
	CLEANUP_TEXT struct text reason = { 0 };
	const char *copy;

	text_printf(&reason,
		    "something else keeps changing settings: put back %u times in the last minute",
		    count);
	if (correction->step) {
		text_append(&reason, ", the latest: ");
		step_describe(correction->step, &reason);
	}
	copy = arena_strdup(pass->arena, text_string(&reason));
	if (pass->state >= STATE_CONTESTED || !copy)
		return;
	pass->state = STATE_CONTESTED;
	pass->reason = copy;
}
