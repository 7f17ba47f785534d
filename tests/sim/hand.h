/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "world.h"

/* Somebody sets up the host by hand, with ip link and what there is in sysfs: VFs with values that
 * are alike, that count, or that are anything. It is over when this returns, and nobody was told.
 */
void hand_set_up(struct world *world, uint64_t seed);
