/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The PFs that the words of a command line name. */

#include <stdbool.h>
#include <stddef.h>

#include "model/pf.h"
#include "util/arena.h"
#include "util/text.h"

/* The PF whose interface, alternative name, address or handle is word. If there is none, prints
 * so to standard error with what may have been meant, and returns false; files is the option that
 * takes a file, "--policy"; NULL: none does. */
bool pick_pf(const struct pf_list *list, const char *word, const char *files, size_t *ret);

/* Of each PF whether one of the words names it; without words all are wanted. In arena; NULL,
 * having printed so, where a word names none. */
const bool *pick_wanted(const struct pf_list *list, char *const *words, size_t count,
			const char *files, struct arena *arena);
