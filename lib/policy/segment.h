/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which entry decides which setting of which VF. VFs that the same entries name are one segment, so
 * that the work grows with the policy and not with the number of VFs times the number of entries.
 */

#include <stddef.h>
#include <stdint.h>

#include "policy/rule.h"

/* An entry and the rule that it is in. Later layers win over earlier ones. */
struct layer {
	const struct rule *rule;
	const struct vf_entry *entry;
};

struct segment {
	uint32_t first, last;			      /* VFs, inclusive */
	uint64_t present;			      /* settings that a layer has, SETTING_BIT: */
	uint64_t awaited;			      /* left out of them, as in a VF */
	const struct layer *winner[VF_SETTING_COUNT]; /* the last that has it */
};

struct segments {
	struct segment *items; /* in order, without gaps, from VF 0 to the last */
	size_t count;
};

/* Cuts n_vfs VFs. The layers must outlive the answer. Returns 0 or -ENOMEM. */
int segments_make(const struct layer *layers, size_t n_layers, uint32_t n_vfs,
		  struct segments *ret);
void segments_clear(struct segments *segments);
#define CLEANUP_SEGMENTS CLEANUP(segments_clear)

/* The value that wins in a segment, or NULL. */
const struct value *segment_value(const struct segment *segment, enum vf_setting setting);
