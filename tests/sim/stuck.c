/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stuck.h"

#include <inttypes.h>
#include <string.h>

#include "pf/contest.h"

/* What man/sriovd.8.scd promises, and how often the daemon looks. */
#define STUCK_PER_VF_MS 250
#define WATCH_MS	1000

static void violate(const struct task *task, const char *what)
{
	world_violate(task->daemon->world, INVARIANT_STUCK,
		      "%s: %s; in a call since %" PRIu64 " ms: '%s'", task->pf->ifname, what,
		      task->doing.since, task->doing.active ? task->doing.what : "none");
}

/* Says which call it is, and since when. */
static void check_words(const struct task *task)
{
	CLEANUP_TEXT struct text reason = { 0 };
	struct call call;

	reconciler_reason(task->reconciler, task->daemon->world->now, &reason);
	if (!strstr(text_string(&reason), task->doing.what) ||
	    !strstr(text_string(&reason), " has not returned for "))
		violate(task, text_string(&reason));
	if (!reconciler_call(task->reconciler, &call) || call.since != task->doing.since)
		violate(task, "the call that is told of is another");
}

static void check_task(const struct task *task, uint64_t until)
{
	uint64_t now = task->daemon->world->now, since = task->doing.since;
	uint64_t allowed = STUCK_AFTER_MS + (uint64_t)task->doing.vfs * STUCK_PER_VF_MS;
	bool shown = reconciler_state(task->reconciler) == STATE_STUCK;

	if (task->doing.active && until > since + allowed + WATCH_MS && !shown)
		violate(task, "it is not said to be stuck");
	if (!shown)
		return;
	if (task->doing.active && now >= since + STUCK_AFTER_MS)
		check_words(task);
	else if (until > task->doing.loose_at + WATCH_MS)
		violate(task, "it is still said to be stuck");
}

/* Whatever hangs elsewhere, a PF that was poked gets its pass. */
static void check_idle(struct daemon *daemon, const struct sim_pf *pf, uint64_t until)
{
	const struct reconciler *reconciler = reconcilers_find(&daemon->reconcilers, pf->handle);
	uint64_t pause;

	if (!reconciler || reconciler_is_running(reconciler))
		return;
	/* Also where something more urgent than the contest is shown. */
	pause = reconciler_state(reconciler) < STATE_CONTESTED ? CONTEST_PAUSE_OF_VFS_MAX_MS
							       : CONTEST_SLOW_PAUSE_MAX_MS;
	if (reconciler_state(reconciler) == STATE_STUCK)
		world_violate(daemon->world, INVARIANT_STUCK, "%s: stuck without a pass",
			      pf->ifname);
	if (until > pf->poked_at + pause)
		world_violate(daemon->world, INVARIANT_STUCK,
			      "%s: something happened at %" PRIu64 " ms, and no pass was begun",
			      pf->ifname, pf->poked_at);
}

void stuck_check(struct daemon *daemon, uint64_t until)
{
	for (size_t i = 0; i < TASKS_MAX; i++)
		if (daemon->tasks[i].used && daemon->tasks[i].reconciler)
			check_task(&daemon->tasks[i], until);
	for (uint32_t i = 0; daemon->alive && i < daemon->world->n_pfs; i++)
		check_idle(daemon, &daemon->world->pfs[i], until);
}
