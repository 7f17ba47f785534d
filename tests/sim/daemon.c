/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon.h"

#include <errno.h>
#include <string.h>

#include "stuck.h"
#include "watch.h"

/* systemd starts it again (RestartSec=). */
#define RESTART_MS 300
/* As long as a boot waits (boot-wait). */
#define BOOT_MS 15000
/* More than is ever done at one instant. */
#define STEPS_MAX 5000
/* Passes follow each other where something flaps. */
#define IDLE_STEPS_MAX 1000

/* The most lines of an hour, whatever happens in it. */
#define LINES_PER_HOUR 1000

static void count_line(struct daemon *self)
{
	self->log_lines++;
	if (self->world->now - self->log_hour >= 3600000) {
		self->log_hour = self->world->now;
		self->log_lines_of_hour = 0;
	}
	if (++self->log_lines_of_hour > LINES_PER_HOUR)
		world_violate(self->world, INVARIANT_QUIET, "more than %u lines logged in an hour",
			      LINES_PER_HOUR);
}

static void write_log(struct log *log, int level, const struct log_fields *fields,
		      const char *message)
{
	struct daemon *self = (struct daemon *)((char *)log - offsetof(struct daemon, log));

	(void)fields;
	if (level < LOG_DEBUG)
		count_line(self);
	world_say(self->world, "sriovd: %s", message);
}

void daemon_init(struct daemon *self, struct world *world, struct policy *policy)
{
	*self = (struct daemon){
		.world = world,
		.log = { write_log },
		.facts = { .hostname = "host", .machine_id = "0123456789abcdef0123456789abcdef" },
		.policy = policy,
	};
	world->daemon = self;
	world->pass_time = task_pass_time;
	world->before_write = watch_write;
	world->before_note = watch_note;
	world->before_owed = watch_owed;
	world->before_bind = watch_bind;
	world->after_destroy = watch_destroyed;
}

void daemon_clear(struct daemon *self)
{
	self->world->over = true;
	task_end_all(self);
	reconcilers_clear(&self->reconcilers);
	for (size_t i = 0; i < self->n_kept; i++)
		reconcilers_clear(&self->kept[i]);
	policy_free(self->policy);
	self->policy = NULL;
}

static uint64_t virtual_clock(void *context)
{
	return ((const struct world *)context)->now;
}

/* NULL: out of memory. */
static struct reconciler *get_reconciler(struct daemon *self, const struct sim_pf *pf)
{
	struct reconciler *reconciler;

	if (reconcilers_get(&self->reconcilers, pf->handle, &self->log, &reconciler) < 0) {
		world_violate(self->world, INVARIANT_STORY, "out of memory");
		return NULL;
	}
	call_note_set_clock(reconciler_call_note(reconciler), virtual_clock, self->world);
	return reconciler;
}

/* Also of a PF that is gone. */
static struct sim_pf *pf_of(struct world *world, const struct reconciler *reconciler)
{
	for (uint32_t i = 0; i < world->n_pfs; i++)
		if (!strcmp(world->pfs[i].handle, reconciler_handle(reconciler)))
			return &world->pfs[i];
	return NULL;
}

static void note_poke(struct daemon *self, const struct reconciler *reconciler)
{
	struct sim_pf *pf = pf_of(self->world, reconciler);

	if (pf->poked_at > self->world->now)
		pf->poked_at = self->world->now;
}

static void poke(struct daemon *self, struct reconciler *reconciler)
{
	note_poke(self, reconciler);
	reconciler_poke(reconciler, self->world->now);
}

/* Finds the PFs that there are and looks at all of them. */
static void enumerate(struct daemon *self)
{
	struct world *world = self->world;

	for (uint32_t i = 0; i < world->n_pfs; i++)
		if (world->pfs[i].plugged)
			(void)get_reconciler(self, &world->pfs[i]);
	reconcilers_poke_all(&self->reconcilers, world->now);
	for (size_t i = 0; i < self->reconcilers.count; i++)
		note_poke(self, self->reconcilers.items[i]);
}

static void set_resync(struct daemon *self)
{
	queue_drop(&self->world->queue, ENTRY_RESYNC);
	if (self->policy->resync_ms)
		queue_put(&self->world->queue, self->world->now + self->policy->resync_ms,
			  ENTRY_RESYNC, 0, 0);
}

