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

/* The place of the n-th correction from the latest one back, which is the 0th. */
static unsigned place_of(const struct contest *contest, unsigned n)
{
	return (contest->count - 1 - n) % CONTEST_MEMORY;
}

/* Of those within that time: how many there are, and what they count. */
static unsigned count_within(const struct contest *contest, uint64_t ms, uint64_t now,
			     unsigned *ret_weight)
{
	unsigned n = 0;

	*ret_weight = 0;
	while (n < contest->count && n < CONTEST_MEMORY &&
	       now - contest->corrections[place_of(contest, n)].at <= ms)
		*ret_weight += contest->corrections[place_of(contest, n++)].weight;
	return n;
}

/* How long one has to have been without a correction to be over. */
static uint64_t lasts(const struct contest *contest, unsigned i)
{
	return contest->undone && windows[i].ms < CONTEST_RECENT_MS ? CONTEST_RECENT_MS
								    : windows[i].ms;
}

/* It begins with so many corrections within the window. */
static bool is_on(const struct contest *contest, unsigned i, uint64_t now)
{
	uint64_t ms = contest->on[i] ? lasts(contest, i) : windows[i].ms;
	unsigned weight, n = count_within(contest, ms, now, &weight);

	return contest->on[i] ? n : weight >= windows[i].corrections;
}

static uint64_t next_pause(uint64_t pause, unsigned weight, uint64_t max)
{
	uint64_t min = CONTEST_PAUSE_MIN_MS;

	if (weight == CONTEST_WEIGHT_OF_VFS) {
		min = CONTEST_PAUSE_OF_VFS_MIN_MS;
		max = max < CONTEST_PAUSE_OF_VFS_MAX_MS ? CONTEST_PAUSE_OF_VFS_MAX_MS : max;
	}
	if (pause < min)
		return min;
	return pause * 2 < max ? pause * 2 : max;
}

bool contest_judge(struct contest *contest, unsigned weight, bool undone, uint64_t now)
{
	uint64_t max = 0;

	contest->undone = undone;
	if (weight) {
		contest->count++;
		contest->corrections[place_of(contest, 0)].at = now;
		contest->corrections[place_of(contest, 0)].weight = weight;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(windows); i++) {
		contest->on[i] = is_on(contest, i, now);
		if (contest->on[i])
			max = windows[i].pause_max;
	}
	if (!max)
		contest->pause = 0;
	else if (weight)
		contest->pause = next_pause(contest->pause, weight, max);
	return max;
}

uint64_t contest_over_at(const struct contest *contest)
{
	uint64_t window = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(windows); i++)
		if (contest->on[i])
			window = lasts(contest, i);
	return contest->corrections[place_of(contest, 0)].at + window + 1;
}

unsigned contest_recent(const struct contest *contest, uint64_t now)
{
	unsigned weight;

	return count_within(contest, CONTEST_RECENT_MS, now, &weight);
}
