/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/eswitch.h"

#include "plan/eswitch_mode.h"
#include "plan/guard.h"
#include "plan/knowledge.h"
#include "plan/request.h"

/* Where it comes once the VFs are there. */
static const struct step_target mode = { .kind = STEP_ESWITCH_MODE_WITH_VFS };

const struct value *eswitch_other_mode(const struct draft *draft)
{
	const struct value *to = VALUES_GET(&draft->desired->settings, PF_ESWITCH_MODE);
	const struct value *from = VALUES_GET(&draft->observed->settings, PF_ESWITCH_MODE);

	return to && from && to->number != from->number ? to : NULL;
}

const struct value *eswitch_leaves_mode(const struct draft *draft)
{
	const struct value *from = VALUES_GET(&draft->observed->settings, PF_ESWITCH_MODE);
	const struct value *to = eswitch_other_mode(draft);

	return eswitch_mode_connects(from, to) ? NULL : to;
}

bool eswitch_comes_first(const struct draft *draft)
{
	enum driver_eswitch when = draft->driver->eswitch;

	return eswitch_other_mode(draft) &&
	       (when == ESWITCH_WITHOUT_VFS || when == ESWITCH_ANY_TIME);
}

int eswitch_add_mode(struct draft *draft, enum step_kind kind)
{
	const struct step_target target = { .kind = kind };
	size_t first = draft->plan->n_steps;
	struct block block = { 0 };
	int r = draft_add_pf_setting(draft, &target);

	if (r >= 0 && draft->plan->n_steps > first)
		r = guard_pf(draft, kind, &block);
	if (block.why)
		draft->plan->steps[first].block = block;
	return r;
}

static bool is_any_bound(const struct pf *observed)
{
	for (uint32_t i = 0; i < observed->n_vfs; i++)
		if (vf_is_bound(&observed->vfs[i]))
			return true;
	return false;
}

bool eswitch_takes_drivers_off(const struct draft *draft)
{
	const struct value *to = eswitch_leaves_mode(draft);

	return to && draft->driver->eswitch == ESWITCH_UNBOUND_VFS &&
	       is_any_bound(draft->observed) && !draft->observed->drivers_held &&
	       !request_is_awaited(draft->desired, draft->knowledge) && !guard_is_any_used(draft) &&
	       !guard_is_pf_used(draft, mode.kind) &&
	       !(draft->knowledge && knowledge_refused(draft->knowledge, &mode, to));
}

/* With the VFs in place and without drivers. */
static int add_mode_with_vfs(struct draft *draft)
{
	size_t first = draft->plan->n_steps;
	bool there = draft->observed->n_vfs && !draft->resizes && eswitch_leaves_mode(draft);
	struct block block = { 0 };
	int r = 0;

	if (there)
		r = guard_use(draft, &block);
	if (r >= 0 && !block.why && eswitch_other_mode(draft))
		r = guard_pf(draft, mode.kind, &block);
	/* Only until it is done: the mode comes in a look of its own after it. */
	if (r >= 0 && there && is_any_bound(draft->observed))
		r = draft_add(draft, &(struct step){ .target = { STEP_UNBIND_VFS },
						     .disruption = DISRUPTS_PF });
	if (r >= 0)
		r = draft_add_pf_setting(draft, &mode);
	if (r < 0)
		return r;
	(void)guard_bind_together(draft, first, block);
	return 0;
}

int eswitch_add_with_vfs(struct draft *draft)
{
	if (draft_awaits(draft, PF_ESWITCH_MODE))
		return draft_add_pf_setting(draft, &mode);
	if (!eswitch_other_mode(draft) || eswitch_comes_first(draft))
		return 0;
	if (draft->driver->eswitch == ESWITCH_AFTER_VFS)
		return eswitch_add_mode(draft, mode.kind);
	return add_mode_with_vfs(draft);
}
