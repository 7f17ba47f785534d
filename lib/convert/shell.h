/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* As much of sh(1) as scripts that set up VFs need: commands with their lines, constants, sums, and
 * loops over words and numbers. Nothing is run. What cannot be known without running it, as what a
 * test or another command answers, is unknown. Private to lib/convert. */

#include "convert/conversion.h"

/* The path of a fact that is a command of a script: what is done if another one succeeds or fails
 * is conditional. */
#define SHELL_COMMAND	  "command"
#define SHELL_CONDITIONAL "conditional"

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
};

int shell_set(struct shell *shell, const char *name, const char *value);

struct shell_words {
	const char **items; /* NULL: unknown, in part at least */
	size_t count, capacity;
};

/* The words of a command without quotes, with what variables stand for; operators such as ">" and
 * "|" are words. 0 or -ENOMEM. */
int shell_expand(struct shell *shell, const char *command, struct shell_words *ret);
