/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon.h"

#include <errno.h>
#include <string.h>

#include "agree.h"
#include "watch.h"

/* systemd starts it again (RestartSec=). */
#define RESTART_MS 300
/* More passes than any history should need. */
#define PASSES_MAX 50000

static void write_log(struct log *log, int level, const struct log_fields *fields,
		      const char *message)
{
	struct daemon *self = (struct daemon *)((char *)log - offsetof(struct daemon, log));

	(void)fields;
	if (level < LOG_DEBUG)
		self->log_lines++;
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
	world->pass_time = daemon_pass_time;
	world->before_write = watch_write;
	world->before_bind = watch_bind;
}

void daemon_clear(struct daemon *self)
{
	fleet_clear(&self->fleet);
	policy_free(self->policy);
	self->policy = NULL;
}

/* Finds the PFs that there are and looks at all of them. */
static void enumerate(struct daemon *self)
{
	struct world *world = self->world;
	struct reconciler *reconciler;

	for (uint32_t i = 0; i < world->n_pfs; i++)
		if (world->pfs[i].plugged &&
		    fleet_get(&self->fleet, world->pfs[i].handle, &self->log, &reconciler) < 0)
			world_violate(world, INVARIANT_STORY, "out of memory");
	fleet_poke_all(&self->fleet, world->now);
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
	enumerate(self);
	set_resync(self);
}

/* What the process knew goes with it, and what was on its way to it. */
static void bury(struct daemon *self)
{
	struct queue *queue = &self->world->queue;

	self->world->dead = false;
	self->alive = false;
	for (uint32_t i = 0; i < self->world->n_pfs; i++) {
		self->world->pfs[i].passing = false;
		self->world->pfs[i].held_since = SIM_NEVER;
	}
	fleet_clear(&self->fleet);
	queue_drop(queue, ENTRY_LINK_EVENT);
	queue_drop(queue, ENTRY_DEVICE_EVENT);
	queue_drop(queue, ENTRY_LOST_EVENT);
	queue_drop(queue, ENTRY_RESYNC);
	queue_put(queue, self->world->now + RESTART_MS, ENTRY_START, 0, 0);
}

void daemon_kill(struct daemon *self)
{
	if (!self->alive)
		return;
	world_say(self->world, "  the process is killed");
	self->world->dead = true;
	if (!self->depth)
		bury(self);
}

void daemon_set_policy(struct daemon *self, struct policy *policy)
{
	policy_free(self->policy);
	self->policy = policy;
	if (!self->alive)
		return;
	for (size_t i = 0; i < self->fleet.count; i++)
		reconciler_policy_changed(self->fleet.items[i], self->world->now);
	set_resync(self);
}

void daemon_resync(struct daemon *self)
{
	if (self->alive)
		enumerate(self);
}

/* Also of a PF that is gone. */
static struct sim_pf *pf_of(struct world *world, const char *handle)
{
	for (uint32_t i = 0; i < world->n_pfs; i++)
		if (!strcmp(world->pfs[i].handle, handle))
			return &world->pfs[i];
	return NULL;
}

/* Whether nothing of the PF will be otherwise just because time passes. */
static bool is_at_rest(const struct world *world, const struct sim_pf *pf)
{
	bool rests = pf->settled_at <= world->now && pf->carrier_at == SIM_NEVER;

	for (uint32_t i = 0; i < pf->n_vfs; i++)
		rests = rests && pf->vfs[i].settled_at <= world->now &&
			pf->vfs[i].reset_until <= world->now;
	return rests && pf->told_until <= world->now;
}

/* One pass, by whomever. */
static int run(struct daemon *self, struct sim_pf *pf, struct knowledge *knowledge,
	       struct pass **ret)
{
	const struct pass_options options = { 0 };
	struct policy *policy = policy_ref(self->policy);
	struct world *world = self->world;
	bool agree = !world->frozen && is_at_rest(world, pf) &&
		     random_percent(&world->random, self->agree);
	int r = 0;

