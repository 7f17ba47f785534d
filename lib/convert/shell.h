/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* As much of sh(1) as scripts that set up VFs need: commands with their lines, constants, sums, and
 * loops over words and numbers. Nothing is run. What cannot be known without running it, as what a
 * test or another command answers, is unknown. Private to lib/convert. */

#include "convert/conversion.h"

/* The path of a fact that is a command of a script: what is done if another one succeeds or fails
 * is conditional, and that behind "&&" alone is of its own kind. A line of a here-document is text
 * for the command above it. */
#define SHELL_COMMAND	  "command"
#define SHELL_AND	  "and"
#define SHELL_CONDITIONAL "conditional"
#define SHELL_TEXT	  "text"

/* Whether the fact is of a script, so that its value alone is what the file says. */
bool shell_is_line(const struct fact *fact);

/* Appends the commands of a text as facts, the first of which is in that line. 0; -EINVAL,
 * reported; -ENOMEM. */
int shell_split(const struct document *document, const char *text, unsigned line,
		struct arena *arena, struct diagnostics *diagnostics, struct fact_list *list);

struct shell_variable {
	const char *name, *value; /* value NULL: it is not known */
};

struct shell {
	struct arena *arena;
	struct shell_variable *variables;
	size_t n_variables, capacity;
	const char **functions; /* names of those that the script has */
	size_t n_functions, functions_capacity;
	/* Commands are done for that PF alone, and as long as it has another number of VFs; NULL:
	 * for all, always. */
	const char *only_pf, *unless_vfs;
};

int shell_set(struct shell *shell, const char *name, const char *value);

/* Takes note of the function of which that is the first line, if it is one. 0 or -ENOMEM. */
int shell_define(struct shell *shell, const char *text);
/* A command that is not followed, or of which it is not known whether it is done: if it may set
 * variables, of none it is known any more what it is. */
void shell_skip(struct shell *shell, const char *command);

/* A command that is followed: what its words set as they are read may be anything from then on. */
void shell_heed(struct shell *shell, const char *command);

struct shell_words {
	const char **items; /* NULL: unknown, in part at least */
	size_t count, capacity;
};

/* The words of a command without quotes, with what variables stand for; operators such as ">" and
 * "|" are words. 0 or -ENOMEM. */
int shell_expand(struct shell *shell, const char *command, struct shell_words *ret);

/* The same of what stands behind "NAME=": what a variable stands for is not divided there. */
int shell_expand_value(struct shell *shell, const char *value, struct shell_words *ret);
