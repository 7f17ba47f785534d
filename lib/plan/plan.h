/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Desired x observed -> the ordered steps that lead from one to the other. Pure. */

#include "model/pf.h"
#include "plan/step.h"

struct knowledge;

/* desired as policy_resolve() gives it. knowledge may be NULL: nothing was learnt yet. Values of
 * the plan borrow names and origins from desired and observed. Returns 0 or -ENOMEM. */
int plan_make(const struct pf *desired, const struct pf *observed,
	      const struct knowledge *knowledge, struct plan **ret);
void plan_free(struct plan *plan);
DEFINE_CLEANUP(struct plan *, plan_free);
