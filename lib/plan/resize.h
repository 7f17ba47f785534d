/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Another number of VFs. To any but none the way leads over none, which destroys all there are. */

#include <stdbool.h>

#include "plan/draft.h"

/* The steps to it, and as the driver wants it to another eswitch mode. 0 or -ENOMEM. */
int resize_add(struct draft *draft);
/* Whether the driver wants the PF up for them, other things permitting. */
bool resize_needs_up(const struct draft *draft);
/* Lets drivers at VFs that they are kept off. 0 or -ENOMEM. */
int resize_add_release(struct draft *draft);
