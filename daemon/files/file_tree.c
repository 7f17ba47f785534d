/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "files/file_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fd.h"

#define DIR_FLAGS  (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define FILE_FLAGS (O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC)

/* Deeper than any that is written here. */
#define DEPTH_MAX 16

static int sync_fd(int fd)
{
	return fsync(fd) < 0 ? -errno : 0;
}

/* Opens a directory, which is made where it is missing. */
static int enter(int parent, const char *name, int *ret)
{
	bool is_new = mkdirat(parent, name, 0700) == 0;
	int fd, r;

	if (!is_new && errno != EEXIST)
		return -errno;
	r = is_new ? sync_fd(parent) : 0;
	if (r < 0)
		return r;
	fd = openat(parent, name, DIR_FLAGS);
	if (fd < 0)
		return -errno;
	*ret = fd;
	return 0;
}

static int write_file(int parent, const char *name, const struct document *document)
{
	int fd = openat(parent, name, FILE_FLAGS, 0600), r;

	if (fd < 0)
		return -errno;
	r = fd_write_all(fd, document->text, document->length);
	if (r >= 0)
		r = sync_fd(fd);
	/* Some file systems say only now that the disk is full. */
	if (close(fd) < 0 && r >= 0)
		r = -errno;
	return r < 0 ? r : sync_fd(parent);
}

static int write_document(int root, const struct document *document)
{
	CLEANUP_FREE char *path = strdup(document->name);
	CLEANUP_FD int directory = fcntl(root, F_DUPFD_CLOEXEC, 0);
	char *name, *slash;

	if (!path)
		return -ENOMEM;
	if (directory < 0)
		return -errno;
	for (name = path + strspn(path, "/"); (slash = strchr(name, '/')); name = slash + 1) {
		int next, r;

		*slash = '\0';
		r = enter(directory, name, &next);
		if (r < 0)
			return r;
		(void)close(directory);
		directory = next;
	}
	return write_file(directory, name, document);
}

int file_tree_write(int parent, const char *name, const struct document *documents, size_t count)
{
	CLEANUP_FD int root = -1;
	int r = enter(parent, name, &root);

	for (size_t i = 0; r >= 0 && i < count; i++)
		r = write_document(root, &documents[i]);
	return r < 0 ? r : sync_fd(root);
}

static int remove_entry(int parent, const char *name, unsigned depth);

static void close_stream(DIR **stream)
{
	if (*stream)
		(void)closedir(*stream);
}

static int remove_contents(int fd, unsigned depth)
{
	CLEANUP(close_stream) DIR *stream = fdopendir(fd);
	const struct dirent *entry;
	int r = 0;

	if (!stream) {
		r = -errno;
		(void)close(fd);
		return r;
	}
	while (r >= 0 && (entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = remove_entry(fd, entry->d_name, depth);
	return r;
}

static int remove_entry(int parent, const char *name, unsigned depth)
{
	int fd, r;

	if (!unlinkat(parent, name, 0) || errno == ENOENT)
		return 0;
	/* EISDIR is Linux's word for a directory, EPERM that of POSIX. */
	if ((errno != EISDIR && errno != EPERM) || depth == DEPTH_MAX)
		return -errno;
	fd = openat(parent, name, DIR_FLAGS);
	if (fd < 0)
		return -errno;
	r = remove_contents(fd, depth + 1);
	if (r < 0)
		return r;
	return unlinkat(parent, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

int file_tree_remove(int parent, const char *name)
{
	return remove_entry(parent, name, 0);
}
