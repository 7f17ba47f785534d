/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The state that a pass leaves a PF in. */

#include "model/pf_state.h"
#include "plan/step.h"
#include "policy/desired.h"
#include "util/text.h"

/* The most urgent that holds, and why, in one line. remaining is what differs still, NULL where no
 * plan was made; passive: nothing was to be written. */
enum pf_state state_of(const struct desired *desired, const struct pf *observed,
		       const struct plan *remaining, bool passive, struct text *reason);
