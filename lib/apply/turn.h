/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One number of VFs at a time on a host. The kernel writes one at a time anyhow: it holds
 * pci_lock_rescan_remove(), a mutex of the whole host, over the driver's work (sriov_numvfs_store()
 * in drivers/pci/iov.c). Who waits for that can do nothing else and cannot be ended, while a write
 * may last as long as a virtual machine has a VF open. So the waiting is ours: a lock in the
 * runtime directory, shared by all programs that apply, with the name of the PF in it whose turn it
 * is. */

#include "kernel/kernel.h"

/* Whoever sees to it; asked by one pass. */
struct turns {
	/* Does not wait: -EINPROGRESS where another PF has its turn, which *ret_error names; or
	 * -errno. */
	int (*take)(struct turns *turns, const struct pf *pf, struct kernel_error *ret_error);
	/* Does nothing where it was not taken. */
	void (*end)(struct turns *turns);
};

struct host_turns {
	struct turns turns;
	const char *directory;
	int fd;
};

/* Turns by the lock in that directory, which is made where it is missing. */
void host_turns_init(struct host_turns *turns, const char *directory);