void daemon_start(struct daemon *self)
{
	world_say(self->world, "sriovd starts");
	self->alive = true;
	self->world->booting = !self->world->booted;
	if (self->world->booting) {
		reconcilers_begin_boot(&self->reconcilers);
		queue_put(&self->world->queue,
			  self->world->now + random_below(&self->world->random, BOOT_MS),
			  ENTRY_READY, 0, 0);
	}
	enumerate(self);
	set_resync(self);
}

static void become_ready(struct daemon *self)
{
	world_say(self->world, "sriovd is ready: the boot is over");
	self->world->booting = false;
	self->world->booted = true;
	reconcilers_end_boot(&self->reconcilers);
}

static struct sim_request *find_request(struct daemon *self)
{
	for (size_t i = 0; i < REQUESTS_MAX; i++)
		if (!self->requests[i].used)
			return &self->requests[i];
	world_violate(self->world, INVARIANT_STORY, "too many requests");
	return NULL;
}

/* As Apply(): it reads the policy again first. */
void daemon_request(struct daemon *self, struct sim_pf *pf, uint64_t ms)
{
	struct reconciler *reconciler = reconcilers_find(&self->reconcilers, pf->handle);
	struct sim_request *request = find_request(self);

	if (!self->alive || !reconciler || !request)
		return;
	pf->destroyed = pf->asked = 0;
	pf->requests++;
	request->used = true;
	request->pf = pf;
	reconciler_begin_request(reconciler, &request->request);
	note_poke(self, reconciler);
	reconciler_policy_changed(reconciler, self->world->now);
	queue_put(&self->world->queue, self->world->now + ms, ENTRY_REQUEST_OVER,
		  (uint32_t)(request - self->requests), 0);
}

static void end_request(struct sim_request *request)
{
	reconciler_end_request(&request->request);
	if (request->pf)
		request->pf->requests--;
	request->pf = NULL;
	request->used = false;
}

/* What comes to its place has none. */
static void forget_requests(struct daemon *self, struct sim_pf *pf)
{
	pf->requests = 0;
	for (size_t i = 0; i < REQUESTS_MAX; i++)
		if (self->requests[i].pf == pf)
			self->requests[i].pf = NULL;
}

/* What a pass that still hangs works with stays until the end. */
static void forget_reconcilers(struct daemon *self, bool keep)
{
	if (keep && self->n_kept < ARRAY_SIZE(self->kept))
		self->kept[self->n_kept++] = self->reconcilers;
	else if (keep)
		world_violate(self->world, INVARIANT_STORY, "too many processes hang");
	else
		reconcilers_clear(&self->reconcilers);
	self->reconcilers = (struct reconcilers){ 0 };
}

/* What the process knew goes with it, and what was on its way to it. */
static void bury(struct daemon *self)
{
	struct queue *queue = &self->world->queue;
	bool hangs;

	self->world->dead = false;
	self->alive = self->world->booting = false;
	hangs = task_bury_all(self);
	for (uint32_t i = 0; i < self->world->n_pfs; i++) {
		self->world->pfs[i].held_since = SIM_NEVER;
		self->world->pfs[i].poked_at = SIM_NEVER;
		self->world->pfs[i].never = 0;
		self->world->pfs[i].destroyed = self->world->pfs[i].writes = 0;
		self->world->pfs[i].asked = 0;
		for (uint32_t k = 0; k < SIM_VFS_MAX; k++)
			self->world->pfs[i].vfs[k].known = 0;
	}
	for (size_t i = 0; i < REQUESTS_MAX; i++)
		end_request(&self->requests[i]);
	forget_reconcilers(self, hangs);
	queue_drop(queue, ENTRY_LINK_EVENT);
	queue_drop(queue, ENTRY_DEVICE_EVENT);
	queue_drop(queue, ENTRY_LOST_EVENT);
	queue_drop(queue, ENTRY_RESYNC);
	queue_drop(queue, ENTRY_READY);
	queue_drop(queue, ENTRY_REQUEST_OVER);
	queue_put(queue, self->world->now + RESTART_MS, ENTRY_START, 0, 0);
}

void daemon_kill(struct daemon *self)
{
	if (!self->alive)
		return;
	world_say(self->world, "  the process is killed");
	self->world->dead = true;
}

