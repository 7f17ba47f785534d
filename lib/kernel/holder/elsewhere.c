/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A VF's network device that was moved to another network namespace; and a device over there that
 * is on top of one that stayed here, such as the macvlan, ipvlan and VLAN devices of containers
 * (moby/moby#21735). Of the latter nothing is to be seen here: "upper_" links are made only while
 * both are in one namespace (netdev_adjacent_is_neigh_list() in net/core/dev.c). */

#include <errno.h>
#include <string.h>

#include "kernel/holder/netns.h"
#include "kernel/holder/traces.h"
#include "util/text.h"

static int judge(const struct netns_look *look, const struct netns_device *device,
		 struct candidate *candidate)
{
	const struct link *lower = candidate_find_link(candidate, device->lower);
	const char *place, *name;

	if (!lower && (!device->parent || strcmp(device->parent, candidate->address) != 0))
		return 0;
	place = netns_describe(look, device);
	if (!place)
		return -ENOMEM;
	if (!lower)
		return inquiry_hold(
			candidate, "another network namespace",
			arena_printf(look->arena, "%s is in %s", device->ifname, place));
	name = text_quote(lower->ifname, look->arena);
	if (!name)
		return -ENOMEM;
	return inquiry_hold(
		candidate, "a device on top of it",
		arena_printf(look->arena, "%s in %s is on top of %s", device->ifname, place, name));
}

int elsewhere_find(struct inquiry *inquiry, const struct trace *trace)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);
	struct netns_look look;
	int r = netns_find_devices(inquiry->rtnl, inquiry->arena, &look);

	for (; r >= 0 && candidate; candidate = inquiry_next(inquiry, trace, candidate))
		for (size_t i = 0; r >= 0 && i < look.n_devices && !candidate_is_held(candidate);
		     i++)
			r = judge(&look, &look.devices[i], candidate);
	return r < 0 ? r : look.unseen;
}
