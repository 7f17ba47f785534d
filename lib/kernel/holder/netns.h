/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Other network namespaces. */

#include <stddef.h>

#include "kernel/netlink/rtnl.h"

/* A network device in another network namespace. */
struct netns_device {
	const char *parent; /* the device that it is of: "0000:3b:02.1" */
	const char *ifname; /* there */
	const char *place;  /* "network namespace red", "the network namespace of sh (pid 12)" */
};

/* All that have a parent and were once moved from our namespace to where they are. A namespace is
 * called by its name (ip-netns(8)) or by a process that is in it. Those that cannot be read are
 * left out, and so are all on kernels before 5.14, which do not report parents. 0 or -errno.
 *
 * No namespace is entered, which would need CAP_SYS_ADMIN: the kernel answers from here. */
int netns_find_devices(struct rtnl *rtnl, struct arena *arena, struct netns_device **ret,
		       size_t *ret_count);
