/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/note/owed_vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/note/digits.h"
#include "util/fd.h"
#include "util/paths.h"
#include "util/runtime.h"

#define LENGTH	(DIGITS_LENGTH + 3)
#define NO_MODE '-'

static char *path_of(const struct pf *pf)
{
	return runtime_path(RUNTIME_DIRECTORY, pf->handle, ".owed");
}

int owed_vfs_note(const struct pf *pf, const struct owed_vfs *owed)
{
	CLEANUP_FREE char *path = path_of(pf);
	char note[LENGTH + 1];
	int r = path ? 0 : -ENOMEM;

	if (r >= 0)
		r = owed ? runtime_make(RUNTIME_DIRECTORY) : runtime_remove(path);
	if (r < 0 || !owed)
		return r;
	(void)snprintf(note, sizeof(note), "%020" PRIu64 " %c\n", pf->instance,
		       owed->with_mode ? (char)('0' + owed->mode % 10) : NO_MODE);
	return runtime_replace(path, note, LENGTH);
}

static int doubt(const char *path, const char *why, struct pf *pf)
{
	pf->owed_vfs.doubtful = arena_printf(pf->arena, "%s: %s", path, why);
	return pf->owed_vfs.doubtful ? 0 : -ENOMEM;
}

static bool parse(const char *note, uint64_t *ret_instance, struct owed_vfs *ret)
{
	const char mode = note[DIGITS_LENGTH + 1];

	if (!digits_read(note, ret_instance) || note[DIGITS_LENGTH] != ' ' ||
	    !(mode == NO_MODE || (mode >= '0' && mode <= '9')) || note[LENGTH - 1] != '\n')
		return false;
	ret->with_mode = mode != NO_MODE;
	ret->mode = ret->with_mode ? (unsigned)(mode - '0') : 0;
	return true;
}

/* Mostly there is none. */
int owed_vfs_read(struct pf *pf)
{
	CLEANUP_FREE char *path = path_of(pf);
	CLEANUP_FD int fd = -1;
	char note[LENGTH + 1];
	uint64_t instance;
	ssize_t n;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	pf->owed_vfs.noted = true;
	n = fd < 0 ? -1 : read(fd, note, sizeof(note));
	if (n < 0)
		return doubt(path, strerror(errno), pf);
	if (n != LENGTH || !parse(note, &instance, &pf->owed_vfs))
		return doubt(path, "this is no note of VFs", pf);
	pf->owed_vfs.owed = instance == pf->instance;
	return 0;
}
