/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What sriovd.yaml(5) says of the keys of a policy and of the types of their values. The table is
 * made of the page itself, by key_texts.py when sriovctl is built. */

#include "policy/read/section.h"

struct key_text {
	const char *heading; /* of the page's part that it stands in */
	const char *name;    /* "vlan", "eswitch.mode"; of a type "rate" */
	const char *type;    /* "number | mapping | none"; "" of a type itself */
	/* A line a paragraph; those of a listing begin with a tab. */
	const char *text;
	const char *example; /* "vlan: {id: 100, qos: 3}", or NULL */
};

/* Ended by one without a name. */
extern const struct key_text key_texts[];

/* What is said of a key of the section; NULL: nothing, or it has none of that name. */
const struct key_text *key_text_find(const struct section *section, const char *name);
/* What is said of a type; NULL: nothing. */
const struct key_text *key_text_find_type(const char *name);
