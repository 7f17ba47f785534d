/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/pf_steps.h"

#include "plan/resize.h"

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

int pf_steps_add_before(struct draft *draft)
{
	int r = draft_add_pf_setting(draft, STEP_PF_MTU, DISRUPTS_PF);

	if (r >= 0)
		r = add_pf_up(draft);
	if (r >= 0)
		r = draft_add_pf_setting(draft, STEP_AUTOPROBE, DISRUPTS_NOTHING);
	return r;
}

int pf_steps_add_after(struct draft *draft)
{
	int r = draft_add_pf_setting(draft, STEP_ESWITCH_INLINE_MODE, DISRUPTS_NOTHING);

	if (r >= 0)
		r = draft_add_pf_setting(draft, STEP_ESWITCH_ENCAP_MODE, DISRUPTS_NOTHING);
	return r;
}
