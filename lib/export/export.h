/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* PFs and their VFs in the words of other programs that hand VFs out. */

#include "export/exported.h"
#include "util/arena.h"

/* What a format makes of the name of a group, of which two may become one. */
enum export_naming {
	EXPORT_NAMES_NONE,   /* it has none, takes each as it is, or may have it of several */
	EXPORT_NAMES_WORD,   /* exported_append_word() */
	EXPORT_NAMES_LABEL,  /* likewise, without dots */
	EXPORT_NAMES_OBJECT, /* resource_append_name() */
};

struct export_format {
	const char *name;
	const char *summary; /* what it is, for people */
	enum export_naming naming;
	/* Writes the groups. What failed shows in the texts. */
	void (*write)(const struct groups *groups, struct export *export);
};

/* Ended by one without a name. */
extern const struct export_format export_formats[];

/* NULL: there is none of that name. */
const struct export_format *export_format_find(const char *name);

/* Writes the groups in the format. One that would have the name of another is left out, and noted:
 * VFs of both would be handed out as if they were the same. 0 or -ENOMEM. */
int export_write(const struct export_format *format, const struct groups *groups,
		 struct arena *arena, struct export *export);
