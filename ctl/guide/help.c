/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl help: what verbs and keys of a policy there are, and what one of them means. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/diagnostic.h"
#include "guide/key_text.h"
#include "guide/keys.h"
#include "memory.h"
#include "options.h"
#include "policy/read/foreign_word.h"
#include "print/wrap.h"
#include "style.h"
#include "usage.h"
#include "util/text.h"
#include "verb.h"

#define COLUMNS_MAX 80u
#define INDENT	    "    "
#define MANUAL	    "\nSee sriovd.yaml(5).\n"

/* Below INDENT, within the terminal, and within COLUMNS_MAX, beyond which nobody likes to read. */
static void print_wrapped(const char *line)
{
	CLEANUP_TEXT struct text text = { 0 };
	CLEANUP_FREE char *lines = NULL;
	size_t columns = wrap_columns(stdout);

	text_append(&text, INDENT);
	text_append(&text, line);
	lines = wrap_line(memory_text(&text), text.length,
			  columns < COLUMNS_MAX ? columns : COLUMNS_MAX, INDENT);
	printf("%s\n", lines);
}

/* A paragraph a line, and listings as they are. */
static void print_text(const char *text)
{
	CLEANUP_FREE char *copy = MEMORY_REQUIRE(strdup(text));
	bool after_listing = false;
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		bool listing = *line == '\t';

		if (line > copy && !(listing && after_listing))
			printf("\n");
		if (listing)
			printf(INDENT INDENT "%s\n", line + 1);
		else
			print_wrapped(line);
		after_listing = listing;
	}
}

/* What the types mean that are named by a word, each once. */
static void print_types(const char *type)
{
	CLEANUP_FREE char *copy = MEMORY_REQUIRE(strdup(type));
	const struct key_text *text, *last = NULL;
	char *rest = copy, *word;

	while ((word = strsep(&rest, " |{}:,"))) {
		CLEANUP_TEXT struct text line = { 0 };

		text = key_text_find_type(word);
		if (!text || text == last)
			continue;
		last = text;
		text_printf(&line, "%s: %s", text->name, text->text);
		printf("\n");
		print_wrapped(memory_text(&line));
	}
}

static void print_keys(const struct section *section)
{
	const char *names[SECTION_KEYS_MAX];
	size_t count = section_list_names(section, names);
	CLEANUP_TEXT struct text line = { 0 };

	text_append(&line, "Its keys: ");
	for (size_t i = 0; i < count; i++)
		text_printf(&line, "%s%s", i ? ", " : "", names[i]);
	printf("\n");
	print_wrapped(memory_text(&line));
}

static void print_heading(const struct key *key)
{
	CLEANUP_TEXT struct text heading = { 0 };

	text_append(&heading, key->text->name);
	if (*key->text->type)
		text_printf(&heading, ": %s", key->text->type);
	style_print(stdout, STYLE_STRONG, memory_text(&heading));
	printf("\n");
	if (key->place)
		printf("%s\n", key->place);
	printf("\n");
}

/* Unset is not zero, which the manual says of all settings at once. */
static bool is_left_alone(const struct key *key)
{
	return key->is_setting && !strstr(key->text->text, "Default: ") &&
	       !strstr(key->text->text, "If not given");
}

static void print_key(const struct key *key)
{
	print_heading(key);
	print_text(key->text->text);
	if (is_left_alone(key))
		printf("\n" INDENT "Default: it is left as it is.\n");
	if (key->below)
		print_keys(key->below);
	print_types(key->text->type);
	if (key->text->example)
		printf("\n" INDENT "Example:\n\n" INDENT INDENT "%s\n", key->text->example);
}

/* All keys, below the places where they belong. */
static void print_all(void)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	const struct key *keys;
	size_t count = keys_list(arena, &keys);

	usage_print_program();
	printf("\nThe keys of a policy:\n");
	for (size_t i = 0; i < count;) {
		CLEANUP_TEXT struct text line = { 0 };
		const char *place = keys[i].place;

		printf("\n  %s\n", place);
		for (; i < count && strcmp(keys[i].place, place) == 0; i++)
			text_printf(&line, "%s%s", line.length ? ", " : "", keys[i].name);
		print_wrapped(memory_text(&line));
	}
}

/* What the word is to other tools: a key of ours, or a sentence. */
static const struct foreign_word *foreign(const char *word)
{
	const struct foreign_word *found = NULL;

	for (size_t i = 0; !found && sections[i]; i++)
		found = foreign_word_find(sections[i], word);
	return found;
}

/* The verb or key that is nearest to the word; NULL if none is near. */
static const char *nearest(const char *word, const struct key *keys, size_t count,
			   struct arena *arena)
{
	const struct foreign_word *theirs = foreign(word);
	size_t n_verbs = 0;
	const char **names;

	if (theirs && theirs->key)
		return theirs->key;
	while (verbs[n_verbs])
		n_verbs++;
	names = MEMORY_REQUIRE(arena_array(arena, count + n_verbs, sizeof(*names)));
	for (size_t i = 0; i < count; i++)
		names[i] = keys[i].name;
	for (size_t i = 0; i < n_verbs; i++)
		names[count++] = verbs[i]->name;
	return diagnostic_suggest(word, names, count);
}

static enum verdict unknown(const char *word, const struct key *keys, size_t count,
			    struct arena *arena)
{
	const char *near = nearest(word, keys, count, arena);

	(void)fputs("sriovctl help: there is no verb and no key '", stderr);
	style_print(stderr, STYLE_PLAIN, word);
	(void)fprintf(stderr, near ? "'; did you mean '%s'?\n" : "'\n", near);
	(void)fputs("Try 'sriovctl help'.\n", stderr);
	return VERDICT_USAGE;
}

/* Prints all keys that the word names; false: there are none. */
static bool explain_keys(const char *word, const struct key *keys, size_t count)
{
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		if (!key_is_meant(&keys[i], word))
			continue;
		if (found || verb_find(word))
			printf("\n");
		print_key(&keys[i]);
		found = true;
	}
	if (found)
		printf(MANUAL);
	return found;
}

static bool explain_type(const char *word)
{
	const struct key_text *type = key_text_find_type(word);

	if (!type)
		return false;
	print_key(&(struct key){ .name = type->name, .text = type });
	printf(MANUAL);
	return true;
}

/* A word may be a verb and a key: resync is. */
static enum verdict explain(const char *word)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	const struct verb *verb = verb_find(word);
	const struct key *keys;
	size_t count = keys_list(arena, &keys);
	bool found;

	if (verb)
		usage_print_verb(verb);
	found = explain_keys(word, keys, count) || verb;
	return found || explain_type(word) ? VERDICT_OK : unknown(word, keys, count, arena);
}

static enum verdict run(const struct options *options)
{
	if (options->n_operands)
		return explain(options->operands[0]);
	print_all();
	return VERDICT_OK;
}

const struct verb verb_help = {
	.name = "help",
	.operands = "[VERB|KEY]",
	.summary = "what a verb does, or what a key of a policy means",
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT),
	.operands_max = 1,
	.run = run,
};
