/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Modes of eswitches. */

#include "model/pf.h"

/* The number of the mode that the PF's eswitch is in, as observed; 0 also where it has none, or
 * that is not known. */
uint64_t eswitch_mode_of(const struct pf *pf);

/* Whether it is the way from switchdev-inactive to switchdev, for which nothing has to leave: VFs
 * keep their drivers, and the PF its network device. False where one is NULL. */
bool eswitch_mode_connects(const struct value *from, const struct value *to);
