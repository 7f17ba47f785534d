/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Builds a tree of YAML nodes from a reader's events, within the bounds of document/yaml_node.h.
 * Belongs to document/yaml.c. */

#include <stdbool.h>
#include <stddef.h>

#include "document/diagnostic.h"
#include "document/document.h"
#include "document/yaml_node.h"
#include "util/arena.h"

/* What a node weighs with all aliases in it expanded. */
struct yaml_weight {
	size_t nodes;
	size_t height; /* 0 for a scalar */
};

struct yaml_anchor {
	const char *name;
	struct yaml_node *node;
	struct yaml_weight weight;
	bool open; /* the node is not complete */
};

/* A sequence or mapping that is not complete. */
struct yaml_frame {
	struct yaml_node *node;
	size_t items_capacity, keys_capacity;
	bool has_key;	       /* of a mapping: the next node is a value */
	struct yaml_node *key; /* its key, or NULL where the key was refused */
	struct yaml_weight weight;
	size_t anchor; /* its number in the tree's anchors plus 1, or 0 */
};

/* Initialise arena, diagnostics and merge_hint. */
struct yaml_tree {
	struct arena *arena;
	struct diagnostics *diagnostics;
	const char *merge_hint; /* what to write in the place of a merge key */
	struct yaml_node *root; /* NULL until the first node is complete */
	struct yaml_frame frames[YAML_DEPTH_MAX];
	size_t depth;
	size_t n_nodes; /* without expansion */
	struct yaml_anchor *anchors;
	size_t n_anchors, anchors_capacity;
	size_t n_aliases;
};

/* All return 0, -EINVAL with the error reported where reading cannot go on, or -ENOMEM. Duplicate
 * keys and keys that are no scalars are reported and answered with 0. anchor may be NULL. */
int yaml_tree_scalar(struct yaml_tree *tree, const struct origin *origin, const char *anchor,
		     const char *string, size_t length, bool plain);
int yaml_tree_open(struct yaml_tree *tree, const struct origin *origin, const char *anchor,
		   enum yaml_kind kind);
int yaml_tree_close(struct yaml_tree *tree);
int yaml_tree_alias(struct yaml_tree *tree, const struct origin *origin, const char *anchor);
