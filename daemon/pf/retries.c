/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/retries.h"

#include "plan/knowledge.h"

enum track {
	TRACK_BUSY,
	TRACK_WAITING,
	TRACK_DOUBTFUL,
	TRACK_REJECTED,
	TRACK_UNSUPPORTED,
	TRACK_COUNT,
};

_Static_assert(TRACK_COUNT == RETRIES_TRACKS, "there is room for each track");

static const struct {
	unsigned kinds;	   /* of refusals, REFUSAL_BIT */
	uint64_t min, max; /* ms between two tries; doubled from one to the next */
} tracks[TRACK_COUNT] = {
	[TRACK_BUSY] = { REFUSAL_BIT(REFUSAL_RETRY) | REFUSAL_BIT(REFUSAL_WAITS_TURN),
			 RETRIES_MIN_MS, RETRIES_MAX_MS },
	/* When what it waits for comes there is an event; it may as well never come, as a driver
	 * whose name is misspelt. */
	[TRACK_WAITING] = { REFUSAL_BIT(REFUSAL_WAITS_VF), RETRIES_MIN_MS,
			    RETRIES_REJECTED_MAX_MS },
	[TRACK_DOUBTFUL] = { REFUSAL_BIT(REFUSAL_NOT_TAKEN), RETRIES_MIN_MS,
			     RETRIES_REJECTED_MAX_MS },
	/* That it was for want of a link is a guess. */
	[TRACK_REJECTED] = { REFUSAL_BIT(REFUSAL_REJECTED) | REFUSAL_BIT(REFUSAL_WAITS_LINK),
			     RETRIES_REJECTED_MIN_MS, RETRIES_REJECTED_MAX_MS },
	/* Some drivers say so of a state that ends: an IPsec rule, DCB. */
	[TRACK_UNSUPPORTED] = { REFUSAL_BIT(REFUSAL_UNSUPPORTED), RETRIES_REJECTED_MAX_MS,
				RETRIES_REJECTED_MAX_MS },
};

void retries_init(struct retries *retries, uint32_t seed)
{
	retries->seed = seed | 1;
	retries_forget(retries);
}

void retries_forget(struct retries *retries)
{
	for (enum track i = 0; i < TRACK_COUNT; i++)
		retries->tracks[i] = (struct retry){ .at = RETRIES_NEVER };
}

uint64_t retries_due(const struct retries *retries)
{
	uint64_t due = RETRIES_NEVER;

	for (enum track i = 0; i < TRACK_COUNT; i++)
		due = retries->tracks[i].at < due ? retries->tracks[i].at : due;
	return due;
}

unsigned retries_take(struct retries *retries, uint64_t now)
{
	unsigned kinds = 0;

	for (enum track i = 0; i < TRACK_COUNT; i++) {
		if (retries->tracks[i].at > now)
			continue;
		retries->tracks[i].at = RETRIES_NEVER;
		kinds |= tracks[i].kinds;
	}
	return kinds;
}

/* xorshift32 (Marsaglia, 2003). */
static uint32_t next_random(struct retries *retries)
{
	retries->seed ^= retries->seed << 13;
	retries->seed ^= retries->seed >> 17;
	retries->seed ^= retries->seed << 5;
	return retries->seed;
}

/* min doubled with each attempt, up to max, and then up to a quarter more or less: many PFs must
 * not come back at the same moment. attempts counts from 1. */
static uint64_t backoff(struct retries *retries, unsigned attempts, uint64_t min, uint64_t max)
{
	uint64_t delay = min;

	while (--attempts && delay < max)
		delay *= 2;
	if (delay > max)
		delay = max;
	return delay * 3 / 4 + next_random(retries) % (delay / 2 + 1);
}

static void schedule(struct retries *retries, enum track track, bool wanted, uint64_t now)
{
	struct retry *retry = &retries->tracks[track];

	if (!wanted)
		*retry = (struct retry){ .at = RETRIES_NEVER };
	else if (retry->at == RETRIES_NEVER)
		retry->at = now + backoff(retries, ++retry->attempts, tracks[track].min,
					  tracks[track].max);
}

void retries_schedule(struct retries *retries, unsigned kinds, bool unfinished, uint64_t now)
{
	for (enum track i = 0; i < TRACK_COUNT; i++)
		schedule(retries, i, (kinds & tracks[i].kinds) || (i == TRACK_BUSY && unfinished),
			 now);
}

bool retries_is_busy(const struct retries *retries)
{
	return retries->tracks[TRACK_BUSY].at != RETRIES_NEVER ||
	       retries->tracks[TRACK_WAITING].at != RETRIES_NEVER;
}
