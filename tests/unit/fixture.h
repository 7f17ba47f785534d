/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Policies and hosts out of literals, for tests. What is wrong in them ends the test. */

#include "model/inventory.h"
#include "policy/policy.h"

/* "version: 1" is put before the text. */
struct policy *fixture_policy(const char *text);
/* The PFs of an inventory; text is the items of physical-functions. Strings live as long as the
 * inventory. */
void fixture_inventory(const char *text, struct inventory *ret);
/* Its only PF, taken out. */
struct pf *fixture_pf(const char *text);
extern const struct host fixture_host;
