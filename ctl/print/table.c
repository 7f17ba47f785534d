/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/table.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "print/wrap.h"

/* libsmartcols answers -EINVAL to nonsense, which is ours to avoid, and -ENOMEM. */
static void check(int r)
{
	if (r == -ENOMEM)
		memory_exhausted();
}

/* The least that a column is narrowed to. */
#define WIDTH_MIN 24u

/* What stands below a row is this far to the right of it. */
#define BELOW_INDENT "    "

struct table {
	struct libscols_table *scols;
	const struct column *columns;
	size_t count;
};

#define SEPARATOR "  "

static int smartcols_flags(unsigned flags)
{
	return (flags & COLUMN_TREE ? SCOLS_FL_TREE : 0) |
	       (flags & COLUMN_RIGHT ? SCOLS_FL_RIGHT : 0) |
	       (flags & COLUMN_WRAP ? SCOLS_FL_WRAP : 0);
}

static struct libscols_table *new_scols(const struct column *columns, size_t count)
{
	struct libscols_table *scols = MEMORY_REQUIRE(scols_new_table());

	check(scols_table_enable_colors(scols, style_enabled(stdout)));
	/* Cells are escaped here already, by one rule for all output. */
	check(scols_table_enable_noencoding(scols, 1));
	check(scols_table_set_column_separator(scols, SEPARATOR));
	for (size_t i = 0; i < count; i++) {
		struct libscols_column *column = MEMORY_REQUIRE(scols_table_new_column(
			scols, columns[i].name, 0, smartcols_flags(columns[i].flags)));

		/* Lines are broken at blanks, by fit(); smartcols alone would break words. */
		if (columns[i].flags & COLUMN_WRAP)
			check(scols_column_set_wrapfunc(column, scols_wrapnl_chunksize,
							scols_wrapnl_nextchunk, NULL));
	}
	return scols;
}

struct table *table_new(const struct column *columns, size_t count)
{
	struct table *table = MEMORY_REQUIRE(calloc(1, sizeof(*table)));

	table->columns = columns;
	table->count = count;
	table->scols = new_scols(columns, count);
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	scols_unref_table(table->scols);
	free(table);
}

struct libscols_line *table_row(struct table *table, struct libscols_line *parent)
{
	return MEMORY_REQUIRE(scols_table_new_line(table->scols, parent));
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

static struct libscols_column *column_at(const struct table *table, size_t which)
{
	return scols_table_get_column(table->scols, which);
}

static bool is_hidden(const struct table *table, size_t which)
{
	return scols_column_get_flags(column_at(table, which)) & SCOLS_FL_HIDDEN;
}

static void hide(const struct table *table, size_t which)
{
	struct libscols_column *column = column_at(table, which);

	check(scols_column_set_flags(column, scols_column_get_flags(column) | SCOLS_FL_HIDDEN));
}

/* As wide as the widest of its cells; 0 where none has anything in it. */
static size_t cells_width(const struct table *table, size_t which)
{
	struct libscols_iter *lines = MEMORY_REQUIRE(scols_new_iter(SCOLS_ITER_FORWARD));
	struct libscols_line *line;
	size_t widest = 0;

	while (scols_table_next_line(table->scols, lines, &line) == 0) {
		size_t width = wrap_width(scols_cell_get_data(scols_line_get_cell(line, which)));

		widest = width > widest ? width : widest;
	}
	scols_free_iter(lines);
	return widest;
}

/* smartcols puts two characters of the tree in front of a row that has a parent; the last of
 * a tree's cells has room for them as well. */
#define TREE_WIDTH 2u

static size_t column_width(const struct table *table, size_t which)
{
	size_t width = cells_width(table, which), heading = 0;

	if (table->columns[which].flags & COLUMN_TREE)
		width += TREE_WIDTH;
	if (!scols_table_is_noheadings(table->scols))
		heading = wrap_width(table->columns[which].name);
	return heading > width ? heading : width;
}

static void hide_empty(const struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		if (!cells_width(table, i))
			hide(table, i);
}

static size_t table_width(const struct table *table)
{
	size_t total = 0;

	for (size_t i = 0; i < table->count; i++)
		if (!is_hidden(table, i))
			total += (total ? strlen(SEPARATOR) : 0) + column_width(table, i);
	return total;
}

static void wrap_column(const struct table *table, size_t which, size_t width)
{
	struct libscols_iter *lines = MEMORY_REQUIRE(scols_new_iter(SCOLS_ITER_FORWARD));
	struct libscols_line *line;

	while (scols_table_next_line(table->scols, lines, &line) == 0) {
		struct libscols_cell *cell = scols_line_get_cell(line, which);
		const char *data = scols_cell_get_data(cell);

		if (data) /* it takes over what it is given */
			check(scols_cell_refer_data(cell,
						    wrap_line(data, strlen(data), width, "")));
	}
	scols_free_iter(lines);
}

/* The widest of the columns that may be wrapped; the number of columns where there is none. */
static size_t find_wrappable(const struct table *table)
{
	size_t widest = 0, which = table->count;

	for (size_t i = 0; i < table->count; i++) {
		size_t width = column_width(table, i);

		if (table->columns[i].flags & COLUMN_WRAP && !is_hidden(table, i) &&
		    width > widest) {
			widest = width;
			which = i;
		}
	}
	return which;
}

/* Narrows a column so that the table fits; false if that column would become too narrow. */
static bool narrow(const struct table *table, size_t available)
{
	size_t which = find_wrappable(table), total = table_width(table), rest;

	if (total <= available)
		return true;
	if (which == table->count)
		return false;
	rest = total - column_width(table, which);
	if (rest + WIDTH_MIN > available)
		return false;
	wrap_column(table, which, available - rest);
	return true;
}

/* Appends what a row has in the columns that are moved below it. */
static void describe_below(const struct table *table, const bool *moved, struct libscols_line *line,
			   struct text *out, const char **style)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct libscols_cell *cell = scols_line_get_cell(line, i);
		const char *data = scols_cell_get_data(cell), *label = table->columns[i].label;

