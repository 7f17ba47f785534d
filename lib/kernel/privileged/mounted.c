/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/privileged/mounted.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "kernel/mount/mount_servers.h"
#include "util/text.h"

#define MOUNTS "/proc/1/mountinfo"

/* A file system, which may be mounted at many places. */
struct file_system {
	dev_t device;
	struct servers servers;
	const char *path; /* the first of these by name */
	const char *details;
};

struct listing {
	struct arena *arena;
	struct file_system *items;
	size_t count, capacity;
};

static struct file_system *find(const struct listing *listing, dev_t device)
{
	for (size_t i = 0; i < listing->count; i++)
		if (listing->items[i].device == device)
			return &listing->items[i];
	return NULL;
}

/* NULL in *ret where it is one of the many that have no servers and no disk: nothing is kept. */
static int add(struct listing *listing, const struct mount *mount, struct file_system **ret)
{
	struct file_system item = { .device = mount->device };
	int r = mount_servers_find(mount, listing->arena, &item.servers);

	*ret = NULL;
	if (r < 0 || (!item.servers.count && !major(mount->device)))
		return r;
	if (arena_grow(listing->arena, &listing->items, listing->count, &listing->capacity,
		       sizeof(item)) < 0)
		return -ENOMEM;
	*ret = &listing->items[listing->count++];
	**ret = item;
	return 0;
}

static int describe(struct arena *arena, const struct mount *mount, struct file_system *item)
{
	const char *by = item->servers.by;

	item->path = arena_strdup(arena, mount->path);
	item->details = arena_printf(arena, "%s %s%s%s at %s", mount->type, mount->source,
				     by ? " by " : "", by ? by : "", mount->path);
	return item->path && item->details ? 0 : -ENOMEM;
}

static int on_mount(const struct mount *mount, void *context)
{
	struct listing *listing = context;
	struct file_system *item = find(listing, mount->device);
	int r = item ? 0 : add(listing, mount, &item);

	if (r < 0 || !item || !item->servers.count)
		return r;
	return item->path && strcmp(item->path, mount->path) <= 0
		       ? 0
		       : describe(listing->arena, mount, item);
}

/* Those without servers behind all others. */
static int compare(const void *a, const void *b)
{
	const struct file_system *left = a, *right = b;

	if (!left->path || !right->path)
		return !left->path - !right->path;
	return strcmp(left->path, right->path);
}

static const char *line_of(struct arena *arena, const struct server *server, const char *details)
{
	char address[INET6_ADDRSTRLEN];
	const char *line = arena_printf(
		arena, "%s%s%s %s", ip_address_format(&server->address, address),
		server->device ? "%" : "", server->device ? server->device : "", details);

	return line ? text_make_printable(line, arena) : NULL;
}

static int add_lines(const struct listing *listing, const char ***ret, size_t *ret_count)
{
	const char **lines = NULL;
	size_t count = 0, capacity = 0;

	for (size_t i = 0; i < listing->count; i++) {
		const struct file_system *item = &listing->items[i];

		for (size_t j = 0; j < item->servers.count; j++) {
			if (arena_grow(listing->arena, &lines, count, &capacity, sizeof(*lines)) <
			    0)
				return -ENOMEM;
			lines[count] =
				line_of(listing->arena, &item->servers.items[j], item->details);
			if (!lines[count++])
				return -ENOMEM;
		}
	}
	*ret = lines;
	*ret_count = count;
	return 0;
}

int mounted_list(struct arena *arena, const char ***ret, size_t *ret_count)
{
	struct listing listing = { .arena = arena };
	int r = mountinfo_each(MOUNTS, on_mount, &listing);

	/* It is always there. */
	if (r == -ENOENT)
		return -EACCES;
	if (r < 0)
		return r;
	if (listing.count)
		qsort(listing.items, listing.count, sizeof(*listing.items), compare);
	return add_lines(&listing, ret, ret_count);
}
