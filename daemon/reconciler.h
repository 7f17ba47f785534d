/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Keeps one PF as the policy wants it: decides when to make a pass over it, and learns from what
 * became of it.
 *
 * It does no I/O and has no clock: times are given to it, in milliseconds of any steady clock, and
 * whoever drives it runs the passes. So the daemon's event loop and a simulation drive the same
 * code. */

#include <stdbool.h>
#include <stdint.h>

#include "apply/pass.h"
#include "log.h"

#define RECONCILER_NEVER UINT64_MAX

/* Events come in bursts, one per VF and setting; a pass begins this long after the first. */
#define RECONCILER_DEBOUNCE_MS 10
/* The first retry after a failure, and the longest time between two. */
#define RECONCILER_RETRY_MIN_MS 200
#define RECONCILER_RETRY_MAX_MS 60000
/* What a driver rejects is tried again this seldom, then twice as seldom each time up to the
 * maximum. */
#define RECONCILER_REJECTED_MIN_MS 60000
#define RECONCILER_REJECTED_MAX_MS 3600000

/* A PF whose settings had to be put back this often within the window is contested: something keeps
 * changing them. It is looked at after pauses then, ever longer ones up to a limit, until the
 * window has passed without it. */
#define RECONCILER_CONTEST_CORRECTIONS	20
#define RECONCILER_CONTEST_WINDOW_MS	10000
#define RECONCILER_CONTEST_PAUSE_MIN_MS 1000
#define RECONCILER_CONTEST_PAUSE_MAX_MS 8000

struct reconciler;

/* A new one is due at once. handle is copied. seed feeds the jitter of retries: equal seeds give
 * equal times. */
int reconciler_new(const char *handle, struct log *log, uint32_t seed, struct reconciler **ret);
void reconciler_free(struct reconciler *reconciler);
DEFINE_CLEANUP(struct reconciler *, reconciler_free);

/* Something happened to the PF: look soon. Any number of calls until the pass begins are one. */
void reconciler_poke(struct reconciler *reconciler, uint64_t now);
/* As reconciler_poke(), for a new policy: what was rejected before is tried again at once. */
void reconciler_policy_changed(struct reconciler *reconciler, uint64_t now);

/* When the next pass is due; RECONCILER_NEVER while one runs or nothing is to do. */
uint64_t reconciler_due(const struct reconciler *reconciler);

/* A pass begins; the knowledge is the pass's own until reconciler_finish(). */
struct knowledge *reconciler_start(struct reconciler *reconciler, uint64_t now);
/* It ended: with pass, or with error (-errno) and pass NULL. Takes over pass. Logs what was done
 * and what is new. Returns false if the PF is gone, and the reconciler of no more use. */
bool reconciler_finish(struct reconciler *reconciler, struct pass *pass, int error, uint64_t now);

const char *reconciler_handle(const struct reconciler *reconciler);
bool reconciler_is_running(const struct reconciler *reconciler);
/* The latest pass that did not fail as a whole, or NULL before there was one. */
const struct pass *reconciler_pass(const struct reconciler *reconciler);
/* Whether at least one pass has ended, also in an error. */
bool reconciler_has_looked(const struct reconciler *reconciler);
/* Whether another pass is due soon, because something was busy or not there yet. */
bool reconciler_is_unfinished(const struct reconciler *reconciler);
/* The state of the PF; STATE_APPLYING before the first pass has ended. */
enum pf_state reconciler_state(const struct reconciler *reconciler);
