/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/slip.h"

#include <string.h>

#include "util/cleanup.h"

#define BLANKS	 " \t"
#define LETTERS	 "abcdefghijklmnopqrstuvwxyz"
#define NO_BREAK "\xc2\xa0"
/* Shorter words before a ':' may be a part of an address. */
#define KEY_LENGTH 3

/* How many bytes there are of a key of ours, up to its ':'; 0 where there is none. */
static size_t key_length(const char *text)
{
	size_t length = strspn(text, LETTERS "-");

	return length >= KEY_LENGTH && *text != '-' && text[length] == ':' ? length : 0;
}

/* Each returns whether the line has the slip, and where in it. */

static bool lacks_blank_after_colon(const char *line, size_t *ret)
{
	size_t indentation = strspn(line, BLANKS "-"), length = key_length(line + indentation);

	*ret = indentation + length + 1;
	return length && line[*ret] && !strchr(BLANKS, line[*ret]);
}

static bool lacks_blank_after_dash(const char *line, size_t *ret)
{
	size_t indentation = strspn(line, BLANKS);

	*ret = indentation + 1;
	return line[indentation] == '-' && key_length(line + *ret);
}

static bool is_indented_unseen(const char *line, size_t *ret)
{
	*ret = strspn(line, BLANKS "-");
	return strncmp(line + *ret, NO_BREAK, strlen(NO_BREAK)) == 0;
}

static const struct {
	bool (*has)(const char *line, size_t *ret);
	const char *message, *hint;
} slips[] = {
	{ lacks_blank_after_colon, "a blank is missing behind the ':'",
	  "a key is followed by ': ' and its value" },
	{ lacks_blank_after_dash, "a blank is missing behind the '-'",
	  "an item of a list begins with '- '" },
	{ is_indented_unseen, "a no-break space is no indentation", "delete it, and type a blank" },
};

/* The longest line that is looked at. */
#define LINE_MAX_BYTES 256

static bool find_in_line(const char *line, const struct origin *origin, struct slip *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(slips); i++) {
		size_t at;

		if (!slips[i].has(line, &at))
			continue;
		*ret = (struct slip){ *origin, slips[i].message, slips[i].hint };
		ret->origin.column = (unsigned)at + 1;
		return true;
	}
	return false;
}

bool slip_find(const struct document *document, unsigned line, struct slip *ret)
{
	const char *p = document->text, *end = p + document->length;
	struct origin origin = { document, 1, 1 };
	bool found = false;

	for (; p < end && origin.line <= line; origin.line++) {
		const char *next = memchr(p, '\n', (size_t)(end - p));
		size_t length = (size_t)((next ? next : end) - p);
		char copy[LINE_MAX_BYTES];

		if (length >= sizeof(copy))
			length = sizeof(copy) - 1;
		memcpy(copy, p, length);
		copy[length] = '\0';
		found |= find_in_line(copy, &origin, ret);
		p = next ? next + 1 : end;
	}
	return found;
}

bool slip_is_ini(const struct document *document)
{
	const char *p = document->text, *end = p + document->length;

	while (p < end && (strchr(BLANKS "\r\n", *p) || *p == '#' || *p == ';')) {
		const char *next = *p == '#' || *p == ';' ? memchr(p, '\n', (size_t)(end - p)) : p;

		p = next ? next + 1 : end;
	}
	return p < end && *p == '[';
}
