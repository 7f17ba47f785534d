/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a pass put back that somebody else had changed. */

#include "apply/pass.h"
#include "pf/attempts.h"

struct correction {
	/* The number of VFs or the eswitch mode, else the first of the settings of the PF or of
	 * VFs. NULL: there is none. */
	const struct step *step;
	/* What it counts in a contest, 0 for none. On VFs that are made anew all of their settings
	 * are written, or tried, whoever makes them. */
	unsigned weight;
};

/* A step of the pass that put back what had been right after the one before it, under the same
 * policy, or that was tried again so soon: somebody may be quicker than a pass, and what another
 * eswitch mode brings is not known to be refused there; or that was tried on VFs that somebody else
 * has made anew. The settings of VFs that the pass itself has made do not count. before may be
 * NULL; attempts are those before the pass, NULL where it was for a retry. failed: a pass in
 * between has, and may have made VFs. */
struct correction correction_find(const struct pass *before, const struct pass *pass,
				  const struct attempts *attempts, bool failed, uint64_t now);

/* Says in the pass that its PF is contested: settings were put back so many times within
 * CONTEST_RECENT_MS, the latest one being correction, which may be none. Does nothing where a more
 * urgent state holds, or when out of memory. */
void correction_mark_contested(struct pass *pass, const struct correction *correction,
			       unsigned count);
