/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/fd.h"

int directory_check(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return -errno;
	return S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

bool directory_is(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return !strncmp(path, directory, length) &&
	       path[length + strspn(path + length, "/")] == '\0';
}

static int compare_names(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

/* Most directories have few names, which are read at once. */
#define ENTRIES_SIZE 2048

struct entries {
	const char **names;
	size_t count, capacity;
};

static int add_entry(struct entries *entries, struct arena *arena, const char *name)
{
	if (name[0] == '.')
		return 0;
	if (arena_grow(arena, &entries->names, entries->count, &entries->capacity,
		       sizeof(*entries->names)) < 0)
		return -ENOMEM;
	entries->names[entries->count] = arena_strdup(arena, name);
	return entries->names[entries->count++] ? 0 : -ENOMEM;
}

static int read_entries(int fd, struct arena *arena, struct entries *entries)
{
	alignas(struct dirent64) char buffer[ENTRIES_SIZE];
	ssize_t length;

	while ((length = getdents64(fd, buffer, sizeof(buffer))) > 0) {
		for (ssize_t i = 0; i < length;) {
			const struct dirent64 *entry = (const void *)(buffer + i);

			if (add_entry(entries, arena, entry->d_name) < 0)
				return -ENOMEM;
			i += entry->d_reclen;
		}
	}
	return length < 0 ? -errno : 0;
}

/* Not by opendir(), which costs three system calls and 32 KiB more: this is asked for each VF. */
int directory_list(int directory, const char *path, struct arena *arena, const char ***ret,
		   size_t *ret_count)
{
	CLEANUP_FD int fd = openat(directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct entries entries = { 0 };
	int r;

	if (fd < 0 && errno != ENOENT)
		return -errno;
	r = fd < 0 ? 0 : read_entries(fd, arena, &entries);
	if (r < 0)
		return r;
	if (entries.count)
		qsort(entries.names, entries.count, sizeof(*entries.names), compare_names);
	*ret = entries.names;
	*ret_count = entries.count;
	return 0;
}
