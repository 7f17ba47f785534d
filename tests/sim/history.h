/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One history: a host, what happens to it, and a verdict. */

#include "story.h"

struct verdict {
	enum invariant broken; /* INVARIANT_NONE: all held */
	char message[300];
	uint64_t calls, passes;
};

/* story says which of its items are left out; count and items are filled in. trace may be NULL. */
void history_run(uint64_t seed, struct story *story, FILE *trace, struct verdict *ret);
/* Leaves out of a story that breaks an invariant all that it breaks it without. */
void history_shorten(uint64_t seed, struct story *story, enum invariant broken);
