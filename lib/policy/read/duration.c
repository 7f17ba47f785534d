/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/duration.h"

#include <stddef.h>
#include <string.h>

#include "document/scalar.h"

static const struct unit {
	const char *word;
	uint64_t ms;
} units[] = {
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60 * 1000 },
	{ "h", 60 * 60 * 1000 },
};

static const struct unit *find_unit(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strcmp(word, units[i].word) == 0)
			return &units[i];
	return NULL;
}

int duration_read(const struct yaml_node *node, const char *key,
		  const struct duration_limits *limits, struct diagnostics *diagnostics,
		  uint64_t *ret_ms)
{
	static const char expected[] = "a duration such as 500ms, 60s, 2m, 1h or 0";
	const struct unit *unit;
	const char *end;
	uint64_t number;

	if (node->kind != YAML_SCALAR || scalar_parse_digits(node->scalar, &number, &end) < 0)
		return scalar_mismatch(node, key, expected, NULL, diagnostics);
	unit = find_unit(end);
	if (!*end && number)
		return diagnostics_error(diagnostics, &node->origin,
					 "write ms, s, m or h behind it", "'%s' has no unit", key);
	if (*end && !unit)
		return scalar_mismatch(node, key, expected, "the units are ms, s, m and h",
				       diagnostics);
	if (number && (__builtin_mul_overflow(number, unit->ms, &number) ||
		       number < limits->min_ms || number > limits->max_ms))
		return scalar_mismatch(node, key, limits->words, NULL, diagnostics);
	*ret_ms = number;
	return 0;
}
