/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guide/synopsis.h"

#include <string.h>

/* The part that begins at p. */
static struct synopsis_part read_part(const char *p)
{
	struct synopsis_part part = { .words = p + strspn(p, "[") };
	size_t length = strcspn(part.words, " ");

	part.length = strcspn(part.words, " .]");
	part.repeats = memmem(part.words, length, "...", strlen("..."));
	return part;
}

bool synopsis_part(const char *operands, size_t number, struct synopsis_part *ret)
{
	const char *p = operands;

	if (!p)
		return false;
	*ret = read_part(p);
	for (; number && !ret->repeats; number--) {
		p = strchr(p, ' ');
		if (!p)
			return false;
		*ret = read_part(++p);
	}
	return true;
}

bool synopsis_word(struct synopsis_part *part, const char **ret_word, size_t *ret_length)
{
	size_t length = 0;

	if (!part->length)
		return false;
	while (length < part->length && part->words[length] != '|')
		length++;
	*ret_word = part->words;
	*ret_length = length;
	length += length < part->length; /* the bar */
	part->words += length;
	part->length -= length;
	return true;
}
