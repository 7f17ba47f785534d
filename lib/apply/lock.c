/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/runtime.h"

#define LOCK_FLAGS (O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW)

int lock_take(const char *directory, const char *handle, int *ret_fd)
{
	CLEANUP_FREE char *path = NULL;
	char *slash;
	int fd, r;

	if (asprintf(&path, "%s/%s.lock", directory, handle) < 0)
		return -ENOMEM;
	/* The handle's own slash: "pci/0000:3b:00.0". */
	slash = strrchr(path, '/');
	*slash = '-';
	fd = open(path, LOCK_FLAGS, 0600);
	/* Somebody has cleaned up the runtime directory. */
	if (fd < 0 && errno == ENOENT && runtime_make(directory) >= 0)
		fd = open(path, LOCK_FLAGS, 0600);
	if (fd < 0)
		return -errno;
	do
		r = flock(fd, LOCK_EX);
	while (r < 0 && errno == EINTR);
	if (r < 0) {
		r = -errno;
		(void)close(fd);
		return r;
	}
	*ret_fd = fd;
	return 0;
}
