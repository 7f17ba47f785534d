/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top/lines.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "memory.h"
#include "print/pf_view.h"
#include "print/wrap.h"

#define NAME_MIN	     8u
#define NAME_MAX_OF(columns) ((columns) < 120 ? 20u : 40u)
#define UNKNOWN		     "-"

/* A column; those of figures are aligned right, and the last one has what room is left. */
struct column {
	const char *title;
	size_t width;	    /* 0: of the names, or the rest */
	size_t wide_enough; /* the least columns of a terminal that has it */
	enum view_key key;  /* what is sorted by it; VIEW_KEY_COUNT: nothing is */
	void (*add)(const struct lines *lines, const struct column *column, const struct row *row,
		    struct text *out);
	enum vf_counter counter; /* of add_counter */
};

static void add_word(const char *word, struct text *out)
{
	text_append(out, word ? word : UNKNOWN);
}

static void add_name(const struct lines *lines, const struct column *column, const struct row *row,
		     struct text *out)
{
	(void)column;
	if (row->vf)
		text_append(out, "  ");
	else
		text_append(out, view_is_folded(lines->view, row->pf) ? "+ " : "");
	text_append(out, row->name);
}

/* "999", "1.23k", "12.3k", "123k": three digits, cut off, as what is not 1 yet must not look so. */
static void add_number(uint64_t number, struct text *out)
{
	static const char units[] = " kMGTPE";
	uint64_t unit = 1;
	size_t which = 0;

	while (number / unit >= 1000) {
		unit *= 1000;
		which++;
	}
	if (!which)
		text_printf(out, "%" PRIu64, number);
	else if (number / unit >= 100)
		text_printf(out, "%" PRIu64 "%c", number / unit, units[which]);
	else if (number / unit >= 10)
		text_printf(out, "%" PRIu64 ".%" PRIu64 "%c", number / unit,
			    number % unit / (unit / 10), units[which]);
	else
		text_printf(out, "%" PRIu64 ".%02" PRIu64 "%c", number / unit,
			    number % unit / (unit / 100), units[which]);
}

static void add_known(uint64_t number, bool at_least, struct text *out)
{
	add_number(number, out);
	text_append(out, at_least ? "+" : "");
}

static void add_figure(const struct lines *lines, const struct column *column,
		       const struct row *row, struct text *out)
{
	struct figure figure = view_figure(lines->view, row, column->key);
	bool is_rate = (column->key == VIEW_RX || column->key == VIEW_TX) && !lines->view->totals;

	if (figure.known)
		add_known(figure.number * (is_rate ? 8 : 1), figure.at_least, out);
	else
		text_append(out, UNKNOWN);
}

static void add_counter(const struct lines *lines, const struct column *column,
			const struct row *row, struct text *out)
{
	const struct traffic *traffic = lines->view->totals ? &row->totals : &row->rates;
	const unsigned bit = VF_COUNTER_BIT(column->counter);

	if (traffic->known & bit)
		add_known(traffic->number[column->counter], traffic->missing & bit, out);
	else
		text_append(out, UNKNOWN);
}

static void add_address(const struct lines *lines, const struct column *column,
			const struct row *row, struct text *out)
{
	(void)lines, (void)column;
	add_word(row->vf ? row->vf->address : row->pf->address, out);
}

static void add_driver(const struct lines *lines, const struct column *column,
		       const struct row *row, struct text *out)
{
	(void)lines, (void)column;
	add_word(row->driver, out);
}

static void add_link(const struct lines *lines, const struct column *column, const struct row *row,
		     struct text *out)
{
	(void)lines, (void)column;
	add_word(row->link, out);
}

static void add_about(const struct lines *lines, const struct column *column, const struct row *row,
		      struct text *out)
{
	(void)lines, (void)column;
	add_word(row->about, out);
}

#define WIDE 120u

static const struct column columns[] = {
	{ "DEVICE", 0, 0, VIEW_NAME, add_name, 0 },
	{ "ADDRESS", 12, WIDE, VIEW_KEY_COUNT, add_address, 0 },
	{ "DRIVER", 10, WIDE, VIEW_KEY_COUNT, add_driver, 0 },
	{ "RX", 7, 0, VIEW_RX, add_figure, 0 },
	{ "TX", 7, 0, VIEW_TX, add_figure, 0 },
	{ "RX-PKT", 7, 0, VIEW_RX_PACKETS, add_figure, 0 },
	{ "TX-PKT", 7, 0, VIEW_TX_PACKETS, add_figure, 0 },
	{ "RX-MC", 7, WIDE, VIEW_KEY_COUNT, add_counter, VF_RX_MULTICAST },
	{ "DROPS", 7, 0, VIEW_DROPS, add_figure, 0 },
	{ "RX-DROP", 8, WIDE, VIEW_KEY_COUNT, add_counter, VF_RX_DROPPED },
	{ "TX-DROP", 8, WIDE, VIEW_KEY_COUNT, add_counter, VF_TX_DROPPED },
	{ "LINK", 7, 0, VIEW_LINK, add_link, 0 },
	{ "STATE, HOLDER", 0, 0, VIEW_ABOUT, add_about, 0 },
};

