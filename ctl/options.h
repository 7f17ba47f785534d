/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The options of all verbs, by one table. An option is an id, a member of struct options and a row
 * in options.c; verbs list the ids of those that they take. */

#include <stdbool.h>
#include <stddef.h>

#include "util/cleanup.h"

struct verb;

enum option_id {
	OPTION_POLICY,
	OPTION_ROOT,
	OPTION_INVENTORY,
	OPTION_WAIT,
	OPTION_DIRECT,
	OPTION_JSON,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_COUNT,
};

#define OPTION_BIT(id) (1u << (id))

/* Of an option that may be given several times, in the order in which they were. */
struct option_strings {
	const char **items;
	size_t count;
};

struct options {
	struct option_strings policies; /* directories in place of the standard ones */
	const char *root;		/* or NULL */
	const char *inventory;		/* file, "-" for standard input, or NULL */
	unsigned wait_s;
	bool direct; /* do not ask the daemon */
	bool json;
	bool help;
	bool version;
	char *const *operands; /* what is left, in argv */
	size_t n_operands;
};

void options_clear(struct options *options);
#define CLEANUP_OPTIONS CLEANUP(options_clear)

/* Reads the command line of a verb; argv[0] is the verb. Strings stay in argv, which is put in
 * another order. Returns 0, or -EINVAL after having printed to standard error what is wrong. */
int options_parse(const struct verb *verb, int argc, char **argv, struct options *ret);
/* Reads the options before the verb, which may be those of any verb. With a verb there are
 * operands, the verb is moved to argv[1] and the options behind it, for options_parse() to judge
 * them as it does those that stood there. Without one, only help and version count. Returns as
 * options_parse().
 */
int options_parse_program(int argc, char **argv, struct options *ret);

/* Prints synopsis, summary and options of a verb. */
void options_print_help(const struct verb *verb);
