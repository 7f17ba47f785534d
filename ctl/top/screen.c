/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top/screen.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "memory.h"
#include "print/wrap.h"
#include "top/lines.h"
#include "top/rows.h"
#include "top/terminal.h"

/* Below that nothing can be told apart. */
#define COLUMNS_MIN 60u
#define LINES_MIN   6u

/* Above the rows: what this is, what is to be said, and the names of columns; below, the keys. */
#define LINES_ABOVE 3u
#define LINES_BELOW 1u

struct screen {
	unsigned period_s, waits_s;
	struct reading *before, *now;
	struct view view;
	struct arena *arena; /* of: */
	struct rows rows;
	const struct row **shown;
	size_t n_shown;
	size_t marked, first; /* of those shown: the one that keys are for, the uppermost */
	struct text note;     /* what has happened; until a key is typed */
	bool helps, types;    /* the help is shown; a filter is being typed */
};

struct screen *screen_new(unsigned period_s)
{
	struct screen *self = MEMORY_REQUIRE(calloc(1, sizeof(*self)));

	self->period_s = period_s;
	return self;
}

void screen_free(struct screen *self)
{
	if (!self)
		return;
	reading_free(self->before);
	reading_free(self->now);
	view_clear(&self->view);
	arena_free(self->arena);
	text_clear(&self->note);
	free(self);
}

static const struct row *marked_row(const struct screen *self)
{
	return self->marked < self->n_shown ? self->shown[self->marked] : NULL;
}

/* What a row is of, when there are others by now. */
struct place {
	char handle[64];
	uint32_t vf; /* UINT32_MAX: the PF's */
};

static struct place place_of(const struct row *row)
{
	struct place place = { .vf = row && row->vf ? row->vf->index : UINT32_MAX };

	(void)snprintf(place.handle, sizeof(place.handle), "%s", row ? row->pf->handle : "");
	return place;
}

/* The mark stays on what it was on, or else where it was. */
static void find_marked(struct screen *self, const struct place *marked)
{
	for (size_t i = 0; i < self->n_shown; i++) {
		const struct place place = place_of(self->shown[i]);

		if (place.vf == marked->vf && !strcmp(place.handle, marked->handle)) {
			self->marked = i;
			return;
		}
	}
	if (self->marked >= self->n_shown)
		self->marked = self->n_shown ? self->n_shown - 1 : 0;
}

static void select_rows(struct screen *self)
{
	if (view_select(&self->view, &self->rows, self->arena, &self->shown, &self->n_shown) < 0)
		memory_exhausted();
}

/* Another view of the same rows. */
static void view_changed(struct screen *self)
{
	const struct place marked = place_of(marked_row(self));

	if (!self->arena)
		return;
	select_rows(self);
	find_marked(self, &marked);
}

static void make_rows(struct screen *self)
{
	const struct place marked = place_of(marked_row(self));

	arena_free(self->arena);
	self->arena = memory_arena();
	if (rows_make(self->before, self->now, self->arena, &self->rows) < 0)
		memory_exhausted();
	select_rows(self);
	find_marked(self, &marked);
}

void screen_update(struct screen *self, struct reading *reading)
{
	struct reading *oldest = self->before;

	self->before = self->now;
	self->now = reading;
	make_rows(self);
	reading_free(oldest);
	reading_compare(self->before, self->now, &self->note);
}

void screen_waits(struct screen *self, unsigned seconds)
{
	self->waits_s = seconds;
}

static void do_next(struct screen *self)
{
	self->view.key = (self->view.key + 1) % VIEW_KEY_COUNT;
	view_changed(self);
}

static void do_previous(struct screen *self)
{
	self->view.key = (self->view.key + VIEW_KEY_COUNT - 1) % VIEW_KEY_COUNT;
	view_changed(self);
}

static void do_reverse(struct screen *self)
{
	self->view.reversed = !self->view.reversed;
	view_changed(self);
}

static void do_totals(struct screen *self)
{
	self->view.totals = !self->view.totals;
	view_changed(self);
}

static void do_fold(struct screen *self)
{
	const struct row *row = marked_row(self);

	if (row && view_fold(&self->view, row->pf->handle) < 0)
		memory_exhausted();
	view_changed(self);
}

static void do_filter(struct screen *self)
{
	self->types = true;
}

static void do_no_filter(struct screen *self)
{
	*self->view.filter = '\0';
	view_changed(self);
}

static void do_help(struct screen *self)
{
	self->helps = true;
}

static void do_redraw(struct screen *self)
{
	(void)self;
	terminal_forget();
}

/* How many rows have a place. */
static size_t room(void)
{
	return terminal_lines() - LINES_ABOVE - LINES_BELOW;
}

