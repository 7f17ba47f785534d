/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Passes that are under way at the same time, as daemon/pf/pass_job.c has them in threads: each
 * waits in its calls of the kernel, and for its PF's lock, while others go on. */

#include "apply/pass.h"
#include "world.h"

struct daemon;
struct fiber;
struct reconciler;

#define TASKS_MAX (3 * SIM_PFS_MAX)

struct task {
	struct daemon *daemon;
	struct sim_pf *pf;
	bool by_hand;		       /* it is "sriovctl apply" */
	bool permitted;		       /* to do what is done on request only */
	struct reconciler *reconciler; /* NULL: by hand, or of a process that is dead */
	struct knowledge *knowledge;
	struct pass *pass;
	int error;
	bool used;
	uint64_t wake_at; /* SIM_NEVER: once it is given the lock */
	struct doing doing;
	struct fiber *fiber;
};

/* Begins a pass, of a reconciler or by hand, at boot or on request where it is permitted; knowledge
 * is what it may use until it is over. False if there are too many. */
bool task_start(struct daemon *daemon, struct sim_pf *pf, struct reconciler *reconciler,
		bool permitted, struct knowledge *knowledge);
/* The one that goes on next, and when; NULL. */
struct task *task_next(struct daemon *daemon, uint64_t *ret_at);
void task_go_on(struct task *task);
/* The daemon is dead. Its passes end without doing anything more; one that hangs does once its call
 * returns, and keeps the lock until then. Returns whether there is such a one. */
bool task_bury_all(struct daemon *daemon);
/* The history is over: all end at once. */
void task_end_all(struct daemon *daemon);
bool task_is_any(const struct daemon *daemon);
/* From within a call: it takes until then. */
void task_pass_time(struct world *world, uint64_t until);
