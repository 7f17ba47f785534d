/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the parts of rival.c share. */

#include <stdbool.h>

#include "kernel/rival.h"
#include "util/ini.h"

struct rival_search {
	const char *root;
	const struct pf *pf;
	struct arena *arena;
	const char **found;
	size_t count, capacity;
	/* Of NetworkManager's profiles so far. */
	const char **uuids;
	size_t n_uuids, uuids_capacity;
};

/* Each looks for one program. 0 or -ENOMEM. */
int rival_find_link(struct rival_search *search, const struct rival_sources *sources);
int rival_find_profiles(struct rival_search *search);

/* Appends string, of the arena, to a list of them; NULL is -ENOMEM. */
int rival_note(struct rival_search *search, const char ***list, size_t *count, size_t *capacity,
	       const char *string);
/* Who it is, and what in the file makes it one. */
int rival_add(struct rival_search *search, const char *who, const char *path, const char *what);

/* The lines of a file; none where it cannot be read. 0 or -ENOMEM. */
int rival_read_lines(const struct rival_search *search, const char *path, enum ini_dialect dialect,
		     struct ini_line **ret, size_t *ret_count);
/* The names in a directory; none where it cannot be read. 0 or -ENOMEM. */
int rival_list(const struct rival_search *search, const char *directory, const char ***ret,
	       size_t *ret_count);

bool rival_is_line(const struct ini_line *line, const char *section, const char *key);
bool rival_has_suffix(const char *name, const char *suffix);
