/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foreign/search.h"

#include <errno.h>
#include <fcntl.h>

#include "document/diagnostic.h"
#include "document/dropin.h"
#include "util/directory.h"

#define FILE_SIZE_MAX (1u << 20)

int search_note(struct search *search, const char ***list, size_t *count, size_t *capacity,
		const char *string)
{
	int r = string ? arena_grow(search->arena, list, *count, capacity, sizeof(**list))
		       : -ENOMEM;

	if (r < 0)
		return r;
	(*list)[(*count)++] = string;
	return 0;
}

int search_add(struct search *search, const char *who, const char *path, const char *what)
{
	return search_note(
		search, &search->found, &search->count, &search->capacity,
		arena_printf(search->arena, "%s sets up its VFs too: %s has %s", who, path, what));
}

int search_read_lines(const struct search *search, const char *path, enum ini_dialect dialect,
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

int search_list(const struct search *search, const char *directory, const char ***ret,
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
