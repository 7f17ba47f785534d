/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The formats that a verb has, for who names none of them. */

#include "verb.h"
#include "verdict.h"

/* Says that the word is none, what it may be meant for, and which there are: those that format
 * tells by their number, until it returns false. */
enum verdict formats_refuse(const char *word, bool (*format)(size_t number, struct verb_word *ret));
