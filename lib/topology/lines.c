/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "topology/lines.h"

#include <string.h>

/* The first character that may be a wide one, in UTF-8: U+1100. */
#define WIDE_FROM "\xe1\x84\x80"

/* What stands for a character that is none, U+FFFD. */
#define REPLACEMENT "\xef\xbf\xbd"

/* The bytes of the character that p begins with, and how wide it is. */
static size_t character_length(const char *p, size_t *ret_width)
{
	size_t length = 1;

	while ((p[length] & 0xc0) == 0x80)
		length++;
	*ret_width = length >= 3 && memcmp(p, WIDE_FROM, 3) >= 0 ? 2 : 1;
	return length;
}

size_t lines_measure(const char *string)
{
	size_t total = 0, width;

	for (const char *p = string; *p; total += width)
		p += character_length(p, &width);
	return total;
}

static void add(struct lines *lines, const char *string, size_t length)
{
	const char *line = arena_strndup(lines->arena, string, length);

	lines->failed = lines->failed || !line ||
			arena_grow(lines->arena, &lines->items, lines->count, &lines->capacity,
				   sizeof(*lines->items)) < 0;
	if (!lines->failed)
		lines->items[lines->count++] = line;
}

/* How much of the string one line has room for: up to the last blank that fits, if there is one. */
static size_t fitting_length(const char *string, size_t room)
{
	size_t filled = 0, end = 0, length = 0, width;

	while (string[length]) {
		size_t next = character_length(string + length, &width);

		if (filled + width > room && length)
			return end ? end : length;
		if (string[length] == ' ')
			end = length;
		filled += width;
		length += next;
	}
	return length;
}

void lines_append(const char *string, struct text *out)
{
	CLEANUP_TEXT struct text printable = { 0 };

	text_append_escaped(&printable, string);
	out->failed = out->failed || printable.failed;
	for (const char *p = text_string(&printable); *p;) {
		bool is_none = !strncmp(p, "\xef\xbf\xbe", 3) || !strncmp(p, "\xef\xbf\xbf", 3);

		text_append_n(out, is_none ? REPLACEMENT : p, is_none ? 3 : 1);
		p += is_none ? 3 : 1;
	}
}

void lines_add(struct lines *lines, struct text *text)
{
	CLEANUP_TEXT struct text printable = { 0 };

	lines_append(text_string(text), &printable);
	lines->failed = lines->failed || text->failed || printable.failed;
	text_clear(text);
	for (const char *p = text_string(&printable); *p && !lines->failed;) {
		size_t length = fitting_length(p, lines->width);

		add(lines, p, length);
		p += length;
		while (*p == ' ')
			p++;
	}
}
