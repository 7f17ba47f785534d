/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot_note.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/cleanup.h"

#define NAME "booted"

bool boot_note_is_missing(const char *directory)
{
	CLEANUP_FREE char *path = NULL;

	if (asprintf(&path, "%s/%s", directory, NAME) < 0)
		return false;
	return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;
}

int boot_note_write(const char *directory)
{
	CLEANUP_FREE char *path = NULL;
	int fd;

	if (asprintf(&path, "%s/%s", directory, NAME) < 0)
		return -ENOMEM;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	(void)close(fd);
	return 0;
}
