/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "util/fd.h"
#include "util/text.h"

#define LINE_MAX_SIZE 4096

static bool is_absent(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ESRCH;
}

/* A descriptor; -ENOENT: there is none; or -errno. */
static int open_regular(int directory, const char *path)
{
	CLEANUP_FD int fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	int opened;

	if (fd < 0)
		return is_absent(errno) ? -ENOENT : -errno;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EBADF;
	opened = fd;
	fd = -1;
	return opened;
}

/* Appends what is left of the file, of which size_max bytes and one more are enough. */
static int append_all(int fd, size_t size_max, struct text *text)
{
	char buffer[4096];
	ssize_t n = 1;

	while (n != 0 && text->length <= size_max) {
		n = read(fd, buffer, sizeof(buffer));
		if (n < 0 && errno == ESRCH) /* a process that ended meanwhile */
			return -ENOENT;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			text_append_n(text, buffer, (size_t)n);
		if (text->failed)
			return -ENOMEM;
	}
	return 0;
}

int file_read(int directory, const char *path, size_t size_max, struct arena *arena,
	      const char **ret)
{
	CLEANUP_FD int fd = open_regular(directory, path);
	CLEANUP_TEXT struct text text = { 0 };
	const char *content = NULL;
	int r = fd < 0 ? fd : append_all(fd, size_max, &text);

	if (r < 0 && r != -ENOENT)
		return r;
	if (text.length > size_max)
		return -EFBIG;
	if (r >= 0) {
		content = arena_strndup(arena, text_string(&text), text.length);
		if (!content)
			return -ENOMEM;
	}
	*ret = content;
	return 0;
}

int file_read_line(int directory, const char *path, struct arena *arena, const char **ret)
{
	CLEANUP_FD int fd = open_regular(directory, path);
	char buffer[LINE_MAX_SIZE + 1];
	ssize_t n = fd < 0 ? 0 : read(fd, buffer, sizeof(buffer) - 1);
	const char *line;

	if (n < 0)
		return -errno;
	if (fd < 0) {
		if (fd == -ENOENT)
			*ret = NULL;
		return fd == -ENOENT ? 0 : fd;
	}
	buffer[n] = '\0';
	if (n == LINE_MAX_SIZE && !strchr(buffer, '\n'))
		return -EFBIG;
	buffer[strcspn(buffer, "\n")] = '\0';
	line = arena_strdup(arena, buffer);
	if (!line)
		return -ENOMEM;
	*ret = line;
	return 0;
}
