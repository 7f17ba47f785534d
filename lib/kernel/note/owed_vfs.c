/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/note/owed_vfs.h"

#include <errno.h>
#include <string.h>

#include "kernel/note/owed_note.h"
#include "util/paths.h"
#include "util/runtime.h"

static char *path_of(const struct pf *pf)
{
	return runtime_path(RUNTIME_DIRECTORY, pf->handle, ".owed");
}

int owed_vfs_note(const struct pf *pf, const struct owed_vfs *owed)
{
	CLEANUP_FREE char *path = path_of(pf);
	char note[OWED_NOTE_LENGTH];
	int r = path ? 0 : -ENOMEM;

	if (r >= 0)
		r = owed ? runtime_make(RUNTIME_DIRECTORY) : runtime_remove(path);
	if (r < 0 || !owed)
		return r;
	owed_note_write(&(struct owed_note){ pf->instance, owed->with_mode, owed->mode }, note);
	return runtime_replace(path, note, sizeof(note));
}

static int doubt(const char *path, const char *why, struct pf *pf)
{
	pf->owed_vfs.doubtful = arena_printf(pf->arena, "%s: %s", path, why);
	return pf->owed_vfs.doubtful ? 0 : -ENOMEM;
}

/* Mostly there is none. */
int owed_vfs_read(struct pf *pf)
{
	CLEANUP_FREE char *path = path_of(pf);
	char bytes[OWED_NOTE_LENGTH + 1];
	struct owed_note note;
	int n;

	if (!path)
		return -ENOMEM;
	n = runtime_read(path, bytes, sizeof(bytes));
	if (n == -ENOENT || n == -ENOTDIR)
		return 0;
	pf->owed_vfs.noted = true;
	if (n < 0)
		return doubt(path, strerror(-n), pf);
	if (owed_note_read(bytes, (size_t)n, &note) < 0)
		return doubt(path, "this is no note of VFs", pf);
	if (note.instance == pf->instance)
		pf->owed_vfs = (struct owed_vfs){
			.noted = true, .owed = true, .with_mode = note.with_mode, .mode = note.mode
		};
	return 0;
}
