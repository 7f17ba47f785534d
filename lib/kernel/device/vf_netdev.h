/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Writes to a VF's own network device on the host. */

#include "kernel/kernel.h"
#include "kernel/netlink/rtnl.h"

/* Writes VF_ALTNAME, or a number of the link (link_vf_attribute()). -ENOENT: the VF has no network
 * device here. */
int vf_netdev_set(struct rtnl *rtnl, const struct pf *pf, uint32_t vf, enum vf_setting setting,
		  const struct value *value, struct kernel_error *ret_error);
/* Has network managers leave it alone, or not; also one that is still to come. */
int vf_netdev_set_unmanaged(const struct pf *pf, uint32_t vf, bool on);
