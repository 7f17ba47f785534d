/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/duplicate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"

struct entry {
	const char *string;
	size_t position;
};

static int compare_entries(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int order = strcmp(left->string, right->string);

	if (order)
		return order;
	return (left->position > right->position) - (left->position < right->position);
}

size_t *duplicates_find(const char *const *strings, size_t count)
{
	CLEANUP_FREE struct entry *entries = calloc(count + 1, sizeof(*entries));
	size_t *first = calloc(count + 1, sizeof(*first));

	if (!entries || !first) {
		free(first);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		entries[i] = (struct entry){ strings[i], i };
	qsort(entries, count, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < count; i++) {
		bool again = i && strcmp(entries[i].string, entries[i - 1].string) == 0;

		first[entries[i].position] =
			again ? first[entries[i - 1].position] : entries[i].position;
	}
	return first;
}
