/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What became of the passes over one PF since the daemon has kept it: counts that only grow, for
 * who draws or watches them over time. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apply/pass.h"

/* Passes are counted by how long they took: in this many milliseconds at most, as tally_bounds has
 * them in order. */
#define TALLY_BOUNDS 10
extern const uint32_t tally_bounds[TALLY_BOUNDS];

/* Initialise with { 0 }. */
struct tally {
	uint64_t passes;
	uint64_t failed;	       /* of these: the PF could not be looked at, or the like */
	uint64_t ms;		       /* that passes took, all together */
	uint64_t within[TALLY_BOUNDS]; /* passes that took no longer than each bound */
	uint64_t steps;		       /* that were done */
	uint64_t refused;	       /* steps that the kernel refused */
	uint64_t repairs;	       /* passes that put back what somebody else had changed */
};

/* A pass has ended that took so long; pass is NULL where it failed as a whole. repaired: it has put
 * something back. Steps that only make way for others do not count. */
void tally_add(struct tally *tally, const struct pass *pass, bool repaired, uint64_t ms);
