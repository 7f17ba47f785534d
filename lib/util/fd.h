/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Descriptors that close themselves: CLEANUP_FD int fd = -1; */

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "util/cleanup.h"

static inline void fd_cleanup(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

#define CLEANUP_FD CLEANUP(fd_cleanup)

/* Whether somebody, in any process, has the regular file open for writing. False also where that
 * cannot be told: the file is another user's, or its file system has no leases. */
bool fd_is_being_written(int fd);

/* Writes all of it, in as many calls as that takes. 0 or -errno. */
int fd_write_all(int fd, const char *data, size_t length);
