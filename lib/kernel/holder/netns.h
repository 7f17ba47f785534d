/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Other network namespaces, and what is in them of ours.
 *
 * No namespace is entered, which would need CAP_SYS_ADMIN: the kernel answers from here, of those
 * that have a number here (nsid). A device that is moved from here to another gives that one; one
 * that was made over there, as CNI plugins make macvlan devices, does not. So all that are to be
 * found are given a number: those with a name (ip-netns(8)), and those that a process is in. */

#include <stddef.h>

#include "kernel/netlink/rtnl.h"

/* A network device in another network namespace. */
struct netns_device {
	const char *parent; /* the device that it is of: "0000:3b:02.1"; NULL: none */
	unsigned lower;	    /* ifindex of the device here that it is on top of; 0: none */
	const char *ifname; /* there, as text_quote() makes it */
	size_t netns;	    /* in namespaces */
};

struct netns_look {
	struct rtnl *rtnl;
	struct arena *arena;
	int32_t own; /* our own number */
	struct netns *namespaces;
	size_t n_namespaces, namespaces_capacity;
	struct netns_device *devices; /* that have a parent or a lower device here */
	size_t n_devices, devices_capacity;
	int unseen; /* why one of the namespaces cannot be looked into: -errno; 0: all were */
};

/* Looks into all of them. On kernels before 5.14, which do not report parents, no device has one.
 * -ENOMEM; 0: unseen may still say that something was not seen. */
int netns_find_devices(struct rtnl *rtnl, struct arena *arena, struct netns_look *ret);

/* Where the device is: "network namespace red", "the network namespace of sh (pid 12)". NULL when
 * out of memory. */
const char *netns_describe(const struct netns_look *look, const struct netns_device *device);