		/* A name in front of "not known" says nothing. */
		if (!moved[i] || !data || !*data || (label && strcmp(data, "-") == 0))
			continue;
		if (out->length)
			text_append(out, label ? ", " : "; ");
		text_append(out, label ? label : "");
		text_append(out, data);
		if (!*style)
			*style = scols_cell_get_color(cell);
	}
}

/* How many lines of output the row has. */
static size_t count_lines(const struct table *table, struct libscols_line *line)
{
	size_t most = 1;

	for (size_t i = 0; i < table->count; i++) {
		const char *data = scols_cell_get_data(scols_line_get_cell(line, i));
		size_t count = 1;

		for (; !is_hidden(table, i) && data && *data; data++)
			count += *data == '\n';
		most = count > most ? count : most;
	}
	return most;
}

static void print_line(const char *line, size_t length, const char *indent)
{
	while (length && line[length - 1] == ' ')
		length--;
	if (length)
		printf("%s%.*s", indent, (int)length, line);
	putchar('\n');
}

/* Prints the next lines of a text, without blanks at their ends; returns what follows. */
static const char *print_lines(const char *text, size_t count, const char *indent)
{
	for (; count && text && *text; count--) {
		size_t length = strcspn(text, "\n");

		print_line(text, length, indent);
		text += length + (text[length] == '\n');
	}
	return text;
}

static void print_below(const struct table *table, const bool *moved, struct libscols_line *line,
			const char *indent, size_t available)
{
	CLEANUP_TEXT struct text text = { 0 };
	CLEANUP_FREE char *lines = NULL;
	const char *style = NULL, *end;

	describe_below(table, moved, line, &text, &style);
	if (!text.length && !text.failed)
		return;
	lines = wrap_line(memory_text(&text), text.length, available - strlen(BELOW_INDENT), "");
	for (const char *p = lines; *p; p = end) {
		size_t length = strcspn(p, "\n");

		end = p + length + (p[length] == '\n');
		printf("%s" BELOW_INDENT "%s%.*s%s\n", indent,
		       style && style_enabled(stdout) ? style : "", (int)length, p,
		       style && style_enabled(stdout) ? "\033[0m" : "");
	}
}

/* Prints the table with what is moved below each row. */
static void print_stacked(const struct table *table, const bool *moved, const char *indent,
			  size_t available)
{
	struct libscols_iter *lines = MEMORY_REQUIRE(scols_new_iter(SCOLS_ITER_FORWARD));
	CLEANUP_FREE char *whole = NULL;
	struct libscols_line *line;
	const char *rest;

	check(scols_print_table_to_string(table->scols, &whole));
	rest = print_lines(whole, scols_table_is_noheadings(table->scols) ? 0 : 1, indent);
	while (scols_table_next_line(table->scols, lines, &line) == 0) {
		rest = print_lines(rest, count_lines(table, line), indent);
		print_below(table, moved, line, indent, available);
	}
	scols_free_iter(lines);
}

/* Moves the columns with all of these flags below their rows. */
static void move_below(const struct table *table, unsigned flags, bool *moved)
{
	for (size_t i = 0; i < table->count; i++) {
		if ((table->columns[i].flags & flags) != flags || is_hidden(table, i))
			continue;
		hide(table, i);
		moved[i] = true;
	}
}

/* Makes the table as narrow as can be without cutting anything: sentences go first. */
static void fit(const struct table *table, size_t available, bool *moved)
{
	if (narrow(table, available))
		return;
	move_below(table, COLUMN_BELOW | COLUMN_WRAP, moved);
	if (table_width(table) <= available)
		return;
	move_below(table, COLUMN_BELOW, moved);
	(void)narrow(table, available);
}

void table_print(struct table *table, unsigned flags)
{
	const char *indent = flags & TABLE_INDENTED ? "  " : "";
	CLEANUP_FREE bool *moved = MEMORY_REQUIRE(calloc(table->count + 1, sizeof(*moved)));
	size_t available = SIZE_MAX;

	if (scols_table_is_empty(table->scols))
		return;
	check(scols_table_enable_noheadings(table->scols, !(flags & TABLE_HEADING)));
	hide_empty(table);
	if (isatty(STDOUT_FILENO) && scols_table_get_termwidth(table->scols) > WRAP_COLUMNS_MIN)
		available = scols_table_get_termwidth(table->scols) - strlen(indent);
	fit(table, available, moved);
	print_stacked(table, moved, indent, available);
}
