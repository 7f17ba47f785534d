/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is checked at each write, before it takes effect. */

#include "policy/resolve/resolve.h"
#include "world.h"

void watch_write(struct world *world, struct sim_pf *pf, enum op op, const struct pf *observed,
		 const void *argument);
void watch_note(struct world *world, struct sim_pf *pf, const struct pf *observed,
		const struct given_note *notes, size_t n_notes);
void watch_owed(struct world *world, struct sim_pf *pf, const struct pf *observed,
		const struct owed_vfs *owed);
/* Whether VFs that are noted to be owed are not there, or half made. */
bool watch_owes_vfs(const struct sim_pf *pf);
/* VFs were destroyed: not more often than they may be. */
void watch_destroyed(struct world *world, struct sim_pf *pf);
/* A driver is about to get the VF. */
void watch_bind(struct world *world, struct sim_pf *pf, uint32_t index);
/* A device, or its driver, comes back. */
void watch_return(struct world *world, struct sim_pf *pf, bool plugged);

/* What the policy of the pass under way, or else the one in force, wants of a PF. */
struct desired *watch_desired(struct world *world, const struct sim_pf *pf,
			      const struct pf *observed);
