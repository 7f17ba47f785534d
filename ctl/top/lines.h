/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Rows as lines of text that fit a terminal: as many columns as it has room for. */

#include "style.h"
#include "top/view.h"
#include "util/text.h"

struct lines {
	const struct view *view;
	size_t columns;	   /* of the terminal */
	size_t name_width; /* of the first column, as rows need it */
};

/* rows are those that are shown. */
struct lines lines_for(const struct view *view, const struct row *const *rows, size_t count,
		       size_t columns);
/* Appends the names of the columns, an arrow at the one that is sorted by, or a row, without a new
 * line; each is at most as wide as the terminal. */
void lines_heading(const struct lines *lines, struct text *out);
void lines_row(const struct lines *lines, const struct row *row, struct text *out);
/* Appends as much of the string as has room in width columns, with a mark where that is not all;
 * how many it fills. */
size_t lines_cut(const char *string, size_t width, struct text *out);
/* How the row is to look. */
enum style lines_style(const struct row *row);
