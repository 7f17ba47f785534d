/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One applier at a time: a lock for each PF in the runtime directory, shared by all programs that
 * apply. It goes with the process that holds it. */

/* Waits for the lock of the PF and gives its descriptor, to be closed when done. The directory is
 * made where it is missing. Returns 0 or -errno. */
int lock_take(const char *directory, const char *handle, int *ret_fd);
