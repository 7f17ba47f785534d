/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What must be so once nothing happens any more. */

#include "daemon.h"

/* Whether each PF is as its policy wants it, or in a state whose reason is true on the simulated
 * host. */
void truth_check(struct daemon *daemon);
/* Whether that holds, without a verdict. */
bool truth_holds(struct daemon *daemon);
/* Whether an observer who knows nothing would find nothing to do on what is in sync. */
void truth_check_plans(struct daemon *daemon);
