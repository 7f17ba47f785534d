/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Takes out of an inventory what says whose host it is, so that a report of a bug can have it:
 * names of the host, its machine ID, addresses, GUIDs, serial numbers, who uses what, and of the
 * kernel's command line all but words about the hardware. Equal values stay equal, and what is
 * derived from the machine ID ("stable") is derived from the new one: a plan has the same steps,
 * as long as the policy names none of these. What names PFs stays: interfaces, places, drivers. */

#include "model/inventory.h"

/* Changes the inventory in place. 0 or -ENOMEM, with an inventory that is of no use. */
int anonymise(struct inventory *inventory);
