/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "usage.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "command_line.h"
#include "memory.h"
#include "options.h"
#include "verb.h"

void usage_print_program(void)
{
	printf("sriovctl [OPTION...] VERB [OPTION...]\n\n"
	       "Checks, previews, applies and explains what the policy in /etc/sriovd says of\n"
	       "the SR-IOV network cards of this host.\n\n");
	for (size_t i = 0; verbs[i]; i++)
		printf("  %-9s %-14s %s\n", verbs[i]->name,
		       verbs[i]->operands ? verbs[i]->operands : "", verbs[i]->summary);
	printf("\n  -h, --help    print this text; sriovctl VERB --help prints the verb's\n"
	       "  --version     print the version\n\n"
	       "See sriovctl(1), and sriovd.yaml(5) for the policy, of which sriovctl help KEY\n"
	       "explains a key.\n");
}

/* The words that the first of the operands can be. */
static void print_words(const struct verb *verb)
{
	struct verb_word word;
	size_t width = 0;

	for (size_t i = 0; verb->word(i, &word); i++)
		width = strlen(word.name) > width ? strlen(word.name) : width;
	printf("%.*s is one of\n", (int)strcspn(verb->operands, " "), verb->operands);
	for (size_t i = 0; verb->word(i, &word); i++)
		printf("  %-*s %s\n", (int)width, word.name, word.summary);
	printf("\n");
}

static void print_option(const struct option_row *row)
{
	CLEANUP_TEXT struct text option = { 0 };

	if (row->letter)
		text_printf(&option, "-%c, ", row->letter);
	text_printf(&option, "--%s%s%s", row->name, row->argument ? " " : "",
		    row->argument ? row->argument : "");
	printf("  %-18s %s\n", memory_text(&option), row->help);
}

void usage_print_verb(const struct verb *verb)
{
	printf("sriovctl %s [OPTION...]%s%s\n\n%c%s.\n\n", verb->name, verb->operands ? " " : "",
	       verb->operands ? verb->operands : "", toupper((unsigned char)verb->summary[0]),
	       verb->summary + 1);
	if (verb->word)
		print_words(verb);
	for (int i = 0; i < OPTION_COUNT; i++)
		if (command_line_takes(verb, i))
			print_option(&option_rows[i]);
	printf("\nSee sriovctl(1), and %s.\n", command_line_takes(verb, OPTION_POLICY)
						       ? "sriovd.yaml(5) for the policy"
						       : "sriovd(8) for the daemon");
}
