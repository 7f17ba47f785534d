/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "util/unseen.h"

void text_clear(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}

/* Makes room for length more bytes and the terminator. */
static bool text_reserve(struct text *text, size_t length)
{
	size_t wanted = text->length + length + 1;
	char *data;

	if (text->failed)
		return false;
	if (text->data && wanted <= text->capacity)
		return true;
	if (wanted < text->capacity * 2)
		wanted = text->capacity * 2;
	data = realloc(text->data, wanted);
	if (!data) {
		text->failed = true;
		return false;
	}
	text->data = data;
	text->capacity = wanted;
	return true;
}

void text_append_n(struct text *text, const char *string, size_t length)
{
	if (!text_reserve(text, length))
		return;
	memcpy(text->data + text->length, string, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void text_append(struct text *text, const char *string)
{
	text_append_n(text, string, strlen(string));
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0) {
		text->failed = true;
		return;
	}
	if (!text_reserve(text, (size_t)length))
		return;
	va_start(arguments, format);
	(void)vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	text->length += (size_t)length;
}

static bool is_unseen(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(unseen_characters) && unseen_characters[i].first <= code;
	     i++)
		if (code <= unseen_characters[i].last)
			return true;
	return false;
}

/* The bytes of the UTF-8 character that p begins with, if it is a printable one; else 0. Overlong
 * forms, surrogates, the C1 control characters, which terminals obey, and what nobody sees are
 * none.
 */
static size_t printable_length(const unsigned char *p)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t least;
	} forms[] = { { 0x80, 0x00, 0 },
		      { 0xe0, 0xc0, 0x80 },
		      { 0xf0, 0xe0, 0x800 },
		      { 0xf8, 0xf0, 0x10000 } };

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		uint32_t code = p[0] & (unsigned char)~forms[i].mask;

		if ((p[0] & forms[i].mask) != forms[i].lead)
			continue;
		for (size_t k = 1; k <= i; k++) {
			if ((p[k] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (p[k] & 0x3f);
		}
		if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code < forms[i].least ||
		    code > 0x10ffff || (code >= 0xd800 && code < 0xe000) || is_unseen(code))
			return 0;
		return i + 1;
	}
	return 0;
}

static bool is_hex(char character)
{
	return character && strchr("0123456789abcdef", character);
}

static bool is_like_an_escape(const char *string)
{
	return string[0] == '\\' && string[1] == 'x' && is_hex(string[2]) && is_hex(string[3]);
}

static void append(struct text *text, const char *string, bool quoted)
{
	const char *p = string;

	while (*p) {
		size_t length = quoted && is_like_an_escape(p)
					? 0
					: printable_length((const unsigned char *)p);

		if (length)
			text_append_n(text, p, length);
		else
			text_printf(text, "\\x%02x", (unsigned char)*p);
		p += length ? length : 1;
	}
}

void text_append_escaped(struct text *text, const char *string)
{
	append(text, string, false);
}

void text_append_quoted(struct text *text, const char *string)
{
	append(text, string, true);
}

bool text_is_printable(const char *string)
{
	const unsigned char *p = (const unsigned char *)string;

	for (size_t length; *p; p += length) {
		length = printable_length(p);
		if (!length)
			return false;
	}
	return true;
}

const char *text_make_printable(const char *string, struct arena *arena)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (text_is_printable(string))
		return string;
	text_append_escaped(&text, string);
	return text.failed ? NULL : arena_strdup(arena, text_string(&text));
}

const char *text_quote(const char *string, struct arena *arena)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append_quoted(&text, string);
	return text.failed ? NULL : arena_strdup(arena, text_string(&text));
}

const char *text_string(const struct text *text)
{
	return text->data ? text->data : "";
}

char *text_take(struct text *text)
{
	char *string;

	if (!text->data)
		text_append_n(text, "", 0);
	string = text->failed ? NULL : TAKE(text->data);
	text_clear(text);
	return string;
}

bool text_has_suffix(const char *string, const char *suffix)
{
	size_t length = strlen(string), tail = strlen(suffix);

	return length > tail && !strcmp(string + length - tail, suffix);
}
