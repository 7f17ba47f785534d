/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The eswitch mode: when its driver takes another one, and what has to leave for it. */

#include <stdbool.h>

#include "plan/draft.h"

/* The mode that is wanted and is not, or NULL. */
const struct value *eswitch_other_mode(const struct draft *draft);
/* The same where it takes more than to write it: from switchdev-inactive to switchdev nothing has
 * to leave (mlx5_devlink_eswitch_mode_set() of Linux 7.3). */
const struct value *eswitch_leaves_mode(const struct draft *draft);
/* Whether there is one, and it is written before VFs are created. */
bool eswitch_comes_first(const struct draft *draft);
/* Whether drivers will leave the VFs that there are for it, and are not kept off them yet. */
bool eswitch_takes_drivers_off(const struct draft *draft);

/* The mode, by a step of that kind, which is blocked where the host uses a network device that may
 * go for it. 0 or -ENOMEM. */
int eswitch_add_mode(struct draft *draft, enum step_kind kind);
/* The mode, where it comes once the VFs are there. 0 or -ENOMEM. */
int eswitch_add_with_vfs(struct draft *draft);
