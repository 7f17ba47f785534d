/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/mount/mountinfo.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "util/cleanup.h"

static inline void close_file(FILE **file)
{
	if (*file)
		(void)fclose(*file);
}

static bool is_octal(const char *digits)
{
	for (size_t i = 0; i < 3; i++)
		if (digits[i] < '0' || digits[i] > (i ? '7' : '3'))
			return false;
	return true;
}

/* White space and backslashes are written as \040 (mangle_path() in fs/seq_file.c). */
static void unescape(char *text)
{
	char *out = text;

	for (; *text; out++) {
		if (text[0] == '\\' && is_octal(text + 1)) {
			*out = (char)((text[1] - '0') * 64 + (text[2] - '0') * 8 + text[3] - '0');
			text += 4;
		} else {
			*out = *text++;
		}
	}
	*out = '\0';
}

/* The next field, which may be empty; NULL: there is none. */
static char *next(char **rest)
{
	char *field = strsep(rest, " ");

	if (field)
		unescape(field);
	return field;
}

/* Past those that there are any number of, and the hyphen that ends them. */
static bool pass_optional(char **rest)
{
	const char *field;

	do
		field = next(rest);
	while (field && strcmp(field, "-") != 0);
	return field;
}

int mountinfo_read(char *line, struct mount *ret)
{
	struct mount mount = { 0 };
	const char *device;
	unsigned major, minor;

	line[strcspn(line, "\n")] = '\0';
	(void)next(&line); /* its number */
	(void)next(&line); /* that of what it is in */
	device = next(&line);
	(void)next(&line); /* what of the file system is there */
	mount.path = next(&line);
	(void)next(&line); /* options of this mount */
	if (!device || !mount.path || !pass_optional(&line) ||
	    sscanf(device, "%u:%u", &major, &minor) != 2)
		return -EBADMSG;
	mount.device = makedev(major, minor);
	mount.type = next(&line);
	mount.source = next(&line);
	mount.options = line;
	if (!mount.options)
		return -EBADMSG;
	*ret = mount;
	return 0;
}

int mountinfo_each(const char *file, int (*each)(const struct mount *mount, void *context),
		   void *context)
{
	CLEANUP(close_file) FILE *stream = fopen(file, "re");
	CLEANUP_FREE char *line = NULL;
	struct mount mount;
	size_t size = 0;
	int r = stream ? 0 : -errno;

	while (r >= 0 && getline(&line, &size, stream) >= 0) {
		r = mountinfo_read(line, &mount);
		if (r >= 0)
			r = each(&mount, context);
	}
	return r >= 0 && !feof(stream) ? -EIO : r;
}
