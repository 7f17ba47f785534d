/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/rebinding.h"

#include "plan/guard.h"

static bool is_nothing(enum vf_setting setting, const struct value *value)
{
	return vf_settings[setting].type == VALUE_MAC ? mac_is_zero(&value->mac) : !value->number;
}

/* Whether the driver would take it up if it were bound now. */
static bool would_take(const struct draft *draft, const struct vf *want, enum vf_setting setting)
{
	const struct value *to = VALUES_GET(&want->settings, setting);

	if (!to || is_nothing(setting, to) || !draft_gives(draft, want->index, setting))
		return false;
	return setting != VF_MAC || !driver_does(draft->driver, DRIVER_BINDS_UP) ||
	       !pf_is_down(draft->observed);
}

/* Why it cannot be told what the driver goes on with, though it could be; or NULL. Its network
 * device may be anywhere, or not wanted; an RDMA device comes with a VF that has GUIDs. */
static const char *find_doubt(const struct draft *draft, const struct vf *now,
			      enum vf_setting setting)
{
	if (vf_settings[setting].type != VALUE_GUID ||
	    !(now->settings.present & SETTING_BIT(setting)) ||
	    !vf_has_driver(now, draft->observed->driver))
		return NULL;
	return "the VF has no RDMA device here, which would tell what its driver goes on with";
}

/* 1: the step was added. */
static int add_for(struct draft *draft, const struct vf *want, const struct vf *now,
		   enum vf_setting setting)
{
	struct step step = { .target = { STEP_VF_DEVICE, want->index, setting },
			     .to = want->settings.value[setting],
			     .disruption = DISRUPTS_VF };
	int r = 0;

	step.from_known = taken_get(&now->taken, setting, &step.from);
	if (!step.from_known)
		step.waits = find_doubt(draft, now, setting);
	else if (now->settling)
		step.waits = STEP_WAITS_UDEV;
	if (step.from_known ? value_equal(&vf_settings[setting], &step.from, &step.to)
			    : !step.waits)
		return 0;
	if (step.from_known)
		r = guard_vf(draft, now, &step.block);
	if (r >= 0)
		r = draft_add(draft, &step);
	return r < 0 ? r : 1;
}

int rebinding_add(struct draft *draft, const struct vf *want, const struct vf *now)
{
	uint64_t rest = draft->driver->taken_at_bind & ~draft_left(draft, want, now);
	int r = 0;

	/* What the PF's driver has for a VF that it does not report now is not known. */
	while (rest && r == 0 && vf_is_bound(now) && now->reported) {
		const enum vf_setting setting = setting_take(&rest);

		if (would_take(draft, want, setting))
			r = add_for(draft, want, now, setting);
	}
	return r < 0 ? r : 0;
}
