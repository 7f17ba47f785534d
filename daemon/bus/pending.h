/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Calls over D-Bus that are answered later, each with a document: once nothing more is to come, or
 * once their time is over. */

#include <json-c/json_types.h>
#include <stdbool.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "bus/access.h"

struct pending;

struct pending_type {
	/* Goes on with the call. Whether to answer it now. */
	bool (*update)(struct pending *pending);
	/* What to answer; NULL when out of memory. */
	struct json_object *(*document)(struct pending *pending);
	/* Frees all but the request and the timer. */
	void (*free)(struct pending *pending);
};

/* The first member of a call. */
struct pending {
	const struct pending_type *type;
	struct access_request *request;
	sd_event_source *timer;
	bool over;	       /* its time is */
	struct pending **list; /* that it is in */
	struct pending *next;
};

/* Begins with a call, whose memory is zeroed. The request is its own once it is in a list. */
void pending_init(struct pending *pending, const struct pending_type *type,
		  struct access_request *request);
/* Gives it time_us microseconds from now on, or up to accuracy_us more. When they are over it is
 * updated, and answered if that says so. Zero is the accuracy that sd-event has by default. 0 or
 * -errno. */
int pending_set_timer(struct pending *pending, sd_event *event, uint64_t time_us,
		      uint64_t accuracy_us);
/* Frees a call that is in no list, without an answer, and not its request. */
void pending_free(struct pending *pending);

/* Puts the call into a list, to be answered and freed in time; begin with NULL. Then does as
 * pending_check(). */
void pending_add(struct pending **list, struct pending *pending);
/* Updates the calls, and answers those for which nothing more can happen. */
void pending_check(struct pending **list);
/* Frees those that came by that connection, without an answer. */
void pending_clear(struct pending **list, sd_bus *bus);
