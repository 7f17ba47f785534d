/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The mappings of the policy language as tables: which keys each has, and what reads them. */

#include <stdbool.h>
#include <stddef.h>

#include "document/yaml_node.h"
#include "model/value.h"
#include "policy/read/reader.h"
#include "util/text.h"

struct section;

/* A key of its own kind. */
struct section_key {
	const char *name;
	/* Reads the key's value into the section's target. 0; -EINVAL, reported; -ENOMEM. */
	int (*read)(struct policy_reader *reader, const struct yaml_node *node, void *target);
	const char *required; /* what to do where the key is missing; NULL: it is optional */
	const struct section *section; /* in place of read: it is a mapping of these keys */
	const struct section *holds; /* beside read: whose keys it has, or each item of its list */
	bool is_list;
};

struct section {
	const char *noun;     /* "the rule" */
	const char *expected; /* "a mapping ...": what it must be */
	const char *place;    /* where its keys belong: "under 'match'" */
	const char *if_empty; /* what to do where it has no key; NULL: to delete it */
	const char *chapter;  /* of sriovd.yaml(5) that explains its keys, or NULL */

	const struct section_key *keys;
	size_t n_keys;

	/* Keys that are read all in one way. */
	const char *const *names;
	size_t n_names;
	int (*read_name)(struct policy_reader *reader, size_t name, const struct yaml_node *node,
			 void *target);

	/* Keys that are settings: those whose key is prefix and the name. */
	const struct setting *settings;
	size_t n_settings;
	const char *prefix;
	const char *settings_place;   /* where they belong; NULL: another section has them too */
	const char *settings_chapter; /* that explains these, or NULL */
	void (*store)(void *target, size_t setting, const struct value *value);
};

/* All sections, for hints where a misplaced key belongs; ended by NULL. */
extern const struct section *const sections[];

/* More keys than any section has. */
#define SECTION_KEYS_MAX 64

/* NULL where it has none of that name. */
const struct section_key *section_find_key(const struct section *section, const char *name);
/* The position of a name, or n_names. */
size_t section_find_name(const struct section *section, const char *name);
/* The position of a setting, or n_settings. */
size_t section_find_setting(const struct section *section, const char *name);
/* Whether the section has such a key, of whichever kind. */
bool section_has(const struct section *section, const char *name);
/* All keys of the section; returns how many. */
size_t section_list_names(const struct section *section,
			  const char *names[static SECTION_KEYS_MAX]);

/* Where in the language a key of the section belongs, "under 'match'"; NULL where it has none of
 * that name, or another section says it. */
const char *section_place(const struct section *section, const char *name);
/* Appends where in the language a key belongs, "under 'match', or ...": nothing where no section
 * has it. */
void section_places(const char *name, struct text *out);
