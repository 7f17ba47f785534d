/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/runtime.h"

#include <errno.h>
#include <fcntl.h>
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
	return 0;
}

const char *runtime_error(int error)
{
	return error == -EPERM ? "others than root own it or can write to it" : strerror(-error);
}
