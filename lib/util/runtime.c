/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fd.h"

int runtime_make(const char *path)
{
	CLEANUP_FD int fd = -1;
	struct stat status;

	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	if ((status.st_uid != 0 && status.st_uid != geteuid()) ||
	    status.st_mode & (S_IWGRP | S_IWOTH))
		return -EPERM;
	/* The umask that it is made with, of systemd's unit or of a shell, keeps others out. */
	if (status.st_uid == geteuid() && (status.st_mode & 0755) != 0755 && chmod(path, 0755) < 0)
		return -errno;
	return 0;
}

const char *runtime_error(int error)
{
	return error == -EPERM ? "others than root own it or can write to it" : strerror(-error);
}

char *runtime_path(const char *directory, const char *device, const char *suffix)
{
	char *path, *slash;

	if (asprintf(&path, "%s/%s%s", directory, device, suffix) < 0)
		return NULL;
	slash = strchr(path + strlen(directory) + 1, '/');
	if (slash)
		*slash = '-';
	return path;
}

/* All may read it, whatever the umask. */
static int write_new(const char *path, const char *bytes, size_t length)
{
	CLEANUP_FD int fd = -1;
	int r = runtime_remove(path);

	if (r < 0)
		return r;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 || fchmod(fd, 0644) < 0)
		return -errno;
	return fd_write_all(fd, bytes, length);
}

int runtime_replace(const char *path, const char *bytes, size_t length)
{
	CLEANUP_FREE char *draft = NULL;
	int r;

	if (asprintf(&draft, "%s.new", path) < 0)
		return -ENOMEM;
	r = write_new(draft, bytes, length);
	if (r >= 0 && rename(draft, path) < 0)
		r = -errno;
	if (r < 0)
		(void)unlink(draft);
	return r;
}

int runtime_read(const char *path, char *bytes, size_t size)
{
	CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, size);

	return n < 0 ? -errno : (int)n;
}

int runtime_remove(const char *path)
{
	return unlink(path) < 0 && errno != ENOENT && errno != ENOTDIR ? -errno : 0;
}
