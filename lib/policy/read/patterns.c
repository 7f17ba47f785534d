/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/patterns.h"

#include <errno.h>
#include <string.h>

#include "document/scalar.h"
#include "policy/read/doubt.h"

/* The longest pattern, in bytes: longer than any name that it could match. */
#define PATTERN_MAX 255

int pattern_read_glob(struct policy_reader *reader, const struct yaml_node *node, const char *key,
		      const char **ret)
{
	const char *pattern;
	int r;

	r = scalar_read_text(node, key, "a text", reader->diagnostics, &pattern);
	if (r < 0)
		return r;
	if (strlen(pattern) > PATTERN_MAX)
		return diagnostics_error(reader->diagnostics, &node->origin, NULL,
					 "'%s' is longer than %u bytes", key, PATTERN_MAX);
	*ret = pattern;
	return 0;
}

int patterns_read(struct policy_reader *reader, const struct yaml_node *node, const char *key,
		  pattern_reader *read, struct match_patterns *ret)
{
	bool list = node->kind == YAML_SEQUENCE;
	size_t count = list ? node->count : 1;
	struct match_patterns patterns = { 0 };
	int r, result = 0;

	if (!count)
		return diagnostics_error(reader->diagnostics, &node->origin,
					 "delete the key, or name one at least",
					 "'%s' is an empty list", key);
	patterns.patterns = arena_array(reader->arena, count, sizeof(*patterns.patterns));
	if (!patterns.patterns)
		return -ENOMEM;
	for (size_t i = 0; i < count && !diagnostics_are_enough(reader->diagnostics); i++) {
		r = read(reader, list ? node->items[i] : node, key,
			 &patterns.patterns[patterns.count]);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
		else
			doubt_pattern(reader, list ? node->items[i] : node, key,
				      patterns.patterns[patterns.count++]);
	}
	*ret = patterns;
	return result;
}
