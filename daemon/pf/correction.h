/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a pass put back that somebody else had changed. */

#include "apply/pass.h"
#include "pf/attempts.h"

/* Whether the pass found other VFs than the one before had left, which somebody else has made;
 * before may be NULL. No pass that failed may have been in between: it may have made them. */
bool correction_has_other_vfs(const struct pass *before, const struct pass *pass);

/* A step of the pass that put back what had been right after the one before it, under the same
 * policy, or that was tried again so soon: somebody may be quicker than a pass, and what another
 * eswitch mode brings is not known to be refused there; or that was tried on VFs that somebody else
 * has made anew (others). It is the number of VFs or the eswitch mode, else the first of the
 * settings of the PF or of VFs. NULL if there is none: the settings of VFs that the pass itself has
 * made do not count. before may be NULL; attempts are those before the pass, NULL where it was for
 * a retry. */
const struct step *correction_find(const struct pass *before, const struct pass *pass,
				   const struct attempts *attempts, bool others, uint64_t now);

/* What it counts in a contest; 0 for NULL. On VFs that are made anew all of their settings are
 * written, or tried, whoever makes them. */
unsigned correction_weight(const struct step *correction, bool others);

/* Says in the pass that its PF is contested: settings were put back so many times within
 * CONTEST_RECENT_MS, the latest one being correction, which may be NULL. Does nothing where a more
 * urgent state holds, or when out of memory. */
void correction_mark_contested(struct pass *pass, const struct step *correction, unsigned count);
