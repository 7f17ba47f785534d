/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "util/fd.h"
#include "util/runtime.h"

#define LOCK_FLAGS    (O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW)

#define PID_LINE_SIZE 16

/* No handle of a PF is the whole name of a file. */
#define VFS_LOCK "vfs.lock"

static int open_file(const char *directory, const char *path, int *ret_fd)
{
	int fd = open(path, LOCK_FLAGS, 0600);

	/* Somebody has cleaned up the runtime directory. */
	if (fd < 0 && errno == ENOENT && runtime_make(directory) >= 0)
		fd = open(path, LOCK_FLAGS, 0600);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

static char *path_of(const char *directory, const char *handle)
{
	return runtime_path(directory, handle, ".lock");
}

static int open_lock(const char *directory, const char *handle, int *ret_fd)
{
	CLEANUP_FREE char *path = path_of(directory, handle);

	return path ? open_file(directory, path, ret_fd) : -ENOMEM;
}

/* For who waits: of no consequence otherwise, so that a full disk keeps nobody from the lock. */
static void write_holder(int fd)
{
	char line[PID_LINE_SIZE];
	int length = snprintf(line, sizeof(line), "%d\n", (int)getpid());

	(void)!ftruncate(fd, 0);
	(void)!pwrite(fd, line, (size_t)length, 0);
}

static pid_t read_holder(int fd)
{
	char line[PID_LINE_SIZE] = "";

	if (pread(fd, line, sizeof(line) - 1, 0) < 0)
		return 0;
	return atoi(line);
}

static int lock(int fd, int operation)
{
	int r;

	do
		r = flock(fd, operation);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return -errno;
	write_holder(fd);
	return 0;
}

int lock_take(const char *directory, const char *handle, const struct lock_waiter *waiter,
	      int *ret_fd)
{
	CLEANUP_FD int fd = -1;
	int r = open_lock(directory, handle, &fd);

	if (r >= 0)
		r = lock(fd, LOCK_EX | LOCK_NB);
	if (r == -EAGAIN) {
		if (waiter)
			waiter->waits(waiter->context, read_holder(fd));
		r = lock(fd, LOCK_EX);
	}
	if (r < 0)
		return r;
	*ret_fd = fd;
	fd = -1;
	return 0;
}

void lock_describe_failure(const char *directory, const char *handle, int error, struct text *out)
{
	CLEANUP_FREE char *path = path_of(directory, handle);

	text_printf(out, "cannot lock %s (%s)", path ? path : directory, strerror(-error));
}

/* Whose turn it is; "" as long as he has not said so. */
static void read_name(int fd, char ret[LOCK_NAME_SIZE])
{
	ssize_t length = pread(fd, ret, LOCK_NAME_SIZE - 1, 0);

	ret[length > 0 ? length : 0] = '\0';
}

static void write_name(int fd, const char *name)
{
	(void)!ftruncate(fd, 0);
	(void)!pwrite(fd, name, strnlen(name, LOCK_NAME_SIZE - 1), 0);
}

int lock_try_vfs(const char *directory, const char *name, char ret_other[LOCK_NAME_SIZE],
		 int *ret_fd)
{
	CLEANUP_FREE char *path = NULL;
	CLEANUP_FD int fd = -1;
	int r;

	if (asprintf(&path, "%s/" VFS_LOCK, directory) < 0)
		return -ENOMEM;
	r = open_file(directory, path, &fd);
	if (r < 0)
		return r;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return -errno;
		read_name(fd, ret_other);
		return -EINPROGRESS;
	}
	write_name(fd, name);
	*ret_fd = fd;
	fd = -1;
	return 0;
}
