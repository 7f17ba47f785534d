/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top/terminal.h"

#include <curses.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#include "util/cleanup.h"

/* What follows an escape character as part of a key comes at once; who types one does not wait. */
#define ESCAPE_MS 25

static enum verdict refuse(const char *why, const char *term)
{
	(void)fputs("sriovctl top: ", stderr);
	if (term) {
		(void)fputs("terminals of type ", stderr);
		style_print(stderr, STYLE_PLAIN, term);
	}
	(void)fprintf(stderr, "%s; see --once and --json, which need none\n", why);
	return VERDICT_USAGE;
}

/* Also where something calls exit(). */
void terminal_end(void)
{
	if (stdscr && !isendwin())
		(void)endwin();
}

static void set_colours(void)
{
	static const struct {
		enum style style;
		short colour;
	} rows[] = { { STYLE_GOOD, COLOR_GREEN },
		     { STYLE_WARN, COLOR_YELLOW },
		     { STYLE_BAD, COLOR_RED } };

	if (!style_enabled(stdout) || !has_colors() || start_color() == ERR)
		return;
	(void)use_default_colors();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		(void)init_pair((short)rows[i].style, rows[i].colour, -1);
}

/* newterm() says neither what it lacks, nor that it lacks something. */
static bool is_known(const char *term, bool *ret_has_screen)
{
	if (setupterm(term, STDOUT_FILENO, &(int){ 0 }) == ERR)
		return false;
	*ret_has_screen = cursor_address && clear_screen;
	(void)del_curterm(cur_term);
	return true;
}

enum verdict terminal_begin(void)
{
	const char *term = getenv("TERM");
	bool has_screen;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return refuse("it needs a terminal to read keys from and to write to", NULL);
	if (!term || !*term)
		return refuse("TERM does not say what the terminal can do", NULL);
	if (!is_known(term, &has_screen))
		return refuse(" are not known here", term);
	if (!has_screen)
		return refuse(" have no screen to write on", term);
	(void)set_escdelay(ESCAPE_MS);
	if (!newterm(NULL, stdout, stdin))
		return refuse(" cannot be used", term);
	(void)atexit(terminal_end);
	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)nodelay(stdscr, TRUE);
	(void)keypad(stdscr, TRUE);
	set_colours();
	return VERDICT_OK;
}

static unsigned key_of(wint_t code)
{
	static const struct {
		wint_t code;
		unsigned key;
	} rows[] = {
		{ KEY_UP, TERMINAL_KEY_UP },
		{ KEY_DOWN, TERMINAL_KEY_DOWN },
		{ KEY_PPAGE, TERMINAL_KEY_PAGE_UP },
		{ KEY_NPAGE, TERMINAL_KEY_PAGE_DOWN },
		{ KEY_HOME, TERMINAL_KEY_HOME },
		{ KEY_END, TERMINAL_KEY_END },
		{ KEY_BACKSPACE, TERMINAL_KEY_RUB_OUT },
		{ KEY_ENTER, '\r' },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].code == code)
			return rows[i].key;
	return TERMINAL_KEY_OTHER;
}

bool terminal_key(unsigned *ret)
{
	wint_t character;
	int r = get_wch(&character);

	if (r == ERR)
		return false;
	if (r == KEY_CODE_YES)
		*ret = key_of(character);
	else
		*ret = character == 127 || character == 8 ? TERMINAL_KEY_RUB_OUT : character;
	return true;
}

size_t terminal_lines(void)
{
	return (size_t)LINES;
}

size_t terminal_columns(void)
{
	return (size_t)COLS;
}

void terminal_clear(void)
{
	(void)erase();
}

static attr_t attribute_of(enum style style)
{
	if (style == STYLE_PLAIN || style == STYLE_STRONG)
		return style == STYLE_PLAIN ? A_NORMAL : A_BOLD;
	return style == STYLE_FAINT ? A_DIM : (attr_t)COLOR_PAIR(style);
}

void terminal_put(size_t line, enum style style, bool marked, const char *string)
{
	if (line >= terminal_lines())
		return;
	(void)attrset((int)attribute_of(style));
	(void)mvaddstr((int)line, 0, string);
	(void)attrset(A_NORMAL);
	if (marked)
		(void)mvchgat((int)line, 0, -1, A_REVERSE, 0, NULL);
}

void terminal_show(size_t line, size_t column)
{
	(void)curs_set(line != SIZE_MAX);
	if (line != SIZE_MAX)
		(void)move((int)line, (int)column);
	(void)refresh();
}

void terminal_forget(void)
{
	(void)clearok(stdscr, TRUE);
}
