/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A search for rivals of one PF: where to look, what was found, and what those who look for one
 * program each share. */

#include <stddef.h>

#include "document/ini.h"
#include "model/pf.h"
#include "util/arena.h"

/* Where to look. */
struct rival_sources {
	const char *root;	  /* prefix of every path, or NULL */
	const char *link_file;	  /* udev's ID_NET_LINK_FILE of the network device, or NULL */
	const char *link_dropins; /* ID_NET_LINK_FILE_DROPINS: paths with ":" between, escaped; NULL
				   * where udev does not report them (before systemd 254):
				   * they are searched for then */
};

struct search {
	const char *root;
	const struct pf *pf;
	struct arena *arena;
	const char **found;
	size_t count, capacity;
	/* Of NetworkManager's profiles so far. */
	const char **uuids;
	size_t n_uuids, uuids_capacity;
};

/* Appends string, of the arena, to a list of them; NULL is out of memory. 0 or -ENOMEM. */
int search_note(struct search *search, const char ***list, size_t *count, size_t *capacity,
		const char *string);
/* Adds a rival: who it is, and what in the file makes it one. 0 or -ENOMEM. */
int search_add(struct search *search, const char *who, const char *path, const char *what);

/* The lines of a file; none where it cannot be read. 0 or -ENOMEM. */
int search_read_lines(const struct search *search, const char *path, enum ini_dialect dialect,
		      struct ini_line **ret, size_t *ret_count);
/* The text of a file; NULL where it cannot be read. 0 or -ENOMEM. */
int search_read_text(const struct search *search, const char *path, const char **ret);
/* The most directories of which one masks another. */
#define SEARCH_DIRECTORIES_MAX 4
/* The files of directories, ended by NULL, whose names end so: in order of name, where the same
 * name in an earlier directory masks a later one. 0 or -ENOMEM. */
int search_find_dropins(const struct search *search, const char *const *directories,
			const char *suffix, const char ***ret, size_t *ret_count);
/* The names in a directory; none where it cannot be read. 0 or -ENOMEM. */
int search_list(const struct search *search, const char *directory, const char ***ret,
		size_t *ret_count);
