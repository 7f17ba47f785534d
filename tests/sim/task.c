/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "task.h"

#include <errno.h>
#include <stdlib.h>

#include "agree.h"
#include "apply/turn.h"
#include "daemon.h"
#include "fiber.h"
#include "named.h"
#include "work/watched_kernel.h"

/* More passes than any history should need: one who insists for half a day on a setting of a PF
 * that is only observed causes 80,000. */
#define PASSES_MAX 100000

/* Those of a history's daemon, which may have been left in the midst of passes, and of the one that
 * restore.c lets begin on a fresh host. */
static struct fiber fibers[2 * TASKS_MAX];

/* One that never began, or has ended. */
static struct fiber *find_fiber(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(fibers); i++)
		if (!fibers[i].run || fibers[i].ended)
			return &fibers[i];
	abort();
}

/* Whether nothing of the PF will be otherwise just because time passes. */
static bool is_at_rest(const struct world *world, const struct sim_pf *pf)
{
	bool rests = pf->devlink_at <= world->now && pf->settled_at <= world->now &&
		     pf->carrier_at == SIM_NEVER;

	for (uint32_t i = 0; i < pf->n_vfs; i++)
		rests = rests && pf->vfs[i].settled_at <= world->now &&
			pf->vfs[i].netdev_at <= world->now && pf->vfs[i].reset_until <= world->now;
	return rests && pf->truncated_until <= world->now;
}

static bool is_to_end(const struct task *self)
{
	return self->doing.dead || self->daemon->world->over;
}

/* False: the process died first. */
static bool take_lock(struct task *self)
{
	struct world *world = self->daemon->world;

	while (self->pf->passing && !is_to_end(self)) {
		if (!self->doing.active && self->reconciler)
			watched_kernel_note(reconciler_call_note(self->reconciler),
					    "waiting for the lock, held by process %d", 1);
		if (!self->doing.active)
			self->doing = (struct doing){ .active = true,
						      .by_hand = self->by_hand,
						      .what = "waiting for the lock",
						      .since = world->now };
		self->wake_at = SIM_NEVER;
		fiber_wait();
	}
	doing_end(&self->doing, world->now);
	if (is_to_end(self))
		return false;
	self->pf->passing = true;
	return true;
}

/* Who waits for it may try. */
static void release_lock(struct task *self)
{
	self->pf->passing = false;
	for (size_t i = 0; i < TASKS_MAX; i++) {
		struct task *other = &self->daemon->tasks[i];

		if (other->used && other->pf == self->pf && other->wake_at == SIM_NEVER)
			other->wake_at = self->daemon->world->now;
	}
}

/* As host_turns_init(). */
struct sim_turns {
	struct turns turns;
	struct world *world;
	struct sim_pf *pf; /* whose turn it is by this; NULL: nobody's */
};

static int take_turn(struct turns *turns, const struct pf *pf, struct kernel_error *ret_error)
{
	struct sim_turns *self = (struct sim_turns *)turns;
	struct world *world = self->world;

	if (world->frozen || self->pf)
		return 0;
	if (world->turn) {
		(void)snprintf(ret_error->message, sizeof(ret_error->message), "%s",
			       world->turn->ifname);
		return -EINPROGRESS;
	}
	self->pf = world->turn = world_find(world, pf->handle);
	return 0;
}

static void end_turn(struct turns *turns)
{
	struct sim_turns *self = (struct sim_turns *)turns;

	if (self->pf)
		self->world->turn = NULL;
	self->pf = NULL;
}

/* The policy is the one in force when it began. */
static int run_pass(struct task *self, struct policy *policy, struct kernel *kernel)
{
	struct sim_turns turns = { { take_turn, end_turn }, self->daemon->world, NULL };
	const struct pass_options options = { .turns = &turns.turns };
	struct daemon *daemon = self->daemon;
	struct world *world = daemon->world;
	struct sim_pf *pf = self->pf;
	bool agree = is_at_rest(world, pf) && random_percent(&world->random, daemon->agree);
	int r = 0;

	pf->renamed = false;
	pf->policy = policy;
	pf->began = world->now;
	pf->permitted = self->permitted;
	world->passes++;
	if (agree)
		r = agree_begin(daemon, pf, policy, self->knowledge);
	if (r >= 0)
		r = pass_run(kernel, policy, &daemon->facts, pf->handle, self->knowledge, &options,
			     &self->pass);
	if (r >= 0)
		named_check(world, pf, self->pass);
	if (agree)
		agree_end(daemon, pf, r < 0 ? NULL : self->pass);
	pf->policy = NULL;
	if (world->passes > PASSES_MAX)
		world_violate(world, INVARIANT_STORM, "more than %u passes", PASSES_MAX);
	return r;
}

