/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/holder/process.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "kernel/device/sysfs.h"
#include "util/fd.h"

static void dir_cleanup(DIR **directory)
{
	if (*directory)
		(void)closedir(*directory);
}

static DIR *open_directory(int parent, const char *path)
{
	int fd = openat(parent, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !directory)
		(void)close(fd);
	return directory;
}

struct search {
	const char *prefix;
	struct arena *arena;
	struct opener *found;
	size_t count;
	size_t capacity;
};

static int add_opener(struct search *search, const char *path, int process, const char *pid)
{
	struct opener opener;
	const char *name = NULL;

	(void)sysfs_read(process, "comm", search->arena, &name);
	opener.path = arena_strdup(search->arena, path);
	opener.process = arena_printf(search->arena, "%s (pid %s)", name ? name : "a process", pid);
	if (!opener.path || !opener.process ||
	    arena_grow(search->arena, &search->found, search->count, &search->capacity,
		       sizeof(opener)) < 0)
		return -ENOMEM;
	search->found[search->count++] = opener;
	return 0;
}

static int search_process(struct search *search, int process, const char *pid)
{
	CLEANUP(dir_cleanup) DIR *files = open_directory(process, "fd");
	char target[PATH_MAX];
	struct dirent *entry;
	int r = 0;

	while (r >= 0 && files && (entry = readdir(files))) {
		ssize_t length =
			readlinkat(dirfd(files), entry->d_name, target, sizeof(target) - 1);

		if (length < 0)
			continue;
		target[length] = '\0';
		if (!strncmp(target, search->prefix, strlen(search->prefix)))
			r = add_opener(search, target, process, pid);
	}
	return r;
}

int process_find_openers(const char *prefix, struct arena *arena, struct opener **ret,
			 size_t *ret_count)
{
	CLEANUP(dir_cleanup) DIR *processes = open_directory(AT_FDCWD, "/proc");
	struct search search = { .prefix = prefix, .arena = arena };
	struct dirent *entry;
	int r = 0;

	while (r >= 0 && processes && (entry = readdir(processes))) {
		CLEANUP_FD int process = -1;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		process =
			openat(dirfd(processes), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (process >= 0)
			r = search_process(&search, process, entry->d_name);
	}
	if (r < 0)
		return r;
	*ret = search.found;
	*ret_count = search.count;
	return 0;
}
