/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How each setting is read and written, a row each: those of a PF, and those of a VF's device and
 * network device. VF settings that the PF's driver carries out, many at once, are vf_list.h's. */

#include "kernel/kernel.h"
#include "kernel/netlink/devlink.h"
#include "kernel/netlink/rtnl.h"

/* What the kernel is asked by. */
struct sockets {
	struct rtnl *rtnl;
	struct devlink *devlink;
};

/* Fills in settings of the PF that neither its device in sysfs nor its link has. 0 or -errno. */
int settings_read(const struct sockets *sockets, struct pf *pf);

/* As write_pf() and write_vf() of struct kernel. */
int settings_write_pf(const struct sockets *sockets, const struct pf *pf, enum pf_setting setting,
		      const struct value *value, struct kernel_error *ret_error);
int settings_write_vf(const struct sockets *sockets, const struct pf *pf, uint32_t vf,
		      enum vf_setting setting, const struct value *value,
		      struct kernel_error *ret_error);
