/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One applier at a time: a lock for each PF in the runtime directory, shared by all programs that
 * apply. It goes with the process that holds it, and has its process ID in it. */

#include <sys/types.h>

#include "util/text.h"

/* Called once before a lock that another holds is waited for: who that is, 0 if that is unknown. */
struct lock_waiter {
	void (*waits)(void *context, pid_t holder);
	void *context;
};

#define LOCK_NAME_SIZE 64u

/* Takes the lock that is for all PFs' numbers of VFs, in the name of that PF, and gives its
 * descriptor, to be closed when done. Does not wait: -EINPROGRESS where another has it, of whom
 * ret_other says the name, "" if that is unknown; or -errno. */
int lock_try_vfs(const char *directory, const char *name, char ret_other[LOCK_NAME_SIZE],
		 int *ret_fd);

/* Waits for the lock of the PF and gives its descriptor, to be closed when done. The directory is
 * made where it is missing. waiter may be NULL. Returns 0 or -errno. */
int lock_take(const char *directory, const char *handle, const struct lock_waiter *waiter,
	      int *ret_fd);
/* Says that this could not be done, with the path of the lock, and why. */
void lock_describe_failure(const char *directory, const char *handle, int error, struct text *out);
