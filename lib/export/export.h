/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* PFs and their VFs in the words of other programs that hand VFs out. */

#include "export/exported.h"
#include "util/arena.h"

struct export_format {
	const char *name;
	const char *summary; /* what it is, for people */
	/* What it makes of the name of a group, of which two may become one. NULL: it has none,
	 * takes each as it is, or may have it of several. */
	void (*append_name)(const struct group *group, struct text *out);
	/* Writes the groups, which have VFs each. What failed shows in the texts. */
	void (*write)(const struct groups *groups, struct export *export);
};

/* Ended by one without a name. */
extern const struct export_format export_formats[];

/* NULL: there is none of that name. */
const struct export_format *export_format_find(const char *name);

/* Writes the groups in the format. One without VFs is noted, and so is one that would have the name
 * of another: VFs of both would be handed out as if they were the same. 0 or -ENOMEM. */
int export_write(const struct export_format *format, const struct groups *groups,
		 struct arena *arena, struct export *export);
