/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "manager.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/device.h"
#include "kernel/linux.h"
#include "link_watch.h"
#include "pass_job.h"
#include "readiness.h"
#include "rivals.h"
#include "timer.h"
#include "udev_watch.h"
#include "util/heap.h"
#include "workers.h"

/* How long a pass under way may take when the daemon is to stop: less than the unit's
 * TimeoutStopSec=. */
#define STOP_WAIT_MS 3000u

struct manager {
	sd_event *event;
	struct manager_options options;
	struct log *log;
	struct arena *arena; /* of host */
	struct host host;
	struct policy *policy; /* NULL until a good one was read */
	struct policy_source *source;
	struct reconcilers reconcilers;
	struct workers *workers;
	struct rivals *rivals;
	struct link_watch *links;
	struct udev_watch *devices;
	struct readiness *readiness;
	struct manager_calls calls; /* none until they are set */
	void *calls_context;
	sd_event_source *pass_timer;
	sd_event_source *resync_timer;
	sd_event_source *stop_timer;
	bool stopping; /* no pass begins any more */
};

static void arm(struct manager *self);

static void log_failure(struct manager *self, const char *what, int r)
{
	log_message(self->log, LOG_ERR, NULL, "%s: %s", what, strerror(-r));
}

/* Something may have changed that others are told of. */
static void tell(struct manager *self)
{
	readiness_check(self->readiness);
	if (self->calls.changed)
		self->calls.changed(self->calls_context);
}

static void leave_if_idle(struct manager *self)
{
	if (self->stopping && !workers_busy(self->workers))
		(void)sd_event_exit(self->event, 0);
}

/* Passes. */

static void on_pass_done(void *context, struct reconciler *reconciler, struct pass *pass, int error)
{
	struct manager *self = context;
	bool there;

	/* The same error says that it is another device by now, or on its way back from a reset. */
	if (error == -ENODEV && device_exists(reconciler_handle(reconciler)))
		error = -EAGAIN;
	if (pass)
		rivals_look(self->rivals, pass);
	there = reconciler_finish(reconciler, pass, error, timer_now(self->event));
	if (self->calls.pass_ended)
		self->calls.pass_ended(self->calls_context, reconciler);
	if (!there) {
		const struct log_fields fields = { .pf = reconciler_handle(reconciler) };

		log_message(self->log, LOG_INFO, &fields, "%s: gone", fields.pf);
		reconcilers_remove(&self->reconcilers, reconciler);
	}
	tell(self);
	if (!workers_busy(self->workers))
		heap_give_back();
	leave_if_idle(self);
	arm(self);
}

static void start_pass(struct manager *self, struct reconciler *reconciler)
{
	const struct pass_job_options options = {
		.policy = self->policy,
		.host = &self->host,
		.lock_dir = self->options.lock_dir,
		.done = on_pass_done,
		.context = self,
	};

	/* A failure is the reconciler's to tell. */
	(void)pass_job_start(self->workers, reconciler, &options, timer_now(self->event));
}

/* What is due with a PF: its next pass, or a look at the one that runs. */
static void serve(struct manager *self, struct reconciler *reconciler)
{
	if (reconciler_is_running(reconciler))
		reconciler_watch(reconciler, timer_now(self->event));
	else
		start_pass(self, reconciler);
}

static int on_pass_due(sd_event_source *source, uint64_t usec, void *context)
{
	struct manager *self = context;
	uint64_t now = timer_now(self->event);

	(void)source;
	(void)usec;
	for (size_t i = 0; self->policy && !self->stopping && i < self->reconcilers.count; i++)
		if (reconciler_due(self->reconcilers.items[i]) <= now)
			serve(self, self->reconcilers.items[i]);
	tell(self);
	arm(self);
	return 0;
}

/* Sets the timer for the pass that is due next. */
static void arm(struct manager *self)
{
	uint64_t due = self->policy && !self->stopping ? reconcilers_due(&self->reconcilers)
						       : RECONCILER_NEVER;

	if (due == RECONCILER_NEVER)
		timer_turn_off(self->pass_timer);
	else
		timer_set_at(self->pass_timer, due);
}

/* Events. */

static void on_link_changed(void *context, unsigned ifindex)
{
	struct manager *self = context;
	struct reconciler *reconciler = reconcilers_find_ifindex(&self->reconcilers, ifindex);

	if (!ifindex)
		reconcilers_poke_all(&self->reconcilers, timer_now(self->event));
	else if (reconciler)
		reconciler_poke(reconciler, timer_now(self->event));
	else
		reconcilers_poke_unsure(&self->reconcilers, timer_now(self->event));
	arm(self);
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
	arm(self);
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
	arm(self);
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
	rivals_look_again(((struct manager *)context)->rivals);
	manager_resync(context);
	return 0;
}

void manager_resync(struct manager *self)
{
	on_lost(self);
	set_resync(self);
}

/* The policy. */

