/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"
#include "style.h"
#include "util/fd.h"

/* DIR/.NAME.XXXXXX: no suffix that somebody looks for (node_exporter reads *.prom). */
static void name_beside(const char *path, struct text *out)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	text_append_n(out, path, (size_t)(name - path));
	text_printf(out, ".%s.XXXXXX", name);
}

static int fill(int fd, const char *data, size_t length)
{
	int r = fd_write_all(fd, data, length);

	return r < 0 ? r : fchmod(fd, 0644) < 0 ? -errno : 0;
}

static int replace(const char *path, const char *data, size_t length)
{
	CLEANUP_TEXT struct text text = { 0 };
	CLEANUP_FD int fd = -1;
	char *beside;
	int r;

	name_beside(path, &text);
	(void)memory_text(&text);
	beside = text.data;
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = fill(fd, data, length);
	if (r >= 0 && rename(beside, path) < 0)
		r = -errno;
	if (r < 0)
		(void)unlink(beside);
	return r;
}

/* What is no file is left alone: a file in the place of /dev/null is not what somebody means who
 * names that. Nor is it written to: the directory may be another user's, who could have root write
 * anywhere. */
static int put(const char *path, const char *data, size_t length)
{
	struct stat status;

	if (stat(path, &status) >= 0 && !S_ISREG(status.st_mode))
		return S_ISDIR(status.st_mode) ? -EISDIR : -EEXIST;
	return replace(path, data, length);
}

enum verdict output_file_write(const char *path, const struct text *text)
{
	int r = put(path, memory_text(text), text->length);

	if (r >= 0)
		return VERDICT_OK;
	(void)fputs("sriovctl: cannot write ", stderr);
	style_print(stderr, STYLE_PLAIN, path);
	(void)fprintf(stderr, ": %s\n",
		      r == -EEXIST ? "what is there is no file, and stays" : strerror(-r));
	return VERDICT_FAILED;
}
