/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Patterns that can match nothing: they have characters that no such name has, or are written as
 * another key is. They are no errors, since a kernel may have names that are not known here. */

#include <stdbool.h>

#include "document/yaml_node.h"
#include "policy/read/reader.h"

/* Warns of the pattern of a key, where there is a reason to. */
void doubt_pattern(struct policy_reader *reader, const struct yaml_node *node, const char *key,
		   const char *pattern);

/* Warns of a driver's name that is a module's, or a family's. */
void doubt_driver(struct diagnostics *diagnostics, const struct origin *origin, const char *name);

/* Warns of a text in quotation marks that are none to YAML, as programs for texts make them.
 * Whether it did. */
bool doubt_quotes(struct diagnostics *diagnostics, const struct origin *origin, const char *text);
