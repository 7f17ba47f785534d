/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Places of a policy, short: a file's own name in each, and its directory once. */

#include <json-c/json_types.h>
#include <stddef.h>

#include "document/document.h"
#include "util/arena.h"

/* Initialise with the arena of all texts. */
struct places {
	struct arena *arena;
	const char **files; /* each once, as they were added */
	size_t count;
	size_t capacity;
};

/* First all files are added that are to be named, for two may have the same name in different
 * directories: these are named whole. */
void places_add(struct places *places, const char *file);
/* The files of the steps of a list in JSON; see report/steps.h. */
void places_add_steps(struct places *places, struct json_object *steps);

/* "10-uplinks.yaml:9"; the same with the column if that is not 0. */
const char *places_name(const struct places *places, const char *file, unsigned line,
			unsigned column);

/* Prints which directories the files are in; nothing where that was said in each place. */
void places_print(const struct places *places);
