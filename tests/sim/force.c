/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "force.h"

#include <linux/devlink.h>
#include <linux/if_ether.h>

static const struct lapse *find(const struct sim_pf *pf, enum vf_setting setting,
				enum lapse_when when)
{
	for (size_t i = 0; i < PROFILE_LAPSES_MAX; i++) {
		const struct lapse *lapse = &pf->profile->lapses[i];

		if (lapse->when == when && (lapse->settings & SETTING_BIT(setting)))
			return lapse;
	}
	return NULL;
}

struct value force_of(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting)
{
	const struct lapse *lapse = find(pf, setting, LAPSE_IN_SWITCHDEV);

	if (lapse && pf->eswitch[PF_ESWITCH_MODE] == DEVLINK_ESWITCH_MODE_SWITCHDEV)
		return (struct value){ .number = lapse->number };
	return vf->force[setting];
}

void force_begin(struct sim_vf *vf)
{
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++)
		vf->force[i] = vf->now.value[i];
}

bool force_is_ignored(const struct sim_pf *pf, enum vf_setting setting, uint64_t number)
{
	const struct lapse *lapse = find(pf, setting, LAPSE_WRITTEN);

	return lapse && lapse->number == number;
}

void force_write(const struct sim_pf *pf, struct sim_vf *vf, enum vf_setting setting,
		 const struct value *value)
{
	if (force_is_ignored(pf, setting, value->number))
		return;
	VALUES_SET(&vf->now, setting, *value);
	vf->now.value[setting].origin = NULL;
	vf->force[setting] = vf->now.value[setting];
}

static void link_up(const struct sim_pf *pf, struct sim_vf *vf, enum vf_setting setting)
{
	const struct lapse *unseen = find(pf, setting, LAPSE_LINK_UP);
	const struct lapse *seen = find(pf, setting, LAPSE_OTHER_SPEED);

	if (unseen)
		vf->force[setting] = (struct value){ .number = unseen->number };
	if (seen && pf->other_speed)
		vf->now.value[setting] = vf->force[setting] =
			(struct value){ .number = seen->number };
}

void force_link_up(struct sim_pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		for (enum vf_setting k = 0; k < VF_SETTING_COUNT; k++)
			link_up(pf, &pf->vfs[i], k);
}

struct value force_reading(const struct sim_pf *pf, enum vf_setting setting,
			   const struct value *value)
{
	struct value reading = *value;

	for (size_t i = 0; i < PROFILE_READINGS_MAX; i++) {
		const struct reading *row = &pf->profile->readings[i];

		if (!row->how || row->setting != setting)
			continue;
		if (row->how == READ_NO_VLAN && !reading.vlan.id)
			reading.vlan.id = (uint16_t)row->number;
		else if (row->how == READ_NO_PROTOCOL)
			reading.vlan.protocol = ETH_P_8021Q;
		else if (row->how == READ_MORE)
			reading.number += row->number;
	}
	return reading;
}

bool force_is_hidden(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		     const struct value *want)
{
	struct value reading = force_reading(pf, setting, &vf->now.value[setting]);
	struct value of_want = force_reading(pf, setting, want);

	return !value_equal(&vf_settings[setting], &vf->now.value[setting], want) &&
	       (value_equal(&vf_settings[setting], &reading, &of_want) ||
		/* What is not so many more may have nothing to do with it. */
		(setting == VF_MSIX_VECTORS && reading.number != vf->now.value[setting].number));
}
