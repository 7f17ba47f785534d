/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What makes a network device one that somebody uses: a master, an address, a route. */

#include <stdbool.h>
#include <stddef.h>

#include "kernel/netlink/rtnl.h"

/* Sorted indices of network devices. */
struct ifindex_set {
	unsigned *items;
	size_t count;
	size_t capacity;
};

/* All of the network namespace that are used. */
struct netdev_uses {
	struct arena *arena;
	struct ifindex_set addressed; /* have an address that somebody gave them */
	struct ifindex_set routed;    /* have a route that somebody made */
	struct ifindex_set defaults;  /* have a default route, whoever made it */
	/* A route, or a default route, names a nexthop object and no device. */
	bool by_nexthop, default_by_nexthop;
};

/* IPv6 link-local addresses, and the routes that the kernel makes for addresses and multicast, come
 * with any device that is up: they do not count. Everything is allocated from arena. 0 or -errno.
 */
int netdev_uses_read(struct rtnl *rtnl, struct arena *arena, struct netdev_uses *ret);
bool ifindex_set_contains(const struct ifindex_set *set, unsigned ifindex);
