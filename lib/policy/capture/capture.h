/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* An observed PF to the rule that a person would write for it as it is. A plan of the rule on that
 * PF has no steps; on the same PF with the settings that it begins with, it gives it those that it
 * has. What is not known of it, or what no rule can say, is a note and in no rule. */

#include <stdbool.h>
#include <stddef.h>

#include "model/pf.h"
#include "policy/rule.h"
#include "util/arena.h"

struct capture {
	struct rule rule; /* no value has an origin */
	bool has_rule;	  /* false: notes say why not */
	const char **notes;
	size_t n_notes;
};

/* host is the PFs that there are, of which the rule is to match this one alone. what_differs leaves
 * out what the PF is known to have as its driver takes it, and what a new VF is. What is made is of
 * arena, or of the PF. Returns 0 or -ENOMEM. */
int capture_pf(const struct pf *pf, const struct pf_list *host, bool what_differs,
	       struct arena *arena, struct capture *ret);

/* The PFs and what was made of each as a policy file, with comments. */
void capture_write(const struct pf *const *pfs, const struct capture *captures, size_t count,
		   struct text *out);
