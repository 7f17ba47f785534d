/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A call of the simulated kernel: it takes time, in which anything can happen; may fail by the
 * history's will; and may be the one at which the process dies. */

#include "world.h"

/* One call on a PF, from its begin to its end. */
struct call {
	struct world *world;
	struct sim_pf *pf;
	enum op op;
	bool doomed;
};

static inline struct world *call_world(struct kernel *kernel)
{
	return (struct world *)kernel;
}

/* Everything up to the effect; for a negative answer there is none. seen is what a write was
 * planned from, NULL for a look; n is the number of VFs that it is to make, or that a
 * look was planned from; argument is for before_write. */
int call_begin(struct kernel *kernel, const char *handle, enum op op, const struct pf *seen,
	       uint32_t n, const void *argument, struct call *ret);
/* Whether the process has died in the midst of the effect: what is left of that is not to be done.
 */
bool call_is_cut(struct call *call);
/* After the effect, with its answer; returns what the caller gets. */
int call_end(struct call *call, int r);
/* Where there was none, likewise. call was filled in as far as it was known. */
int call_fail(struct call *call, enum op op, int r);