static void set_policy(struct manager *self, struct policy *policy)
{
	policy_free(self->policy);
	self->policy = policy;
	readiness_set_policy(self->readiness, policy);
	for (size_t i = 0; i < self->reconcilers.count; i++)
		reconciler_policy_changed(self->reconcilers.items[i], timer_now(self->event));
	set_resync(self);
	arm(self);
}

/* With read as policy_source_read() or policy_source_restore(). */
static int read_policy(struct manager *self,
		       int (*read)(struct policy_source *source, const struct host *host,
				   struct policy **ret))
{
	struct policy *policy;
	int r = read(self->source, &self->host, &policy);

	if (r < 0)
		return r;
	set_policy(self, policy);
	log_message(self->log, LOG_INFO, NULL, "policy in force: %zu rule%s", policy->n_rules,
		    policy->n_rules == 1 ? "" : "s");
	return 0;
}

int manager_reload(struct manager *self)
{
	int r = read_policy(self, policy_source_read);

	if (r < 0)
		log_message(self->log, LOG_ERR, NULL, "the policy was not reloaded (%s); %s",
			    strerror(-r),
			    self->policy ? "the one in force stays" : "nothing is enforced");
	tell(self);
	return r;
}

static void on_policy_changed(void *context)
{
	(void)manager_reload(context);
}

/* The last thing to be waited for may be the disk. */
static void on_policy_kept(void *context)
{
	leave_if_idle(context);
}

static void on_ready(void *context)
{
	struct manager *self = context;

	if (self->options.once)
		manager_stop(self);
}

static void on_queue_empty(void *context)
{
	struct manager *self = context;

	readiness_check(self->readiness);
}

/* Life. */

static int on_stop_over(sd_event_source *source, uint64_t usec, void *context)
{
	struct manager *self = context;

	(void)source;
	(void)usec;
	log_message(self->log, LOG_WARNING, NULL, "a pass did not end in time; leaving it");
	return sd_event_exit(self->event, 0);
}

void manager_stop(struct manager *self)
{
	self->stopping = true;
	if (!workers_busy(self->workers)) {
		(void)sd_event_exit(self->event, 0);
		return;
	}
	timer_set_after(self->stop_timer, STOP_WAIT_MS);
}

static int add_timers(struct manager *self)
{
	int r = timer_new(self->event, "pass", on_pass_due, self, &self->pass_timer);

	if (r >= 0)
		r = timer_new(self->event, "resync", on_resync, self, &self->resync_timer);
	if (r >= 0)
		r = timer_new(self->event, "stop", on_stop_over, self, &self->stop_timer);
	/* A pass may begin late, but not because the loop slept to wake for something else too. */
	if (r >= 0)
		r = sd_event_source_set_time_accuracy(self->pass_timer, 1000);
	return r;
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
	r = arena_new(&self->arena);
	if (r >= 0)
		r = kernel_linux_host(options->policy.root, self->arena, &self->host);
	if (r >= 0)
		r = workers_new(event, &self->workers);
	if (r >= 0)
		r = rivals_new(options->policy.root, log, &self->rivals);
	if (r >= 0)
		r = policy_source_new(&options->policy, log, &self->source);
	if (r >= 0 && options->state_dir)
		r = policy_source_keep(self->source, options->state_dir, self->workers,
				       on_policy_kept, self);
	if (r >= 0)
		r = add_timers(self);
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
	udev_watch_free(self->devices);
	link_watch_free(self->links);
	policy_source_free(self->source);
	rivals_free(self->rivals);
	workers_free(self->workers);
	reconcilers_clear(&self->reconcilers);
	policy_free(self->policy);
	sd_event_source_disable_unref(self->pass_timer);
	sd_event_source_disable_unref(self->resync_timer);
	sd_event_source_disable_unref(self->stop_timer);
	sd_event_unref(self->event);
	arena_free(self->arena);
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
	return r;
}

int manager_start(struct manager *self)
{
	int r = listen_to_all(self);

	if (r < 0)
		return r;
	r = read_policy(self, policy_source_read);
	if (r == -EINVAL && self->options.once)
		return MANAGER_BAD_POLICY;
	if (r == -EINVAL)
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

bool manager_is_settling(const struct manager *self)
{
	return policy_source_is_settling(self->source);
}

const struct host *manager_host(const struct manager *self)
{
	return &self->host;
}

struct workers *manager_workers(const struct manager *self)
{
	return self->workers;
}

void manager_poke(struct manager *self, struct reconciler *reconciler)
{
	reconciler_poke(reconciler, timer_now(self->event));
	arm(self);
}

void manager_work_ended(struct manager *self)
{
	leave_if_idle(self);
}

bool manager_is_busy(const struct manager *self)
{
	return workers_busy(self->workers);
}

enum pf_state manager_worst_state(const struct manager *self)
{
	/* Without a rule no PF is even looked at. */
	if (!self->policy || !self->policy->n_rules)
		return STATE_UNMANAGED;
	return reconcilers_worst(&self->reconcilers);
}
