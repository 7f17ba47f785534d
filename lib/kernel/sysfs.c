/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/fd.h"

/* What drivers answer when an attribute means nothing for their device. */
static bool is_absent(int error)
{
	return error == ENOENT || error == EOPNOTSUPP || error == EINVAL || error == EIO;
}

int sysfs_read(int directory, const char *path, struct arena *arena, const char **ret)
{
	char buffer[4096]; /* an attribute is never larger than a page */
	CLEANUP_FD int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer));
	const char *string = NULL;

	if (length < 0 && !is_absent(errno))
		return -errno;
	if (length >= 0) {
		if (length > 0 && buffer[length - 1] == '\n')
			length--;
		string = arena_strndup(arena, buffer, (size_t)length);
		if (!string)
			return -ENOMEM;
	}
	*ret = string;
	return 0;
}

int sysfs_read_number(int directory, const char *path, int64_t *ret)
{
	char buffer[32], *end;
	CLEANUP_FD int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer) - 1);
	long long number;

	if (length < 0)
		return is_absent(errno) ? -ENODATA : -errno;
	buffer[length] = '\0';
	errno = 0;
	number = strtoll(buffer, &end, 0);
	if (errno || end == buffer || (*end && *end != '\n'))
		return -ENODATA;
	*ret = number;
	return 0;
}

int sysfs_write(int directory, const char *path, const char *text)
{
	CLEANUP_FD int fd = openat(directory, path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return -errno;
	return 0;
}

int sysfs_read_link(int directory, const char *path, struct arena *arena, const char **ret)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(directory, path, target, sizeof(target) - 1);
	const char *base, *name = NULL;

	if (length < 0 && errno != ENOENT)
		return -errno;
	if (length >= 0) {
		target[length] = '\0';
		base = strrchr(target, '/');
		name = arena_strdup(arena, base ? base + 1 : target);
		if (!name)
			return -ENOMEM;
	}
	*ret = name;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

/* A directory of an attribute's names; few, and read at once. */
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

/* Not by opendir(), which is asked for each VF and costs three system calls and 32 KiB more. */
int sysfs_list(int directory, const char *path, struct arena *arena, const char ***ret,
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
