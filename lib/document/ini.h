/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Files of sections and assignments, as other programs write and read them. */

#include <stdbool.h>
#include <stddef.h>

#include "document/document.h"
#include "util/arena.h"

enum ini_dialect {
	/* systemd's units and network files (systemd.syntax(7)): comments begin with # or ;, a
	 * line that ends in a backslash goes on in the next one, lines without = are ignored. */
	INI_SYSTEMD,
	/* GLib's key files: comments begin with #, and any other line is an error. */
	INI_KEYFILE,
};

/* An assignment, or with key NULL the beginning of a section. Both are case-sensitive. */
struct ini_line {
	const char *section; /* NULL before the first one */
	const char *key;
	const char *value; /* without blanks around it */
	unsigned line;	   /* where it begins, from 1 */
};

/* Reads all lines of a document. -EBADMSG where the program would refuse the whole file, with the
 * line for which it would in *ret_bad unless that is NULL; -ENOMEM. */
int ini_read(const struct document *document, enum ini_dialect dialect, struct arena *arena,
	     struct ini_line **ret, size_t *ret_count, unsigned *ret_bad);

/* Whether the line is an assignment to that key of that section. */
bool ini_is(const struct ini_line *line, const char *section, const char *key);
