/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Who has VFs open through vfio.
 *
 * The kernel shows what other users' processes have open only to those who have CAP_SYS_PTRACE,
 * with which they could as well take these over. So the daemon does not have it: it asks
 * sriovd-openers, which has nothing else and answers this one question, at a socket. */

#include "kernel/holder/process.h"

#define VFIO_NODES	    "/dev/vfio/"
#define VFIO_OPENERS_SOCKET "/run/sriovd-openers.socket"

/* All that have something below VFIO_NODES open. A process that cannot have CAP_SYS_PTRACE, as it
 * is not in its bounding set, asks at the socket; any other searches by itself, and leaves out what
 * it may not see. 0, -ENOMEM, or as vfio_openers_ask(). */
int vfio_openers_find(struct arena *arena, struct opener **ret, size_t *ret_count);

/* Asks at a socket. -EBADMSG: the answer is not whole; -ETIMEDOUT: it takes too long; or -errno. */
int vfio_openers_ask(const char *socket, struct arena *arena, struct opener **ret,
		     size_t *ret_count);
/* Writes an answer. 0 or -errno. */
int vfio_openers_answer(int fd, const struct opener *openers, size_t count);
