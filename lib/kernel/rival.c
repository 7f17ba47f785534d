/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/rival.h"

#include <errno.h>
#include <fcntl.h>
#include <libudev.h>
#include <string.h>

#include "kernel/rival_search.h"
#include "util/directory.h"
#include "util/dropin.h"

#define FILE_SIZE_MAX (1u << 20)

int rival_note(struct rival_search *search, const char ***list, size_t *count, size_t *capacity,
	       const char *string)
{
	int r = string ? arena_grow(search->arena, list, *count, capacity, sizeof(**list))
		       : -ENOMEM;

	if (r < 0)
		return r;
	(*list)[(*count)++] = string;
	return 0;
}

int rival_add(struct rival_search *search, const char *who, const char *path, const char *what)
{
	return rival_note(
		search, &search->found, &search->count, &search->capacity,
		arena_printf(search->arena, "%s sets up its VFs too: %s has %s", who, path, what));
}

int rival_read_lines(const struct rival_search *search, const char *path, enum ini_dialect dialect,
		     struct ini_line **ret, size_t *ret_count)
{
	CLEANUP_DIAGNOSTICS struct diagnostics ignored = { 0 };
	const char *full =
		arena_printf(search->arena, "%s%s", search->root ? search->root : "", path);
	struct document document;
	int r;

	*ret_count = 0;
	if (!full)
		return -ENOMEM;
	r = dropin_read_regular(full, FILE_SIZE_MAX, search->arena, &ignored, &document);
	if (r >= 0)
		r = ini_read(&document, dialect, search->arena, ret, ret_count);
	return r == -ENOMEM ? r : 0;
}

bool rival_is_line(const struct ini_line *line, const char *section, const char *key)
{
	return line->section && line->key && !strcmp(line->section, section) &&
	       !strcmp(line->key, key);
}

bool rival_has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), tail = strlen(suffix);

	return length > tail && !strcmp(name + length - tail, suffix);
}

int rival_list(const struct rival_search *search, const char *directory, const char ***ret,
	       size_t *ret_count)
{
	const char *full =
		arena_printf(search->arena, "%s%s", search->root ? search->root : "", directory);
	int r;

	*ret_count = 0;
	if (!full)
		return -ENOMEM;
	r = directory_list(AT_FDCWD, full, search->arena, ret, ret_count);
	return r == -ENOMEM ? r : 0;
}

int rival_find_in(const struct rival_sources *sources, const struct pf *pf, struct arena *arena,
		  const char ***ret, size_t *ret_count)
{
	struct rival_search search = { .root = sources->root, .pf = pf, .arena = arena };
	int r = rival_find_link(&search, sources);

	if (r >= 0)
		r = rival_find_profiles(&search);
	if (r < 0)
		return r;
	*ret = search.found;
	*ret_count = search.count;
	return 0;
}

DEFINE_CLEANUP(struct udev *, udev_unref);
DEFINE_CLEANUP(struct udev_device *, udev_device_unref);

int rival_find(const char *root, const struct pf *pf, struct arena *arena, const char ***ret,
	       size_t *ret_count)
{
	CLEANUP(udev_unref_cleanup) struct udev *udev = udev_new();
	CLEANUP(udev_device_unref_cleanup) struct udev_device *netdev = NULL;
	struct rival_sources sources = { .root = root };

	if (!udev)
		return -ENOMEM;
	if (pf->ifname)
		netdev = udev_device_new_from_subsystem_sysname(udev, "net", pf->ifname);
	if (netdev) {
		sources.link_file = udev_device_get_property_value(netdev, "ID_NET_LINK_FILE");
		sources.link_dropins =
			udev_device_get_property_value(netdev, "ID_NET_LINK_FILE_DROPINS");
	}
	return rival_find_in(&sources, pf, arena, ret, ret_count);
}
