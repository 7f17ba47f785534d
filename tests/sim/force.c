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

static bool reads_how(const struct sim_pf *pf, enum vf_setting setting, enum reading_how how)
{
	for (size_t i = 0; i < PROFILE_READINGS_MAX; i++)
		if (pf->profile->readings[i].how == how &&
		    pf->profile->readings[i].setting == setting)
			return true;
	return false;
}

bool force_has_rates(const struct vlan *vlan)
{
	return vlan->id && !vlan->qos;
}

/* What turns the setting off for its VLAN's sake; NULL: nothing. */
static const struct lapse *find_off(const struct sim_pf *pf, const struct sim_vf *vf,
				    enum vf_setting setting)
{
	return force_has_rates(&vf->now.value[VF_VLAN].vlan) ? NULL
							     : find(pf, setting, LAPSE_OFF_VLAN);
}

struct value force_of(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting)
{
	const struct lapse *lapse = find(pf, setting, LAPSE_IN_SWITCHDEV);
	const struct lapse *off = find_off(pf, vf, setting);

	if (off)
		return (struct value){ .number = off->number };
	if (lapse && pf->eswitch[PF_ESWITCH_MODE] == DEVLINK_ESWITCH_MODE_SWITCHDEV)
		return (struct value){ .number = lapse->number };
	/* A limit at the speed of the link is none. */
	if (setting == VF_MAX_TX_RATE && vf->force[setting].number == pf->speed &&
	    reads_how(pf, setting, READ_AS_SPEED))
		return (struct value){ 0 };
	return vf->force[setting];
}

bool force_is(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
	      const struct value *value)
{
	struct value force = force_of(pf, vf, setting);

	return (vf->now.present & SETTING_BIT(setting)) &&
	       value_equal(&vf_settings[setting], &force, value);
}

void force_begin(struct sim_vf *vf)
{
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++)
		vf->force[i] = vf->now.value[i];
}

bool force_is_ignored(const struct sim_pf *pf, enum vf_setting setting, const struct value *value)
{
	const struct lapse *lapse = find(pf, setting, LAPSE_WRITTEN);

	return lapse && lapse->number == value->number;
}

/* What the driver makes of a value that it does not pass over. */
static struct value made_of(const struct sim_pf *pf, enum vf_setting setting,
			    const struct value *value)
{
	struct value made = *value;

	if (find(pf, setting, LAPSE_NO_QOS))
		made.vlan.qos = 0;
	if (find(pf, setting, LAPSE_OVER_SPEED) && pf->carrier && made.number > pf->speed)
		made.number = pf->speed;
	made.origin = NULL;
	return made;
}

bool force_takes(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		 const struct value *value)
{
	const struct setting *row = &vf_settings[setting];
	struct value made = made_of(pf, setting, value);
	const struct lapse *off = find_off(pf, vf, setting);

	if (off)
		return value->number == off->number;
	return force_is_ignored(pf, setting, value)
		       ? value_equal(row, value, &vf->now.value[setting])
		       : value_equal(row, value, &made);
}

/* Whether the driver looks at no more than what the VLAN has already. */
static bool has_tag(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		    const struct value *value)
{
	const struct vlan *vlan = &vf->now.value[VF_VLAN].vlan;

	return find(pf, setting, LAPSE_SAME_TAG) && value->vlan.id == vlan->id &&
	       value->vlan.qos == vlan->qos;
}

void force_write(const struct sim_pf *pf, struct sim_vf *vf, enum vf_setting setting,
		 const struct value *value)
{
	if (force_is_ignored(pf, setting, value) || has_tag(pf, vf, setting, value))
		return;
	VALUES_SET(&vf->now, setting, made_of(pf, setting, value));
	vf->force[setting] = vf->now.value[setting];
}

static void link_up(const struct sim_pf *pf, struct sim_vf *vf, enum vf_setting setting)
{
	const struct lapse *unseen = find(pf, setting, LAPSE_LINK_UP);
	const struct lapse *seen = find(pf, setting, LAPSE_OTHER_SPEED);
	struct value made = made_of(pf, setting, &vf->now.value[setting]);

	if (unseen)
		vf->force[setting] = (struct value){ .number = unseen->number };
	if (seen && pf->other_speed)
		vf->now.value[setting] = vf->force[setting] =
			(struct value){ .number = seen->number };
	if (find(pf, setting, LAPSE_OVER_SPEED))
		vf->now.value[setting] = vf->force[setting] = made;
}

void force_link_up(struct sim_pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		for (enum vf_setting k = 0; k < VF_SETTING_COUNT; k++)
			link_up(pf, &pf->vfs[i], k);
}

struct value force_reading(const struct sim_pf *pf, const struct sim_vf *vf,
			   enum vf_setting setting, const struct value *value)
{
	const struct lapse *off = find_off(pf, vf, setting);
	struct value reading = *value;

	if (off)
		reading.number = off->number;
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
		else if (row->how == READ_AS_SPEED && !reading.number && pf->carrier)
			reading.number = pf->speed;
	}
	return reading;
}

bool force_is_hidden(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		     const struct value *want)
{
	struct value reading = force_reading(pf, vf, setting, &vf->now.value[setting]);
	struct value of_want = force_reading(pf, vf, setting, want);

	return !value_equal(&vf_settings[setting], &vf->now.value[setting], want) &&
	       (value_equal(&vf_settings[setting], &reading, &of_want) ||
		/* What is not so many more may have nothing to do with it. */
		(setting == VF_MSIX_VECTORS && reading.number != vf->now.value[setting].number));
}

/* Without a link a limit reads as itself, and none as 0. Who does not know the speed of the link
 * that there was does not know that. */
bool force_is_untold(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		     const struct value *want)
{
	return reads_how(pf, setting, READ_AS_SPEED) && !pf->carrier && !want->number &&
	       vf->now.value[setting].number;
}

bool force_reads_as(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		    const struct value *want)
{
	const struct lapse *off = find_off(pf, vf, setting);

	if (off)
		return want->number == off->number;
	return value_equal(&vf_settings[setting], &vf->now.value[setting], want) ||
	       force_is_hidden(pf, vf, setting, want) || force_is_untold(pf, vf, setting, want);
}

bool force_is_between(const struct sim_pf *pf, enum vf_setting setting, const struct value *value,
		      const struct value *want)
{
	return find(pf, setting, LAPSE_SAME_TAG) && value->vlan.id == want->vlan.id &&
	       value->vlan.protocol == want->vlan.protocol;
}

bool force_is_twin(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		   const struct value *want)
{
	return reads_how(pf, setting, READ_NO_PROTOCOL) && want->vlan.id &&
	       (want->vlan.protocol == ETH_P_8021AD || force_is_hidden(pf, vf, setting, want));
}
