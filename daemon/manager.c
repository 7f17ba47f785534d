/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "manager.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "boot_note.h"
#include "hostname_watch.h"
#include "kernel/device/device.h"
#include "kernel/facts.h"
#include "kernel/note/pause.h"
#include "link_watch.h"
#include "pass_schedule.h"
#include "readiness.h"
#include "stop.h"
#include "timer.h"
#include "udev_watch.h"
#include "util/heap.h"
#include "work/workers.h"

struct manager {
	sd_event *event;
	struct manager_options options;
	struct log *log;
	struct policy *policy; /* NULL until a good one was read */
	struct policy_source *source;
	struct reconcilers reconcilers;
	struct workers *workers;
	struct link_watch *links;
	struct udev_watch *devices;
	struct utsname names;		 /* as they were when the policy was read */
	struct hostname_watch *hostname; /* NULL: the name is a file's, or cannot be watched */
	struct readiness *readiness;
	struct manager_calls calls; /* none until they are set */
	void *calls_context;
	struct pass_schedule *schedule;
	struct stop *stop;
	sd_event_source *resync_timer;
};

static void log_failure(struct manager *self, const char *what, int r)
{
	log_message(self->log, LOG_ERR, NULL, "%s: %s", what, strerror(-r));
}

/* Something may have changed that is shown to others. */
static void notify(struct manager *self)
{
	readiness_check(self->readiness);
	if (self->calls.changed)
		self->calls.changed(self->calls_context);
}

/* Passes. */

static void on_pass_done(void *context, struct reconciler *reconciler, struct pass *pass, int error)
{
	struct manager *self = context;
	bool there, had_turn = pass && pass_had_turn(pass);

	/* The same error says that it is another device by now, or on its way back from a reset. */
	if (error == -ENODEV && device_exists(reconciler_handle(reconciler)))
		error = -EAGAIN;
	there = reconciler_finish(reconciler, pass, error, timer_now(self->event));
	if (self->calls.pass_ended)
		self->calls.pass_ended(self->calls_context, reconciler, pass);
	if (!there) {
		const struct log_fields fields = { .pf = reconciler_handle(reconciler),
						   .event = "gone" };

		log_message(self->log, LOG_INFO, &fields, "%s: gone", fields.pf);
		reconcilers_remove(&self->reconcilers, reconciler);
	}
	if (had_turn)
		reconcilers_take_turn(&self->reconcilers, timer_now(self->event));
	notify(self);
	if (!workers_busy(self->workers))
		heap_give_back();
	stop_check(self->stop);
	pass_schedule_arm(self->schedule);
}

static void on_served(void *context)
{
	notify(context);
}

/* Events. */

static void on_link_changed(void *context, unsigned ifindex)
{
	struct manager *self = context;
	const uint64_t now = timer_now(self->event);
	struct reconciler *reconciler;
	size_t position = 0;
	bool known = false;

	if (!ifindex)
		reconcilers_poke_all(&self->reconcilers, now);
	while ((reconciler = reconcilers_find_ifindex(&self->reconcilers, ifindex, &position))) {
		reconciler_poke(reconciler, now);
		known = true;
	}
	if (ifindex && !known)
		reconcilers_poke_unsure(&self->reconcilers, now);
	pass_schedule_arm(self->schedule);
}

/* The handle may be of a PF that we know, of a VF of one, whose link to its PF went with it, or of
 * a device that may turn out to be a PF. */
static void on_device(void *context, const char *handle)
{
	struct manager *self = context;
	struct reconciler *reconciler = reconcilers_find(&self->reconcilers, handle);
	int r;

	if (!reconciler)
		reconciler = reconcilers_find_vf(&self->reconcilers, pf_handle_address(handle));
	if (!reconciler && device_exists(handle)) {
		r = reconcilers_get(&self->reconcilers, handle, self->log, &reconciler);
		if (r < 0)
			log_failure(self, "cannot keep track of a PF", r);
	}
	if (reconciler)
		reconciler_poke(reconciler, timer_now(self->event));
	else
		reconcilers_poke_unsure(&self->reconcilers, timer_now(self->event));
	pass_schedule_arm(self->schedule);
}

/* Keeps track of the PFs that there are. */
static int find_pfs(struct manager *self)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct reconciler *reconciler;
	const char **handles;
	size_t count = 0;
	int r = arena_new(&arena);

	if (r >= 0)
		r = device_list(arena, &handles, &count);
	for (size_t i = 0; r >= 0 && i < count; i++)
		r = reconcilers_get(&self->reconcilers, handles[i], self->log, &reconciler);
	return r;
}

/* Finds the PFs that there are, and has a look at all of them soon. */
static int look_at_all(struct manager *self)
{
	int r = find_pfs(self);

	reconcilers_poke_all(&self->reconcilers, timer_now(self->event));
	pass_schedule_arm(self->schedule);
	return r;
}

