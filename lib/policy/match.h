/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which rules are meant for which PF. */

#include <stdbool.h>

#include "model/pf.h"
#include "policy/rule.h"
#include "util/text.h"

/* Whether the rule matches the observed PF. If not, *ret_failed (may be NULL) is the first key that
 * does not hold. */
bool rule_matches(const struct rule *rule, const struct pf *pf, enum match_key *ret_failed);

/* What the PF has for a key, for messages: "ens1f0, enp59s0f0", or "nothing". */
void match_actual(const struct pf *pf, enum match_key key, struct text *out);
