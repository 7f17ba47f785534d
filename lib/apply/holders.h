/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Who uses what the steps of a plan would take or disturb. */

#include <stdbool.h>

#include "kernel/kernel.h"
#include "plan/step.h"

/* Fills in the holders of the VFs, and of the PF's own network device, where a step of the plan
 * that may be done depends on them: it is to be made again then (*ret_asked). Where they cannot be
 * found out they count as held. 0; -ENODEV: the PF is gone; or -ENOMEM. */
int holders_find(struct kernel *kernel, const struct plan *plan, struct pf *pf, bool *ret_asked);
