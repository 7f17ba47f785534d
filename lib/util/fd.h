/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Descriptors that close themselves: CLEANUP_FD int fd = -1; */

#include <stddef.h>
#include <unistd.h>

#include "util/cleanup.h"

static inline void fd_cleanup(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

#define CLEANUP_FD CLEANUP(fd_cleanup)

/* Writes all of it, in as many calls as that takes. 0 or -errno. */
int fd_write_all(int fd, const char *data, size_t length);
