/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/pf_steps.h"

#include "plan/resize.h"
#include "plan/vf_steps.h"

/* Whether the driver wants the PF up for what is wanted of VFs. */
static bool needs_up(const struct draft *draft)
{
	return resize_needs_up(draft) || (driver_does(draft->driver, DRIVER_SETS_UP) &&
					  vf_steps_are_wanted(draft, VF_LAYER_FUNCTION));
}

/* "pf-up: false" only says that sriovd leaves the PF's state to others: taking a PF down would take
 * the host's network with it. What is not said at all may be implied by VFs that need it. */
static int add_pf_up(struct draft *draft)
{
	const struct value *to = VALUES_GET(&draft->desired->settings, PF_UP);
	bool implied = !to && needs_up(draft);

	if (to && to->number)
		draft_need_netdev(draft);
	if (!pf_is_down(draft->observed) || !(implied || (to && to->number)))
		return 0;
	return draft_add(draft, &(struct step){ .target = step_target_of_pf(PF_UP),
						.from_known = true,
						.to = to ? *to : (struct value){ .number = 1 } });
}

static int add(struct draft *draft, enum setting_when when)
{
	int r = 0;

	for (enum pf_setting i = 0; r >= 0 && i < PF_SETTING_COUNT; i++) {
		const struct step_target target = step_target_of_pf(i);

		if (pf_settings[i].when != when)
			continue;
		r = i == PF_UP ? add_pf_up(draft) : draft_add_pf_setting(draft, &target);
	}
	return r;
}

int pf_steps_add_before(struct draft *draft)
{
	return add(draft, SETTING_BEFORE_VFS);
}

int pf_steps_add_after(struct draft *draft)
{
	return add(draft, SETTING_AFTER_VFS);
}
