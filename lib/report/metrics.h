/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A host in figures, for who draws them over time. What is not known has no sample: it is never 0.
 * The families are listed in sriovctl(1), METRICS. */

#include <json-c/json_types.h>
#include <stdbool.h>

#include "model/pf.h"
#include "util/text.h"

/* What is known of the daemon. */
struct metrics_daemon {
	struct json_object *told; /* what it says of the host (report/host.h), or NULL */
	bool is_away;		  /* it does not run, or answer; else, without told, nobody knows */
};

/* Appends the figures of PFs that were observed, and what the daemon says. PFs that it does not
 * keep have no state. */
void metrics_write(const struct pf *const *pfs, size_t count, const struct metrics_daemon *daemon,
		   bool openmetrics, struct text *out);