static void on_lost(void *context)
{
	struct manager *self = context;
	int r = look_at_all(self);

	if (r < 0)
		log_failure(self, "cannot list the PFs of this host", r);
}

static void set_resync(struct manager *self)
{
	if (self->policy && self->policy->resync_ms)
		timer_set_after(self->resync_timer, self->policy->resync_ms);
	else
		timer_turn_off(self->resync_timer);
}

static int on_resync(sd_event_source *source, uint64_t usec, void *context)
{
	(void)source;
	(void)usec;
	manager_resync(context);
	return 0;
}

void manager_resync(struct manager *self)
{
	for (size_t i = 0; i < self->reconcilers.count; i++)
		reconciler_ask_rivals(self->reconcilers.items[i]);
	policy_source_compare(self->source);
	on_lost(self);
	set_resync(self);
}

/* The policy. */

static void set_policy(struct manager *self, struct policy *policy)
{
	policy_free(self->policy);
	self->policy = policy;
	pass_schedule_set_policy(self->schedule, policy);
	readiness_set_policy(self->readiness, policy);
	for (size_t i = 0; i < self->reconcilers.count; i++)
		reconciler_policy_changed(self->reconcilers.items[i], timer_now(self->event));
	set_resync(self);
	pass_schedule_arm(self->schedule);
}

/* With read as policy_source_read() or policy_source_restore(). */
static int read_policy(struct manager *self,
		       int (*read)(struct policy_source *source, const struct host *host,
				   struct policy **ret))
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct policy *policy;
	struct host host;
	int r = arena_new(&arena);

	/* It may have got its name, or its machine ID, since. */
	if (r >= 0)
		r = uname(&self->names) < 0 ? -errno : 0;
	if (r >= 0)
		r = facts_read_host(self->options.policy.root, arena, &host);
	if (r >= 0)
		r = read(self->source, &host, &policy);
	if (r < 0)
		return r;
	set_policy(self, policy);
	policy_source_log_in_force(self->source, policy);
	return 0;
}

/* What is wrong was logged, but for a lack of memory. */
static void log_not_reloaded(struct manager *self, int error)
{
	log_message(self->log, LOG_ERR, NULL, "the policy was not reloaded, %s; %s",
		    error == -EINVAL ? "it has errors" : strerror(-error),
		    self->policy ? "the one in force stays" : "nothing is enforced");
}

int manager_reload(struct manager *self)
{
	int r = read_policy(self, policy_source_read);

	if (r < 0 && r != -EAGAIN)
		log_not_reloaded(self, r);
	notify(self);
	return r;
}

static void on_policy_changed(void *context)
{
	(void)manager_reload(context);
}

/* The kernel tells of every host's, those of containers included. */
static void on_hostname(void *context)
{
	struct manager *self = context;
	struct utsname names;

	if (uname(&names) < 0 || !strcmp(names.nodename, self->names.nodename))
		return;
	log_message(self->log, LOG_INFO, NULL,
		    "the host has another name: reading the policy again");
	(void)manager_reload(self);
}

/* The last thing to be waited for may be the disk. */
static void on_policy_kept(void *context)
{
	stop_check(((struct manager *)context)->stop);
}

/* An instance that cannot leave a note would have the next one take its start for the boot's. */
static void end_boot(struct manager *self)
{
	int r;

	if (!self->reconcilers.booting)
		return;
	reconcilers_end_boot(&self->reconcilers);
	r = boot_note_write(self->options.lock_dir);
	if (r < 0)
		log_message(
			self->log, LOG_WARNING, NULL,
			"cannot note in %s that the boot is over, and the next start will count "
			"as one: %s",
			self->options.lock_dir, strerror(-r));
}

static void on_ready(void *context)
{
	struct manager *self = context;

	end_boot(self);
	if (self->options.once)
		manager_stop(self);
}

static void on_queue_empty(void *context)
{
	struct manager *self = context;

	readiness_check(self->readiness);
}

/* Life. */

void manager_stop(struct manager *self)
{
	pass_schedule_stop(self->schedule);
	stop_begin(self->stop);
}

static int new_schedule(struct manager *self)
{
	const struct pass_schedule_options options = {
		.reconcilers = &self->reconcilers,
		.workers = self->workers,
		.job = {
			.lock_dir = self->options.lock_dir,
			.ending = stop_ending(self->stop),
			.root = self->options.policy.root,
			.done = on_pass_done,
			.context = self,
		},
		.served = on_served,
	};

	return pass_schedule_new(self->event, &options, &self->schedule);
}

static int new_readiness(struct manager *self)
{
	const struct readiness_options options = {
		.once = self->options.once,
		.reconcilers = &self->reconcilers,
		.source = self->source,
		.log = self->log,
		.context = self,
		.ready = on_ready,
	};

	return readiness_new(self->event, &options, &self->readiness);
}

