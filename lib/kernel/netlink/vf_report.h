/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which VFs of a PF its network device reports, and which nobody can. Pure. */

#include "kernel/netlink/link.h"

/* Makes the n VFs that sysfs counts, with what link, which was asked for them, says of each; NULL:
 * it could not be asked. A VF is
 *
 * - reported with its settings;
 * - reported without any where the kernel never will tell them: it has no list (rtnl_fill_vf() in
 *   net/core/rtnetlink.c makes none for a driver without ndo_get_vf_config), or one that ends
 * before it (from Linux 7.3 on, rtnl_vfinfo_cap());
 * - not reported where it is left out of a list that has others: its driver resets it.
 *
 * What was reported may be borrowed from link. 0 or -ENOMEM. */
int vf_report_read(struct pf *pf, uint32_t n, const struct link *link);
