/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Notes of values that VFs are given once. They are made around each write, so that death at any
 * instruction leaves none that was given and does not count so: what was being written counts as
 * given unless it reads as before. */

#include "apply/action.h"
#include "kernel/kernel.h"

struct desired;
struct plan;

/* Steps, in order, some of which give values once. */
struct giving {
	const struct step *steps; /* those that may be done now */
	size_t n_steps;
	size_t first; /* the number of actions before them */
};

/* Notes what the steps will give. Those that would give something to a VF that somebody has come
 * to use are left out, and count as refused where no note can be made: without one nothing is
 * given. observed is what they were planned from. 0 or -ENOMEM. */
int giving_begin(struct kernel *kernel, struct pf *observed, const struct step *steps,
		 size_t n_steps, struct arena *arena, struct actions *actions, struct giving *ret);
/* Notes what became of them, by the actions that there are since: where there is none for a step,
 * that was not done, if all is told of them. 0 or -ENOMEM. */
int giving_end(struct kernel *kernel, const struct pf *observed, const struct giving *giving,
	       bool all_told, struct arena *arena, const struct actions *actions);

/* The VFs are new: what is given once is due to all of them. In observed only. */
void giving_mark_new(const struct desired *desired, struct pf *observed);
/* Notes what of that is due. 0 or -ENOMEM. */
int giving_note_due(struct kernel *kernel, const struct desired *desired,
		    const struct pf *observed);
/* Notes what counts as given by the plan, and removes notes of VFs that are gone. 0 or -ENOMEM. */
int giving_note_plan(struct kernel *kernel, const struct pf *observed, const struct plan *plan);
