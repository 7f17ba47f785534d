/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A YAML document as a tree with positions, read by libyaml within bounds. Aliases are resolved to
 * the anchored node, of a scalar to one like it at the alias's place; what a tree would weigh with
 * all of them expanded is bounded too. */

#include "document/diagnostic.h"
#include "document/document.h"
#include "document/yaml_node.h"
#include "util/arena.h"

/* Reads exactly one document. An empty one (no content) gives *ret NULL. The tree lives in arena
 * and points to document, which must outlive it. Returns 0; -EINVAL with at least one error
 * reported (syntax, duplicate key, a key that is no scalar, a bound passed, a second document, a
 * tag or an encoding that is not plain UTF-8 YAML); -ENOMEM. */
int yaml_read(const struct document *document, struct arena *arena, struct diagnostics *diagnostics,
	      struct yaml_node **ret);

/* As yaml_read(), for a reader that wants to report all of a document's errors at once: what leaves
 * a readable tree behind is reported as an error and yet answered with 0. These are duplicate keys
 * (the tree has them all), tags (ignored), and keys that are no scalars or merge keys (left out).
 * merge_hint is what to write in the place of a merge key. */
int yaml_read_tolerant(const struct document *document, const char *merge_hint, struct arena *arena,
		       struct diagnostics *diagnostics, struct yaml_node **ret);
