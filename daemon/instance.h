/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One daemon at a time: two would each put back what the other has set. */

#include <stdbool.h>
#include <sys/types.h>

/* Claims the runtime directory for as long as the process has ret_fd open. Another that has done so
 * and is ending, but that the kernel does not let go, does nothing any more and does not count:
 * ret_hangs is such a one, or 0. Returns 0, -EBUSY if another runs, with ret_other who that is, or
 * -errno. */
int instance_claim(const char *directory, int *ret_fd, pid_t *ret_hangs, pid_t *ret_other);
