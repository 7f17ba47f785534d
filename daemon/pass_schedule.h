/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Starts the passes when they are due, and has those that run watched. */

#include "pf/pass_job.h"
#include "pf/reconcilers.h"

struct pass_schedule;

struct pass_schedule_options {
	struct reconcilers *reconcilers; /* these must outlive the schedule */
	struct workers *workers;
	/* Of each pass; the policy is left to pass_schedule_set_policy(). After done() it is for
	 * the caller to arm the schedule again. */
	struct pass_job_options job;
	/* Passes were started or looked at; gets job.context. */
	void (*served)(void *context);
};

int pass_schedule_new(sd_event *event, const struct pass_schedule_options *options,
		      struct pass_schedule **ret);
void pass_schedule_free(struct pass_schedule *schedule);
DEFINE_CLEANUP(struct pass_schedule *, pass_schedule_free);

/* The policy of the passes that begin from now on; it must stay until the next one is set. Without
 * one, NULL, none begins. */
void pass_schedule_set_policy(struct pass_schedule *schedule, struct policy *policy);
/* None begins any more. */
void pass_schedule_stop(struct pass_schedule *schedule);
/* Call it after anything that changes when a pass is due. */
void pass_schedule_arm(struct pass_schedule *schedule);
