/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/fact.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "document/yaml.h"

#define ANY_REST "**"

int fact_add(const struct fact *fact, struct arena *arena, struct diagnostics *diagnostics,
	     struct fact_list *list)
{
	int r;

	if (list->count == FACTS_MAX)
		return diagnostics_error(diagnostics, &fact->origin, "convert a part of it",
					 "more than %u keys", FACTS_MAX);
	r = arena_grow(arena, &list->items, list->count, &list->capacity, sizeof(*list->items));
	if (r >= 0)
		list->items[list->count++] = *fact;
	return r;
}

/* An assignment before the first section has no section. */
static int add_line(const struct document *document, const struct ini_line *line,
		    struct arena *arena, struct diagnostics *diagnostics, struct fact_list *list)
{
	const char **path = arena_array(arena, 2, sizeof(*path));
	struct fact fact = {
		.origin = { document, line->line, 1 },
		.path = path,
		.value = line->value,
		.plain = true,
	};

	if (!path)
		return -ENOMEM;
	if (line->section)
		path[fact.depth++] = line->section;
	path[fact.depth++] = line->key;
	return fact_add(&fact, arena, diagnostics, list);
}

int fact_read_ini(const struct document *document, enum ini_dialect dialect, struct arena *arena,
		  struct diagnostics *diagnostics, struct fact_list *list)
{
	struct origin bad = { document, 0, 1 };
	struct ini_line *lines;
	size_t count = 0;
	int r = ini_read(document, dialect, arena, &lines, &count, &bad.line);

	if (r == -EBADMSG)
		return diagnostics_error(
			diagnostics, &bad,
			"its program refuses the whole file for that: correct the line",
			"neither a section in brackets nor an assignment");
	for (size_t i = 0; r >= 0 && i < count; i++)
		if (lines[i].key)
			r = add_line(document, &lines[i], arena, diagnostics, list);
	return r;
}

/* A node on the way down, and where it is. */
struct walker {
	struct arena *arena;
	struct diagnostics *diagnostics;
	struct fact_list *list;
	const char *path[YAML_DEPTH_MAX + 1];
	size_t depth;
};

static int walk(struct walker *walker, const struct yaml_node *node, const struct origin *origin);

static int add_node(struct walker *walker, const struct yaml_node *node,
		    const struct origin *origin)
{
	const bool is_scalar = node->kind == YAML_SCALAR;
	const char **path = arena_array(walker->arena, walker->depth + 1, sizeof(*path));
	const struct fact fact = {
		.origin = *origin,
		.path = path,
		.depth = walker->depth,
		.value = is_scalar && !yaml_is_null(node) ? node->scalar : "",
		.plain = is_scalar && node->plain,
	};

	if (!path)
		return -ENOMEM;
	for (size_t i = 0; i < walker->depth; i++)
		path[i] = walker->path[i];
	return fact_add(&fact, walker->arena, walker->diagnostics, walker->list);
}

static int walk_item(struct walker *walker, const struct yaml_node *node, size_t i)
{
	const bool is_mapping = node->kind == YAML_MAPPING;
	/* One string for each item, since pointers tell them apart. */
	const char *part =
		is_mapping ? node->keys[i]->scalar : arena_strdup(walker->arena, FACT_ITEM);
	int r;

	if (!part)
		return -ENOMEM;
	walker->path[walker->depth++] = part;
	r = walk(walker, node->items[i],
		 is_mapping ? &node->keys[i]->origin : &node->items[i]->origin);
	walker->depth--;
	return r;
}

static int walk(struct walker *walker, const struct yaml_node *node, const struct origin *origin)
{
	int r = 0;

	if (node->kind == YAML_SCALAR || !node->count)
		return add_node(walker, node, origin);
	for (size_t i = 0; r >= 0 && i < node->count; i++)
		r = walk_item(walker, node, i);
	return r;
}

int fact_read_yaml(const struct document *document, struct arena *arena,
		   struct diagnostics *diagnostics, struct fact_list *list)
{
	struct walker walker = { .arena = arena, .diagnostics = diagnostics, .list = list };
	struct yaml_node *root = NULL;
	int r = yaml_read(document, arena, diagnostics, &root);

	if (r < 0 || !root)
		return r;
	if (root->kind == YAML_SCALAR)
		return diagnostics_error(diagnostics, &root->origin,
					 "name the format that the file is of",
					 "the file has no keys");
	return root->count ? walk(&walker, root, &root->origin) : 0;
}

static bool part_fits(const char *part, const char *pattern, size_t length)
{
	char glob[64];

	if (length >= sizeof(glob))
		return false;
	memcpy(glob, pattern, length);
	glob[length] = '\0';
	return !fnmatch(glob, part, 0);
}

bool fact_fits(const struct fact *fact, const char *pattern)
{
	for (size_t i = 0;; i++) {
		size_t length = strcspn(pattern, "/");

		if (!strcmp(pattern, ANY_REST))
			return true;
		if (i == fact->depth)
			return !*pattern;
		if (!length || !part_fits(fact->path[i], pattern, length))
			return false;
		pattern += length + (pattern[length] == '/');
	}
}

const char *fact_key(const struct fact *fact)
{
	for (size_t i = fact->depth; i--;)
		if (strcmp(fact->path[i], FACT_ITEM) != 0)
			return fact->path[i];
	return "";
}

bool fact_is_beside(const struct fact *fact, const struct fact *other, size_t depth)
{
	if (fact->origin.document != other->origin.document || fact->depth < depth ||
	    other->depth < depth)
		return false;
	for (size_t i = 0; i < depth; i++)
		if (fact->path[i] != other->path[i])
			return false;
	return true;
}

const struct fact *fact_beside(const struct fact_list *list, const struct fact *fact, size_t depth,
			       const char *key)
{
	const struct fact *first = fact, *found = NULL;

	while (first > list->items && fact_is_beside(first - 1, fact, depth))
		first--;
	for (; first < list->items + list->count && fact_is_beside(first, fact, depth); first++)
		if (first->depth == depth + 1 && !strcmp(first->path[depth], key))
			found = first;
	return found;
}
