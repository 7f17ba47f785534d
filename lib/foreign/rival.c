/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foreign/rival.h"

#include <errno.h>
#include <libudev.h>

#include "foreign/neutron_agent.h"
#include "foreign/nm_profile.h"
#include "foreign/script.h"
#include "foreign/search.h"
#include "foreign/udev_link.h"
#include "util/cleanup.h"

int rival_find_in(const struct rival_sources *sources, const struct pf *pf, struct arena *arena,
		  struct names *ret)
{
	struct search search = { .root = sources->root, .pf = pf, .arena = arena };
	int r = udev_link_find(&search, sources);

	if (r >= 0)
		r = nm_profile_find(&search);
	if (r >= 0)
		r = neutron_agent_find(&search);
	if (r >= 0)
		r = script_find(&search);
	if (r < 0)
		return r;
	*ret = (struct names){ search.found, search.count };
	return 0;
}

DEFINE_CLEANUP(struct udev *, udev_unref);
DEFINE_CLEANUP(struct udev_device *, udev_device_unref);

int rival_find(const char *root, const struct pf *pf, struct arena *arena, struct names *ret)
{
	CLEANUP(udev_unref_cleanup) struct udev *udev = udev_new();
	CLEANUP(udev_device_unref_cleanup) struct udev_device *netdev = NULL;
	struct rival_sources sources = { .root = root };

	if (!udev)
		return -ENOMEM;
	if (pf->ifname)
		netdev = udev_device_new_from_subsystem_sysname(udev, "net", pf->ifname);
	if (netdev) {
		sources.link_file = udev_device_get_property_value(netdev, "ID_NET_LINK_FILE");
		sources.link_dropins =
			udev_device_get_property_value(netdev, "ID_NET_LINK_FILE_DROPINS");
	}
	return rival_find_in(&sources, pf, arena, ret);
}
