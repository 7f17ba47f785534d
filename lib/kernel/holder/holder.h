/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Who uses a VF, so that nobody takes it away from under a workload, or the PF's own network
 * device, which may be the host's only way out. Nothing is opened to find out: opening a vfio
 * group, say, could make a virtual machine's own attempt fail. All that is changed is that network
 * namespaces get numbers here (kernel/holder/netns.h). */

#include "kernel/device/device.h"
#include "kernel/netlink/rtnl.h"
#include "model/pf.h"

/* Fills in holder of each of n VFs of pf, from first on, that somebody uses, and clears that of the
 * others. What users leave behind is in the table in holder.c, and told in sriovd.yaml(5). Things
 * are compared by the numbers that the kernel gives them, not by what they are called. Where a
 * trace cannot be looked for, who could have left it counts as held, for that reason.
 *
 * What takes long is looked for first, and what may change at any time last. What it says is
 * printable, and UTF-8. Returns 0 or -errno. */
int holder_find(const struct device *device, struct rtnl *rtnl, struct pf *pf, struct vf *first,
		uint32_t n);
/* The same of the network device that the PF has itself, into its own holder. */
int holder_find_pf(const struct device *device, struct rtnl *rtnl, struct pf *pf);
