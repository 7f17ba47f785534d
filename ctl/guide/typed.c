/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guide/typed.h"

#include <string.h>

#include "verb.h"

/* The row of "--name" or "--name=value", or of "-o"; NULL: it is none. */
static const struct option_row *find_option(const char *word)
{
	size_t length = strcspn(word, "=");

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_rows[i];
		bool is_letter = row->letter && word[1] == row->letter && !word[2];

		if (is_letter || (strncmp(word, "--", 2) == 0 && strlen(row->name) == length - 2 &&
				  strncmp(row->name, word + 2, length - 2) == 0))
			return row;
	}
	return NULL;
}

static bool is_option(const struct typed *typed, const char *word)
{
	return !typed->ended && word[0] == '-' && word[1];
}

static void take_operand(struct typed *typed, const char *word)
{
	if (!typed->verb && !typed->n_operands)
		typed->verb = verb_find(word);
	typed->lost = !typed->verb;
	if (!typed->verb || typed->n_operands == TYPED_OPERANDS_MAX)
		return;
	typed->operands[typed->n_operands++] = word;
}

static void take_argument(struct typed *typed, const struct option_row *row, const char *argument)
{
	if (row == &option_rows[OPTION_INVENTORY])
		typed->inventory = argument;
}

/* A word that is whole. Returns the option whose argument the next one is, or NULL. */
static const struct option_row *take_word(struct typed *typed, const char *word)
{
	const struct option_row *row;
	const char *equals = strchr(word, '=');

	if (!is_option(typed, word)) {
		take_operand(typed, word);
		return NULL;
	}
	if (strcmp(word, "--") == 0) {
		typed->ended = true;
		return NULL;
	}
	row = find_option(word);
	if (!row || !row->argument)
		return NULL;
	if (!equals)
		return row;
	take_argument(typed, row, equals + 1);
	return NULL;
}

/* The last word: of "--name=" the argument is typed. */
static void take_last(struct typed *typed, const char *word)
{
	const char *equals = strchr(word, '=');

	typed->word = typed->argument = word;
	if (typed->row || !is_option(typed, word) || !equals)
		return;
	typed->row = find_option(word);
	typed->argument = equals + 1;
}

void typed_read(char *const *words, size_t count, struct typed *ret)
{
	*ret = (struct typed){ .word = "", .argument = "" };
	for (size_t i = 0; i + 1 < count; i++) {
		if (ret->row) {
			take_argument(ret, ret->row, words[i]);
			ret->row = NULL;
		} else {
			ret->row = take_word(ret, words[i]);
		}
	}
	if (count)
		take_last(ret, words[count - 1]);
	/* The first of them is the verb itself. */
	if (ret->n_operands)
		memmove(ret->operands, ret->operands + 1,
			--ret->n_operands * sizeof(*ret->operands));
}
