/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* PFs and their VFs in the words of other programs that hand VFs out. */

#include "export/exported.h"

struct export_format {
	const char *name;
	const char *summary; /* what it is, for people */
	/* Writes the groups. What failed shows in the texts. */
	void (*write)(const struct groups *groups, struct export *export);
};

/* Ended by one without a name. */
extern const struct export_format export_formats[];

/* NULL: there is none of that name. */
const struct export_format *export_format_find(const char *name);
