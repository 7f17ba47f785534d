/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What only the configuration space of PCI functions tells, and what they are called, by libpci. */

#include "model/facts/facts.h"
#include "util/arena.h"

/* Adds to the facts of this host whether ports keep what is behind them apart (ACS) and forward
 * ARI, and the names of network cards. Others than root may not read so far: that stays untold.
 * Strings live in arena. */
void config_space_read(struct arena *arena, struct facts *facts);
