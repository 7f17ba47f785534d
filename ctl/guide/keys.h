/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* All keys of a policy, by the tables that read it, each with what the manual says of it. */

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"

struct key_text;
struct section;

struct key {
	const char *name;  /* "vlan" */
	const char *place; /* "under 'vf-defaults'": all where it means the same, joined by "or" */
	bool is_setting;   /* of a PF or a VF */
	const struct key_text *text;
	const struct section *below; /* whose keys it has, or each item of its list; or NULL */
};

/* Those of one place stand together. Returns how many. */
size_t keys_list(struct arena *arena, const struct key **ret);
/* Whether a word names the key: "vlan", or "match.driver" with the mapping that it is in. */
bool key_is_meant(const struct key *key, const char *word);
