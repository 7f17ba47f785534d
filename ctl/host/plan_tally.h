/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What plans of many PFs come to, for one host and for many. */

#include <json-c/json_types.h>
#include <stddef.h>

#include "host/passes.h"
#include "verdict.h"

/* Steps by what becomes of them. */
struct plan_tally {
	size_t ready;
	size_t blind; /* ready too, but no change that anybody could see */
	size_t blocked;
	size_t requestable; /* that wait for a request alone, and are not among the blocked */
	size_t refused;
	size_t degraded; /* PFs that cannot be as the policy says, or not yet */
};

/* Steps of PFs that are only observed do not count. */
struct plan_tally plan_tally_of(const struct passes *passes);
enum verdict plan_tally_verdict(const struct plan_tally *tally);
/* An array of PFs with their steps. */
struct json_object *plan_tally_pfs_json(const struct passes *passes);