static bool is_figure(const struct column *column)
{
	return column->add == add_figure || column->add == add_counter;
}

static size_t width_of(const struct lines *lines, const struct column *column)
{
	return column->add == add_name ? lines->name_width : column->width;
}

/* How many bytes the character that begins there has, and how many columns it fills. */
static size_t measure(const char *string, mbstate_t *state, size_t *ret_columns)
{
	wchar_t character;
	size_t length = mbrtowc(&character, string, MB_LEN_MAX, state);
	const bool is_text = length && length <= MB_LEN_MAX;
	const int width_of_it = is_text ? wcwidth(character) : 1;

	*ret_columns = width_of_it < 0 ? 1 : (size_t)width_of_it;
	return is_text ? length : 1;
}

size_t lines_cut(const char *string, size_t width, struct text *out)
{
	mbstate_t state = { 0 };
	size_t filled = 0, all = wrap_width(string), length, needed;

	if (all <= width) {
		text_append(out, string);
		return all;
	}
	for (const char *p = string; *p; p += length, filled += needed) {
		length = measure(p, &state, &needed);
		if (filled + needed + 1 > width)
			break;
		text_append_n(out, p, length);
	}
	text_append(out, width ? "~" : "");
	return filled + (width != 0);
}

static void pad(size_t count, struct text *out)
{
	text_printf(out, "%*s", (int)count, "");
}

static void add_cell(const struct lines *lines, const struct column *column, const char *string,
		     size_t *filled, struct text *out)
{
	const bool is_last = column == &columns[ARRAY_SIZE(columns) - 1];
	const size_t left = lines->columns > *filled ? lines->columns - *filled : 0;
	const size_t width = is_last ? left : width_of(lines, column);
	CLEANUP_TEXT struct text cell = { 0 };
	const size_t cell_width = lines_cut(string, width, &cell);

	if (is_figure(column))
		pad(width - cell_width, out);
	text_append(out, memory_text(&cell));
	if (!is_figure(column) && !is_last)
		pad(width - cell_width, out);
	text_append(out, is_last ? "" : " ");
	*filled += width + 1;
}

static bool is_shown(const struct lines *lines, const struct column *column)
{
	return lines->columns >= column->wide_enough;
}

struct lines lines_for(const struct view *view, const struct row *const *rows, size_t count,
		       size_t width)
{
	struct lines lines = { view, width, NAME_MIN };

	for (size_t i = 0; i < count; i++) {
		CLEANUP_TEXT struct text name = { 0 };
		size_t needed;

		add_name(&lines, NULL, rows[i], &name);
		needed = wrap_width(memory_text(&name));
		if (needed > lines.name_width)
			lines.name_width = needed;
	}
	if (lines.name_width > NAME_MAX_OF(width))
		lines.name_width = NAME_MAX_OF(width);
	return lines;
}

void lines_heading(const struct lines *lines, struct text *out)
{
	size_t filled = 0;

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		CLEANUP_TEXT struct text title = { 0 };

		if (!is_shown(lines, &columns[i]))
			continue;
		if (columns[i].key == lines->view->key)
			text_append(&title, lines->view->reversed ? "^" : "*");
		text_append(&title, columns[i].title);
		add_cell(lines, &columns[i], memory_text(&title), &filled, out);
	}
}

void lines_row(const struct lines *lines, const struct row *row, struct text *out)
{
	size_t filled = 0;

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		CLEANUP_TEXT struct text cell = { 0 };

		if (!is_shown(lines, &columns[i]))
			continue;
		columns[i].add(lines, &columns[i], row, &cell);
		add_cell(lines, &columns[i], memory_text(&cell), &filled, out);
	}
}

enum style lines_style(const struct row *row)
{
	enum style style = row->about ? pf_view_style(row->about) : STYLE_PLAIN;

	if (row->vf)
		return STYLE_PLAIN;
	return style == STYLE_PLAIN || style == STYLE_GOOD ? STYLE_STRONG : style;
}
