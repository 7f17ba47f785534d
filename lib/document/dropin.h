/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Drop-in directories as systemd reads them: files of several directories in order of base name,
 * where an earlier directory's file masks a later one's of the same name, and a symlink to
 * /dev/null masks it wholly. Hidden files and those without the suffix are passed over. */

#include <stdbool.h>
#include <stddef.h>

#include "document/diagnostic.h"
#include "document/document.h"
#include "util/arena.h"

struct dropin_options {
	const char *root;     /* prefix of every directory, or NULL */
	const char *suffix;   /* such as ".yaml" */
	const char *misspelt; /* what others write for it, such as ".yml": warned of; or NULL */
	bool tells_others;    /* note what else is passed over, but for hidden files */
	const char *shared;   /* a directory in which programs keep files: not there; or NULL */
	size_t size_max;      /* bytes of one file */
	bool trusted_only; /* refuse files, and directories of them, that are not owned by root or
			    * are writable by group or others */
};

/* Reads every file in order into *ret, allocated from arena. Files that are masked are noted in
 * diagnostics, and those that are passed over for a misspelt suffix are warned of. A directory that
 * does not exist is empty. A file that cannot be read or is refused is reported with its name, and
 * the answer is -EINVAL, with nothing in *ret; -EAGAIN if all that was reported is that a file is
 * being written: it is open for writing. -ENOMEM. */
int dropin_read(const char *const *directories, size_t n_directories,
		const struct dropin_options *options, struct arena *arena,
		struct diagnostics *diagnostics, struct document **ret, size_t *ret_count);

/* A file that was found. */
struct dropin_entry {
	const char *name;
	size_t directory; /* its place in the order of directories */
};

/* Warns of a file that was named, and that a directory would pass over. */
void dropin_check_name(const char *path, const char *suffix, struct diagnostics *diagnostics);

/* Whether a file of a directory is one of those that are read, or is passed over for a misspelt
 * suffix. */
bool dropin_is_wanted(const struct dropin_options *options, const char *name);
bool dropin_is_misspelt(const struct dropin_options *options, const char *name);

/* Sorts the entries by name and keeps of each name the one of the earliest directory. Returns how
 * many were kept, at the front; the others follow in no order. Pure; masking by /dev/null is seen
 * when the kept ones are opened. */
size_t dropin_order(struct dropin_entry *entries, size_t count);
