/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The note that nothing is to be written to a PF for a while, in the runtime directory: it outlives
 * who writes it, and a reboot ends it. It is of the PF's handle: a card that comes to its place
 * meanwhile is paused as well. Time goes on while the host sleeps (CLOCK_BOOTTIME). */

#include <stdint.h>

#include "model/pf.h"

/* The longest: who forgets it has the policy back after a week. ms. */
#define PAUSE_MAX_MS (UINT64_C(7) * 24 * 3600 * 1000)

/* Notes that the PF of the handle is paused for ms from now on, in place of an earlier note; ms is
 * at most PAUSE_MAX_MS. 0 or -errno. */
int pause_write(const char *handle, uint64_t ms);
/* 0 also if there was none. */
int pause_remove(const char *handle);
/* Whether it is paused, or that cannot be told: then it is for a minute, since nothing is to be
 * written meanwhile, and is asked again. Strings live in arena. 0 or -ENOMEM. */
int pause_read(const char *handle, struct arena *arena, struct pause *ret);
