/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How a simulated PF differs from what its rules want, and whether that could be helped. */

#include "model/pf_state.h"
#include "policy/resolve/resolve.h"
#include "world.h"

/* One PF and what is found of it: the most urgent state that is true, and for what. */
struct finding {
	struct world *world;
	struct sim_pf *pf;
	const struct desired *desired;
	enum pf_state state; /* the most urgent */
	unsigned states;     /* bit per state */
	unsigned possible;   /* and of what may be said of settings that cannot be read */
	struct text *why;
};

/* Fills in what is found. A difference that the daemon could do away with counts as STATE_ABSENT,
 * which no PF that is there can have. */
void finding_make(struct finding *finding);

/* Whether the VF was given the setting once, and it is left as it is. */
bool finding_is_left(const struct sim_pf *pf, const struct desired *desired, uint32_t vf,
		     enum vf_setting setting);
/* Whether a rule wants no driver at VFs yet: the PF is to be in another bond, or in one. */
bool finding_lacks_bond(bool bonded, const struct desired *desired);
/* Whether a driver is to be kept off the VF for that, or for as long as the PF is down: it would
 * not get the address there that a rule gives the VF. */
bool finding_withholds(const struct sim_pf *pf, const struct desired *desired, uint32_t vf);
/* Whether that is so of any VF that is without a driver. */
bool finding_withholds_any(const struct finding *finding);
