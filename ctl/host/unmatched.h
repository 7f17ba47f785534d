/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Rules that match no PF of the host, and why. */

#include <json-c/json_types.h>
#include <stddef.h>

#include "model/pf.h"
#include "policy/policy.h"
#include "util/arena.h"

struct unmatched {
	const struct rule *rule;
	const char *reason; /* "no interface matches 'ens1f*'; PFs here: ens2f0" */
};

/* In rule order; strings live in arena. */
const struct unmatched *unmatched_find(const struct policy *policy, const struct pf_list *pfs,
				       struct arena *arena, size_t *ret_count);
/* To standard error. */
void unmatched_print(const struct unmatched *unmatched, size_t count);
/* An array of {name, reason, origin}. */
struct json_object *unmatched_json(const struct unmatched *unmatched, size_t count);
