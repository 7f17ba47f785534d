/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/destructions.h"

void destructions_note(struct destructions *destructions, uint64_t now)
{
	destructions->times[destructions->count++ % DESTRUCTIONS_MAX] = now;
}

uint64_t destructions_spent_until(const struct destructions *destructions)
{
	/* The oldest that is remembered. */
	return destructions->times[destructions->count % DESTRUCTIONS_MAX] + DESTRUCTIONS_WINDOW_MS;
}

bool destructions_are_spent(const struct destructions *destructions, uint64_t now)
{
	return destructions->count >= DESTRUCTIONS_MAX &&
	       now < destructions_spent_until(destructions);
}
