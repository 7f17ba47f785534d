/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What drivers that rules name are known not to do (model/driver.h), before there is a host: for
 * who checks a policy. It is no reason not to try. */

#include "document/diagnostic.h"
#include "policy/policy.h"

/* Warns of each value that a rule wants and a driver refuses, or takes in vain, which the rule's
 * 'match: driver' names. */
void foretell(const struct policy *policy, struct diagnostics *diagnostics);
