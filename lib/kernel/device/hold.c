/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "util/fd.h"
#include "util/paths.h"
#include "util/runtime.h"

/* "1 00000000000000012345": the value, and which device it is of. As long as that always, so that
 * it is replaced in place. */
#define NOTE_FORMAT "%c %020" PRIu64
#define NOTE_LENGTH 22

/* "pci/0000:3b:00.0" is kept in "pci-0000:3b:00.0.hold". */
static char *path_of(const char *handle)
{
	char *path;

	if (asprintf(&path, RUNTIME_DIRECTORY "/%s.hold", handle) < 0)
		return NULL;
	*strrchr(path, '/') = '-';
	return path;
}

/* A number that no two devices of a boot share, even where the second comes to the address of the
 * first: sysfs never gives the number of a directory that went away to another one
 * (kernfs_new_node() in fs/kernfs/dir.c). */
static int read_instance(const char *handle, uint64_t *ret)
{
	int length = (int)strcspn(handle, "/");
	CLEANUP_FREE char *path = NULL;
	struct stat status;

	if (asprintf(&path, "/sys/bus/%.*s/devices%s", length, handle, handle + length) < 0)
		return -ENOMEM;
	if (stat(path, &status) < 0)
		return errno == ENOENT ? -ENODEV : -errno;
	*ret = status.st_ino;
	return 0;
}

int hold_write(const char *handle, bool autoprobe)
{
	CLEANUP_FREE char *path = path_of(handle);
	CLEANUP_FD int fd = -1;
	char note[NOTE_LENGTH + 1];
	uint64_t instance = 0;
	int r = path ? read_instance(handle, &instance) : -ENOMEM;

	if (r < 0)
		return r;
	(void)snprintf(note, sizeof(note), NOTE_FORMAT, autoprobe ? '1' : '0', instance);
	r = runtime_make(RUNTIME_DIRECTORY);
	if (r < 0)
		return r;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 || fchmod(fd, 0644) < 0)
		return -errno;
	r = (int)pwrite(fd, note, NOTE_LENGTH, 0);
	if (r < 0)
		return -errno;
	return r == NOTE_LENGTH ? 0 : -EIO;
}

int hold_read(const char *handle, bool *ret_autoprobe)
{
	CLEANUP_FREE char *path = path_of(handle);
	CLEANUP_FD int fd = -1;
	char note[NOTE_LENGTH + 1] = { 0 };
	uint64_t instance = 0, noted;
	char autoprobe;
	int r;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || read(fd, note, NOTE_LENGTH) < 0)
		return -errno;
	r = read_instance(handle, &instance);
	if (r < 0)
		return r;
	/* A note that was cut off was so before anything was done. */
	if (sscanf(note, "%c %" SCNu64, &autoprobe, &noted) != 2 || noted != instance)
		return -ENOENT;
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
