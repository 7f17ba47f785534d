/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One directory: whether it is there, and the names in it. */

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"

/* Whether the path leads to a directory: 0; -ENOTDIR; or -errno. */
int directory_check(const char *path);
/* Whether path is the name of that directory, with slashes behind it or without. */
bool directory_is(const char *path, const char *directory);

/* Lists what is in path, which is relative to the descriptor directory, or to the working directory
 * with AT_FDCWD: sorted by name, without those that begin with a dot; none where there is no such
 * directory. Names and list live in arena. Returns 0 or -errno. */
int directory_list(int directory, const char *path, struct arena *arena, const char ***ret,
		   size_t *ret_count);
