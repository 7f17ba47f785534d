/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/document_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/fd.h"
#include "util/trust.h"

/* What is read at once from a file whose size is not known. */
#define CHUNK 65536
#define MIB   ((size_t)1 << 20)

int document_file_report(struct diagnostics *diagnostics, const char *name, const char *hint,
			 const char *message)
{
	return diagnostics_error(diagnostics, ORIGIN_OF_FILE(name), hint, "%s", message);
}

int document_file_report_errno(struct diagnostics *diagnostics, const char *name, int error)
{
	const char *words = strerrordesc_np(-error);

	if (error == -ENOMEM)
		return -ENOMEM;
	if (error == -EXDEV)
		return document_file_report(diagnostics, name, NULL,
					    "is refused: it is another user's link to what is "
					    "somebody else's; name that itself");
	return diagnostics_error(diagnostics, ORIGIN_OF_FILE(name), NULL, "cannot be read: %s",
				 words ? words : "unknown error");
}

static int report_size(struct diagnostics *diagnostics, const char *name, size_t size_max)
{
	bool mib = size_max >= MIB;

	return diagnostics_error(diagnostics, ORIGIN_OF_FILE(name), NULL,
				 "cannot be read: it has more than %zu %s",
				 mib ? size_max / MIB : size_max, mib ? "MiB" : "bytes");
}

/* Reads to the end into memory of its own, at most size_max bytes: -EFBIG. */
static int slurp(int fd, size_t size_max, char **ret, size_t *ret_length)
{
	CLEANUP_FREE char *data = NULL;
	size_t length = 0, capacity = 0;

	for (;;) {
		ssize_t n;

		if (length == capacity) {
			char *larger = realloc(data, capacity ? capacity * 2 : CHUNK);

			if (!larger)
				return -ENOMEM;
			data = larger;
			capacity = capacity ? capacity * 2 : CHUNK;
		}
		n = read(fd, data + length, capacity - length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		length += (size_t)n;
		if (length > size_max)
			return -EFBIG;
	}
	*ret = TAKE(data);
	*ret_length = length;
	return 0;
}

int document_file_read_from(int fd, const char *name, size_t size_max, struct arena *arena,
			    struct diagnostics *diagnostics, struct document *ret)
{
	CLEANUP_FREE char *data = NULL;
	struct document document = { .name = name };
	int r;

	r = slurp(fd, size_max, &data, &document.length);
	if (r == -EFBIG)
		return report_size(diagnostics, name, size_max);
	if (r < 0)
		return document_file_report_errno(diagnostics, name, r);
	document.text = arena_strndup(arena, data, document.length);
	if (!document.text)
		return -ENOMEM;
	*ret = document;
	return 0;
}

int document_file_read(const char *path, size_t size_max, struct arena *arena,
		       struct diagnostics *diagnostics, struct document *ret)
{
	if (strcmp(path, "-") == 0)
		return document_file_read_from(STDIN_FILENO, "<stdin>", size_max, arena,
					       diagnostics, ret);
	return document_file_read_regular(path, size_max, arena, diagnostics, ret);
}

/* Opens a file of a folder, at the end of no link that leads out of it. */
static int open_beneath(int folder, const char *name, uint64_t flags)
{
	const struct open_how how = { .flags = flags, .resolve = RESOLVE_BENEATH };
	long fd = syscall(SYS_openat2, folder, name, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

int document_file_read_beneath(const char *folder, const char *name, size_t size_max,
			       struct arena *arena, struct diagnostics *diagnostics,
			       struct document *ret)
{
	const char *path = arena_printf(arena, "%s/%s", folder, name);
	CLEANUP_FD int directory = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CLEANUP_FD int place = -1, fd = -1;
	struct stat status;

	if (!path)
		return -ENOMEM;
	if (directory < 0)
		return document_file_report_errno(diagnostics, folder, -errno);
	place = open_beneath(directory, name, O_PATH | O_CLOEXEC);
	if (place == -EXDEV)
		return document_file_report(diagnostics, path, NULL,
					    "is refused: it leads out of the folder");
	if (place < 0)
		return document_file_report_errno(diagnostics, path, place);
	if (fstat(place, &status) < 0)
		return document_file_report_errno(diagnostics, path, -errno);
	if (!S_ISREG(status.st_mode))
		return document_file_report(diagnostics, path, NULL,
					    "is refused: it is no regular file");
	fd = open_beneath(directory, name, DOCUMENT_FILE_OPEN_FLAGS | O_NONBLOCK);
	if (fd < 0)
		return document_file_report_errno(diagnostics, path, fd);
	return document_file_read_from(fd, path, size_max, arena, diagnostics, ret);
}

int document_file_read_regular(const char *path, size_t size_max, struct arena *arena,
			       struct diagnostics *diagnostics, struct document *ret)
{
	CLEANUP_TRUST_PLACE struct trust_place place = { .parent = -1 };
	CLEANUP_FD int fd = -1;
	const char *name = arena_strdup(arena, path);
	int r;

	if (!name)
		return -ENOMEM;
	r = trust_find(AT_FDCWD, "", name, false, arena, &place, NULL);
	if (r < 0)
		return document_file_report_errno(diagnostics, name, r);
	if (!S_ISREG(place.status.st_mode))
		return document_file_report(diagnostics, name, "'-' reads standard input",
					    "is refused: it is no regular file");
	fd = trust_open(&place, DOCUMENT_FILE_OPEN_FLAGS | O_NONBLOCK);
	if (fd < 0)
		return document_file_report_errno(diagnostics, name, fd);
	return document_file_read_from(fd, name, size_max, arena, diagnostics, ret);
}
