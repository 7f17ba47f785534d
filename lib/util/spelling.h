/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How alike two words are. */

#include <stddef.h>

/* Longer words are like nothing. */
#define SPELLING_MAX 64

/* The number of letters to insert, drop, replace or swap with their neighbour to get from one word
 * to the other, letters compared without case and '_' as '-'; SPELLING_MAX where one is too long.
 */
size_t spelling_distance(const char *a, const char *b);
