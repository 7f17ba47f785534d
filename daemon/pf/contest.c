/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/contest.h"

#include "util/cleanup.h"

static const struct window {
	unsigned corrections;
	uint64_t ms, pause_max;
} windows[] = {
	{ CONTEST_CORRECTIONS, CONTEST_WINDOW_MS, CONTEST_PAUSE_MAX_MS },
	{ CONTEST_SLOW_CORRECTIONS, CONTEST_SLOW_WINDOW_MS, CONTEST_SLOW_PAUSE_MAX_MS },
};

_Static_assert(ARRAY_SIZE(windows) == CONTEST_WINDOWS, "there is room for each");
_Static_assert(CONTEST_SLOW_CORRECTIONS <= CONTEST_MEMORY, "all are remembered");

/* The n-th correction from the latest one back, which is the 0th. */
static uint64_t time_of(const struct contest *contest, unsigned n)
{
	return contest->times[(contest->count - 1 - n) % CONTEST_MEMORY];
}

/* It begins with so many corrections within the window, and is over when the window has passed
 * without one. */
static bool is_on(const struct contest *contest, unsigned i, uint64_t now)
{
	unsigned n = contest->on[i] ? 1 : windows[i].corrections;

	return contest->count >= n && now - time_of(contest, n - 1) <= windows[i].ms;
}

static uint64_t next_pause(uint64_t pause, uint64_t max)
{
	if (!pause)
		return CONTEST_PAUSE_MIN_MS;
	return pause * 2 < max ? pause * 2 : max;
}

bool contest_judge(struct contest *contest, bool corrected, uint64_t now)
{
	uint64_t max = 0;

	if (corrected)
		contest->times[contest->count++ % CONTEST_MEMORY] = now;
	for (unsigned i = 0; i < ARRAY_SIZE(windows); i++) {
		contest->on[i] = is_on(contest, i, now);
		if (contest->on[i])
			max = windows[i].pause_max;
	}
	if (!max)
		contest->pause = 0;
	else if (corrected)
		contest->pause = next_pause(contest->pause, max);
	return max;
}

uint64_t contest_over_at(const struct contest *contest)
{
	uint64_t window = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(windows); i++)
		if (contest->on[i])
			window = windows[i].ms;
	return time_of(contest, 0) + window + 1;
}

unsigned contest_recent(const struct contest *contest, uint64_t now)
{
	unsigned n = 0;

	while (n < contest->count && n < CONTEST_MEMORY &&
	       now - time_of(contest, n) <= CONTEST_RECENT_MS)
		n++;
	return n;
}
