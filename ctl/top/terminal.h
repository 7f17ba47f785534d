/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The whole screen of a terminal, which is given back as it was however the program ends, but by
 * a signal that cannot be caught. */

#include <stdbool.h>
#include <stddef.h>

#include "style.h"
#include "verdict.h"

/* Takes the screen of the terminal that standard input and output are. Where they are none, or one
 * on which nothing can be put at a place, says so on standard error with what to do instead. */
enum verdict terminal_begin(void);
void terminal_end(void);

/* What can be typed besides characters; above all of these. */
enum terminal_key {
	TERMINAL_KEY_UP = 0x110000,
	TERMINAL_KEY_DOWN,
	TERMINAL_KEY_PAGE_UP,
	TERMINAL_KEY_PAGE_DOWN,
	TERMINAL_KEY_HOME,
	TERMINAL_KEY_END,
	TERMINAL_KEY_RUB_OUT,
	TERMINAL_KEY_OTHER,
};
#define TERMINAL_KEY_ESCAPE 27

/* The next key that was typed, a character or one of those; false: none was. Looks to it that the
 * screen is as large as the terminal, too. */
bool terminal_key(unsigned *ret);

size_t terminal_lines(void);
size_t terminal_columns(void);

/* Begins a new picture, with nothing on it. */
void terminal_clear(void);
/* Puts a line there, which is no wider than the terminal; marked: as the one that keys are for. */
void terminal_put(size_t line, enum style style, bool marked, const char *string);
/* Has the picture seen, with the cursor behind what was typed on that line; SIZE_MAX: nowhere. */
void terminal_show(size_t line, size_t column);
/* Has all of the screen written again with the next picture: something else has written on it. */
void terminal_forget(void);
