/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* VFs of a PF of which the same is to be said: they have the same driver, NUMA node and user, and
 * each is alone in its IOMMU group, or all are in the same one. */

#include "topology/topology.h"

struct alike {
	const struct topology_vf **vfs; /* in rising order */
	uint32_t count;			/* 1 or more */
};

struct alikes {
	struct alike *items; /* in order of their first VFs */
	size_t count;
};

/* Those of the PF, in arena. 0 or -ENOMEM. */
int alikes_find(const struct topology_node *pf, struct arena *arena, struct alikes *ret);
