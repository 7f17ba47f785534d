/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Values that are one pattern or a list of them, any of which may hold. */

#include "policy/read/reader.h"

/* Checks one pattern and gives its canonical form, in the reader's arena or node's. 0; -EINVAL,
 * reported; -ENOMEM. */
typedef int pattern_reader(struct policy_reader *reader, const struct yaml_node *node,
			   const char *key, const char **ret);

int patterns_read(struct policy_reader *reader, const struct yaml_node *node, const char *key,
		  pattern_reader *read, struct match_patterns *ret);

/* A glob of fnmatch(3). */
pattern_reader pattern_read_glob;
