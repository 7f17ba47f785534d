/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/contest.h"

/* The n-th correction from the latest one back, which is the 0th. */
static uint64_t time_of(const struct contest *contest, unsigned n)
{
	return contest->times[(contest->count - 1 - n) % CONTEST_MEMORY];
}

/* It begins with so many corrections within the window, and is over when the window has passed
 * without one. */
static bool is_on(const struct contest *contest, uint64_t now)
{
	unsigned n = contest->pause ? 1 : CONTEST_CORRECTIONS;

	return contest->count >= n && now - time_of(contest, n - 1) <= CONTEST_WINDOW_MS;
}

static uint64_t next_pause(uint64_t pause)
{
	if (!pause)
		return CONTEST_PAUSE_MIN_MS;
	return pause * 2 < CONTEST_PAUSE_MAX_MS ? pause * 2 : CONTEST_PAUSE_MAX_MS;
}

bool contest_judge(struct contest *contest, bool corrected, uint64_t now)
{
	if (corrected)
		contest->times[contest->count++ % CONTEST_MEMORY] = now;
	if (!is_on(contest, now)) {
		contest->pause = 0;
		return false;
	}
	if (corrected)
		contest->pause = next_pause(contest->pause);
	return true;
}

uint64_t contest_over_at(const struct contest *contest)
{
	return time_of(contest, 0) + CONTEST_WINDOW_MS + 1;
}

unsigned contest_recent(const struct contest *contest, uint64_t now)
{
	unsigned n = 0;

	while (n < contest->count && n < CONTEST_MEMORY &&
	       now - time_of(contest, n) <= CONTEST_RECENT_MS)
		n++;
	return n;
}
