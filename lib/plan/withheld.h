/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which VFs no driver must have yet, and for how long; private to plan/. */

#include "plan/draft.h"

/* Whether that is so of a VF until something comes about that nobody can wait for: the PF's network
 * device, by which the VF gets what its driver must find, that the PF is up, or in a bond that is.
 * now is NULL for a VF that is still to be created. One that a driver has keeps it. */
bool withheld_is(const struct draft *draft, const struct vf *want, const struct vf *now);

/* Whether the VF must not get another driver than it has yet: also one that has a driver, where the
 * next would find it without its address, before its PF is in the bond, or with what nobody can
 * tell while the PF's network device is away. */
bool withheld_is_change(const struct draft *draft, const struct vf *want, const struct vf *now);

/* The bond for which drivers are kept off VFs by this plan, whose steps are all there; or NULL. */
const char *withheld_bond(const struct draft *draft);

/* Until when it is so of any VF, and so of all whose drivers the kernel chooses: a constant, or
 * NULL. What is left out of the plan for it makes that one that holds_back. */
const char *withheld_all_until(const struct draft *draft);
