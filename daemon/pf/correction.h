/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a pass put back that somebody else had changed. */

#include "apply/pass.h"

/* The first step of the pass that put back what had been right after the one before it, under the
 * same policy: a setting of the PF or of a VF, or how many VFs there are. NULL if there is none:
 * the settings of new VFs do not count. before may be NULL. */
const struct step *correction_find(const struct pass *before, const struct pass *pass);

/* Says in the pass that its PF is contested: settings were put back so many times within
 * CONTEST_RECENT_MS, the latest one being correction, which may be NULL. Does nothing where a more
 * urgent state holds, or when out of memory. */
void correction_mark_contested(struct pass *pass, const struct step *correction, unsigned count);
