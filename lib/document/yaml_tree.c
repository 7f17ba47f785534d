/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/yaml_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/duplicate.h"

static int new_node(struct yaml_tree *tree, const struct origin *origin, enum yaml_kind kind,
		    struct yaml_node **ret)
{
	struct yaml_node *node;

	if (++tree->n_nodes > YAML_NODES_MAX) {
		(void)diagnostics_error(tree->diagnostics, origin, NULL,
					"the document has too many values");
		return -EINVAL;
	}
	node = arena_alloc(tree->arena, sizeof(*node));
	if (!node)
		return -ENOMEM;
	node->kind = kind;
	node->origin = *origin;
	*ret = node;
	return 0;
}

/* Notes the anchor of a node. *ret is its number plus 1, or 0 where name is NULL. */
static int add_anchor(struct yaml_tree *tree, const char *name, struct yaml_node *node, size_t *ret)
{
	struct yaml_anchor anchor = { .node = node, .open = true };
	int r;

	*ret = 0;
	if (!name)
		return 0;
	if (tree->n_anchors == YAML_ALIAS_MAX)
		return diagnostics_error(tree->diagnostics, &node->origin, NULL,
					 "the document has more than %u anchors", YAML_ALIAS_MAX);
	anchor.name = arena_strdup(tree->arena, name);
	if (!anchor.name)
		return -ENOMEM;
	r = arena_grow(tree->arena, &tree->anchors, tree->n_anchors, &tree->anchors_capacity,
		       sizeof(anchor));
	if (r < 0)
		return r;
	tree->anchors[tree->n_anchors++] = anchor;
	*ret = tree->n_anchors;
	return 0;
}

static void complete_anchor(struct yaml_tree *tree, size_t anchor, struct yaml_weight weight)
{
	if (!anchor)
		return;
	tree->anchors[anchor - 1].weight = weight;
	tree->anchors[anchor - 1].open = false;
}

static void put_key(struct yaml_tree *tree, struct yaml_frame *frame, struct yaml_node *node)
{
	frame->has_key = true;
	frame->key = NULL;
	if (node->kind != YAML_SCALAR)
		(void)diagnostics_error(tree->diagnostics, &node->origin,
					"a text that begins with '{' or '[' needs quotes",
					"a key must be a word, not %s", yaml_kind_word(node->kind));
	else if (node->plain && strcmp(node->scalar, "<<") == 0)
		(void)diagnostics_error(tree->diagnostics, &node->origin, tree->merge_hint,
					"merge keys are not supported");
	else
		frame->key = node;
}

/* Adds an item, and in a mapping the key before it. */
static int append(struct yaml_tree *tree, struct yaml_frame *frame, struct yaml_node *item)
{
	struct yaml_node *node = frame->node;
	int r;

	r = arena_grow(tree->arena, &node->items, node->count, &frame->items_capacity,
		       sizeof(*node->items));
	if (r < 0)
		return r;
	if (node->kind == YAML_MAPPING) {
		r = arena_grow(tree->arena, &node->keys, node->count, &frame->keys_capacity,
			       sizeof(*node->keys));
		if (r < 0)
			return r;
		node->keys[node->count] = frame->key;
	}
	node->items[node->count++] = item;
	return 0;
}

/* Gives a complete node to the sequence or mapping that it is in. */
static int put(struct yaml_tree *tree, struct yaml_node *node, struct yaml_weight weight)
{
	struct yaml_frame *frame;

	if (!tree->depth) {
		tree->root = node;
		return 0;
	}
	frame = &tree->frames[tree->depth - 1];
	frame->weight.nodes += weight.nodes;
	if (frame->weight.height < weight.height + 1)
		frame->weight.height = weight.height + 1;
	if (frame->weight.nodes > YAML_NODES_MAX)
		return diagnostics_error(
			tree->diagnostics, &node->origin, "use fewer aliases",
			"the document has too many values with its aliases expanded");
	if (frame->node->kind == YAML_MAPPING && !frame->has_key) {
		put_key(tree, frame, node);
		return 0;
	}
	frame->has_key = false;
	if (frame->node->kind == YAML_MAPPING && !frame->key)
		return 0;
	return append(tree, frame, node);
}

int yaml_tree_scalar(struct yaml_tree *tree, const struct origin *origin, const char *anchor,
		     const char *string, size_t length, bool plain)
{
	const struct yaml_weight weight = { .nodes = 1 };
	struct yaml_node *node;
	size_t number;
	int r;

	if (memchr(string, '\0', length))
		return diagnostics_error(tree->diagnostics, origin, NULL,
					 "a text must not have a NUL character in it");
	r = new_node(tree, origin, YAML_SCALAR, &node);
	if (r < 0)
		return r;
	node->plain = plain;
	node->scalar = arena_strndup(tree->arena, string, length);
	if (!node->scalar)
		return -ENOMEM;
	r = add_anchor(tree, anchor, node, &number);
	if (r < 0)
		return r;
	complete_anchor(tree, number, weight);
	return put(tree, node, weight);
}

