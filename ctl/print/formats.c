/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/formats.h"

#include <stdio.h>
#include <string.h>

#include "document/diagnostic.h"
#include "style.h"

#define FORMATS_MAX 32

enum verdict formats_refuse(const char *word, bool (*format)(size_t number, struct verb_word *ret))
{
	struct verb_word formats[FORMATS_MAX];
	const char *names[FORMATS_MAX], *near;
	size_t count = 0, width = 0;

	for (; count < FORMATS_MAX && format(count, &formats[count]); count++) {
		names[count] = formats[count].name;
		width = strlen(names[count]) > width ? strlen(names[count]) : width;
	}
	near = diagnostic_suggest(word, names, count);
	(void)fputs("sriovctl: unknown format '", stderr);
	style_print(stderr, STYLE_PLAIN, word);
	(void)fprintf(stderr, near ? "'; did you mean '%s'?\n" : "'\n", near);
	(void)fputs("The formats are:\n", stderr);
	for (size_t i = 0; i < count; i++)
		(void)fprintf(stderr, "  %-*s %s\n", (int)width, names[i], formats[i].summary);
	return VERDICT_USAGE;
}
