/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/excerpt.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "util/text.h"

/* What stands for the rest of a line that is not shown. */
#define ELLIPSIS "..."

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The length of the line break that p begins with, or 0. */
static size_t break_length(const char *p, const char *end)
{
	static const char *const breaks[] = {
		"\r\n", "\n", "\r", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9",
	};

	/* Nearly every byte is none of these. */
	if (*p != '\n' && *p != '\r' && (unsigned char)*p < 0xc2)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(breaks); i++) {
		size_t length = strlen(breaks[i]);

		if ((size_t)(end - p) >= length && memcmp(p, breaks[i], length) == 0)
			return length;
	}
	return 0;
}

static const char *line_end(const char *p, const char *end)
{
	while (p < end && !break_length(p, end))
		p++;
	return p;
}

static const char *skip_lines(const char *p, const char *end, unsigned lines)
{
	while (lines--) {
		p = line_end(p, end);
		if (p == end)
			return NULL;
		p += break_length(p, end);
	}
	return p;
}

/* The bytes of the first characters of a line of length bytes. */
static size_t characters_length(const char *line, size_t length, size_t characters)
{
	size_t i = 0;

	while (i < length && characters--)
		for (i++; i < length && is_continuation(line[i]);)
			i++;
	return i;
}

size_t excerpt_bytes(const char *excerpt, size_t characters)
{
	return characters_length(excerpt, strlen(excerpt), characters);
}

size_t excerpt_boundary(const char *string, size_t length)
{
	while (length && is_continuation(string[length]))
		length--;
	return length;
}

/* The part of a line that is shown, in bytes of the line. */
struct window {
	size_t first, end;
	size_t caret;
	size_t length; /* of the whole line */
};

static struct window choose_window(const char *line, size_t length, unsigned column)
{
	struct window window = { .end = length, .length = length };

	window.caret = characters_length(line, length, column ? column - 1 : 0);
	if (length > EXCERPT_MAX && window.caret > EXCERPT_MAX * 2 / 3)
		window.first = excerpt_boundary(line, window.caret - EXCERPT_MAX / 2);
	if (length - window.first > EXCERPT_MAX)
		window.end = excerpt_boundary(line, window.first + EXCERPT_MAX);
	return window;
}

static char *copy_window(const char *line, const struct window *window, struct arena *arena)
{
	size_t size = window->end - window->first;
	char *copy = arena_alloc(arena, size + 2 * sizeof(ELLIPSIS));
	char *end = copy;

	if (!copy)
		return NULL;
	if (window->first)
		end = stpcpy(end, ELLIPSIS);
	memcpy(end, line + window->first, size);
	for (size_t i = 0; i < size; i++, end++)
		if (*end == '\t' || *end == '\0')
			*end = ' ';
	if (window->end < window->length)
		strcpy(end, ELLIPSIS);
	return copy;
}

int excerpt_make(const struct origin *origin, struct arena *arena, const char **ret,
		 size_t *ret_caret)
{
	const struct document *document = origin->document;
	const char *line = NULL, *end, *copy = NULL;
	struct window window = { 0 };

	if (origin->line && document->text) {
		end = document->text + document->length;
		line = skip_lines(document->text, end, origin->line - 1);
	}
	if (line) {
		window = choose_window(line, (size_t)(line_end(line, end) - line), origin->column);
		copy = copy_window(line, &window, arena);
		if (!copy)
			return -ENOMEM;
	}
	*ret = copy;
	*ret_caret = window.caret - window.first + (window.first ? strlen(ELLIPSIS) : 0);
	return 0;
}

size_t excerpt_width(const char *excerpt, size_t bytes)
{
	CLEANUP_TEXT struct text prefix = { 0 }, escaped = { 0 };
	size_t width = 0;

	text_append_n(&prefix, excerpt, bytes);
	text_append_escaped(&escaped, text_string(&prefix));
	for (const char *p = text_string(&escaped); *p; p++)
		width += !is_continuation(*p);
	return width;
}

struct origin excerpt_origin(const struct document *document, size_t offset)
{
	struct origin origin = { .document = document, .line = 1, .column = 1 };
	const char *line = document->text, *end = document->text + document->length;
	const char *place = offset < document->length ? document->text + offset : end;

	for (;;) {
		const char *next = line_end(line, end);

		if (next >= place)
			break;
		next += break_length(next, end);
		if (next > place)
			break;
		line = next;
		origin.line++;
	}
	for (; line < place; line++)
		origin.column += !is_continuation(*line);
	return origin;
}

char excerpt_character(const struct origin *origin, int shift)
{
	const struct document *document = origin->document;
	const char *end = document->text + document->length;
	const char *line = skip_lines(document->text, end, origin->line - 1);
	long column = (long)origin->column - 1 + shift;
	size_t length, at;

	if (!line || column < 0)
		return '\0';
	length = (size_t)(line_end(line, end) - line);
	at = characters_length(line, length, (size_t)column);
	return at < length ? line[at] : '\0';
}
