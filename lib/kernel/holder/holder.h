/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Who uses a VF, so that nobody takes it away from under a workload. Nothing is opened or changed
 * to find out: opening a vfio group, say, could make a virtual machine's own attempt fail. */

#include "kernel/device/device.h"
#include "kernel/netlink/rtnl.h"
#include "model/pf.h"

/* Fills in holder of each of n VFs of pf, from first on, that somebody uses, and clears that of the
 * others:
 *
 *   - a process has its vfio group open, or the VF itself by its own node; or "enable" is not 0,
 * which vfio_pci_core_enable() in drivers/vfio/pci/vfio_pci_core.c leaves so while it is open, and
 * the process is not to be seen;
 *   - a driver is bound and there is no network device here: it is in another network namespace,
 * which is named where it can be found, or a program drives the VF;
 *   - its network device is up with a master, another device on top, an address or a route (not
 * those that the kernel makes by itself, which any device that is up has);
 *   - libvirt or a CNI plugin has noted that it gave the VF away.
 *
 * Returns 0 or -errno. */
int holder_find(const struct device *device, struct rtnl *rtnl, struct pf *pf, struct vf *first,
		uint32_t n);
