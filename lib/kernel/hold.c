/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "util/fd.h"
#include "util/paths.h"
#include "util/runtime.h"

/* "pci/0000:3b:00.0" is kept in "pci-0000:3b:00.0.hold". */
static char *path_of(const char *handle)
{
	char *path;

	if (asprintf(&path, RUNTIME_DIRECTORY "/%s.hold", handle) < 0)
		return NULL;
	*strrchr(path, '/') = '-';
	return path;
}

int hold_write(const char *handle, bool autoprobe)
{
	CLEANUP_FREE char *path = path_of(handle);
	CLEANUP_FD int fd = -1;
	int r;

	if (!path)
		return -ENOMEM;
	r = runtime_make(RUNTIME_DIRECTORY);
	if (r < 0)
		return r;
	/* One byte, in place: there is no half of it. */
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 || fchmod(fd, 0644) < 0 || pwrite(fd, autoprobe ? "1" : "0", 1, 0) != 1)
		return -errno;
	return 0;
}

int hold_read(const char *handle, bool *ret_autoprobe)
{
	CLEANUP_FREE char *path = path_of(handle);
	CLEANUP_FD int fd = -1;
	char autoprobe = '1';

	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	/* A note without its byte was cut off before anything was done: the kernel's default is on.
	 */
	if (fd < 0 || read(fd, &autoprobe, 1) < 0)
		return -errno;
	*ret_autoprobe = autoprobe != '0';
	return 0;
}

int hold_remove(const char *handle)
{
	CLEANUP_FREE char *path = path_of(handle);

	if (!path)
		return -ENOMEM;
	return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
}
