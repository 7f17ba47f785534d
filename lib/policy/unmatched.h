/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Rules that match no PF of a host, and why. */

#include <stddef.h>

#include "model/pf.h"
#include "policy/policy.h"
#include "util/arena.h"

struct unmatched {
	const struct rule *rule;
	const char *reason; /* "no interface matches 'ens1f*'; PFs here: ens2f0" */
};

struct unmatched_list {
	struct unmatched *items; /* in rule order */
	size_t count;
};

/* The rules that match none of the n PFs. The list and its strings live in arena. 0 or -ENOMEM. */
int unmatched_find(const struct policy *policy, struct pf *const *pfs, size_t n,
		   struct arena *arena, struct unmatched_list *ret);
