/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/netdev_lack.h"

#include "model/driver.h"
#include "model/pci_class.h"

/* What InfiniBand's network device takes of VFs' settings: ipoib_netdev_ops_pf in
 * drivers/infiniband/ulp/ipoib/ipoib_main.c. */
#define OF_INFINIBAND                                                                              \
	(SETTING_BIT(VF_LINK_STATE) | SETTING_BIT(VF_NODE_GUID) | SETTING_BIT(VF_PORT_GUID))

static bool is_other_class(const struct pf *pf)
{
	return pf->has_class && pf->class >> 16 != PCI_CLASS_NETWORK;
}

/* A card of both kinds may keep its class in Ethernet's mode, but then it has an address of that.
 */
static bool is_infiniband(const struct pf *pf)
{
	return pf->ifindex && pf->has_class && pf->class >> 8 == PCI_CLASS_INFINIBAND &&
	       !pf->has_permanent_mac;
}

enum netdev_lack netdev_lack_of(const struct pf *pf)
{
	const struct driver *driver = driver_of(pf->driver);

	if (is_infiniband(pf))
		return NETDEV_LACK_ETHERNET;
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

	if (lack == NETDEV_LACK_ETHERNET)
		return 0;
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
	return lack == NETDEV_LACK_ETHERNET ? mask & ~OF_INFINIBAND : mask;
}
