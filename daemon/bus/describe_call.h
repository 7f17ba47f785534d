/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Describe(): what is asked of PFs, answered with a fresh look where that is not long in coming. */

#include <stdbool.h>

#include "bus/pending.h"
#include "bus/pf_objects.h"

/* The calls that wait, and what they need. */
struct describe_calls {
	sd_event *event;
	struct pf_objects *objects;
	/* A look has ended: states may be others than before. */
	void (*changed)(void *context);
	void *context;
	struct pending *waiting; /* NULL to begin with */
};

/* Answers the request once the PFs that its words name, or all, were looked at, or that takes too
 * long: with the description of the manager and of these PFs. Returns as access_then. */
int describe_call_begin(struct describe_calls *calls, struct access_request *request,
			sd_bus_error *error);
/* The same of one PF, and with its description alone. */
int describe_call_begin_of(struct describe_calls *calls, struct access_request *request,
			   const struct pf_object *object, sd_bus_error *error);
/* Goes on with the calls that wait for the PF of that handle, which has changed or is gone. */
void describe_call_pf_changed(struct describe_calls *calls, const char *handle);
