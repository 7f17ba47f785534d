/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Apply() and Pause(): passes over PFs, answered with what became of them. */

#include "bus/pending.h"
#include "bus/pf_objects.h"

/* The calls that wait, and what they need. */
struct apply_calls {
	sd_event *event;
	struct pf_objects *objects;
	struct pending *waiting; /* NULL to begin with */
};

/* Reads the policy again, which has passes made over all PFs, and answers the request when those
 * over the PFs that its words name, or over all, have ended. For what may come right by itself it
 * waits no longer than its option wait-usec says. With its option disruptive the passes over those
 * PFs, until they have ended, do what is done on request only, too. Returns as access_then. */
int apply_call_begin(struct apply_calls *calls, struct access_request *request,
		     sd_bus_error *error);
/* Pauses the PF that its first argument names, for as long as the second says, or with 0 ends that;
 * answers once a pass that heeds it has ended, which is after the one that runs: or, of a PF that
 * is stuck or while no policy is in force, at once. Returns as access_then. */
int apply_call_begin_pause(struct apply_calls *calls, struct access_request *request,
			   sd_bus_error *error);
/* Notes for the calls that wait what the pass did, which has just ended: of each pass once. */
void apply_call_pass_ended(struct apply_calls *calls, const char *handle, const struct pass *pass);
