/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What VFs are handed out from: a pool that a policy names, of whichever PFs, or a PF with those of
 * its VFs for which none is named. */

#include <stdbool.h>
#include <stddef.h>

#include "model/pf.h"
#include "util/arena.h"

/* A PF as it is, and as the policy wants it, which names the pools. */
struct exported_pf {
	const struct pf *pf, *desired;
};

struct member {
	const struct pf *pf;
	const struct vf *vf;
};

struct group {
	const char *name; /* the pool's, else the PF's */
	bool is_pool;
	const struct pf *pf;	/* NULL: it is a pool's */
	struct member *members; /* by PF, and by number; a PF without VFs has none */
	size_t count, capacity;
};

struct groups {
	struct group *items; /* by their first VF */
	size_t count, capacity;
};

/* All VFs of the PFs, each in one group. Returns 0 or -ENOMEM. */
int groups_make(const struct exported_pf *pfs, size_t count, struct arena *arena,
		struct groups *ret);

/* Whether the group has all VFs of its PF, so that the PF can be named for them. */
bool group_is_whole(const struct group *group);
/* Where the members of the next PF begin: at the end, or behind first. */
size_t group_next_pf(const struct group *group, size_t first);
