/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the scalars of a YAML tree say. Messages call a value by its key, and say what it must be
 * and what it is. */

#include <stdbool.h>
#include <stdint.h>

#include "document/diagnostic.h"
#include "document/yaml_node.h"

/* Reports "'key' must be EXPECTED, not WHAT IT IS", or that it has no value; hint may be NULL.
 * Returns -EINVAL. */
int scalar_mismatch(const struct yaml_node *node, const char *key, const char *expected,
		    const char *hint, struct diagnostics *diagnostics);

/* Any scalar, quoted or not, that is neither null nor empty. Returns 0 or -EINVAL, reported. *ret
 * lives as long as node. */
int scalar_read_text(const struct yaml_node *node, const char *key, const char *expected,
		     struct diagnostics *diagnostics, const char **ret);

/* Whether it is a boolean of YAML 1.1, unquoted: true, false, yes, no, on, off; reports nothing. */
bool scalar_is_bool(const struct yaml_node *node, bool *ret);
/* How to write what was meant as a boolean, or NULL. */
const char *scalar_bool_hint(const struct yaml_node *node);

/* A decimal number from min to max, unquoted. Returns 0 or -EINVAL, reported. */
int scalar_read_number(const struct yaml_node *node, const char *key, uint64_t min, uint64_t max,
		       struct diagnostics *diagnostics, uint64_t *ret);

/* Whether it is such a number; reports nothing. */
bool scalar_is_number(const struct yaml_node *node, uint64_t min, uint64_t max, uint64_t *ret);
/* How to write what was meant as a number, or NULL. */
const char *scalar_number_hint(const struct yaml_node *node);

/* Reads decimal digits without leading zeros up to the first other character, *ret_end. Returns 0,
 * -EINVAL or -ERANGE. */
int scalar_parse_digits(const char *string, uint64_t *ret, const char **ret_end);
