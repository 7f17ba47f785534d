/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Plan and apply agree: a pass writes what a dry run of the same instant lists. */

#include "daemon.h"

/* A dry run; from now on nothing happens besides the pass. 0 or -errno. */
int agree_begin(struct daemon *daemon, struct sim_pf *pf, struct policy *policy,
		struct knowledge *knowledge);
/* The pass is over; NULL: it failed. */
void agree_end(struct daemon *daemon, struct sim_pf *pf, const struct pass *pass);
/* A write of the pass. */
void agree_check(struct world *world, const struct sim_pf *pf, enum op op, const void *argument);
/* Whether the dry run had a plan at all: not of a PF that udev has not finished with. */
bool agree_has_plan(const struct sim_pf *pf);
