/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where a verb has what it tells from: the daemon if there is one, or this program itself. */

#include <json-c/json_types.h>

#include "daemon.h"
#include "verdict.h"

struct options;

enum source {
	SOURCE_DAEMON,
	SOURCE_NOT_ASKED,   /* direct, since the options say so */
	SOURCE_NOT_RUNNING, /* direct, for want of a daemon */
};

/* Finds the daemon that the options allow to ask; *ret is NULL if there is none. */
enum source source_find(const struct options *options, struct daemon **ret);

/* Print to standard error what of the policy makes no sense on the PFs of the daemon's document,
 * and its rules that match none. */
void source_print_problems(struct json_object *document);
void source_print_unmatched(struct json_object *document);
