/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/spelling.h"

#include <string.h>

static char fold(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c == '_' ? '-' : c;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t spelling_distance(const char *a, const char *b)
{
	/* Three rows of the table of distances between all beginnings of the words. */
	size_t rows[3][SPELLING_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];
	size_t n = strnlen(a, SPELLING_MAX), m = strnlen(b, SPELLING_MAX);

	if (n >= SPELLING_MAX || m >= SPELLING_MAX)
		return SPELLING_MAX;
	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *oldest = before;

		before = above;
		above = row;
		row = oldest;
		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t change = fold(a[i - 1]) != fold(b[j - 1]);

			row[j] = least(above[j - 1] + change, least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
			    fold(a[i - 2]) == fold(b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return row[m];
}
