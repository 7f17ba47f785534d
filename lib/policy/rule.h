/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A rule: which PFs it is for, and what it wants of them and of their VFs. */

#include <stdbool.h>
#include <stddef.h>

#include "document/document.h"
#include "model/value.h"
#include "util/index_set.h"
#include "util/text.h"

/* A key of match: and of its not:. They are tried in this order, and a mismatch names the first
 * that does not hold. */
enum match_key {
	MATCH_INTERFACE,
	MATCH_MAC,
	MATCH_PCI,
	MATCH_PATH,
	MATCH_DRIVER,
	MATCH_DEVICE,
	MATCH_CLASS,
	MATCH_SERIAL,
	MATCH_FIRMWARE,
	MATCH_PORT,
	MATCH_NUMA_NODE,
	MATCH_KEY_COUNT,
};

extern const char *const match_key_names[MATCH_KEY_COUNT];

/* The characters of which one makes a glob of a pattern. */
#define MATCH_GLOB "*?["

/* What one key asks for: any of the patterns. */
struct match_patterns {
	const char **patterns; /* globs, words of classes, or the literal in its canonical form */
	size_t count;	       /* 0: the key is not asked for */
};

/* What is asked for: "'ice' or 'i40e'". */
void match_patterns_describe(const struct match_patterns *patterns, struct text *out);

struct vf_entry {
	struct origin origin;	  /* of the index, or of vf-defaults */
	struct index_set indices; /* all for vf-defaults */
	struct vf_values settings;
	const struct origin *enforce; /* of the key; NULL: it is not there */
	bool once; /* "enforce: at-creation": a VF is given these values when it is made */
};

/* What a rule says. One in mode: ignore has the PF left alone, whatever it says else. */
struct rule {
	const char *name;
	struct origin origin;				 /* of the name */
	struct match_patterns match[MATCH_KEY_COUNT];	 /* all must hold */
	struct match_patterns excluded[MATCH_KEY_COUNT]; /* none may hold */
	struct pf_values settings;
	struct vf_entry *entries; /* vf-defaults first if given, then virtual-functions in order */
	size_t n_entries;
};

bool rule_ignores(const struct rule *rule);