static void move_mark(struct screen *self, size_t up, size_t down)
{
	self->marked = self->marked > up ? self->marked - up : 0;
	self->marked += down;
	if (self->marked >= self->n_shown)
		self->marked = self->n_shown ? self->n_shown - 1 : 0;
}

static void do_up(struct screen *self)
{
	move_mark(self, 1, 0);
}

static void do_down(struct screen *self)
{
	move_mark(self, 0, 1);
}

static void do_page_up(struct screen *self)
{
	move_mark(self, room(), 0);
}

static void do_page_down(struct screen *self)
{
	move_mark(self, 0, room());
}

static void do_home(struct screen *self)
{
	self->marked = 0;
}

static void do_end(struct screen *self)
{
	self->marked = self->n_shown ? self->n_shown - 1 : 0;
}

/* Rows with a help are what it says, in its order; NULL as the function: it ends all. */
static const struct {
	unsigned keys[3];
	void (*act)(struct screen *screen);
	const char *name, *help;
} actions[] = {
	{ { 'q', 'Q' }, NULL, "q", "end" },
	{ { '?', 'h' }, do_help, "?, h", "this help" },
	{ { '>', '.' }, do_next, ">, .", "sort by the next column: * is at the one it is" },
	{ { '<', ',' }, do_previous, "<, ,", "sort by the one before" },
	{ { 'r', 'R' }, do_reverse, "r", "in the other order: ^ is at the column then" },
	{ { '/' },
	  do_filter,
	  "/",
	  "only what has a word in it: name, address, driver, link,\n"
	  "state or holder; Enter ends the word, Escape takes it back" },
	{ { TERMINAL_KEY_ESCAPE }, do_no_filter, "Escape", "all again" },
	{ { ' ', '\r', '\n' }, do_fold, "Space", "hide the VFs of the PF, or show them again" },
	{ { 't', 'T' },
	  do_totals,
	  "t",
	  "all that was counted so far, or what goes on in a second" },
	{ { TERMINAL_KEY_UP, 'k' }, do_up, "Up, k", "the line above" },
	{ { TERMINAL_KEY_DOWN, 'j' },
	  do_down,
	  "Down, j",
	  "the line below; and Page Up, Page Down,\n"
	  "Home, End" },
	{ { TERMINAL_KEY_PAGE_UP }, do_page_up, NULL, NULL },
	{ { TERMINAL_KEY_PAGE_DOWN }, do_page_down, NULL, NULL },
	{ { TERMINAL_KEY_HOME, 'g' }, do_home, NULL, NULL },
	{ { TERMINAL_KEY_END, 'G' }, do_end, NULL, NULL },
	{ { 'L' - '@' }, do_redraw, "Ctrl-L", "draw all anew" },
};

static const char *const legend[] = {
	"",
	"RX and TX are bits in a second, as the VF sees them; of totals, bytes.",
	"A PF has the sums of its VFs. - is not counted, + at the end: some of it is",
	"not, so that it is that at least. See sriovctl(1), TOP.",
};

/* Its last character, of however many bytes. */
static void rub_out(char *word)
{
	size_t length = strlen(word);

	while (length && ((unsigned char)word[length - 1] & 0xc0) == 0x80)
		length--;
	word[length ? length - 1 : 0] = '\0';
}

static void add_character(char *word, size_t size, unsigned key)
{
	char bytes[MB_LEN_MAX + 1] = "";
	mbstate_t state = { 0 };
	size_t length = wcrtomb(bytes, (wchar_t)key, &state);

	if (key < ' ' || key >= TERMINAL_KEY_UP || length == (size_t)-1)
		return;
	if (text_is_printable(bytes) && strlen(word) + length < size)
		(void)strncat(word, bytes, length);
}

static void type(struct screen *self, unsigned key)
{
	if (key == TERMINAL_KEY_ESCAPE)
		*self->view.filter = '\0';
	if (key == TERMINAL_KEY_ESCAPE || key == '\r' || key == '\n')
		self->types = false;
	else if (key == TERMINAL_KEY_RUB_OUT)
		rub_out(self->view.filter);
	else
		add_character(self->view.filter, sizeof(self->view.filter), key);
	view_changed(self);
}

static bool act(struct screen *self, unsigned key)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(actions[i].keys); j++) {
			if (actions[i].keys[j] != key)
				continue;
			if (!actions[i].act)
				return false;
			actions[i].act(self);
			return true;
		}
	}
	return true;
}

bool screen_key(struct screen *self, unsigned key)
{
	if (key == TERMINAL_KEY_OTHER)
		return true;
	text_clear(&self->note);
	if (self->types) {
		type(self, key);
		return true;
	}
	if (self->helps) {
		self->helps = false;
		return key != 'q';
	}
	return act(self, key);
}

