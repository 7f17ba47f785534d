/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/scalar.h"

#include <errno.h>
#include <string.h>

#define DIGITS "0123456789"

/* The hint for a number or boolean in quotes. */
static const char quotes_hint[] = "drop the quotes";

int scalar_mismatch(const struct yaml_node *node, const char *key, const char *expected,
		    const char *hint, struct diagnostics *diagnostics)
{
	if (yaml_is_null(node))
		return diagnostics_error(diagnostics, &node->origin, hint, "'%s' has no value",
					 key);
	if (node->kind != YAML_SCALAR)
		return diagnostics_error(diagnostics, &node->origin, hint,
					 "'%s' must be %s, not %s", key, expected,
					 yaml_kind_word(node->kind));
	return diagnostics_error(diagnostics, &node->origin, hint, "'%s' must be %s, not %s%s", key,
				 expected, hint == quotes_hint ? "the text " : "",
				 DIAGNOSTIC_QUOTE(node->scalar));
}

int scalar_read_text(const struct yaml_node *node, const char *key, const char *expected,
		     struct diagnostics *diagnostics, const char **ret)
{
	if (node->kind != YAML_SCALAR || yaml_is_null(node) || !node->scalar[0])
		return scalar_mismatch(node, key, expected, NULL, diagnostics);
	*ret = node->scalar;
	return 0;
}

/* Whether the string is a boolean of YAML 1.1; *ret is which. */
static bool parse_bool(const char *string, bool *ret)
{
	static const char *const words[2][9] = {
		{ "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF" },
		{ "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON" },
	};

	for (size_t value = 0; value < 2; value++) {
		for (size_t i = 0; i < ARRAY_SIZE(words[value]); i++) {
			if (strcmp(string, words[value][i]) != 0)
				continue;
			*ret = value;
			return true;
		}
	}
	return false;
}

bool scalar_is_bool(const struct yaml_node *node, bool *ret)
{
	return node->kind == YAML_SCALAR && node->plain && parse_bool(node->scalar, ret);
}

const char *scalar_bool_hint(const struct yaml_node *node)
{
	bool value;

	return node->kind == YAML_SCALAR && !node->plain && parse_bool(node->scalar, &value)
		       ? quotes_hint
		       : NULL;
}

int scalar_parse_digits(const char *string, uint64_t *ret, const char **ret_end)
{
	const char *p = string;
	uint64_t number = 0;
	bool overflow = false;

	for (; *p >= '0' && *p <= '9'; p++)
		overflow = overflow || __builtin_mul_overflow(number, 10u, &number) ||
			   __builtin_add_overflow(number, (uint64_t)(*p - '0'), &number);
	if (p == string || (string[0] == '0' && p > string + 1))
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	*ret = number;
	*ret_end = p;
	return 0;
}

bool scalar_is_number(const struct yaml_node *node, uint64_t min, uint64_t max, uint64_t *ret)
{
	uint64_t number;
	const char *end;

	if (node->kind != YAML_SCALAR || !node->plain)
		return false;
	if (scalar_parse_digits(node->scalar, &number, &end) < 0 || *end)
		return false;
	if (number < min || number > max)
		return false;
	*ret = number;
	return true;
}

const char *scalar_number_hint(const struct yaml_node *node)
{
	const char *string = node->scalar;
	size_t digits;

	if (node->kind != YAML_SCALAR)
		return NULL;
	digits = strspn(string, DIGITS);
	if (!digits)
		return NULL;
	if (string[0] == '0' && string[1] && strchr("xXoObB", string[1]))
		return "write it in decimal";
	if (string[0] == '0' && digits > 1)
		return "write it without leading zeros";
	if (!string[digits])
		return node->plain ? NULL : quotes_hint;
	if (strchr("._,eE", string[digits]))
		return "write a whole number, digits only";
	return "write the number alone";
}

int scalar_read_number(const struct yaml_node *node, const char *key, uint64_t min, uint64_t max,
		       struct diagnostics *diagnostics, uint64_t *ret)
{
	CLEANUP_TEXT struct text expected = { 0 };

	if (scalar_is_number(node, min, max, ret))
		return 0;
	text_printf(&expected, "a number from %llu to %llu", (unsigned long long)min,
		    (unsigned long long)max);
	if (expected.failed)
		return -ENOMEM;
	return scalar_mismatch(node, key, text_string(&expected), scalar_number_hint(node),
			       diagnostics);
}
