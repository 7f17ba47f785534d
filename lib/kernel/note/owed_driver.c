/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/note/owed_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/device/sysfs.h"
#include "util/directory.h"
#include "util/paths.h"
#include "util/runtime.h"

#define DIRECTORY RUNTIME_DIRECTORY "/owed"
#define DEVICES	  "/sys/bus/pci/devices"

static int make_path(const char *address, char path[static PATH_MAX])
{
	int length = snprintf(path, PATH_MAX, DIRECTORY "/%s", address);

	return length < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* A note that is there is of an earlier time: the VF has a driver. */
int owed_driver_write(const char *address, uint64_t instance, const char *driver)
{
	char path[PATH_MAX], note[PATH_MAX];
	int r = runtime_make(RUNTIME_DIRECTORY);

	if (r >= 0)
		r = runtime_make(DIRECTORY);
	if (r >= 0)
		r = make_path(address, path);
	if (r < 0)
		return r;
	(void)snprintf(note, sizeof(note), "%020" PRIu64 " %s", instance, driver);
	r = runtime_remove(path);
	if (r < 0)
		return r;
	return symlink(note, path) < 0 ? -errno : 0;
}

int owed_driver_remove(const char *address)
{
	char path[PATH_MAX];
	int r = make_path(address, path);

	if (r < 0)
		return r;
	return runtime_remove(path);
}

static struct vf *find_vf(const struct pf *pf, const char *address)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].address && !strcmp(pf->vfs[i].address, address))
			return &pf->vfs[i];
	return NULL;
}

/* Whether the device at the address is the one of the note. 1; 0; or -errno. */
static int is_of(const char *address, uint64_t instance)
{
	char path[PATH_MAX];
	uint64_t now;
	int r;

	(void)snprintf(path, sizeof(path), DEVICES "/%s", address);
	r = sysfs_read_instance(AT_FDCWD, path, &now);
	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR ? 0 : r;
	return now == instance;
}

/* What something else has made there is no note. */
static int read_note(struct pf *pf, struct vf *vf)
{
	char path[PATH_MAX], note[PATH_MAX];
	uint64_t instance;
	ssize_t length;
	int at = 0, r = make_path(vf->address, path);

	if (r < 0)
		return r;
	length = readlink(path, note, sizeof(note) - 1);
	if (length < 0)
		return errno == ENOENT || errno == EINVAL ? 0 : -errno;
	note[length] = '\0';
	if (sscanf(note, "%20" SCNu64 " %n", &instance, &at) != 1 || !at || !note[at] ||
	    strchr(note + at, '/'))
		return 0;
	r = is_of(vf->address, instance);
	if (r <= 0)
		return r;
	vf->owed_driver = arena_strdup(pf->arena, note + at);
	return vf->owed_driver ? 0 : -ENOMEM;
}

/* Mostly there is not even a directory. */
int owed_driver_read_all(struct pf *pf)
{
	const char **names;
	size_t count = 0;
	int r = directory_list(AT_FDCWD, DIRECTORY, pf->arena, &names, &count);

	for (size_t i = 0; r >= 0 && i < count; i++) {
		struct vf *vf = find_vf(pf, names[i]);

		if (vf)
			r = read_note(pf, vf);
	}
	return r;
}
