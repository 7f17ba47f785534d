/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "daemon.h"
#include "device.h"
#include "restore.h"
#include "truth.h"

/* By then a PF has settled, whatever happened to it before; unless something is to be tried again
 * later, which the second span is for. */
#define SETTLE_MS      UINT64_C(700000)
#define SETTLE_LONG_MS UINT64_C(12000000)
#define QUIET_MS       UINT64_C(600000)
#define QUIET_LONG_MS  UINT64_C(3600000)
/* Of a PF of which something is refused, in ten minutes and in an hour; and more for each VF. */
#define QUIET_WRITES	     20
#define QUIET_WRITES_LONG    60
#define QUIET_WRITES_VF	     6
#define QUIET_WRITES_VF_LONG 12
#define QUIET_LINES	     20

/* Histories run one at a time. */
static const struct story *current;

static void happen(struct world *world, uint32_t number, uint32_t repeats)
{
	story_happen(current, world, number, repeats);
}

static void live(struct world *world, const struct story *story)
{
	uint64_t last = 0;

	for (uint32_t i = 0; i < story->count; i++)
		last = story->items[i].at;
	queue_put(&world->queue, 0, ENTRY_START, 0, 0);
	story_queue(story, world);
	daemon_pass_time(world, last + 5000);
	/* Flapping, and what hangs. */
	while (!world->over && world->queue.count) {
		bool busy = false;

		for (uint32_t i = 0; i < world->queue.count; i++)
			busy = busy || world->queue.items[i].kind == ENTRY_HAPPENING;
		if (!busy)
			break;
		daemon_pass_time(world, queue_due(&world->queue));
	}
}

/* From here on nothing happens; all is to come right by itself. */
static void settle(struct daemon *daemon)
{
	struct world *world = daemon->world;

	story_end_faults(world);
	/* What hangs may do so for minutes yet. */
	daemon_await_idle(daemon);
	daemon_resync(daemon);
	daemon_pass_time(world, world->now + SETTLE_MS);
	daemon_await_idle(daemon);
	if (!world->over && !truth_holds(daemon)) {
		daemon_resync(daemon);
		daemon_pass_time(world, world->now + SETTLE_LONG_MS);
		daemon_await_idle(daemon);
	}
	if (!world->over)
		truth_check(daemon);
}

static bool is_in_sync(const struct daemon *daemon, const struct sim_pf *pf)
{
	const struct reconciler *reconciler = reconcilers_find(&daemon->reconcilers, pf->handle);
	enum pf_state state = reconciler ? reconciler_state(reconciler) : STATE_ABSENT;

	return state == STATE_IN_SYNC || state == STATE_UNMANAGED || state == STATE_ABSENT;
}

/* Nothing happens, and so nothing is done: but seldom for what is refused. */
static void rest(struct daemon *daemon, bool is_long)
{
	struct world *world = daemon->world;
	uint64_t before[SIM_PFS_MAX], lines = daemon->log_lines;

	for (uint32_t i = 0; i < world->n_pfs; i++)
		before[i] = world->pfs[i].writes_total;
	daemon_pass_time(world, world->now + (is_long ? QUIET_LONG_MS : QUIET_MS));
	for (uint32_t i = 0; i < world->n_pfs && !world->over; i++) {
		const struct sim_pf *pf = &world->pfs[i];
		uint64_t writes = pf->writes_total - before[i];
		uint64_t allowed = is_in_sync(daemon, pf) ? 0
				   : is_long ? QUIET_WRITES_LONG + QUIET_WRITES_VF_LONG * pf->n_vfs
					     : QUIET_WRITES + QUIET_WRITES_VF * pf->n_vfs;

		if (writes > allowed)
			world_violate(world, INVARIANT_QUIET,
				      "%s: %" PRIu64 " writes while nothing happened", pf->ifname,
				      writes);
	}
	if (!world->over && daemon->log_lines - lines > QUIET_LINES)
		world_violate(world, INVARIANT_QUIET,
			      "%" PRIu64 " lines logged while nothing happened",
			      daemon->log_lines - lines);
}

void history_run(uint64_t seed, struct story *story, FILE *trace, struct verdict *ret)
{
	static struct world world;
	uint64_t left_out = story->left_out;
	struct policy *policy;
	struct daemon daemon;

	story_set_scene(seed, story->driver, &world);
	world.trace = trace;
	story_draw(seed, &world, story);
	story->left_out = left_out;
	current = story;
	policy = story_policy(seed, &world);
	daemon_init(&daemon, &world, policy);
	daemon.happen = happen;
	daemon.agree = seed % 3 ? 10 : 0;
	if (policy)
		live(&world, story);
	if (!world.over)
		settle(&daemon);
	if (!world.over)
		rest(&daemon, seed % 16 == 0);
	daemon_await_idle(&daemon);
	if (!world.over)
		truth_check_plans(&daemon);
	if (!world.over)
		restore_check(&daemon, seed);
	daemon_clear(&daemon);
	*ret = (struct verdict){ .broken = world.broken,
				 .calls = world.calls,
				 .passes = world.passes };
	memcpy(ret->message, world.message, sizeof(ret->message));
}

static bool still_breaks(uint64_t seed, struct story *story, uint64_t left_out,
			 enum invariant broken)
{
	struct story shorter = { .left_out = left_out, .driver = story->driver };
	struct verdict verdict;

	history_run(seed, &shorter, NULL, &verdict);
	if (verdict.broken != broken)
		return false;
	story->left_out = left_out;
	return true;
}

/* Delta debugging (Zeller and Hildebrandt, 2002), of complements only: ever smaller parts are left
 * out for as long as that changes nothing. */
void history_shorten(uint64_t seed, struct story *story, enum invariant broken)
{
	bool changed = true;

	for (uint32_t part = story->count; part; part = changed ? part : part / 2) {
		changed = false;
		if (part > story->count)
			part = story->count;
		for (uint32_t i = 0; i < story->count; i += part) {
			uint64_t mask = ((part < 64 ? UINT64_C(1) << part : 0) - 1) << i;

			if ((story->left_out & mask) == mask)
				continue;
			changed = still_breaks(seed, story, story->left_out | mask, broken) ||
				  changed;
		}
	}
}
