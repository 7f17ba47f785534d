/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/netdev_lack.h"

#include "model/driver.h"

/* PCI_BASE_CLASS_NETWORK in linux/pci_ids.h, InfiniBand included. */
#define CLASS_NETWORK 0x02

static bool is_other_class(const struct pf *pf)
{
	return pf->has_class && pf->class >> 16 != CLASS_NETWORK;
}

enum netdev_lack netdev_lack_of(const struct pf *pf)
{
	const struct driver *driver = driver_of(pf->driver);

	if (pf->ifindex)
		return NETDEV_LACK_NONE;
	/* A driver that is known to set up VFs by way of a network device makes one, whatever the
	 * card says that it is. */
	if (is_other_class(pf) && !driver->sets)
		return NETDEV_LACK_CLASS;
	return driver_does(driver, DRIVER_NO_NETDEV) ? NETDEV_LACK_DRIVER : NETDEV_LACK_NONE;
}

uint64_t netdev_lack_pf_settings(enum netdev_lack lack)
{
	uint64_t mask = 0;

	for (enum pf_setting i = 0; lack && i < PF_SETTING_COUNT; i++)
		if (pf_settings[i].of_netdev)
			mask |= SETTING_BIT(i);
	return mask;
}

/* Settings of VF_LAYER_FUNCTION go by way of the PF's network device, the rest by the VF's own. */
uint64_t netdev_lack_vf_settings(enum netdev_lack lack)
{
	uint64_t mask = 0;

	for (enum vf_setting i = 0; lack && i < VF_SETTING_COUNT; i++)
		if (vf_settings[i].layer == VF_LAYER_FUNCTION ||
		    (lack == NETDEV_LACK_CLASS && vf_settings[i].of_netdev))
			mask |= SETTING_BIT(i);
	return mask;
}
