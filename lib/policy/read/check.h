/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is wrong in a rule though each of its values is right. Private to lib/policy. */

#include "document/diagnostic.h"
#include "policy/rule.h"

/* Returns 0; -EINVAL with the errors reported; -ENOMEM. */
int check_rule(const struct rule *rule, struct diagnostics *diagnostics);

/* Whether a min-tx-rate is over a max-tx-rate, as far as can be told: of a share of the link and a
 * number it cannot. A max-tx-rate of 0 is no limit. Either may be NULL. */
bool check_rates_cross(const struct value *min, const struct value *max);

/* Whether the mtu of a VF is over that of its PF. Either may be NULL. */
bool check_mtu_exceeds(const struct value *vf, const struct value *pf);
