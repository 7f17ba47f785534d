/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Runs steps against a kernel and tells what became of each. */

#include <stddef.h>

#include "apply/action.h"

struct debt;
struct kernel;
struct turns;

/* Runs the steps in order; VF settings travel many to a message. A setting that is
 * refused keeps no other from being tried, unless later ones build on it (basis in setting.h): that
 * ends the run.
 *
 * Right before a guarded step the holders are looked for again, and noted in observed, which is
 * what the steps were planned from: if there is one by now there is no action for the step, and if
 * it is one on the PF the run ends there.
 *
 * The first step that writes a number of VFs takes a turn of turns, which may be NULL: it ends with
 * the run, so that VFs that were destroyed are followed by others.
 *
 * The run ends before VFs are destroyed where debt_begin() does not allow it.
 *
 * Before VFs are destroyed it is noted that others are owed, where the step says so: where that
 * cannot be noted the run ends.
 *
 * Actions are appended, allocated from arena. Returns 0 whatever the kernel refused; -ENODEV if the
 * PF went away; -ENOMEM. */
int executor_run(struct kernel *kernel, struct turns *turns, struct debt *debt, struct pf *observed,
		 const struct step *steps, size_t n_steps, struct arena *arena,
		 struct actions *actions);