static int open_kernel(struct task *self, struct kernel **ret)
{
	*ret = &self->daemon->world->kernel;
	if (!self->reconciler)
		return 0;
	return watched_kernel_new(*ret, reconciler_call_note(self->reconciler), ret);
}

static void run(void *argument)
{
	struct task *self = argument;
	struct policy *policy = policy_ref(self->daemon->policy);
	struct kernel *kernel;

	self->error = open_kernel(self, &kernel);
	if (self->error < 0) {
		policy_free(policy);
		return;
	}
	self->error = -EINTR;
	if (take_lock(self)) {
		self->error = run_pass(self, policy, kernel);
		release_lock(self);
	}
	kernel_free(kernel);
	policy_free(policy);
}

bool task_start(struct daemon *daemon, struct sim_pf *pf, struct reconciler *reconciler,
		bool permitted, struct knowledge *knowledge)
{
	for (size_t i = 0; i < TASKS_MAX; i++) {
		struct task *self = &daemon->tasks[i];

		if (self->used)
			continue;
		*self = (struct task){
			.daemon = daemon,
			.pf = pf,
			.by_hand = !reconciler,
			.permitted = permitted,
			.reconciler = reconciler,
			.knowledge = knowledge,
			.used = true,
			.doing = { .by_hand = !reconciler },
			.wake_at = daemon->world->now,
			.fiber = find_fiber(),
		};
		fiber_init(self->fiber, run, self);
		return true;
	}
	return false;
}

struct task *task_next(struct daemon *daemon, uint64_t *ret_at)
{
	struct task *next = NULL;

	*ret_at = SIM_NEVER;
	for (size_t i = 0; i < TASKS_MAX; i++) {
		struct task *task = &daemon->tasks[i];

		if (!task->used || task == daemon->current || task->wake_at >= *ret_at)
			continue;
		*ret_at = task->wake_at;
		next = task;
	}
	return next;
}

void task_go_on(struct task *self)
{
	struct daemon *daemon = self->daemon;

	daemon->current = self;
	daemon->world->doing = &self->doing;
	fiber_resume(self->fiber);
	daemon->current = NULL;
	daemon->world->doing = NULL;
	if (!self->fiber->ended)
		return;
	self->used = false;
	daemon_pass_ended(daemon, self);
}

bool task_bury_all(struct daemon *daemon)
{
	bool hangs = false;

	for (size_t i = 0; i < TASKS_MAX; i++) {
		struct task *task = &daemon->tasks[i];

		if (!task->used || task->by_hand)
			continue;
		task->reconciler = NULL;
		task->doing.dead = true;
		hangs = hangs || task->doing.hangs;
		while (task->used && !task->doing.hangs)
			task_go_on(task);
	}
	return hangs;
}

void task_end_all(struct daemon *daemon)
{
	for (size_t i = 0; i < TASKS_MAX; i++)
		while (daemon->tasks[i].used)
			task_go_on(&daemon->tasks[i]);
}

bool task_is_any(const struct daemon *daemon)
{
	for (size_t i = 0; i < TASKS_MAX; i++)
		if (daemon->tasks[i].used)
			return true;
	return false;
}

void task_pass_time(struct world *world, uint64_t until)
{
	struct daemon *daemon = world->daemon;

	if (!daemon->current) {
		daemon_pass_time(world, until);
		return;
	}
	/* Nothing comes in between. */
	if (daemon_next(daemon) > until) {
		world->now = until;
		return;
	}
	daemon->current->wake_at = until;
	fiber_wait();
}
