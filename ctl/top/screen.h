/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is shown on a terminal, and what keys do to it; terminal.h has the terminal. */

#include <stdbool.h>

#include "top/reading.h"
#include "top/view.h"

struct screen;

/* period_s: how often there is a reading, for the words. */
struct screen *screen_new(unsigned period_s);
void screen_free(struct screen *screen);
DEFINE_CLEANUP(struct screen *, screen_free);

/* Takes over a reading, the newest. */
void screen_update(struct screen *screen, struct reading *reading);
/* The kernel, or the daemon, has not answered for so long; 0: they have. */
void screen_waits(struct screen *screen, unsigned seconds);
/* What the key does; false: it ends all. */
bool screen_key(struct screen *screen, unsigned key);
void screen_draw(struct screen *screen);
