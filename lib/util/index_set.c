/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/index_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* Reads a decimal number and moves *p behind it. */
static int parse_number(const char **p, uint32_t *ret)
{
	const char *digits = *p;
	uint64_t number = 0;

	for (; **p >= '0' && **p <= '9'; (*p)++)
		if (number <= UINT32_MAX)
			number = number * 10 + (uint64_t)(**p - '0');
	/* Leading zeros are refused: they may be meant as octal. */
	if (*p == digits || (digits[0] == '0' && *p > digits + 1))
		return -EINVAL;
	if (number > UINT32_MAX)
		return -ERANGE;
	*ret = (uint32_t)number;
	return 0;
}

static int parse_range(const char **p, struct index_range *ret)
{
	int r;

	*p = skip_blanks(*p);
	r = parse_number(p, &ret->first);
	if (r < 0)
		return r;
	ret->last = ret->first;
	if (**p == '-') {
		(*p)++;
		r = parse_number(p, &ret->last);
		if (r < 0)
			return r;
	}
	*p = skip_blanks(*p);
	return ret->last < ret->first ? -EINVAL : 0;
}

static int parse_ranges(const char *p, uint32_t max, struct arena *arena, struct index_set *ret)
{
	struct index_range range;
	size_t capacity = 0;
	int r;

	for (;; p++) {
		r = parse_range(&p, &range);
		if (r < 0)
			return r;
		if (*p && *p != ',')
			return -EINVAL;
		if (range.last > max)
			return -ERANGE;
		if (ret->count == INDEX_SET_RANGES_MAX)
			return -E2BIG;
		r = arena_grow(arena, &ret->ranges, ret->count, &capacity, sizeof(range));
		if (r < 0)
			return r;
		ret->ranges[ret->count++] = range;
		if (!*p)
			return 0;
	}
}

static int compare_ranges(const void *a, const void *b)
{
	const struct index_range *left = a, *right = b;

	return (left->first > right->first) - (left->first < right->first);
}

/* Puts them in order, and into one what overlaps or touches. */
static void join_ranges(struct index_set *set)
{
	size_t count = 1;

	qsort(set->ranges, set->count, sizeof(*set->ranges), compare_ranges);
	set->ranges[0].before = 0;
	for (size_t i = 1; i < set->count; i++) {
		struct index_range *last = &set->ranges[count - 1];
		const struct index_range range = set->ranges[i];

		if (range.first <= last->last || range.first - last->last == 1) {
			last->last = range.last > last->last ? range.last : last->last;
			continue;
		}
		set->ranges[count] = range;
		set->ranges[count++].before = last->before + (last->last - last->first + 1);
	}
	set->count = count;
}

int index_set_parse(const char *string, uint32_t max, struct arena *arena, struct index_set *ret)
{
	struct index_set set = { 0 };
	int r = 0;

	if (strcmp(string, "all") == 0)
		set.all = true;
	else
		r = parse_ranges(string, max, arena, &set);
	if (r < 0)
		return r;
	if (!set.all)
		join_ranges(&set);
	*ret = set;
	return 0;
}

/* The last range that does not begin behind the index; the first, if all do. Of a set that has one.
 */
static const struct index_range *find_range(const struct index_set *set, uint32_t index)
{
	size_t low = 0, high = set->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (set->ranges[middle].first <= index)
			low = middle;
		else
			high = middle;
	}
	return &set->ranges[low];
}

bool index_set_contains(const struct index_set *set, uint32_t index)
{
	const struct index_range *range = set->count ? find_range(set, index) : NULL;

	return range ? index >= range->first && index <= range->last : set->all;
}

uint32_t index_set_highest(const struct index_set *set)
{
	return set->all || !set->count ? 0 : set->ranges[set->count - 1].last;
}

uint32_t index_set_position(const struct index_set *set, uint32_t index)
{
	const struct index_range *range = set->all ? NULL : find_range(set, index);

	return range ? range->before + (index - range->first) : index;
}

bool index_set_is_single(const struct index_set *set)
{
	return !set->all && set->count == 1 && set->ranges[0].first == set->ranges[0].last;
}

void index_set_format(const struct index_set *set, struct text *out)
{
	if (set->all)
		text_append(out, "all");
	for (size_t i = 0; i < set->count; i++) {
		const struct index_range *range = &set->ranges[i];

		text_printf(out, i ? ",%u" : "%u", range->first);
		if (range->last > range->first)
			text_printf(out, "-%u", range->last);
	}
}
