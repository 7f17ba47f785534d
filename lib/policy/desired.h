/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a policy wants of one PF. */

#include <stdbool.h>
#include <stddef.h>

#include "document/document.h"
#include "model/pf.h"
#include "policy/rule.h"
#include "util/cleanup.h"

/* A part of the policy that makes no sense on this PF: it is left out of the desired PF, or is not
 * in force though it can be written. */
struct problem {
	struct origin origin;
	const char *message;
	bool remark; /* it is in force, and there is something to know of it */
};

struct desired {
	struct pf *pf; /* settings and VFs; identity strings are not set. Its arena holds all of
			  this */
	const struct rule **rules; /* that matched, in file order; none: leave the PF alone */
	size_t n_rules;
	/* The first of them in mode: ignore, or NULL: with one nothing is wanted of the PF. */
	const struct rule *ignored_by;
	/* Why it cannot be told yet whether there is one: nothing is wanted until it can. Or NULL.
	 */
	const char *undecided;
	struct problem *problems; /* index beyond the VFs, min over max rate after merging, a MAC
				     twice ... */
	size_t n_problems;
	uint64_t made; /* settings of VFs, SETTING_BIT, with a value that was made from another */
};

/* One that wants nothing yet. Returns 0 or -ENOMEM. */
int desired_new(struct desired **ret);
void desired_free(struct desired *desired);
DEFINE_CLEANUP(struct desired *, desired_free);

/* The first problem that is no remark, or NULL. */
const struct problem *desired_problem(const struct desired *desired);

/* What the policy says that a value of a VF's setting was made from: "stable", a template,
 * "{from: 100}", "50%". NULL where it says the value itself, and for what no rule asks for. */
const struct value *desired_written(const struct desired *desired, enum vf_setting setting,
				    const struct value *value);

/* Whether rules match, and none in mode: ignore. */
bool desired_is_managed(const struct desired *desired);
/* Whether its rules ask only to look. */
bool desired_is_observe_only(const struct desired *desired);
/* Whether it is managed, and its rules ask for more than that. */
bool desired_is_enforced(const struct desired *desired);
