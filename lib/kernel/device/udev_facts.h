/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What udev knows of network devices: whether it has finished with one, and its persistent path.
 *
 * libudev opens every directory on the way to a device, which takes longer than all the rest of a
 * look at a PF without VFs. So the latest device that udev had finished with is remembered: it has
 * its name, and a path that says where it is plugged in. */

#include <stdbool.h>

#include "util/arena.h"

struct udev_facts;

/* 0 or -ENOMEM. */
int udev_facts_new(struct udev_facts **ret);
/* Accepts NULL. */
void udev_facts_free(struct udev_facts *facts);

/* *ret_id_path is allocated from arena, or NULL: udev knows none. 0 or -ENOMEM. */
int udev_facts_of_netdev(struct udev_facts *facts, const char *ifname, unsigned ifindex,
			 struct arena *arena, bool *ret_settling, const char **ret_id_path);
/* The path of a device without a network device, likewise. */
int udev_facts_of_device(struct udev_facts *facts, const char *bus, const char *name,
			 struct arena *arena, const char **ret_id_path);
/* Whether udev has not finished with a network device: its name may change. */
bool udev_facts_is_settling(struct udev_facts *facts, const char *ifname);
