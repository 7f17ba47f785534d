/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Files of another program on the way to a policy: what they say, which rules that makes, and what
 * is in none of them. Each fact ends up in a rule, in a note, or in both. Private to lib/convert.
 */

#include "document/fact.h"
#include "policy/rule.h"

/* Where a VLAN was said, of which files have the parts one by one. */
enum vlan_part { VLAN_ID, VLAN_QOS, VLAN_PROTOCOL, VLAN_PART_COUNT };

/* One VF. The origin of a value is that of its fact. */
struct draft_vf {
	struct vf_values values;
	const struct fact *vlan[VLAN_PART_COUNT];
	const char *vlan_text[VLAN_PART_COUNT];
};

/* The rule of a PF as it comes to be. */
struct draft {
	const void *owner;	  /* what it is of: a document, or a part of a path */
	const struct fact *first; /* where it begins */
	const char *name;	  /* what to call the rule, or NULL: as its first pattern */
	struct rule rule;
	bool has_rule; /* once all is taken */
	size_t capacities[2][MATCH_KEY_COUNT];
	struct draft_vf *vfs;
	uint32_t n_vfs;
	size_t vfs_capacity;
};

/* Why a fact is in no rule, or how it is meant there. */
struct note {
	const struct fact *fact;
	const char *words;
};

/* What has become of a fact. */
struct fate {
	struct draft *draft; /* whose rule it is about, or NULL */
	bool carried, noted;
};

struct conversion {
	struct arena *arena;
	struct diagnostics *diagnostics;
	struct fact_list facts;
	struct fate *fates; /* of each fact */
	struct draft **drafts;
	size_t n_drafts, drafts_capacity;
	struct note *notes;
	size_t n_notes, notes_capacity;
	const void *state; /* the format's own */
};

/* A key of a format, and what becomes of it. The first row that fits a fact counts. */
struct key_row {
	const char *path; /* as fact_fits() has it; ended by NULL */
	/* Takes the fact to rules or notes. 0 or -ENOMEM. NULL: why is its note. */
	int (*take)(struct conversion *conversion, const struct fact *fact,
		    const struct key_row *row);
	const char *why;
	int setting; /* for take: an enum pf_setting, vf_setting, match_key or vlan_part */
};

/* Takes each fact by its row; what has none gets a note that says so. 0 or -ENOMEM. */
int conversion_take(struct conversion *conversion, const struct key_row *rows);

/* The same where paths of rows begin below so many parts of a fact's. */
int conversion_take_below(struct conversion *conversion, const struct key_row *rows,
			  size_t (*base_of)(const struct conversion *conversion,
					    const struct fact *fact));

/* The fact is in a rule. */
void conversion_carry(struct conversion *conversion, const struct fact *fact);
/* Says why it is not, or how it is meant. words NULL is out of memory. 0 or -ENOMEM. */
int conversion_note(struct conversion *conversion, const struct fact *fact, const char *words);
/* Has what else the document of a draft says told beside its rule. */
void conversion_claim(struct conversion *conversion, struct draft *draft);
/* Whether it is in a rule or has a note. */
bool conversion_is_told(const struct conversion *conversion, const struct fact *fact);
struct fate *conversion_fate(const struct conversion *conversion, const struct fact *fact);

/* "a.yaml:3" */
const char *conversion_place(struct conversion *conversion, const struct fact *fact);