	pf->passing = true;
	pf->renamed = false;
	pf->policy = policy;
	self->depth++;
	world->passes++;
	if (agree)
		r = agree_begin(self, pf, knowledge);
	if (r >= 0)
		r = pass_run(&world->kernel, policy, &self->facts, pf->handle, knowledge, &options,
			     ret);
	if (agree)
		agree_end(self, pf, r < 0 ? NULL : *ret);
	self->depth--;
	pf->policy = NULL;
	pf->passing = false;
	policy_free(policy);
	if (world->passes > PASSES_MAX)
		world_violate(world, INVARIANT_STORM, "more than %u passes", PASSES_MAX);
	return r;
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

/* The process may have died in the pass: then nobody learns of its outcome. */
static void run_due(struct daemon *self, struct reconciler *reconciler)
{
	struct world *world = self->world;
	struct sim_pf *pf = pf_of(world, reconciler_handle(reconciler));
	struct knowledge *knowledge = reconciler_start(reconciler, world->now);
	struct pass *pass = NULL;
	int r = run(self, pf, knowledge, &pass);

	if (world->dead || world->over) {
		if (r >= 0)
			pass_free(pass);
		return;
	}
	if (r == -ENODEV && pf->plugged)
		r = -EAGAIN;
	if (r >= 0)
		note_hold(world, pf, pass);
	if (!reconciler_finish(reconciler, r < 0 ? NULL : pass, r, world->now))
		fleet_remove(&self->fleet, reconciler);
}

void daemon_apply_by_hand(struct daemon *self, struct sim_pf *pf)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	struct pass *pass = NULL;

	if (!pf->plugged || pf->passing || knowledge_new(&knowledge) < 0)
		return;
	if (run(self, pf, knowledge, &pass) >= 0)
		pass_free(pass);
}

static void on_link_event(struct daemon *self, unsigned ifindex)
{
	struct reconciler *reconciler = fleet_find_ifindex(&self->fleet, ifindex);

	if (reconciler)
		reconciler_poke(reconciler, self->world->now);
	else
		fleet_poke_unsure(&self->fleet, self->world->now);
}

static void on_device_event(struct daemon *self, struct sim_pf *pf)
{
	struct reconciler *reconciler = fleet_find(&self->fleet, pf->handle);

	if (!reconciler && pf->plugged &&
	    fleet_get(&self->fleet, pf->handle, &self->log, &reconciler) < 0)
		world_violate(self->world, INVARIANT_STORY, "out of memory");
	if (reconciler)
		reconciler_poke(reconciler, self->world->now);
	else
		fleet_poke_unsure(&self->fleet, self->world->now);
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

/* The reconciler whose pass is due next and can begin; NULL. */
static struct reconciler *next_due(struct daemon *self, uint64_t *ret)
{
	struct reconciler *next = NULL;

	*ret = RECONCILER_NEVER;
	for (size_t i = 0; self->alive && i < self->fleet.count; i++) {
		struct reconciler *reconciler = self->fleet.items[i];
		uint64_t due = reconciler_due(reconciler);

		if (due >= *ret || pf_of(self->world, reconciler_handle(reconciler))->passing)
			continue;
		*ret = due;
		next = reconciler;
	}
	return next;
}

void daemon_pass_time(struct world *world, uint64_t until)
{
	struct daemon *self = world->daemon;

	while (!world->over && !world->dead) {
		uint64_t due, at = queue_due(&world->queue);
		struct reconciler *reconciler = next_due(self, &due);

		if (due > until && at > until)
			break;
		if (due < at) {
			world->now = due > world->now ? due : world->now;
			run_due(self, reconciler);
		} else {
			const struct entry entry = queue_take(&world->queue);

			world->now = at > world->now ? at : world->now;
			fire(self, &entry);
		}
		if (world->dead && !self->depth)
			bury(self);
	}
	if (!world->over && !world->dead && world->now < until)
		world->now = until;
	if (world->queue.full)
		world_violate(world, INVARIANT_STORY, "the queue is full");
}
