/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A survey that is under way; and reading for it where failing is an answer too: paths are relative
 * to the survey's root and without a slash in front; all but a lack of memory makes what is read
 * unknown. */

#include <stdbool.h>
#include <stddef.h>

#include "model/facts/facts.h"
#include "util/arena.h"

/* A survey that is under way. */
struct survey {
	int root; /* the directory that paths are relative to */
	struct arena *arena;
	struct facts *facts;
};

/* The attribute in sysfs, or short file in /proc; *ret is NULL where it is not there or cannot be
 * read. 0 or -ENOMEM. */
int glance_read(const struct survey *survey, const char *path, const char **ret);
/* A number, or -1. */
int glance_number(const struct survey *survey, const char *path);
/* A whole file of at most 16 MiB, likewise. */
int glance_read_all(const struct survey *survey, const char *path, const char **ret);
/* The names in a directory. *ret_known is false where it is not there or cannot be read. */
int glance_list(const struct survey *survey, const char *path, struct names *ret, bool *ret_known);
/* Whether there is such a file: UNTOLD where that cannot be told. */
enum told glance_exists(const struct survey *survey, const char *path);
