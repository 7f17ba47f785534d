/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fd.h"

/* What drivers answer when an attribute means nothing for their device. */
static bool is_absent(int error)
{
	return error == ENOENT || error == EOPNOTSUPP || error == EINVAL || error == EIO;
}

int sysfs_read(int directory, const char *path, struct arena *arena, const char **ret)
{
	char buffer[4096]; /* an attribute is never larger than a page */
	CLEANUP_FD int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer));
	const char *string = NULL;

	if (length < 0 && !is_absent(errno))
		return -errno;
	if (length >= 0) {
		if (length > 0 && buffer[length - 1] == '\n')
			length--;
		string = arena_strndup(arena, buffer, (size_t)length);
		if (!string)
			return -ENOMEM;
	}
	*ret = string;
	return 0;
}

int sysfs_read_number(int directory, const char *path, int64_t *ret)
{
	char buffer[32], *end;
	CLEANUP_FD int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer) - 1);
	long long number;

	if (length < 0)
		return is_absent(errno) ? -ENODATA : -errno;
	buffer[length] = '\0';
	errno = 0;
	number = strtoll(buffer, &end, 0);
	if (errno || end == buffer || (*end && *end != '\n'))
		return -ENODATA;
	*ret = number;
	return 0;
}

int sysfs_write(int directory, const char *path, const char *text)
{
	CLEANUP_FD int fd = openat(directory, path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return -errno;
	return 0;
}

/* sysfs never gives the number of a directory that went away to another one (kernfs_new_node() in
 * fs/kernfs/dir.c). */
int sysfs_read_instance(int directory, const char *path, uint64_t *ret)
{
	struct stat status;

	if (fstatat(directory, path, &status, AT_EMPTY_PATH) < 0)
		return -errno;
	*ret = status.st_ino;
	return 0;
}

int sysfs_read_link(int directory, const char *path, struct arena *arena, const char **ret)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(directory, path, target, sizeof(target) - 1);
	const char *base, *name = NULL;

	if (length < 0 && errno != ENOENT)
		return -errno;
	if (length >= 0) {
		target[length] = '\0';
		base = strrchr(target, '/');
		name = arena_strdup(arena, base ? base + 1 : target);
		if (!name)
			return -ENOMEM;
	}
	*ret = name;
	return 0;
}
