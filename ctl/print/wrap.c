/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/wrap.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <wchar.h>

#include "memory.h"

/* Of ASCII, which nearly all is, mbrtowc() is not asked: that took a quarter of a long plan.
 */
static bool is_narrow(char character)
{
	return character >= ' ' && character <= '~';
}

/* Characters of East Asia fill two columns, and those that are put onto others none. */
size_t wrap_width(const char *string)
{
	mbstate_t state = { 0 };
	size_t width = 0, length;
	wchar_t character;

	for (const char *p = string ? string : ""; *p; p += length) {
		int columns;

		length = 1;
		if (is_narrow(*p)) {
			width++;
			continue;
		}
		length = mbrtowc(&character, p, MB_LEN_MAX, &state);
		/* What is no text in this locale is printed byte by byte. */
		if (length > MB_LEN_MAX)
			return strlen(string);
		columns = wcwidth(character);
		width += columns < 0 ? 1 : (size_t)columns;
	}
	return width;
}

size_t wrap_columns(FILE *stream)
{
	struct winsize size;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) < 0 || size.ws_col <= WRAP_COLUMNS_MIN)
		return SIZE_MAX;
	return size.ws_col;
}

static size_t word_width(const char *word, size_t length)
{
	CLEANUP_FREE char *copy = MEMORY_REQUIRE(strndup(word, length));

	return wrap_width(copy);
}

/* The word that begins there, with the blanks in front of it. */
static size_t word_length(const char *word, size_t length)
{
	size_t end = 0;

	while (end < length && word[end] == ' ')
		end++;
	while (end < length && word[end] != ' ')
		end++;
	return end;
}

char *wrap_line(const char *line, size_t length, size_t columns, const char *indent)
{
	CLEANUP_TEXT struct text text = { 0 };
	size_t filled = 0, next;

	for (size_t i = 0; i < length; i += next) {
		size_t width;

		next = word_length(line + i, length - i);
		width = word_width(line + i, next);
		if (filled && filled + width > columns && line[i] == ' ') {
			text_printf(&text, "\n%s%.*s", indent, (int)next - 1, line + i + 1);
			filled = strlen(indent) + width - 1;
		} else {
			text_printf(&text, "%.*s", (int)next, line + i);
			filled += width;
		}
	}
	(void)memory_text(&text);
	return text.length ? MEMORY_REQUIRE(text_take(&text)) : MEMORY_REQUIRE(strdup(""));
}

void wrap_print(FILE *stream, enum style style, const char *string)
{
	CLEANUP_TEXT struct text text = { 0 };
	CLEANUP_FREE char *lines = NULL;

	text_append_escaped(&text, string);
	lines = wrap_line(memory_text(&text), text.length, wrap_columns(stream), "    ");
	style_print_lines(stream, style, lines);
	(void)fputc('\n', stream);
}
