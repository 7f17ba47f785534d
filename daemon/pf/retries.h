/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* When what did not succeed is tried again on its own account: a busy driver soon, a rejected value
 * seldom, each ever more seldom up to a limit, what is not supported once an hour. Times are in
 * milliseconds of any steady clock. */

#include <stdbool.h>
#include <stdint.h>

#define RETRIES_NEVER UINT64_MAX

/* The first retry after a failure, and the longest time between two. */
#define RETRIES_MIN_MS 200
#define RETRIES_MAX_MS 60000
/* What a driver rejects is tried again this seldom, then twice as seldom each time up to the
 * maximum. */
#define RETRIES_REJECTED_MIN_MS 60000
#define RETRIES_REJECTED_MAX_MS 3600000

#define RETRIES_TRACKS		5

struct retries {
	uint32_t seed; /* of the jitter */
	struct retry {
		unsigned attempts;
		uint64_t at; /* RETRIES_NEVER: not wanted */
	} tracks[RETRIES_TRACKS];
};

/* Equal seeds give equal times. */
void retries_init(struct retries *retries, uint32_t seed);
/* Nothing has failed any more. */
void retries_forget(struct retries *retries);
/* When the next one is due, or RETRIES_NEVER. */
uint64_t retries_due(const struct retries *retries);
/* Takes those that are due. Returns the kinds of refusals (REFUSAL_BIT) that are to be lifted. */
unsigned retries_take(struct retries *retries, uint64_t now);
/* After a pass: kinds are those of the refusals in force; with unfinished, time may help beyond
 * these. */
void retries_schedule(struct retries *retries, unsigned kinds, bool unfinished, uint64_t now);
/* Whether one is due soon, because something was busy or not there yet. */
bool retries_is_busy(const struct retries *retries);