static void put(size_t line, enum style style, bool marked, const char *string)
{
	CLEANUP_TEXT struct text text = { 0 };

	(void)lines_cut(string, terminal_columns(), &text);
	terminal_put(line, style, marked, memory_text(&text));
}

static void count(const char *noun, size_t number, struct text *out)
{
	text_printf(out, "%zu %s%s", number, noun, number == 1 ? "" : "s");
}

static void draw_summary(const struct screen *self)
{
	size_t pfs = self->now->pfs.count;
	CLEANUP_TEXT struct text text = { 0 };

	count("PF", pfs, &text);
	text_append(&text, ", ");
	count("VF", self->rows.count - pfs, &text);
	text_printf(&text, "; %s, every %u s",
		    self->view.totals ? "bytes and packets so far" : "bits and packets in a second",
		    self->period_s);
	if (self->now->without)
		text_printf(&text, "; %s", self->now->without);
	put(0, STYLE_STRONG, false, memory_text(&text));
}

/* Who uses the VF that is marked: on a narrow terminal its line has no room for all of that. */
static void describe_marked(const struct screen *self, struct text *out)
{
	const struct row *row = marked_row(self);

	if (row && row->vf && row->about)
		text_printf(out, "VF %u: %s", row->vf->index, row->about);
}

/* What is most urgent. */
static void draw_note(const struct screen *self)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (self->types)
		text_printf(&text, "Only what has: %s", self->view.filter);
	else if (self->waits_s)
		text_printf(&text, "Nothing has answered for %u s", self->waits_s);
	else if (self->note.length)
		text_append(&text, text_string(&self->note));
	else if (self->now->problem.length)
		text_append(&text, text_string(&self->now->problem));
	else if (*self->view.filter)
		text_printf(&text, "Only what has: %s  (Escape: all)", self->view.filter);
	else
		describe_marked(self, &text);
	put(1, self->types ? STYLE_PLAIN : STYLE_WARN, false, memory_text(&text));
}

static void scroll(struct screen *self)
{
	if (self->marked < self->first)
		self->first = self->marked;
	if (self->marked >= self->first + room())
		self->first = self->marked - room() + 1;
	if (self->first + room() > self->n_shown)
		self->first = self->n_shown > room() ? self->n_shown - room() : 0;
}

static void draw_rows(struct screen *self)
{
	const struct lines lines =
		lines_for(&self->view, self->shown, self->n_shown, terminal_columns());
	CLEANUP_TEXT struct text line = { 0 };

	scroll(self);
	lines_heading(&lines, &line);
	put(LINES_ABOVE - 1, STYLE_STRONG, false, memory_text(&line));
	for (size_t i = 0; i < room() && self->first + i < self->n_shown; i++) {
		const struct row *row = self->shown[self->first + i];

		text_clear(&line);
		lines_row(&lines, row, &line);
		put(LINES_ABOVE + i, lines_style(row), self->first + i == self->marked,
		    memory_text(&line));
	}
	if (!self->n_shown)
		put(LINES_ABOVE, STYLE_PLAIN, false,
		    self->rows.count ? "nothing has that in it" : "no PFs here");
}

/* "   >, .     sort by" and below it what else there is. */
static size_t draw_help_of(const char *name, const char *help, size_t line)
{
	CLEANUP_TEXT struct text text = { 0 };
	const char *end = strchrnul(help, '\n');

	text_printf(&text, "  %-9s %.*s", name, (int)(end - help), help);
	put(line, STYLE_PLAIN, false, memory_text(&text));
	return *end ? draw_help_of("", end + 1, line + 1) : line + 1;
}

static void draw_help(void)
{
	size_t line = 0;

	put(line++, STYLE_STRONG, false, "sriovctl top: keys");
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (actions[i].help)
			line = draw_help_of(actions[i].name, actions[i].help, line);
	for (size_t i = 0; i < ARRAY_SIZE(legend); i++)
		put(line++, STYLE_PLAIN, false, legend[i]);
	put(terminal_lines() - 1, STYLE_FAINT, false, "Any key goes back, q ends");
}

static void draw_all(struct screen *self)
{
	draw_summary(self);
	draw_note(self);
	draw_rows(self);
	put(terminal_lines() - LINES_BELOW, STYLE_FAINT, false,
	    "q end  ? help  / filter  < > sort  r reverse  t totals  Space fold");
}

void screen_draw(struct screen *self)
{
	size_t cursor = SIZE_MAX;

	terminal_clear();
	if (terminal_lines() < LINES_MIN || terminal_columns() < COLUMNS_MIN) {
		put(0, STYLE_PLAIN, false, "too small: 60 by 6 is needed");
	} else if (self->helps) {
		draw_help();
	} else {
		draw_all(self);
		cursor = self->types ? 1 : SIZE_MAX;
	}
	terminal_show(cursor, strlen("Only what has: ") + wrap_width(self->view.filter));
}
