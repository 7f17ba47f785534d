/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Values of single VFs as the few entries that a person would write for them: what most VFs have
 * are defaults, VFs that have the same share an entry, and what counts over them is written so. */

#include <stddef.h>
#include <stdint.h>

#include "policy/rule.h"
#include "util/arena.h"

/* The VFs, in rising order, as index sets in arena: one has INDEX_SET_RANGES_MAX ranges at most.
 * Returns 0 or -ENOMEM. */
int fold_indices(const uint32_t *vfs, size_t count, struct arena *arena, struct index_set **ret,
		 size_t *ret_count);

/* The entries, which give each of the n VFs its values and no others; values(context, i) are those
 * of VF i, which have no origin. Returns 0 or -ENOMEM. */
int fold_entries(const struct vf_values *(*values)(const void *context, uint32_t vf),
		 const void *context, uint32_t n, struct arena *arena, struct vf_entry **ret,
		 size_t *ret_count);
