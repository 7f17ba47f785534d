/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/note/hold_names.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/fd.h"
#include "util/paths.h"
#include "util/runtime.h"
#include "util/text.h"

/* Far more than the names of a device: rtnetlink tells them in an attribute of 64 KiB. Names that
 * do not fit any more are left out. */
#define LENGTH_MAX 65536u

/* What a record, which ends with a byte 0 as no name does, begins with. The first record is the
 * device's instance; an empty one is the last. */
enum record {
	RECORD_NAME = 'i',
	RECORD_ALTNAME = 'a',
	RECORD_OTHER_NAME = 'o',
	RECORD_MAC = 'm',
	RECORD_PORT = 'p',
	RECORD_FIRMWARE = 'f',
};

static char *path_of(const char *handle)
{
	return runtime_path(RUNTIME_DIRECTORY, handle, ".names");
}

static void add(struct text *bytes, enum record record, const char *value)
{
	char kind = (char)record;

	if (!value || bytes->length + strlen(value) + sizeof("i") >= LENGTH_MAX)
		return;
	text_append_n(bytes, &kind, 1);
	text_append_n(bytes, value, strlen(value) + 1);
}

static void add_all(struct text *bytes, enum record record, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		add(bytes, record, names->items[i]);
}

static void describe(const struct pf *pf, struct text *bytes)
{
	char mac[MAC_STRING_SIZE];

	text_printf(bytes, "%" PRIu64, pf->instance);
	text_append_n(bytes, "", 1);
	add(bytes, RECORD_NAME, pf->ifname);
	add_all(bytes, RECORD_ALTNAME, &pf->altnames);
	add_all(bytes, RECORD_OTHER_NAME, &pf->other_names);
	if (pf->has_permanent_mac)
		add(bytes, RECORD_MAC, mac_format(&pf->permanent_mac, mac));
	add(bytes, RECORD_PORT, pf->port);
	add(bytes, RECORD_FIRMWARE, pf->firmware);
	text_append_n(bytes, "", 1);
}

int hold_names_write(const struct pf *pf)
{
	CLEANUP_FREE char *path = path_of(pf->handle);
	CLEANUP_TEXT struct text bytes = { 0 };
	int r = path ? runtime_make(RUNTIME_DIRECTORY) : -ENOMEM;

	if (r < 0 || !pf->ifindex)
		return r;
	describe(pf, &bytes);
	return bytes.failed ? -ENOMEM : runtime_replace(path, bytes.data, bytes.length);
}

static int read_all(int fd, struct arena *arena, char **ret, size_t *ret_length)
{
	char *bytes = arena_alloc(arena, LENGTH_MAX);
	size_t length = 0;
	ssize_t n = 1;

	if (!bytes)
		return -ENOMEM;
	while (n > 0 && length < LENGTH_MAX) {
		n = read(fd, bytes + length, LENGTH_MAX - length);
		if (n < 0)
			return -errno;
		length += (size_t)n;
	}
	*ret = bytes;
	*ret_length = length;
	return 0;
}

static int add_name(struct arena *arena, struct names *names, const char *name)
{
	const char **items = arena_array(arena, names->count + 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < names->count; i++)
		items[i] = names->items[i];
	items[names->count] = name;
	*names = (struct names){ items, names->count + 1 };
	return 0;
}

static int take(struct pf *pf, const char *record)
{
	const char *value = record + 1;

	switch ((enum record)record[0]) {
	case RECORD_NAME:
		pf->ifname = value;
		return 0;
	case RECORD_ALTNAME:
		return add_name(pf->arena, &pf->altnames, value);
	case RECORD_OTHER_NAME:
		return add_name(pf->arena, &pf->other_names, value);
	case RECORD_MAC:
		pf->has_permanent_mac = mac_parse(value, &pf->permanent_mac) >= 0;
		return 0;
	case RECORD_PORT:
		pf->port = value;
		return 0;
	case RECORD_FIRMWARE:
		pf->firmware = value;
		return 0;
	}
	return 0;
}

/* Whether the bytes are of that instance, and are all that was written. */
static bool is_whole(const char *bytes, size_t length, uint64_t instance)
{
	char *end;

	return length >= 2 && !bytes[length - 1] && !bytes[length - 2] &&
	       strtoull(bytes, &end, 10) == instance && end != bytes && !*end;
}

static int take_all(struct pf *pf, const char *bytes, size_t length)
{
	int r = 0;

	for (size_t at = strlen(bytes) + 1; r >= 0 && at < length && bytes[at];
	     at += strlen(bytes + at) + 1)
		r = take(pf, bytes + at);
	return r;
}

int hold_names_read(const struct pf *pf, struct pf **ret)
{
	CLEANUP_FREE char *path = path_of(pf->handle);
	CLEANUP_FD int fd = -1;
	struct pf *names = arena_alloc(pf->arena, sizeof(*names));
	size_t length = 0;
	char *bytes = NULL;
	int r;

	*ret = NULL;
	if (!path || !names)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	r = read_all(fd, pf->arena, &bytes, &length);
	if (r < 0 || !is_whole(bytes, length, pf->instance))
		return r;
	names->arena = pf->arena;
	r = take_all(names, bytes, length);
	if (r >= 0)
		*ret = names;
	return r;
}

int hold_names_remove(const char *handle)
{
	CLEANUP_FREE char *path = path_of(handle);

	return path ? runtime_remove(path) : -ENOMEM;
}
