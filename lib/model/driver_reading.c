/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/driver_reading.h"

#include <linux/if_ether.h>
#include <string.h>

#include "util/cleanup.h"

/* What is reported of a value that is in force. */
enum habit {
	NONE_AS_NUMBER,	  /* no VLAN as VLAN number */
	NO_PROTOCOL,	  /* 802.1ad as 802.1Q, of a VLAN */
	NUMBER_MORE,	  /* the number and so many more, or what has nothing to do with it */
	STEPS,		  /* what is left of a multiple of number */
	LEAST_AS_NOTHING, /* number as 0 */
	ZERO_AS_SPEED,	  /* 0 as the speed of the link, which is no limit either */
};

/* Paths are below drivers/net/ethernet/. */
static const struct row {
	const char *driver;
	enum vf_setting setting;
	enum habit habit;
	uint64_t number;
} rows[] = {
	/* bnxt_get_vf_config() in broadcom/bnxt/bnxt_sriov.c. */
	{ "bnxt_en", VF_VLAN, NO_PROTOCOL, 0 },
	/* ice_sriov_set_msix_vec_count() in intel/ice/ice_sriov.c counts queues, and the VF gets
	 * one vector more for its mailbox; the size of the MSI-X table may be a constant. */
	{ "ice", VF_MSIX_VECTORS, NUMBER_MORE, 1 },
	/* MLX4_VGT in include/linux/mlx4/device.h, mlx4_get_vf_config() in mellanox/mlx4/cmd.c. */
	{ "mlx4_core", VF_VLAN, NONE_AS_NUMBER, 4095 },
	/* qed_get_vf_config() in qlogic/qed/qed_sriov.c; qed_inform_vf_link_state() has a VF whose
	 * link-state is "enable" see the most that the card can do, and lowers limits to the speed
	 * that there is. */
	{ "qede", VF_MAX_TX_RATE, ZERO_AS_SPEED, 0 },
	/* qlcnic_sriov_get_vf_config() in qlogic/qlcnic/qlcnic_sriov_pf.c. */
	{ "qlcnic", VF_MIN_TX_RATE, LEAST_AS_NOTHING, 100 },
	{ "qlcnic", VF_MIN_TX_RATE, STEPS, 100 },
	{ "qlcnic", VF_MAX_TX_RATE, STEPS, 100 },
};

static enum driver_reading reading_if(bool same)
{
	return same ? READS_AS_WANTED : READS_OTHERWISE;
}

static enum driver_reading read_vlan(const struct row *row, const struct vlan *wanted,
				     const struct vlan *reported)
{
	if (row->habit == NONE_AS_NUMBER)
		return reading_if(!wanted->id && !wanted->qos && reported->id == row->number);
	return wanted->protocol == ETH_P_8021AD && wanted->id == reported->id &&
			       wanted->qos == reported->qos
		       ? READS_NOTHING
		       : READS_OTHERWISE;
}

/* What is less than the link's speed is a limit; without a link an old one may be reported. */
static enum driver_reading read_no_limit(uint32_t speed, uint64_t reported)
{
	return speed ? reading_if(reported >= speed) : READS_NOTHING;
}

/* Of values that are not equal. */
static enum driver_reading read_by(const struct row *row, uint32_t speed,
				   const struct value *wanted, const struct value *reported)
{
	switch (row->habit) {
	case NUMBER_MORE:
		return reported->number == wanted->number + row->number ? READS_AS_WANTED
									: READS_NOTHING;
	case STEPS:
		return reading_if(reported->number == wanted->number / row->number * row->number);
	case LEAST_AS_NOTHING:
		return reading_if(wanted->number == row->number && !reported->number);
	case ZERO_AS_SPEED:
		return wanted->number ? READS_OTHERWISE : read_no_limit(speed, reported->number);
	default:
		return read_vlan(row, &wanted->vlan, &reported->vlan);
	}
}

enum driver_reading driver_reading(const struct driver *driver, uint32_t speed,
				   enum vf_setting setting, const struct value *wanted,
				   const struct value *reported)
{
	enum driver_reading reading = READS_OTHERWISE;

	if (driver->constant & SETTING_BIT(setting) || wanted->form == VALUE_PERCENT)
		return READS_OTHERWISE;
	if (value_equal(&vf_settings[setting], wanted, reported))
		return READS_AS_WANTED;
	for (size_t i = 0; driver->name && reading == READS_OTHERWISE && i < ARRAY_SIZE(rows); i++)
		if (rows[i].setting == setting && !strcmp(rows[i].driver, driver->name))
			reading = read_by(&rows[i], speed, wanted, reported);
	return reading;
}

bool driver_reading_twin(const struct driver *driver, enum vf_setting setting,
			 const struct value *value, struct value *ret_twin)
{
	if (setting != VF_VLAN || !driver->name || !value->vlan.id)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].habit != NO_PROTOCOL || strcmp(rows[i].driver, driver->name) != 0)
			continue;
		*ret_twin = *value;
		ret_twin->vlan.protocol =
			value->vlan.protocol == ETH_P_8021AD ? ETH_P_8021Q : ETH_P_8021AD;
		return true;
	}
	return false;
}

/* False: the row says that it cannot be known. */
static bool mean_by(const struct row *row, uint32_t speed, struct value *value)
{
	switch (row->habit) {
	case NONE_AS_NUMBER:
		if (value->vlan.id == row->number)
			value->vlan = (struct vlan){ .protocol = ETH_P_8021Q };
		return true;
	case NUMBER_MORE:
		return false;
	case LEAST_AS_NOTHING:
		return value->number;
	case ZERO_AS_SPEED:
		if (speed && value->number >= speed)
			value->number = 0;
		return speed || !value->number;
	default:
		return true;
	}
}

bool driver_reading_meant(const struct driver *driver, uint32_t speed, enum vf_setting setting,
			  const struct value *reported, struct value *ret)
{
	if (driver->constant & SETTING_BIT(setting))
		return false;
	*ret = *reported;
	for (size_t i = 0; driver->name && i < ARRAY_SIZE(rows); i++)
		if (rows[i].setting == setting && !strcmp(rows[i].driver, driver->name) &&
		    !mean_by(&rows[i], speed, ret))
			return false;
	return true;
}

/* Counters that are not 0 with any VF. */
static unsigned counted(const struct pf *pf)
{
	unsigned seen = 0;

	for (uint32_t i = 0; i < pf->n_vfs; i++)
		for (unsigned j = 0; pf->vfs[i].counters && j < VF_COUNTER_COUNT; j++)
			if (pf->vfs[i].counters->number[j])
				seen |= VF_COUNTER_BIT(j);
	return seen;
}

void driver_reading_counters(struct pf *pf)
{
	const struct driver *driver = driver_of(pf->driver);
	unsigned counts = driver->name ? driver->counts : counted(pf);

	for (uint32_t i = 0; i < pf->n_vfs; i++) {
		struct vf *vf = &pf->vfs[i];

		if (vf->counters)
			vf->counters->known &= counts;
		if (vf->counters && !vf->counters->known)
			vf->counters = NULL;
	}
}