void daemon_set_policy(struct daemon *self, struct policy *policy)
{
	policy_free(self->policy);
	self->policy = policy;
	for (uint32_t i = 0; i < self->world->n_pfs; i++)
		self->world->pfs[i].destroyed = self->world->pfs[i].asked = 0;
	if (!self->alive)
		return;
	for (size_t i = 0; i < self->reconcilers.count; i++) {
		note_poke(self, self->reconcilers.items[i]);
		reconciler_policy_changed(self->reconcilers.items[i], self->world->now);
	}
	set_resync(self);
}

void daemon_resync(struct daemon *self)
{
	if (self->alive)
		enumerate(self);
}

static void note_hold(const struct world *world, struct sim_pf *pf, const struct pass *pass)
{
	bool held =
		pass->observed->drivers_held || (pass->remaining && pass->remaining->holds_back);

	if (!held)
		pf->held_since = SIM_NEVER;
	else if (pf->held_since > world->now)
		pf->held_since = world->now;
}

/* Its pass, or a look at the one that runs. */
static void serve(struct daemon *self, struct reconciler *reconciler)
{
	struct world *world = self->world;
	struct sim_pf *pf = pf_of(world, reconciler);

	if (reconciler_is_running(reconciler)) {
		reconciler_watch(reconciler, world->now);
		return;
	}
	pf->poked_at = SIM_NEVER;
	if (!task_start(self, pf, reconciler, self->world->booting || pf->requests,
			reconciler_start(reconciler, world->now)))
		world_violate(world, INVARIANT_STORY, "too many passes at once");
}

/* What an earlier request has begun is ended: who destroys VFs later gets none for it. */
static void check_owed(struct world *world, const struct sim_pf *pf, const struct pass *pass)
{
	if (pf->owed_vfs.noted && pass->observed->n_vfs && !pass->observed->drivers_held &&
	    !pass->passive && !pass->observed->settling && !pass->desired->undecided)
		world_violate(world, INVARIANT_REQUEST, "%s: VFs are owed, and there are some",
			      pf->ifname);
}

static void finish(struct daemon *self, const struct task *task)
{
	struct world *world = self->world;
	struct sim_pf *pf = task->pf;
	bool was_stuck = reconciler_state(task->reconciler) == STATE_STUCK;
	int r = task->error;

	if (r == -ENODEV && pf->plugged)
		r = -EAGAIN;
	if (r >= 0) {
		note_hold(world, pf, task->pass);
		check_owed(world, pf, task->pass);
	}
	if (r >= 0 && task->permitted && task->pass->remaining &&
	    task->pass->remaining->n_requestable)
		world_violate(world, INVARIANT_REQUEST,
			      "%s: waits for request, and somebody has asked", pf->ifname);
	if (!reconciler_finish(task->reconciler, r < 0 ? NULL : task->pass, r, world->now)) {
		forget_requests(self, pf);
		reconcilers_remove(&self->reconcilers, task->reconciler);
		return;
	}
	/* A poke that came meanwhile counts from now on; so does what became of a PF that was
	 * stuck. */
	if (was_stuck || pf->poked_at < world->now)
		pf->poked_at = world->now;
}

/* The process may have died in the pass: then nobody learns of its outcome. */
void daemon_pass_ended(struct daemon *self, const struct task *task)
{
	if (task->reconciler && !task->doing.dead && !self->world->over) {
		bool had_turn = task->error >= 0 && pass_had_turn(task->pass);

		finish(self, task);
		if (had_turn)
			reconcilers_take_turn(&self->reconcilers, self->world->now);
		return;
	}
	if (task->error >= 0)
		pass_free(task->pass);
	if (task->by_hand)
		knowledge_free(task->knowledge);
}

void daemon_apply_by_hand(struct daemon *self, struct sim_pf *pf, bool disruptive)
{
	struct knowledge *knowledge;

	if (!pf->plugged || knowledge_new(&knowledge) < 0)
		return;
	knowledge_set_requested(knowledge, disruptive);
	if (!task_start(self, pf, NULL, disruptive, knowledge))
		knowledge_free(knowledge);
}

void daemon_pause_changed(struct daemon *self, const struct sim_pf *pf)
{
	struct reconciler *reconciler = reconcilers_find(&self->reconcilers, pf->handle);

	if (!self->alive || !reconciler)
		return;
	note_poke(self, reconciler);
	reconciler_pause_changed(reconciler, self->world->now);
}

