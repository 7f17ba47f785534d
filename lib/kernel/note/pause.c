/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/note/pause.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "kernel/note/pause_note.h"
#include "util/paths.h"
#include "util/runtime.h"
#include "util/timestamp.h"

/* What cannot be told is asked again then, ms. */
#define DOUBT_MS 60000

static char *path_of(const char *handle)
{
	return runtime_path(RUNTIME_DIRECTORY, handle, ".pause");
}

static uint64_t boottime_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int pause_write(const char *handle, uint64_t ms)
{
	CLEANUP_FREE char *path = path_of(handle);
	struct pause_note note = { .over_at = boottime_ms() + ms,
				   .until = (uint64_t)time(NULL) + ms / 1000 };
	char bytes[PAUSE_NOTE_LENGTH];
	int r = path ? runtime_make(RUNTIME_DIRECTORY) : -ENOMEM;

	if (r < 0)
		return r;
	pause_note_write(&note, bytes);
	return runtime_replace(path, bytes, sizeof(bytes));
}

int pause_remove(const char *handle)
{
	CLEANUP_FREE char *path = path_of(handle);

	return path ? runtime_remove(path) : -ENOMEM;
}

static int doubt(const char *path, const char *why, struct arena *arena, struct pause *ret)
{
	*ret = (struct pause){ .left = DOUBT_MS, .iso = "unknown" };
	ret->doubtful = arena_printf(arena, "%s: %s", path, why);
	return ret->doubtful ? 0 : -ENOMEM;
}

static int tell(const struct pause_note *note, uint64_t left, struct arena *arena,
		struct pause *ret)
{
	char words[TIMESTAMP_SIZE], iso[TIMESTAMP_SIZE];

	*ret = (struct pause){ .left = left, .until = note->until };
	ret->words = arena_strdup(arena, timestamp_words((time_t)note->until, words));
	if (timestamp_iso((time_t)note->until, iso))
		ret->iso = arena_strdup(arena, iso);
	return ret->words ? 0 : -ENOMEM;
}

int pause_read(const char *handle, struct arena *arena, struct pause *ret)
{
	CLEANUP_FREE char *path = path_of(handle);
	char bytes[PAUSE_NOTE_LENGTH + 1];
	struct pause_note note;
	uint64_t now = boottime_ms();
	int n;

	*ret = (struct pause){ 0 };
	if (!path)
		return -ENOMEM;
	n = runtime_read(path, bytes, sizeof(bytes));
	if (n == -ENOENT || n == -ENOTDIR)
		return 0;
	if (n < 0)
		return doubt(path, strerror(-n), arena, ret);
	if (pause_note_read(bytes, (size_t)n, &note) < 0 ||
	    (note.over_at > now && note.over_at - now > PAUSE_MAX_MS))
		return doubt(path, "this is no note of a pause", arena, ret);
	return note.over_at > now ? tell(&note, note.over_at - now, arena, ret) : 0;
}
