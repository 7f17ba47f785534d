/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A document of sections or mappings as what it says, one assignment after the other: for files of
 * other programs, of which each reader takes what it knows, and can tell what it does not. */

#include <stdbool.h>
#include <stddef.h>

#include "document/diagnostic.h"
#include "document/document.h"
#include "document/ini.h"
#include "util/arena.h"

/* The place of an item of a list in a path. */
#define FACT_ITEM "[]"

/* The most facts of one list: who writes more does not write them by hand. */
#define FACTS_MAX 65536u

struct fact {
	struct origin origin; /* of the key, or of an item of a list */
	/* Sections and keys, the outermost first. Facts of the same section, mapping or item have
	 * the same pointer there, and others another; they stand one after the other. */
	const char **path;
	size_t depth;
	const char *value; /* "" where it is empty, or a mapping or list with nothing in it */
	bool plain;	   /* without quotes: null, a boolean or a number may be one */
};

struct fact_list {
	struct fact *items;
	size_t count, capacity;
};

/* Append the assignments of a document. A file that its program would refuse is reported. Return 0;
 * -EINVAL, reported; -ENOMEM. */
int fact_read_ini(const struct document *document, enum ini_dialect dialect, struct arena *arena,
		  struct diagnostics *diagnostics, struct fact_list *list);
/* Of one YAML document. */
int fact_read_yaml(const struct document *document, struct arena *arena,
		   struct diagnostics *diagnostics, struct fact_list *list);
/* One more. path is of arena. 0; -EINVAL, reported; -ENOMEM. */
int fact_add(const struct fact *fact, struct arena *arena, struct diagnostics *diagnostics,
	     struct fact_list *list);

/* Whether the path fits the pattern: its parts with "/" between, each a glob; a last part of two
 * stars fits any rest, nothing too. */
bool fact_fits(const struct fact *fact, const char *pattern);
/* The last key of the path. */
const char *fact_key(const struct fact *fact);
/* Whether the first parts of both paths are the same places. */
bool fact_is_beside(const struct fact *fact, const struct fact *other, size_t depth);
/* The last fact with that key below the same first depth parts of the path as this one; NULL. */
const struct fact *fact_beside(const struct fact_list *list, const struct fact *fact, size_t depth,
			       const char *key);
