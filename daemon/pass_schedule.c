/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pass_schedule.h"

#include <errno.h>
#include <stdlib.h>

#include "timer.h"

struct pass_schedule {
	struct pass_schedule_options options;
	sd_event *event;
	sd_event_source *timer;
	bool stopped;
};

static bool may_begin(const struct pass_schedule *self)
{
	return self->options.job.policy && !self->stopped;
}

/* What is due with a PF: its next pass, or a look at the one that runs. */
static void serve(struct pass_schedule *self, struct reconciler *reconciler)
{
	uint64_t now = timer_now(self->event);

	/* That a pass cannot begin is for the reconciler to log. */
	if (reconciler_is_running(reconciler))
		reconciler_watch(reconciler, now);
	else
		(void)pass_job_start(self->options.workers, reconciler, &self->options.job, now);
}

static int on_due(sd_event_source *source, uint64_t usec, void *context)
{
	struct pass_schedule *self = context;
	const struct reconcilers *reconcilers = self->options.reconcilers;
	uint64_t now = timer_now(self->event);

	(void)source;
	(void)usec;
	for (size_t i = 0; may_begin(self) && i < reconcilers->count; i++)
		if (reconciler_due(reconcilers->items[i]) <= now)
			serve(self, reconcilers->items[i]);
	self->options.served(self->options.job.context);
	pass_schedule_arm(self);
	return 0;
}

int pass_schedule_new(sd_event *event, const struct pass_schedule_options *options,
		      struct pass_schedule **ret)
{
	CLEANUP(pass_schedule_free_cleanup) struct pass_schedule *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	self->options = *options;
	self->event = sd_event_ref(event);
	r = timer_new(event, "pass", on_due, self, &self->timer);
	/* A pass may begin late, but not because the loop slept to wake for something else too. */
	if (r >= 0)
		r = sd_event_source_set_time_accuracy(self->timer, 1000);
	if (r < 0)
		return r;
	*ret = TAKE(self);
	return 0;
}

void pass_schedule_free(struct pass_schedule *self)
{
	if (!self)
		return;
	sd_event_source_disable_unref(self->timer);
	sd_event_unref(self->event);
	free(self);
}

void pass_schedule_set_policy(struct pass_schedule *self, struct policy *policy)
{
	self->options.job.policy = policy;
}

void pass_schedule_stop(struct pass_schedule *self)
{
	self->stopped = true;
}

void pass_schedule_arm(struct pass_schedule *self)
{
	uint64_t due =
		may_begin(self) ? reconcilers_due(self->options.reconcilers) : RECONCILER_NEVER;

	if (due == RECONCILER_NEVER)
		timer_turn_off(self->timer);
	else
		timer_set_at(self->timer, due);
}
