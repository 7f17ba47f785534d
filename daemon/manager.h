/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The daemon as a whole: one reconciler for each PF, fed with events, its passes run by workers. */

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "apply/state.h"
#include "files/policy_source.h"
#include "log.h"
#include "pf/reconcilers.h"
#include "util/cleanup.h"
#include "work/workers.h"

struct manager_options {
	struct policy_source_options policy;
	bool once;	       /* leave the event loop when the first passes are done */
	const char *lock_dir;  /* where each PF's lock is */
	const char *state_dir; /* where the last good policy is kept, or NULL: it is not */
};

struct manager;

/* How the manager calls whoever shows to others what goes on. */
struct manager_calls {
	/* PFs, their states or the policy may have changed. */
	void (*changed)(void *context);
	/* A pass over the PF has ended; pass is NULL if it failed as a whole. If the PF is gone the
	 * reconciler is freed after this; then changed() is called. */
	void (*pass_ended)(void *context, const struct reconciler *reconciler,
			   const struct pass *pass);
};

int manager_new(sd_event *event, const struct manager_options *options, struct log *log,
		struct manager **ret);
void manager_free(struct manager *manager);
DEFINE_CLEANUP(struct manager *, manager_free);
/* Makes the calls from now on; context must live as long as the event loop runs. */
void manager_set_calls(struct manager *manager, const struct manager_calls *calls, void *context);

/* What manager_start() answers where the policy is bad and once was asked for. */
#define MANAGER_BAD_POLICY 1

/* Reads the policy, begins to listen, and starts the first passes. Returns 0, MANAGER_BAD_POLICY or
 * -errno. A bad policy is no failure of a daemon that stays: it is logged, and until a good one
 * comes the last good one is in force, or if there is none nothing is enforced. */
int manager_start(struct manager *manager);
/* Leaves the event loop once the passes under way are done, in a bounded time. */
void manager_stop(struct manager *manager);
/* Reads the policy again; a bad one changes nothing. Returns 0, or -errno, which was logged:
 * -EINVAL if the policy has errors, -EAGAIN if a file of it is being written. */
int manager_reload(struct manager *manager);
/* Looks at every PF that there is now. */
void manager_resync(struct manager *manager);
/* The most urgent state of the PFs that a rule matches. */
enum pf_state manager_worst_state(const struct manager *manager);
/* Whether a PF is blocked by more than that nobody asks for what is done on request only. */
bool manager_is_blocked(const struct manager *manager);
/* The time that reconcilers go by, in ms. */
uint64_t manager_now(const struct manager *manager);
const struct reconcilers *manager_reconcilers(const struct manager *manager);
struct policy *manager_policy(const struct manager *manager); /* in force; NULL if there is none */
/* How that stands to the policy's files. */
const struct policy_standing *manager_policy_standing(const struct manager *manager);
bool manager_is_settling(const struct manager *manager); /* files of the policy are changing now */
struct workers *manager_workers(const struct manager *manager);
/* A prefix of the paths of files of this host, or NULL. */
const char *manager_root(const struct manager *manager);
/* The PF needs a pass soon. */
void manager_poke(struct manager *manager, struct reconciler *reconciler);
/* Notes that nothing is to be written to the PF for ms from now on, or with 0 that this is over; a
 * pass that heeds it begins at once, or after the one that runs. 0 or -errno. */
int manager_pause(struct manager *manager, struct reconciler *reconciler, uint64_t ms);
/* Work of a worker that was no pass has ended. */
void manager_work_ended(struct manager *manager);

/* Whether a pass is still running, in a thread that cannot be stopped. */
bool manager_is_busy(const struct manager *manager);
