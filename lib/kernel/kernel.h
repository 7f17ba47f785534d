/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* All that sriovd asks of a kernel and does to it, behind one set of functions, so that a simulated
 * kernel can stand in for the real one. Calls block until the kernel has answered. A struct kernel
 * is used by one thread at a time. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/pf.h"

/* The words that a driver gave with its refusal (netlink's extended acknowledgement). */
struct kernel_error {
	char message[160]; /* "" where it gave none */
};

/* Settings to write to one VF. */
struct vf_change {
	uint32_t index;
	uint64_t mask;		 /* bit per enum vf_setting to write, rtnetlink settings only */
	struct vf_values values; /* every setting in mask; and both rates where one is in mask:
				  * the kernel takes them as a pair */
};

/* As many VFs as one write_vfs() takes: the size at which rtnetlink is quickest, and safely within
 * the 64 KiB that one attribute holds. */
#define KERNEL_VFS_PER_WRITE 64u

/* In place of the index of a VF: all of them; the PF itself. */
#define KERNEL_ALL_VFS UINT32_MAX
#define KERNEL_PF      (UINT32_MAX - 1)

struct kernel {
	/* The handles of all PFs of the host, in arena. Returns 0 or -errno. */
	int (*list)(struct kernel *kernel, struct arena *arena, const char ***ret_handles,
		    size_t *ret_count);

	/* All of one PF, its VFs included. -ENODEV: there is no such PF (any more). */
	int (*observe)(struct kernel *kernel, const char *handle, struct pf **ret);

	/* Fills in holder of VF number vf of pf, an observation of this kernel, or of each for
	 * KERNEL_ALL_VFS, or those of pf itself for KERNEL_PF: who uses its own network device, and
	 * which rates its VFs share. It takes longer than a look, and so is asked only before
	 * something is taken away from a user, and to show it to people. 0 or -errno; -EAGAIN: one
	 * has another driver by now than pf says, or of all was asked, and pf has not as many VFs
	 * as there are by now. */
	int (*find_holders)(struct kernel *kernel, struct pf *pf, uint32_t vf);

	/* Writes. pf is a recent observation: a device that is no longer the one observed gives
	 * -ENODEV and nothing is written. Returns 0 or the kernel's -errno. Success is what the
	 * kernel said, not proof. */
	int (*write_numvfs)(struct kernel *kernel, const struct pf *pf, uint32_t n);

	/* Keeps drivers off the VFs that are created from now on, whatever happens to this process;
	 * observe() says drivers_held until release_drivers() is done, and earlier. That takes
	 * the hold back and, where drivers-autoprobe is on, lets drivers bind the VFs that have
	 * none. Before, it binds the drivers that VFs are to have again (owed_driver): write_vf()
	 * and unbind_vfs() were not carried out to the end, or a driver did not take its VF. Both
	 * can be repeated.
	 */
	int (*hold_drivers)(struct kernel *kernel, const struct pf *pf);
	int (*release_drivers)(struct kernel *kernel, const struct pf *pf);

	/* Writes a setting of the PF itself, any that the kernel knows but PF_VFS. -EOPNOTSUPP: the
	 * driver, or this kernel, has no such thing. */
	int (*write_pf)(struct kernel *kernel, const struct pf *pf, enum pf_setting setting,
			const struct value *value, struct kernel_error *ret_error);

	/* Writes settings of up to KERNEL_VFS_PER_WRITE VFs in one message. The kernel works in
	 * order, VF by VF and within one in the order of enum vf_setting, and stops at the first
	 * refusal, without undoing what came before and without saying which it was. */
	int (*write_vfs)(struct kernel *kernel, const struct pf *pf,
			 const struct vf_change *changes, size_t n_changes,
			 struct kernel_error *ret_error);

	/* Writes a setting of a VF that is not VF_LAYER_FUNCTION; of VF_MAC, which the VF has
	 * already, it has the VF's driver take it up. What it takes to do so is part of
	 * it: a VF whose driver is in the way loses it for that time, the module of a driver is
	 * asked for. Returns 0; -ENOENT: there is no such VF, or no network device of it or no such
	 * driver (yet); -EAGAIN: the driver, which would be changed, is not the one that was
	 * observed; -EOPNOTSUPP; or the kernel's -errno. -ENODEV only for the PF. */
	int (*write_vf)(struct kernel *kernel, const struct pf *pf, uint32_t vf,
			enum vf_setting setting, const struct value *value,
			struct kernel_error *ret_error);

	/* Takes the drivers off all VFs; release_drivers() lets them back. -EAGAIN: one has another
	 * driver than was observed, and keeps it. */
	int (*unbind_vfs)(struct kernel *kernel, const struct pf *pf);

	/* Notes of values that VFs are given once what becomes of them, and forgets what is noted
	 * of VFs that are no more, which is all that it does without notes. observe() reads it
	 * again (given of struct vf): of what was tried by then it tells by what pf, a recent
	 * observation, says that it was before. To create VFs forgets all as well. 0 or -errno,
	 * with what was noted before. */
	int (*note_given)(struct kernel *kernel, const struct pf *pf,
			  const struct given_note *notes, size_t n_notes);

	/* Notes that VFs are destroyed and others are owed, or that none are any more (NULL);
	 * observe() reads it again (owed_vfs of struct pf). 0 or -errno, with what was noted
	 * before. */
	int (*note_owed_vfs)(struct kernel *kernel, const struct pf *pf,
			     const struct owed_vfs *owed);

	void (*free)(struct kernel *kernel);
};

/* Accepts NULL. */
static inline void kernel_free(struct kernel *kernel)
{
	if (kernel)
		kernel->free(kernel);
}
