/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/table.h"

#include <errno.h>
#include <libsmartcols.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"

/* libsmartcols answers -EINVAL to nonsense, which is ours to avoid, and -ENOMEM. */
static void check(int r)
{
	if (r == -ENOMEM)
		memory_exhausted();
}

/* The least that a column is narrowed to. */
#define WIDTH_MIN 20u

#define SEPARATOR "  "

static int smartcols_flags(unsigned flags)
{
	return (flags & COLUMN_TREE ? SCOLS_FL_TREE : 0) |
	       (flags & COLUMN_RIGHT ? SCOLS_FL_RIGHT : 0) |
	       (flags & COLUMN_WRAP ? SCOLS_FL_WRAP : 0) |
	       (flags & COLUMN_CUT ? SCOLS_FL_TRUNC : 0);
}

struct libscols_table *table_new(const struct column *columns, size_t count)
{
	struct libscols_table *table = MEMORY_REQUIRE(scols_new_table());

	check(scols_table_enable_colors(table, style_enabled(stdout)));
	/* Cells are escaped here already, by one rule for all output. */
	check(scols_table_enable_noencoding(table, 1));
	check(scols_table_set_column_separator(table, SEPARATOR));
	for (size_t i = 0; i < count; i++) {
		struct libscols_column *column = MEMORY_REQUIRE(scols_table_new_column(
			table, columns[i].name, 0, smartcols_flags(columns[i].flags)));

		/* Lines are broken at blanks, by fit(); smartcols alone would break words. */
		if (columns[i].flags & COLUMN_WRAP)
			check(scols_column_set_wrapfunc(column, scols_wrapnl_chunksize,
							scols_wrapnl_nextchunk, NULL));
	}
	return table;
}

void table_free(struct libscols_table *table)
{
	scols_unref_table(table);
}

struct libscols_line *table_row(struct libscols_table *table, struct libscols_line *parent)
{
	return MEMORY_REQUIRE(scols_table_new_line(table, parent));
}

void table_cell(struct libscols_line *row, size_t column, enum style style, const char *string)
{
	CLEANUP_TEXT struct text text = { 0 };
	struct libscols_cell *cell;

	if (!string)
		return;
	text_append_escaped(&text, string);
	check(scols_line_set_data(row, column, memory_text(&text)));
	cell = scols_line_get_cell(row, column);
	if (cell && style_sequence(style))
		check(scols_cell_set_color(cell, style_sequence(style)));
}

/* As many columns of the terminal as the string fills. */
static size_t string_width(const char *string)
{
	size_t length = string ? mbstowcs(NULL, string, 0) : 0;

	/* What is no text in this locale is printed byte by byte. */
	return length == (size_t)-1 ? strlen(string) : length;
}

static size_t column_width(struct libscols_table *table, struct libscols_column *column)
{
	struct libscols_iter *lines = MEMORY_REQUIRE(scols_new_iter(SCOLS_ITER_FORWARD));
	size_t widest =
		scols_table_is_noheadings(table) ? 0 : string_width(scols_column_get_name(column));
	struct libscols_line *line;

	while (scols_table_next_line(table, lines, &line) == 0) {
		const struct libscols_cell *cell = scols_line_get_column_cell(line, column);
		size_t width = string_width(scols_cell_get_data(cell));

		widest = width > widest ? width : widest;
	}
	scols_free_iter(lines);
	return widest;
}

/* The string with each blank at which it has to be broken made a new line. */
static void wrap(char *string, size_t width)
{
	char *line = string, *last = NULL;

	for (char *p = string;; p++) {
		char *blank = *p == ' ' || !*p ? p : NULL;
		char kept = *p;

		if (!blank)
			continue;
		*p = '\0';
		if (string_width(line) > width && last) {
			*last = '\n';
			line = last + 1;
		}
		*p = kept;
		if (!kept)
			return;
		last = blank;
	}
}

static void wrap_column(struct libscols_table *table, struct libscols_column *column, size_t width)
{
	struct libscols_iter *lines = MEMORY_REQUIRE(scols_new_iter(SCOLS_ITER_FORWARD));
	struct libscols_line *line;

	while (scols_table_next_line(table, lines, &line) == 0) {
		struct libscols_cell *cell = scols_line_get_column_cell(line, column);
		const char *data = scols_cell_get_data(cell);
		char *copy;

		if (!data)
			continue;
		copy = MEMORY_REQUIRE(strdup(data));
		wrap(copy, width);
		check(scols_cell_refer_data(cell, copy)); /* takes it over */
	}
	scols_free_iter(lines);
}

/* Narrows the widest of the columns that may be wrapped, so that the table fits if it can. */
static void fit(struct libscols_table *table, size_t available)
{
	size_t count = scols_table_get_ncols(table), total = (count - 1) * strlen(SEPARATOR);
	size_t widest = 0, which = 0;

	for (size_t i = 0; i < count; i++) {
		struct libscols_column *column = scols_table_get_column(table, i);
		size_t width = column_width(table, column);

		total += width;
		if (scols_column_get_flags(column) & SCOLS_FL_WRAP && width > widest) {
			widest = width;
			which = i;
		}
	}
	if (total <= available || widest <= WIDTH_MIN)
		return;
	total -= widest;
	wrap_column(table, scols_table_get_column(table, which),
		    available > total + WIDTH_MIN ? available - total : WIDTH_MIN);
}

static void print_line(const char *line, size_t length, const char *indent)
{
	while (length && line[length - 1] == ' ')
		length--;
	if (length)
		printf("%s%.*s", indent, (int)length, line);
	putchar('\n');
}

void table_print(struct libscols_table *table, unsigned flags)
{
	const char *indent = flags & TABLE_INDENTED ? "  " : "";
	CLEANUP_FREE char *whole = NULL;

	if (scols_table_is_empty(table))
		return;
	check(scols_table_enable_noheadings(table, !(flags & TABLE_HEADING)));
	if (isatty(STDOUT_FILENO) && scols_table_get_termwidth(table) > strlen(indent))
		fit(table, scols_table_get_termwidth(table) - strlen(indent));
	check(scols_print_table_to_string(table, &whole));
	for (const char *line = whole; line && *line;) {
		size_t length = strcspn(line, "\n");

		print_line(line, length, indent);
		line += length + (line[length] == '\n');
	}
}
