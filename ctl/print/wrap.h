/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Sentences on a terminal, broken at blanks where they are longer than it is wide. */

#include <stddef.h>
#include <stdio.h>

#include "style.h"

/* Below this width nothing is made to fit. */
#define WRAP_COLUMNS_MIN 40u

/* As many columns of the terminal as the string fills. */
size_t wrap_width(const char *string);
/* How wide the terminal is that stream leads to; SIZE_MAX where it is none, or too narrow. */
size_t wrap_columns(FILE *stream);
/* The first length bytes of line, with a new line and indent in the place of each blank at which it
 * has to be broken for columns. The answer is the caller's. */
char *wrap_line(const char *line, size_t length, size_t columns, const char *indent);
/* Prints a sentence and a new line, what follows its first line below four blanks. What is not
 * printable is escaped. */
void wrap_print(FILE *stream, enum style style, const char *string);
