/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Distinguishes drift from a contest: a PF that had to be put back often is contested, since
 * something keeps changing it: 20 times within ten seconds, or 200 times within ten minutes, where
 * a correction that makes VFs anew counts as five. It is looked at after pauses then, ever longer
 * ones up to a limit, until as much time has passed without a correction; a minute at the least
 * while what was put back last is undone and cannot be put back now, as where the other is quicker
 * than a pass. Times are in milliseconds of any steady clock. */

#include <stdbool.h>
#include <stdint.h>

#define CONTEST_CORRECTIONS	 20
#define CONTEST_WINDOW_MS	 10000
#define CONTEST_SLOW_CORRECTIONS 200
#define CONTEST_SLOW_WINDOW_MS	 600000
#define CONTEST_WEIGHT_OF_VFS	 5
#define CONTEST_PAUSE_MIN_MS	 1000
#define CONTEST_PAUSE_MAX_MS	 8000
/* Where VFs are made anew, by whomever, each time with all of their settings. */
#define CONTEST_PAUSE_OF_VFS_MIN_MS 2000
#define CONTEST_PAUSE_OF_VFS_MAX_MS 16000
#define CONTEST_SLOW_PAUSE_MAX_MS   60000
/* How often is found by counting the corrections of this time, as many as are remembered. */
#define CONTEST_RECENT_MS 60000
#define CONTEST_MEMORY	  256

#define CONTEST_WINDOWS	  2

/* Initialise with { 0 }. */
struct contest {
	struct {
		uint64_t at;
		unsigned weight;
	} corrections[CONTEST_MEMORY]; /* the latest, a ring */
	unsigned count;		       /* of all, so far */
	bool on[CONTEST_WINDOWS];      /* the fast one, the slow one */
	bool undone;		       /* what was put back last */
	uint64_t pause;		       /* ms to wait after an event; 0: there is no contest */
};

/* A pass has ended: weight is 0 if it has corrected nothing, CONTEST_WEIGHT_OF_VFS if it has made
 * VFs anew for it, else 1; undone: what was put back last is not so. Returns whether there is a
 * contest. */
bool contest_judge(struct contest *contest, unsigned weight, bool undone, uint64_t now);
/* When the contest that there is will be over unless there is another correction. */
uint64_t contest_over_at(const struct contest *contest);
/* The corrections of the last CONTEST_RECENT_MS. */
unsigned contest_recent(const struct contest *contest, uint64_t now);
