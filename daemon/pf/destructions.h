/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How often the VFs of a PF were destroyed: no more than three times within ten minutes, whoever
 * undoes what it was for. Times are in milliseconds of any steady clock. */

#include <stdbool.h>
#include <stdint.h>

#define DESTRUCTIONS_MAX       3
#define DESTRUCTIONS_WINDOW_MS 600000

/* Initialise with { 0 }. */
struct destructions {
	uint64_t times[DESTRUCTIONS_MAX]; /* of the latest, a ring */
	unsigned count;			  /* of all, so far */
};

void destructions_note(struct destructions *destructions, uint64_t now);
/* Whether there may be none for now. */
bool destructions_are_spent(const struct destructions *destructions, uint64_t now);
/* When that ends, if they are. */
uint64_t destructions_spent_until(const struct destructions *destructions);
