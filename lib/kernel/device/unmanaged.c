/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/unmanaged.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fd.h"
#include "util/paths.h"
#include "util/runtime.h"

#define DIRECTORY RUNTIME_DIRECTORY "/unmanaged"

static void dir_cleanup(DIR **directory)
{
	if (*directory)
		(void)closedir(*directory);
}

bool unmanaged_read(const char *vf_address)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), DIRECTORY "/%s", vf_address);
	return access(path, F_OK) == 0;
}

static int open_directory(DIR **ret)
{
	int r = runtime_make(RUNTIME_DIRECTORY);

	if (r >= 0)
		r = runtime_make(DIRECTORY);
	if (r < 0)
		return r;
	*ret = opendir(DIRECTORY);
	return *ret ? 0 : -errno;
}

static bool leads_to(int directory, const char *link, const char *target)
{
	char found[NAME_MAX + 1];
	ssize_t length = readlinkat(directory, link, found, sizeof(found) - 1);

	if (length < 0)
		return false;
	found[length] = '\0';
	return !strcmp(found, target);
}

/* The file of the PF. Where it is new, notes that lead to it are of a card that was there before.
 */
static int make_target(DIR *directory, const char *target)
{
	CLEANUP_FD int fd = -1;
	struct dirent *entry;

	if (!faccessat(dirfd(directory), target, F_OK, 0))
		return 0;
	while ((entry = readdir(directory)))
		if (leads_to(dirfd(directory), entry->d_name, target) &&
		    unlinkat(dirfd(directory), entry->d_name, 0) < 0)
			return -errno;
	fd = openat(dirfd(directory), target, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	return fd < 0 ? -errno : 0;
}

static int make_link(int directory, const char *link, const char *target)
{
	if (leads_to(directory, link, target))
		return 0;
	if (unlinkat(directory, link, 0) < 0 && errno != ENOENT)
		return -errno;
	return symlinkat(target, directory, link) < 0 ? -errno : 0;
}

int unmanaged_write(const char *pf_address, const char *vf_address, bool on)
{
	CLEANUP(dir_cleanup) DIR *directory = NULL;
	char target[NAME_MAX + 1];
	int r = open_directory(&directory);

	if (r < 0)
		return r;
	if (!on)
		return unlinkat(dirfd(directory), vf_address, 0) < 0 && errno != ENOENT ? -errno
											: 0;
	(void)snprintf(target, sizeof(target), "%s.pf", pf_address);
	r = make_target(directory, target);
	return r < 0 ? r : make_link(dirfd(directory), vf_address, target);
}
