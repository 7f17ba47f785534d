/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stop.h"

#include <errno.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

#include "apply/ending.h"
#include "timer.h"

/* How long work under way may take: less than the unit's TimeoutStopSec=; and passes that owe VFs,
 * for which systemd is asked for more. */
#define WAIT_MS	     3000u
#define OWED_WAIT_MS 24000u

struct stop {
	sd_event *event;
	const struct workers *workers;
	struct log *log;
	sd_event_source *timer;
	struct ending ending;
	bool begun, patient;
};

static int on_over(sd_event_source *source, uint64_t usec, void *context)
{
	struct stop *self = context;

	(void)source;
	(void)usec;
	if (atomic_load(&self->ending.owed) && !self->patient) {
		self->patient = true;
		log_message(self->log, LOG_NOTICE, NULL,
			    "waiting for VFs that are to follow those that were destroyed");
		(void)sd_notifyf(false, "EXTEND_TIMEOUT_USEC=%u", (OWED_WAIT_MS + WAIT_MS) * 1000);
		timer_set_after(self->timer, OWED_WAIT_MS);
		return 0;
	}
	log_message(self->log, LOG_WARNING, NULL, "a pass did not end in time; leaving it");
	return sd_event_exit(self->event, 0);
}

int stop_new(sd_event *event, const struct workers *workers, struct log *log, struct stop **ret)
{
	CLEANUP(stop_free_cleanup) struct stop *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	self->event = sd_event_ref(event);
	self->workers = workers;
	self->log = log;
	r = timer_new(event, "stop", on_over, self, &self->timer);
	if (r < 0)
		return r;
	*ret = TAKE(self);
	return 0;
}

void stop_free(struct stop *self)
{
	if (!self)
		return;
	sd_event_source_disable_unref(self->timer);
	sd_event_unref(self->event);
	free(self);
}

struct ending *stop_ending(struct stop *self)
{
	return &self->ending;
}

void stop_begin(struct stop *self)
{
	atomic_store(&self->ending.wanted, true);
	self->begun = true;
	if (workers_busy(self->workers))
		timer_set_after(self->timer, WAIT_MS);
	else
		(void)sd_event_exit(self->event, 0);
}

void stop_check(struct stop *self)
{
	if (self->begun && !workers_busy(self->workers))
		(void)sd_event_exit(self->event, 0);
}
