/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/withheld.h"

#include <string.h>

static uint64_t settings_before_driver(void)
{
	uint64_t mask = 0;

	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++)
		if (vf_settings[i].before_driver)
			mask |= SETTING_BIT(i);
	return mask;
}

/* What is refused once it can be written does not withhold the VF any more. */
static bool lacks_netdev(const struct draft *draft, const struct vf *want, const struct vf *now)
{
	return !draft->observed->ifindex &&
	       ((want->settings.present | want->awaited) & settings_before_driver() &
		~draft_kept(draft, want, now));
}

/* Not where the PF will be up by the time that drivers are let at VFs. */
static bool stays_down(const struct draft *draft)
{
	const struct step_target target = step_target_of_pf(PF_UP);
	const struct step *step = plan_find(draft->plan, &target);
	bool is_done = step && step_is_ready(step) && !pf_is_observe_only(draft->desired);

	return pf_is_down(draft->observed) && !is_done;
}

/* An address that is only to be tried again, since the PF's driver is busy, is on its way. */
static bool will_be_given_mac(const struct draft *draft, uint32_t vf)
{
	const struct step_target target = { STEP_VF_SETTING, vf, VF_MAC };
	const struct step *step = plan_find(draft->plan, &target);

	return !step || step_is_ready(step) || draft_is_unready(step);
}

/* Whether the address is somebody else's by now; not where it was only given, and is still there
 * as far as can be told. */
static bool is_left_mac(const struct draft *draft, const struct vf *want, const struct vf *now)
{
	return draft_kept(draft, want, now) & SETTING_BIT(VF_MAC) &&
	       now->settings.present & SETTING_BIT(VF_MAC) &&
	       !vf_has(now, VF_MAC, &want->settings.value[VF_MAC]);
}

/* With vfio's the driver that asks for the address is in a guest. */
static bool lacks_address(const struct draft *draft, const struct vf *want, const struct vf *now)
{
	const struct value *mac = VALUES_GET(&want->settings, VF_MAC);

	if (mac && is_left_mac(draft, want, now))
		return false;
	return driver_does(draft->driver, DRIVER_BINDS_UP) && mac && !mac_is_zero(&mac->mac) &&
	       !vf_has_vfio(want) && stays_down(draft) && will_be_given_mac(draft, want->index);
}

static bool lacks_bond(const struct draft *draft)
{
	const struct value *want = VALUES_GET(&draft->desired->settings, PF_DRIVER_AFTER_BOND);
	const struct bond *bond = &draft->observed->bond;

	return want && !(bond->name && bond->up && !strcmp(bond->name, want->name));
}

bool withheld_is(const struct draft *draft, const struct vf *want, const struct vf *now)
{
	return !(now && vf_is_bound(now)) && withheld_is_change(draft, want, now);
}

bool withheld_is_change(const struct draft *draft, const struct vf *want, const struct vf *now)
{
	return lacks_netdev(draft, want, now) || lacks_address(draft, want, now) ||
	       lacks_bond(draft);
}

static bool is_any(const struct draft *draft)
{
	const struct pf *desired = draft->desired, *observed = draft->observed;

	for (uint32_t i = 0; i < desired->n_vfs; i++) {
		if (!draft->resizes && i >= observed->n_vfs)
			break;
		if (withheld_is(draft, &desired->vfs[i], draft->resizes ? NULL : &observed->vfs[i]))
			return true;
	}
	return false;
}

const char *withheld_all_until(const struct draft *draft)
{
	if (!is_any(draft))
		return NULL;
	if (!draft->observed->ifindex)
		return "until they can be set up by its network device";
	if (lacks_bond(draft))
		return "until it is in its bond, and that is up";
	return "until the PF is up, by which those get their addresses";
}

const char *withheld_bond(const struct draft *draft)
{
	const struct value *want = VALUES_GET(&draft->desired->settings, PF_DRIVER_AFTER_BOND);

	return draft->plan->holds_back && lacks_bond(draft) ? want->name : NULL;
}
