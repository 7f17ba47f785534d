/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Descriptors that close themselves: CLEANUP_FD int fd = -1; */

#include <unistd.h>

#include "util/cleanup.h"

static inline void fd_cleanup(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

#define CLEANUP_FD CLEANUP(fd_cleanup)
