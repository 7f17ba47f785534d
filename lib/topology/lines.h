/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Text in a box of a picture: lines that are no longer than it is wide. */

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/text.h"

struct lines {
	struct arena *arena;
	size_t width; /* in characters */
	const char **items;
	size_t count, capacity;
	bool failed; /* out of memory at some point */
};

/* Appends the string as lines have it: printable, and without characters that neither XML nor a
 * terminal has any use for, U+FFFE and U+FFFF. */
void lines_append(const char *string, struct text *out);
/* Adds the text, printable, and clears it; nothing where it is empty. It is broken at blanks, and
 * what has none within a line anywhere; nothing is cut. */
void lines_add(struct lines *lines, struct text *text);
/* How many characters wide the string is, which is printable. Those of East Asia count twice. */
size_t lines_measure(const char *string);
