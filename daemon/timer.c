/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timer.h"

#include <time.h>

uint64_t timer_now(sd_event *event)
{
	uint64_t usec = 0;

	(void)sd_event_now(event, CLOCK_MONOTONIC, &usec);
	return usec / 1000;
}

int timer_new(sd_event *event, const char *name, sd_event_time_handler_t handler, void *context,
	      sd_event_source **ret)
{
	sd_event_source *timer;
	int r = sd_event_add_time(event, &timer, CLOCK_MONOTONIC, 0, 0, handler, context);

	if (r < 0)
		return r;
	(void)sd_event_source_set_description(timer, name);
	r = sd_event_source_set_enabled(timer, SD_EVENT_OFF);
	if (r < 0) {
		sd_event_source_unref(timer);
		return r;
	}
	*ret = timer;
	return 0;
}

void timer_set_at(sd_event_source *timer, uint64_t ms)
{
	(void)sd_event_source_set_time(timer, ms * 1000);
	(void)sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

void timer_set_after(sd_event_source *timer, uint64_t ms)
{
	(void)sd_event_source_set_time_relative(timer, ms * 1000);
	(void)sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

void timer_turn_off(sd_event_source *timer)
{
	(void)sd_event_source_set_enabled(timer, SD_EVENT_OFF);
}
