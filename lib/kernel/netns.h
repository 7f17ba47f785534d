/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Other network namespaces. */

#include <stddef.h>

#include "util/arena.h"

/* A network device in another network namespace. */
struct netns_device {
	const char *parent; /* the device that it is of: "0000:3b:02.1" */
	const char *ifname; /* there */
	const char *place;  /* "network namespace red", "the network namespace of sh (pid 12)" */
};

/* All that have a parent and are in a namespace which has a name (ip-netns(8)) or a process. What
 * we may not look into is left out, and so is all on kernels before 5.14, which do not tell of
 * parents. 0 or -errno. */
int netns_find_devices(struct arena *arena, struct netns_device **ret, size_t *ret_count);
