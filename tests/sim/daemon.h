/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* sriovd as it lives on a simulated host: the real reconcilers and passes, and what
 * daemon/manager.c does with events and times. */

#include "pf/reconcilers.h"
#include "task.h"
#include "world.h"

#define KEPT_MAX     64
#define REQUESTS_MAX 64

/* "sriovctl apply --disruptive" that the daemon has not answered. */
struct sim_request {
	bool used;
	struct sim_pf *pf; /* NULL: of one that is gone */
	struct reconciler_request request;
};

struct daemon {
	struct world *world;
	struct log log;
	struct host facts;
	struct policy *policy;
	struct reconcilers reconcilers;
	/* Of processes that are dead, of which something hangs. */
	struct reconcilers kept[KEPT_MAX];
	size_t n_kept;
	bool alive;
	struct sim_request requests[REQUESTS_MAX];
	struct task tasks[TASKS_MAX];
	struct task *current; /* the one that runs; NULL: none */
	uint32_t steps;	      /* done at this instant */
	uint64_t log_lines;   /* since the history began */
	uint64_t log_hour;    /* since when these are counted: */
	uint32_t log_lines_of_hour;
	uint32_t agree; /* per cent of passes that are held against a dry run */
	/* The history's part: something in it is due. */
	void (*happen)(struct world *world, uint32_t number, uint32_t repeats);
};

/* daemon lives as long as the world. policy is taken over. */
void daemon_init(struct daemon *daemon, struct world *world, struct policy *policy);
void daemon_clear(struct daemon *daemon);
/* A process begins: it knows nothing. */
void daemon_start(struct daemon *daemon);
/* It is killed between two of its calls, and will be started again. */
void daemon_kill(struct daemon *daemon);
/* Another policy is in force from now on; taken over. */
void daemon_set_policy(struct daemon *daemon, struct policy *policy);
/* It learns that it missed events. */
void daemon_resync(struct daemon *daemon);
/* It has paused the PF, or ended that. */
void daemon_pause_changed(struct daemon *daemon, const struct sim_pf *pf);
/* "sriovctl apply" over one PF; with --disruptive. */
void daemon_apply_by_hand(struct daemon *daemon, struct sim_pf *pf, bool disruptive);
/* The daemon is asked for that, with --disruptive, and answers after that time. */
void daemon_request(struct daemon *daemon, struct sim_pf *pf, uint64_t ms);
/* Time passes, with all that is due in it. */
void daemon_pass_time(struct world *world, uint64_t until);
/* When the next of that is, but for the task that runs. */
uint64_t daemon_next(struct daemon *daemon);
/* Passes that are under way end, if that is soon. */
void daemon_await_idle(struct daemon *daemon);
/* One has; its task is free already. */
void daemon_pass_ended(struct daemon *daemon, const struct task *task);
