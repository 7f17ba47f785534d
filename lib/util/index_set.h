/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A set of small numbers, such as the VFs "0-3,6". */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/text.h"

/* The most ranges that one set is written in. */
#define INDEX_SET_RANGES_MAX 4096u

struct index_range {
	uint32_t first;
	uint32_t last;	 /* inclusive */
	uint32_t before; /* how many indices of the set come before the first */
};

struct index_set {
	bool all;		    /* every index */
	struct index_range *ranges; /* rising, with gaps between them */
	size_t count;
};

/* Reads "3", "0-3,6", "all"; blanks around commas are allowed. Returns 0; -EINVAL for anything
 * else, a descending range and leading zeros included; -ERANGE where an index is above max; -E2BIG
 * for more than INDEX_SET_RANGES_MAX ranges; -ENOMEM. */
int index_set_parse(const char *string, uint32_t max, struct arena *arena, struct index_set *ret);
bool index_set_contains(const struct index_set *set, uint32_t index);
/* The highest index that the set names; 0 for "all" and for the empty set. */
uint32_t index_set_highest(const struct index_set *set);
/* How many indices of the set come before this one, which is in it. */
uint32_t index_set_position(const struct index_set *set, uint32_t index);
/* Whether the set names one index only. */
bool index_set_is_single(const struct index_set *set);
/* Appends it as index_set_parse() reads it. */
void index_set_format(const struct index_set *set, struct text *out);
