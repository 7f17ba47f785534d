/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* IFLA_VFINFO_LIST, the attribute of a link message that holds its VFs: reading and writing it.
 * Pure: buffers in, structs out. */

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/kernel.h"
#include "model/pf.h"

struct nl_msg;

/* The rtnetlink settings among enum vf_setting. */
uint64_t vf_list_settings(void);

/* Reads the VFs of the attribute list. available is the number of bytes from its header to the end
 * of the message; n_vfs is what IFLA_NUM_VF says.
 *
 * The list's own length is not trusted: it is 16 bits wide and wraps past 221 VFs (334 without
 * statistics), silently, in rtnl_fill_vf() of net/core/rtnetlink.c. The items are walked instead,
 * until n_vfs of them are read or one is none.
 *
 * VFs come in the order of the message, each with its index; a VF that the message leaves out (its
 * driver resets) is left out. A flag of -1 means "not reported" and is absent. *ret_end is where
 * the walk ended, so that the attributes after a wrapped list can be read. Returns 0 or -ENOMEM; a
 * damaged list gives the VFs before the damage. */
int vf_list_read(const struct nlattr *list, int available, uint32_t n_vfs, struct arena *arena,
		 struct vf **ret_vfs, uint32_t *ret_count, const struct nlattr **ret_end);

/* The bytes that vf_list_put() needs at most for n changes. */
size_t vf_list_size(size_t n_changes);
/* Appends the attribute with the changes, at most KERNEL_VFS_PER_WRITE of them. A change whose mask
 * is empty is left out: the kernel refuses an empty item. 0 or -ENOMEM (message too small). */
int vf_list_put(struct nl_msg *message, const struct vf_change *changes, size_t n_changes);