int manager_new(sd_event *event, const struct manager_options *options, struct log *log,
		struct manager **ret)
{
	CLEANUP(manager_free_cleanup) struct manager *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	self->event = sd_event_ref(event);
	self->options = *options;
	self->log = log;
	r = workers_new(event, &self->workers);
	if (r >= 0)
		r = policy_source_new(&options->policy, log, &self->source);
	if (r >= 0 && options->state_dir)
		r = policy_source_keep(self->source, options->state_dir, self->workers,
				       on_policy_kept, self);
	if (r >= 0)
		r = stop_new(event, self->workers, log, &self->stop);
	if (r >= 0)
		r = new_schedule(self);
	if (r >= 0)
		r = timer_new(event, "resync", on_resync, self, &self->resync_timer);
	if (r >= 0)
		r = new_readiness(self);
	if (r < 0)
		return r;
	*ret = TAKE(self);
	return 0;
}

void manager_free(struct manager *self)
{
	if (!self)
		return;
	readiness_free(self->readiness);
	hostname_watch_free(self->hostname);
	udev_watch_free(self->devices);
	link_watch_free(self->links);
	policy_source_free(self->source);
	pass_schedule_free(self->schedule);
	stop_free(self->stop);
	workers_free(self->workers);
	reconcilers_clear(&self->reconcilers);
	policy_free(self->policy);
	sd_event_source_disable_unref(self->resync_timer);
	sd_event_unref(self->event);
	free(self);
}

/* All listening begins before the first look, so that nothing is missed between the two. */
static int listen_to_all(struct manager *self)
{
	static const struct udev_watch_calls calls = { on_device, on_lost, on_queue_empty };
	int r = udev_watch_new(self->event, &calls, self, &self->devices);

	if (r >= 0)
		r = link_watch_new(self->event, on_link_changed, self, &self->links);
	if (r >= 0)
		r = policy_source_watch(self->source, self->event, on_policy_changed, self);
	if (r >= 0 && !self->options.policy.root &&
	    hostname_watch_new(self->event, on_hostname, self, &self->hostname) == -ENOMEM)
		r = -ENOMEM;
	return r;
}

int manager_start(struct manager *self)
{
	int r = listen_to_all(self);

	if (r < 0)
		return r;
	if (boot_note_is_missing(self->options.lock_dir))
		reconcilers_begin_boot(&self->reconcilers);
	r = read_policy(self, policy_source_read);
	if ((r == -EINVAL || r == -EAGAIN) && self->options.once)
		return MANAGER_BAD_POLICY;
	if (r == -EINVAL || r == -EAGAIN)
		r = read_policy(self, policy_source_restore);
	if (r < 0 && r != -EINVAL && r != -ENOENT)
		return r;
	r = look_at_all(self);
	if (r < 0)
		return r;
	readiness_begin(self->readiness, self->devices);
	return 0;
}

void manager_set_calls(struct manager *self, const struct manager_calls *calls, void *context)
{
	self->calls = *calls;
	self->calls_context = context;
}

uint64_t manager_now(const struct manager *self)
{
	return timer_now(self->event);
}

const struct reconcilers *manager_reconcilers(const struct manager *self)
{
	return &self->reconcilers;
}

struct policy *manager_policy(const struct manager *self)
{
	return self->policy;
}

const struct policy_standing *manager_policy_standing(const struct manager *self)
{
	return policy_source_standing(self->source);
}

bool manager_is_settling(const struct manager *self)
{
	return policy_source_is_settling(self->source);
}

const char *manager_root(const struct manager *self)
{
	return self->options.policy.root;
}

struct workers *manager_workers(const struct manager *self)
{
	return self->workers;
}

void manager_poke(struct manager *self, struct reconciler *reconciler)
{
	reconciler_poke(reconciler, timer_now(self->event));
	pass_schedule_arm(self->schedule);
}

int manager_pause(struct manager *self, struct reconciler *reconciler, uint64_t ms)
{
	const char *handle = reconciler_handle(reconciler);
	int r = ms ? pause_write(handle, ms) : pause_remove(handle);

	if (r < 0)
		return r;
	reconciler_pause_changed(reconciler, timer_now(self->event));
	pass_schedule_arm(self->schedule);
	return 0;
}

void manager_work_ended(struct manager *self)
{
	stop_check(self->stop);
}

bool manager_is_busy(const struct manager *self)
{
	return workers_busy(self->workers);
}

bool manager_is_blocked(const struct manager *self)
{
	for (size_t i = 0; i < self->reconcilers.count; i++) {
		const struct reconciler *reconciler = self->reconcilers.items[i];
		const struct pass *pass = reconciler_pass(reconciler);

		if (reconciler_state(reconciler) == STATE_BLOCKED && pass && pass->remaining &&
		    plan_blocker(pass->remaining) != BLOCKED_BY_REQUEST)
			return true;
	}
	return false;
}

enum pf_state manager_worst_state(const struct manager *self)
{
	/* Without a rule no PF is even looked at. */
	if (!self->policy || !self->policy->n_rules)
		return STATE_UNMANAGED;
	return reconcilers_worst(&self->reconcilers);
}
