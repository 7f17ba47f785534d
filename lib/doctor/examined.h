/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a doctor looks at: a host with its PFs as they were observed, and what a policy makes of
 * them. Nothing in it is the doctor's own; all outlives what he finds. */

#include <stddef.h>

#include "model/facts/facts.h"
#include "model/host.h"
#include "model/pf.h"
#include "plan/plan.h"
#include "policy/desired.h"
#include "policy/unmatched.h"

struct examined_pf {
	const struct pf *pf;
	const struct desired *desired;
	const struct plan *plan; /* what is left to do; NULL: nothing is wanted of the PF */
	/* Who else is told to set it up, a sentence each; NULL: nobody has looked, as of an
	 * inventory, of a PF that no rule is for, or that is only observed. */
	const struct names *rivals;
};

struct examined {
	const struct host *host;
	const struct facts *facts;		/* NULL: nobody has looked */
	const struct unmatched_list *unmatched; /* of all PFs; none where some were picked */
	const struct examined_pf *pfs;
	size_t n_pfs;
};
