/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The time in the event loop, and timers that go off once each time they are set. In milliseconds
 * of CLOCK_MONOTONIC. */

#include <stdint.h>
#include <systemd/sd-event.h>

/* When the event loop woke last. */
uint64_t timer_now(sd_event *event);

/* A timer that is off. To be freed with sd_event_source_disable_unref(). name is seen in debug
 * messages of sd-event. 0 or -errno. */
int timer_new(sd_event *event, const char *name, sd_event_time_handler_t handler, void *context,
	      sd_event_source **ret);
void timer_set_at(sd_event_source *timer, uint64_t ms);
void timer_set_after(sd_event_source *timer, uint64_t ms);
void timer_turn_off(sd_event_source *timer);
