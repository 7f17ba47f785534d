/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* devlink's socket: the eswitch of a card, and the rates that its VFs share. */

#include "kernel/kernel.h"

struct devlink;

int devlink_new(struct devlink **ret);
void devlink_free(struct devlink *devlink);
DEFINE_CLEANUP(struct devlink *, devlink_free);

/* Fills in the eswitch settings that the driver of that handle's device reports. *ret_silent says
 * that this was not to be known, rather than that it has none: at the uevent of its network device
 * devlink may not know it yet (ice registers there last, mlx5 of Linux 6.1 too), a driver may be
 * busy, and to ask takes CAP_NET_ADMIN. 0 or -ENOMEM. */
int devlink_get_eswitch(struct devlink *devlink, const char *handle, struct pf_values *values,
			bool *ret_silent);
/* Writes one of them. Returns 0 or the kernel's -errno; -EOPNOTSUPP also where there is no devlink
 * or no such device in it. */
int devlink_set_eswitch(struct devlink *devlink, const char *handle, enum pf_setting setting,
			uint64_t value, struct kernel_error *ret_error);

/* Says in *ret which rate nodes the device of that handle has, printable and in arena; NULL: none,
 * as where this kernel knows of no such thing. 0 or -errno. */
int devlink_find_rate_nodes(struct devlink *devlink, const char *handle, struct arena *arena,
			    const char **ret);
