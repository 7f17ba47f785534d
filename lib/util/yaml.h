/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A YAML document as a tree with positions, read by libyaml within bounds. Aliases are resolved to
 * the anchored node; what a tree would weigh with all of them expanded is bounded too. */

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/diagnostic.h"
#include "util/document.h"

#define YAML_SIZE_MAX  (16u << 20) /* bytes of one document */
#define YAML_DEPTH_MAX 32	   /* with aliases expanded */
#define YAML_ALIAS_MAX 1024	   /* anchors, and aliases */
#define YAML_NODES_MAX (4u << 20)  /* with aliases expanded */

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
	enum yaml_kind kind;
	struct origin origin;
	/* scalar */
	const char *scalar; /* terminated, no NUL inside */
	bool plain;	    /* unquoted: may be a number, a boolean or null */
	/* sequence: items; mapping: items are the values, keys their keys (scalars) */
	struct yaml_node **items;
	struct yaml_node **keys;
	size_t count;
};

/* Reads exactly one document. An empty one (no content) gives *ret NULL. The tree lives in arena
 * and points to document, which must outlive it. Returns 0; -EINVAL with at least one error
 * reported (syntax, duplicate key, a key that is no scalar, a bound passed, a second document, a
 * tag or an encoding that is not plain UTF-8 YAML); -ENOMEM. */
int yaml_read(const struct document *document, struct arena *arena, struct diagnostics *diagnostics,
	      struct yaml_node **ret);

/* As yaml_read(), for a reader that wants to tell all of a document's errors at once: what leaves a
 * readable tree behind is reported as an error and yet answered with 0. These are duplicate keys
 * (the tree has them all), tags (ignored), and keys that are no scalars or merge keys (left out).
 */
int yaml_read_tolerant(const struct document *document, struct arena *arena,
		       struct diagnostics *diagnostics, struct yaml_node **ret);

/* The value of key in a mapping, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);
/* A plain null: "", "~", "null". */
bool yaml_is_null(const struct yaml_node *node);
/* "a list", "a mapping", or "a text" for a scalar. */
const char *yaml_kind_word(enum yaml_kind kind);
