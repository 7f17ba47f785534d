/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What passes over a PF have tried in the last seconds, as much of it as is remembered. Who tries
 * the same again so soon, though no retry was due, does it because something else has changed what
 * is there, or what the driver would say. Times are in milliseconds of any steady clock. */

#include <stdbool.h>
#include <stdint.h>

#include "apply/pass.h"

#define ATTEMPTS_WINDOW_MS 10000
#define ATTEMPTS_MEMORY	   128
/* Of one pass; who tries much tries the same first. */
#define ATTEMPTS_OF_PASS 32

/* Initialise with { 0 }. */
struct attempts {
	struct {
		struct step_target target;
		uint64_t at;
	} items[ATTEMPTS_MEMORY]; /* the latest, a ring */
	unsigned count;		  /* of all, so far */
};

/* Whether a step with that target was tried within the window. */
bool attempts_have(const struct attempts *attempts, const struct step_target *target, uint64_t now);
/* What only waited for another PF was not tried. */
void attempts_note(struct attempts *attempts, const struct pass *pass, uint64_t now);
