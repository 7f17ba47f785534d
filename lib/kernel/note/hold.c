/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/note/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel/device/sysfs.h"
#include "kernel/note/hold_note.h"
#include "util/fd.h"
#include "util/paths.h"
#include "util/runtime.h"

static char *path_of(const char *handle)
{
	return runtime_path(RUNTIME_DIRECTORY, handle, ".hold");
}

static int read_instance(const char *handle, uint64_t *ret)
{
	int length = (int)strcspn(handle, "/");
	CLEANUP_FREE char *path = NULL;
	int r;

	if (asprintf(&path, "/sys/bus/%.*s/devices%s", length, handle, handle + length) < 0)
		return -ENOMEM;
	r = sysfs_read_instance(AT_FDCWD, path, ret);
	return r == -ENOENT ? -ENODEV : r;
}

int hold_write(const char *handle, bool autoprobe)
{
	CLEANUP_FREE char *path = path_of(handle);
	CLEANUP_FD int fd = -1;
	struct hold_note note = { .autoprobe = autoprobe };
	char bytes[HOLD_NOTE_LENGTH];
	int r = path ? read_instance(handle, &note.instance) : -ENOMEM;

	if (r < 0)
		return r;
	hold_note_write(&note, bytes);
	r = runtime_make(RUNTIME_DIRECTORY);
	if (r < 0)
		return r;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 || fchmod(fd, 0644) < 0)
		return -errno;
	r = (int)pwrite(fd, bytes, sizeof(bytes), 0);
	if (r < 0)
		return -errno;
	return r == HOLD_NOTE_LENGTH ? 0 : -EIO;
}

int hold_read(const char *handle, bool *ret_autoprobe)
{
	CLEANUP_FREE char *path = path_of(handle);
	char bytes[HOLD_NOTE_LENGTH + 1];
	struct hold_note note;
	uint64_t instance = 0;
	int length, r;

	if (!path)
		return -ENOMEM;
	length = runtime_read(path, bytes, sizeof(bytes));
	if (length < 0)
		return length;
	r = read_instance(handle, &instance);
	if (r < 0)
		return r;
	/* A note that was cut off was so before anything was done. */
	if (hold_note_read(bytes, (size_t)length, &note) < 0 || note.instance != instance)
		return -ENOENT;
	*ret_autoprobe = note.autoprobe;
	return 0;
}

int hold_remove(const char *handle)
{
	CLEANUP_FREE char *path = path_of(handle);

	return path ? runtime_remove(path) : -ENOMEM;
}
