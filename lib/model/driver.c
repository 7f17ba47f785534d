/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/driver.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <stddef.h>
#include <string.h>

#include "model/setting.h"

bool driver_is_vfio(const char *name)
{
	return strstr(name, "vfio");
}

const struct driver *driver_of(const char *name)
{
	static const struct driver unknown;
	const struct driver *driver;

	for (unsigned i = 0; name && (driver = driver_row(i)); i++)
		if (!strcmp(driver->name, name))
			return driver;
	return &unknown;
}

static bool fits(const struct driver_exception *exception, enum vf_setting setting,
		 const struct value *value)
{
	switch (exception->when) {
	case WHEN_NONE:
		return value_is_nothing(&vf_settings[setting], value);
	case WHEN_NOT_ZERO:
		return !value_is_nothing(&vf_settings[setting], value);
	case WHEN_QOS:
		return value->vlan.qos;
	case WHEN_QOS_ALONE:
		return value->vlan.qos && !value->vlan.id;
	case WHEN_AD:
		return value->vlan.protocol == ETH_P_8021AD;
	case WHEN_UNDER:
		return value->number && value->number < exception->number;
	case WHEN_OVER:
		return value->number > exception->number;
	case WHEN_IS:
		return value->number == exception->number;
	default:
		return true;
	}
}

static bool is_of_pf_driver(enum vf_setting setting)
{
	return vf_settings[setting].layer == VF_LAYER_FUNCTION || setting == VF_MSIX_VECTORS;
}

/* 0: it has a way to set it. The core of rtnetlink answers EOPNOTSUPP where there is none
 * (do_setvfinfo() in net/core/rtnetlink.c); both rates come by one way, on which those that know no
 * guarantee want it to be 0. */
static int error_of_no_way(const struct driver *driver, enum vf_setting setting,
			   const struct value *value)
{
	if (driver->sets & SETTING_BIT(setting))
		return 0;
	if (setting == VF_MIN_TX_RATE && driver->sets & SETTING_BIT(VF_MAX_TX_RATE))
		return value->number ? -EINVAL : 0;
	return -EOPNOTSUPP;
}

static enum driver_answer answer_with(int error, int *ret_error)
{
	if (ret_error)
		*ret_error = error;
	return error ? DRIVER_REFUSES : DRIVER_IGNORES;
}

enum driver_answer driver_answer(const struct driver *driver, enum vf_setting setting,
				 const struct value *value, int *ret_error)
{
	const struct driver_exception *exception = driver->exceptions;
	int error;

	if (!driver->name || !is_of_pf_driver(setting) || value->form != VALUE_PLAIN)
		return DRIVER_TAKES;
	for (; exception && exception->settings; exception++)
		if (exception->settings & SETTING_BIT(setting) && fits(exception, setting, value))
			return answer_with(exception->error, ret_error);
	error = error_of_no_way(driver, setting, value);
	if (!error && setting == VF_VLAN && value->vlan.protocol == ETH_P_8021AD &&
	    !driver_does(driver, DRIVER_TAKES_AD))
		error = -EPROTONOSUPPORT;
	return error ? answer_with(error, ret_error) : DRIVER_TAKES;
}

bool driver_starts_with(const struct driver *driver, enum vf_setting setting,
			const struct value *value)
{
	uint64_t off = driver->starts_off;

	/* What a driver has no way to set it leaves as the kernel begins with it:
	 * rtnl_fill_vfinfo() in net/core/rtnetlink.c. */
	if (driver->name)
		off |= ~driver->sets;
	if (value->form != VALUE_PLAIN)
		return false;
	if (driver->starts_on & SETTING_BIT(setting))
		return value->number == 1;
	return (off & SETTING_BIT(setting)) && value_is_nothing(&vf_settings[setting], value);
}
