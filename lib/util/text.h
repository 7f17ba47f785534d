/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Text that grows. Errors stick: append freely, ask once at the end. Initialise with { 0 }. */

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"

struct text {
	char *data; /* always terminated once something was appended; NULL before */
	size_t length;
	size_t capacity;
	bool failed; /* out of memory at some point: the text is incomplete */
};

void text_clear(struct text *text); /* releases all; the text can be used again */

void text_append(struct text *text, const char *string);
void text_append_n(struct text *text, const char *string, size_t length);
void text_printf(struct text *text, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));
/* The string with control characters, characters that nobody sees, and bytes that are no UTF-8, as
 * \xNN. For texts that are shown as a whole: what is escaped in them already stays as it is. */
void text_append_escaped(struct text *text, const char *string);
/* What others have named, or said, in a text of ours: as text_append_escaped() and once only, so
 * that no two look alike. A backslash that would begin such an escape is \x5c. */
void text_append_quoted(struct text *text, const char *string);
/* Whether it is UTF-8 without any of these. */
bool text_is_printable(const char *string);
/* The string if it is printable, or else as text_append_escaped() makes it, in arena: what others
 * have named is not to speak to a terminal or a bus. NULL when out of memory. */
const char *text_make_printable(const char *string, struct arena *arena);
/* As text_append_quoted() makes it, in arena. NULL when out of memory. */
const char *text_quote(const char *string, struct arena *arena);
/* What was appended, "" if nothing; owned by the text. */
const char *text_string(const struct text *text);
/* Hands the string to the caller, who frees it; NULL when out of memory. The text is empty after.
 */
char *text_take(struct text *text);

#define CLEANUP_TEXT CLEANUP(text_clear)

/* Whether the string ends in the suffix, and is more than that. */
bool text_has_suffix(const char *string, const char *suffix);
