/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What an error of the kernel means for a step, and for trying it again. */

#include "model/pf.h"
#include "plan/knowledge.h"

/* Kinds are told apart by the error, by the driver that gave it, and by what the latest look saw:
 * most drivers refuse a rate while the link is down, some anything to a VF that starts over. error
 * is a negative errno; one that stands in no row is REFUSAL_REJECTED. */
enum refusal_kind refusal_classify(const struct step_target *target, const struct pf *observed,
				   int error);

/* "not supported by the driver (EOPNOTSUPP)", and the driver's own words. */
void refusal_describe_reason(const struct refusal *refusal, struct text *out);
/* The same behind the step: "VF 3: link-state enable: not supported by the driver (EOPNOTSUPP)". */
void refusal_describe(const struct refusal *refusal, struct text *out);
