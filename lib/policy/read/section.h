/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The mappings of the policy language as tables: which keys each has, and what reads them. */

#include <stddef.h>

#include "document/yaml_node.h"
#include "model/value.h"
#include "policy/read/reader.h"

/* A key of its own kind. */
struct section_key {
	const char *name;
	/* Reads the key's value into the section's target. 0; -EINVAL, reported; -ENOMEM. */
	int (*read)(struct policy_reader *reader, const struct yaml_node *node, void *target);
	const char *required; /* what to do where the key is missing; NULL: it is optional */
};

struct section {
	const char *noun;     /* "the rule" */
	const char *expected; /* "a mapping ...": what it must be */
	const char *place;    /* where its keys belong: "under 'match'" */

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
	const char *settings_place; /* where they belong; NULL: another section has them too */
	void (*store)(void *target, size_t setting, const struct value *value);
};

/* All sections, for hints where a misplaced key belongs; ended by NULL. */
extern const struct section *const sections[];

/* Reads a mapping into target. key is what messages call it by. What is wrong in one key does not
 * keep the others from being read. Returns 0; -EINVAL, reported; -ENOMEM. */
int section_read(struct policy_reader *reader, const struct section *section, const char *key,
		 const struct yaml_node *node, void *target);
