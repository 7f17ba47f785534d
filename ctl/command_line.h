/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The words after "sriovctl": options, by the table in options.h, the verb and its operands. */

#include <stdbool.h>

#include "options.h"

struct verb;

/* Reads the command line of a verb; argv[0] is the verb. Strings stay in argv, which is put in
 * another order. Returns 0, or -EINVAL after having printed to standard error what is wrong; *ret
 * is the caller's to clear. */
int command_line_parse(const struct verb *verb, int argc, char **argv, struct options *ret);
/* Reads the options before the verb, which may be those of any verb. With a verb there are
 * operands, the verb is moved to argv[1] and the options behind it, for command_line_parse() to
 * judge them as it does those that stood there. Without one, only help and version count. Returns
 * as command_line_parse(), and *ret needs no clearing. */
int command_line_parse_program(int argc, char **argv, struct options *ret);

/* Whether the verb takes the option. NULL is no verb yet: what any verb takes may stand there. */
bool command_line_takes(const struct verb *verb, enum option_id id);
