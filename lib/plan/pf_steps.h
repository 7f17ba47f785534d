/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Steps that write settings of the PF itself, but for the number of VFs and the eswitch mode. */

#include "plan/draft.h"

/* Those that come before anything is done about VFs. 0 or -ENOMEM. */
int pf_steps_add_before(struct draft *draft);
/* Those that come once the VFs are there. 0 or -ENOMEM. */
int pf_steps_add_after(struct draft *draft);
