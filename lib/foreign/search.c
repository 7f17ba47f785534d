/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foreign/search.h"

#include <errno.h>
#include <fcntl.h>

#include "document/diagnostic.h"
#include "document/document_file.h"
#include "document/dropin.h"
#include "util/directory.h"
#include "util/text.h"

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

/* 1 if there is a document, 0 if the file cannot be read. */
static int read_file(const struct search *search, const char *path, struct document *ret)
{
	CLEANUP_DIAGNOSTICS struct diagnostics ignored = { 0 };
	const char *full =
		arena_printf(search->arena, "%s%s", search->root ? search->root : "", path);
	int r;

	if (!full)
		return -ENOMEM;
	r = document_file_read_regular(full, FILE_SIZE_MAX, search->arena, &ignored, ret);
	if (r == -ENOMEM)
		return r;
	return r < 0 ? 0 : 1;
}

int search_read_text(const struct search *search, const char *path, const char **ret)
{
	struct document document;
	int r = read_file(search, path, &document);

	if (r < 0)
		return r;
	*ret = r ? document.text : NULL;
	return 0;
}

int search_read_lines(const struct search *search, const char *path, enum ini_dialect dialect,
		      struct ini_line **ret, size_t *ret_count)
{
	struct document document;
	int r = read_file(search, path, &document);

	*ret_count = 0;
	if (r > 0)
		r = ini_read(&document, dialect, search->arena, ret, ret_count, NULL);
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

static int add_entries(const struct search *search, const char *directory, size_t number,
		       const char *suffix, struct dropin_entry **entries, size_t *n_entries,
		       size_t *capacity)
{
	const char **names;
	size_t count;
	int r = search_list(search, directory, &names, &count);

	for (size_t i = 0; r >= 0 && i < count; i++) {
		if (!text_has_suffix(names[i], suffix))
			continue;
		r = arena_grow(search->arena, entries, *n_entries, capacity, sizeof(**entries));
		if (r >= 0)
			(*entries)[(*n_entries)++] = (struct dropin_entry){ names[i], number };
	}
	return r;
}

int search_find_dropins(const struct search *search, const char *const *directories,
			const char *suffix, const char ***ret, size_t *ret_count)
{
	struct dropin_entry *entries = NULL;
	size_t n_entries = 0, capacity = 0;
	const char **paths;
	int r = 0;

	for (size_t i = 0; r >= 0 && directories[i]; i++)
		r = add_entries(search, directories[i], i, suffix, &entries, &n_entries, &capacity);
	if (r < 0)
		return r;
	n_entries = dropin_order(entries, n_entries);
	paths = arena_array(search->arena, n_entries + 1, sizeof(*paths));
	if (!paths)
		return -ENOMEM;
	for (size_t i = 0; entries && i < n_entries; i++) {
		paths[i] = arena_printf(search->arena, "%s/%s", directories[entries[i].directory],
					entries[i].name);
		if (!paths[i])
			return -ENOMEM;
	}
	*ret = paths;
	*ret_count = n_entries;
	return 0;
}
