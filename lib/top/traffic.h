/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What VFs have sent and received: since their counters began, or in a second of the time between
 * two readings. What nobody counts is not known, and is no 0 in a sum either. */

#include "model/pf.h"

struct traffic {
	unsigned known;	  /* VF_COUNTER_BIT */
	unsigned missing; /* of a sum: some part of it is not known, so that it is a lower bound */
	uint64_t number[VF_COUNTER_COUNT];
};

/* "rx-bytes"; as `ip -s` and rtnetlink have them. */
extern const char *const traffic_names[VF_COUNTER_COUNT];

/* All that was counted; counters may be NULL, and nothing is known then. */
struct traffic traffic_total(const struct vf_counters *counters);
/* In a second, where the readings are ms apart. Of what was counted both times; nothing, if any of
 * it has become less: what counts has begun anew, or has come to the end of its digits, and what
 * went on meanwhile nobody knows. Rounded, but what was more than 0 stays so. Each may be NULL. */
struct traffic traffic_rate(const struct vf_counters *before, const struct vf_counters *after,
			    uint64_t ms);
/* Adds a part to a sum, which begins as { 0 }. */
void traffic_add(struct traffic *sum, const struct traffic *part);