static void on_link_event(struct daemon *self, unsigned ifindex)
{
	struct reconciler *reconciler;
	size_t position = 0;
	bool known = false;

	while ((reconciler = reconcilers_find_ifindex(&self->reconcilers, ifindex, &position))) {
		poke(self, reconciler);
		known = true;
	}
	if (!known)
		reconcilers_poke_unsure(&self->reconcilers, self->world->now);
}

static void on_device_event(struct daemon *self, struct sim_pf *pf)
{
	struct reconciler *reconciler = reconcilers_find(&self->reconcilers, pf->handle);

	if (!reconciler && pf->plugged)
		reconciler = get_reconciler(self, pf);
	if (reconciler)
		poke(self, reconciler);
	else
		reconcilers_poke_unsure(&self->reconcilers, self->world->now);
}

static void fire_event(struct daemon *self, const struct entry *entry)
{
	if (!self->alive)
		return;
	switch (entry->kind) {
	case ENTRY_LINK_EVENT:
		on_link_event(self, entry->a);
		break;
	case ENTRY_DEVICE_EVENT:
		on_device_event(self, &self->world->pfs[entry->a]);
		break;
	case ENTRY_RESYNC:
		set_resync(self);
		enumerate(self);
		break;
	case ENTRY_READY:
		become_ready(self);
		break;
	case ENTRY_REQUEST_OVER:
		end_request(&self->requests[entry->a]);
		break;
	default:
		enumerate(self);
	}
}

static void fire(struct daemon *self, const struct entry *entry)
{
	struct world *world = self->world;

	switch (entry->kind) {
	case ENTRY_HAPPENING:
		self->happen(world, entry->a, entry->b);
		break;
	case ENTRY_BOUND:
	case ENTRY_PLUGGED:
		watch_return(world, &world->pfs[entry->a], entry->kind == ENTRY_PLUGGED);
		break;
	case ENTRY_START:
		if (!self->alive)
			daemon_start(self);
		break;
	default:
		fire_event(self, entry);
	}
}

/* The reconciler that is to be served next; NULL. */
static struct reconciler *next_reconciler(struct daemon *self, uint64_t *ret_at)
{
	struct reconciler *next = NULL;

	*ret_at = SIM_NEVER;
	for (size_t i = 0; self->alive && i < self->reconcilers.count; i++) {
		uint64_t due = reconciler_due(self->reconcilers.items[i]);

		if (due >= *ret_at)
			continue;
		*ret_at = due;
		next = self->reconcilers.items[i];
	}
	return next;
}

static uint64_t min_time(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t daemon_next(struct daemon *self)
{
	uint64_t due, wake_at;

	(void)next_reconciler(self, &due);
	(void)task_next(self, &wake_at);
	return min_time(min_time(due, wake_at), queue_due(&self->world->queue));
}

/* Does what comes next. Of what comes at the same time a call returns last. */
static void step(struct daemon *self)
{
	uint64_t due, wake_at, at = queue_due(&self->world->queue);
	struct reconciler *reconciler = next_reconciler(self, &due);
	struct task *task = task_next(self, &wake_at);

	if (due < at && due <= wake_at) {
		serve(self, reconciler);
	} else if (at <= wake_at) {
		const struct entry entry = queue_take(&self->world->queue);

		fire(self, &entry);
	} else {
		task_go_on(task);
	}
}

/* All that is due was done. */
static void advance(struct daemon *self, uint64_t until)
{
	struct world *world = self->world;

	if (until <= world->now) {
		if (++self->steps > STEPS_MAX)
			world_violate(world, INVARIANT_STORM, "it never comes to an end");
		return;
	}
	self->steps = 0;
	stuck_check(self, until);
	world->now = until;
}

void daemon_pass_time(struct world *world, uint64_t until)
{
	struct daemon *self = world->daemon;
	uint64_t next;

	while (!world->over && (next = daemon_next(self)) <= until) {
		advance(self, next);
		if (world->over)
			return;
		step(self);
		if (world->dead)
			bury(self);
	}
	if (!world->over)
		advance(self, until);
	if (world->queue.full)
		world_violate(world, INVARIANT_STORM, "the queue is full");
}

void daemon_await_idle(struct daemon *self)
{
	for (uint32_t i = 0; i < IDLE_STEPS_MAX && !self->world->over && task_is_any(self); i++)
		daemon_pass_time(self->world, daemon_next(self));
}
