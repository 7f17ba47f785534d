/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a pod asks Kubernetes for, so many of it. */

#include "export/exported.h"

/* The prefix that sriov-network-device-plugin gives their names unless it is told another. */
#define RESOURCE_PREFIX "intel.com/"

/* VFs of a group of network cards: of a pool all that have a driver; of a PF those of one, for pods
 * are to find the same behind each. */
struct resource {
	const struct group *group;
	const char *driver; /* NULL: whichever */
};

/* Whether that member of the group is of it. */
bool resource_has(const struct resource *resource, size_t i);
/* Whether a member of the group before it has that driver. */
bool resource_tells(const struct group *group, size_t i, const char *driver);

/* A pool's name, or PF_DRIVER: as the name of a resource, of letters, digits and '_'; or as that of
 * an object, in small letters, digits and '-'. */
void resource_append_name(const struct resource *resource, bool of_object, struct text *out);

/* Calls add() for each, and notes what is in none. */
void resources_each(const struct groups *groups, struct export *export,
		    void (*add)(const struct resource *resource, void *context), void *context);
