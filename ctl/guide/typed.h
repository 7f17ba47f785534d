/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A command line that somebody is still typing: what is there is taken as far as it goes. */

#include <stdbool.h>
#include <stddef.h>

#include "options.h"

struct verb;

/* As many operands as are looked at. */
#define TYPED_OPERANDS_MAX 256

struct typed {
	const char *word;	      /* that is being typed, "" at first */
	const struct verb *verb;      /* NULL: none yet */
	const struct option_row *row; /* the option whose argument the word is, or NULL */
	const char *argument;	      /* of it: a part of the word, behind a '=' if there is one */
	bool ended;		      /* by "--": there are no more options */
	bool lost;		      /* where a verb was to be, there is another word */
	const char *inventory;	      /* as given, or NULL */
	const char *operands[TYPED_OPERANDS_MAX]; /* before the word */
	size_t n_operands;
};

/* words are those after "sriovctl", the last of them the one that is being typed. */
void typed_read(char *const *words, size_t count, struct typed *ret);