int yaml_tree_open(struct yaml_tree *tree, const struct origin *origin, const char *anchor,
		   enum yaml_kind kind)
{
	struct yaml_frame frame = { .weight = { .nodes = 1 } };
	int r;

	if (tree->depth == YAML_DEPTH_MAX)
		return diagnostics_error(tree->diagnostics, origin, NULL,
					 "values are nested deeper than %u levels", YAML_DEPTH_MAX);
	r = new_node(tree, origin, kind, &frame.node);
	if (r < 0)
		return r;
	r = add_anchor(tree, anchor, frame.node, &frame.anchor);
	if (r < 0)
		return r;
	tree->frames[tree->depth++] = frame;
	return 0;
}

/* Up to so many keys it is quicker to compare each with each than to sort them. */
#define KEYS_FEW 16

static bool has_twins(const struct yaml_node *mapping)
{
	for (size_t i = 1; i < mapping->count; i++) {
		const char *key = mapping->keys[i]->scalar;

		for (size_t k = 0; k < i; k++)
			if (*mapping->keys[k]->scalar == *key &&
			    strcmp(mapping->keys[k]->scalar, key) == 0)
				return true;
	}
	return false;
}

static int check_keys(struct yaml_tree *tree, const struct yaml_node *mapping)
{
	CLEANUP_FREE const char **keys = calloc(mapping->count + 1, sizeof(*keys));
	CLEANUP_FREE size_t *first = NULL;

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < mapping->count; i++)
		keys[i] = mapping->keys[i]->scalar;
	first = duplicates_find(keys, mapping->count);
	if (!first)
		return -ENOMEM;
	for (size_t i = 0; i < mapping->count && !diagnostics_are_enough(tree->diagnostics); i++)
		if (first[i] != i)
			diagnostics_report(
				tree->diagnostics, SEVERITY_ERROR, &mapping->keys[i]->origin, NULL,
				"%s is given twice, first in line %u", DIAGNOSTIC_QUOTE(keys[i]),
				mapping->keys[first[i]]->origin.line);
	return 0;
}

int yaml_tree_close(struct yaml_tree *tree)
{
	struct yaml_frame *frame = &tree->frames[--tree->depth];
	int r;

	if (frame->node->kind == YAML_MAPPING &&
	    (frame->node->count > KEYS_FEW || has_twins(frame->node))) {
		r = check_keys(tree, frame->node);
		if (r < 0)
			return r;
	}
	complete_anchor(tree, frame->anchor, frame->weight);
	return put(tree, frame->node, frame->weight);
}

/* The newest anchor of that name: a name may be used again. */
static const struct yaml_anchor *find_anchor(const struct yaml_tree *tree, const char *name)
{
	for (size_t i = tree->n_anchors; i-- > 0;)
		if (strcmp(tree->anchors[i].name, name) == 0)
			return &tree->anchors[i];
	return NULL;
}

/* A value, or a key, is said to be where it is used. */
static int put_scalar_again(struct yaml_tree *tree, const struct origin *origin,
			    const struct yaml_anchor *anchor)
{
	struct yaml_node *node;
	int r = new_node(tree, origin, YAML_SCALAR, &node);

	if (r < 0)
		return r;
	node->scalar = anchor->node->scalar;
	node->plain = anchor->node->plain;
	return put(tree, node, anchor->weight);
}

int yaml_tree_alias(struct yaml_tree *tree, const struct origin *origin, const char *name)
{
	const struct yaml_anchor *anchor = find_anchor(tree, name);

	if (!anchor)
		return diagnostics_error(tree->diagnostics, origin,
					 "a text that begins with '*' needs quotes",
					 "there is no anchor %s above", DIAGNOSTIC_QUOTE(name));
	if (anchor->open)
		return diagnostics_error(tree->diagnostics, origin, NULL,
					 "an alias must not be inside of what it names");
	if (++tree->n_aliases > YAML_ALIAS_MAX)
		return diagnostics_error(tree->diagnostics, origin, NULL,
					 "the document has more than %u aliases", YAML_ALIAS_MAX);
	if (tree->depth + anchor->weight.height > YAML_DEPTH_MAX)
		return diagnostics_error(
			tree->diagnostics, origin, "use fewer aliases",
			"with the alias expanded, values are nested deeper than %u levels",
			YAML_DEPTH_MAX);
	if (anchor->node->kind == YAML_SCALAR)
		return put_scalar_again(tree, origin, anchor);
	return put(tree, anchor->node, anchor->weight);
}
