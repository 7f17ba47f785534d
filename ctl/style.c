/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "style.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"

bool style_enabled(FILE *stream)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (no_color && *no_color)
		return false;
	return term && strcmp(term, "dumb") != 0 && isatty(fileno(stream));
}

const char *style_sequence(enum style style)
{
	/* ECMA-48, SGR */
	static const char *const sequences[] = {
		[STYLE_STRONG] = "\033[1m", [STYLE_FAINT] = "\033[2m", [STYLE_GOOD] = "\033[32m",
		[STYLE_WARN] = "\033[33m",  [STYLE_BAD] = "\033[31m",
	};

	return sequences[style];
}

void style_print_lines(FILE *stream, enum style style, const char *lines)
{
	const char *sequence = style_enabled(stream) ? style_sequence(style) : NULL;

	(void)fprintf(stream, "%s%s%s", sequence ? sequence : "", lines, sequence ? "\033[0m" : "");
}

void style_print(FILE *stream, enum style style, const char *string)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append_escaped(&text, string);
	style_print_lines(stream, style, memory_text(&text));
}
