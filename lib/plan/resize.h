/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Another number of VFs. To any but none the way leads over none, which destroys all there are. */

#include <stdbool.h>

#include "plan/draft.h"

/* The steps to it, and as the driver wants it to another eswitch mode. 0 or -ENOMEM. */
int resize_add(struct draft *draft);
/* Whether they will lead over a new number of VFs, other things permitting. */
bool resize_creates(const struct draft *draft);
/* Lets drivers at VFs that they are kept off. 0 or -ENOMEM. */
int resize_add_release(struct draft *draft);
