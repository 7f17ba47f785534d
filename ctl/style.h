/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Colour, where it helps: on a terminal that knows it, unless NO_COLOR asks for none
 * (https://no-color.org/). */

#include <stdbool.h>
#include <stdio.h>

enum style {
	STYLE_PLAIN,
	STYLE_STRONG, /* a heading */
	STYLE_FAINT,  /* where something comes from */
	STYLE_GOOD,
	STYLE_WARN,
	STYLE_BAD,
};

bool style_enabled(FILE *stream);
/* The sequence that begins the style, whether or not it is enabled; NULL for STYLE_PLAIN. */
const char *style_sequence(enum style style);
/* Prints the string, escaped, in the style if it is enabled on the stream. */
void style_print(FILE *stream, enum style style, const char *string);
/* The same for what is escaped already, but for new lines that it is to have. */
void style_print_lines(FILE *stream, enum style style, const char *lines);
