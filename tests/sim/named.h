/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Who uses a PF's own network device is named, where a step is done that disturbs him as where one
 * is not done for him. */

#include "apply/pass.h"
#include "world.h"

/* Of a pass that has ended, of those who were there from before it began. */
void named_check(struct world *world, const struct sim_pf *pf, const struct pass *pass);
