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
#include "pf/tally.h"
#include "util/text.h"
#include "work/call_note.h"

#define RECONCILER_NEVER UINT64_MAX

/* Events come in bursts, one per VF and setting; a pass begins this long after the first. */
#define RECONCILER_DEBOUNCE_MS 10
/* After so many passes, each within a second of the one before, a pass begins later: what causes
 * the events may never end. */
#define RECONCILER_ROW		   50
#define RECONCILER_ROW_GAP_MS	   1000
#define RECONCILER_ROW_DEBOUNCE_MS 100

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

/* It is paused, or is no longer: look at once. */
void reconciler_pause_changed(struct reconciler *reconciler, uint64_t now);

/* When to start the next pass; while one runs, when to call reconciler_watch(). RECONCILER_NEVER if
 * nothing is to do. */
uint64_t reconciler_due(const struct reconciler *reconciler);

/* A pass begins; the knowledge is the pass's own until reconciler_finish(). */
struct knowledge *reconciler_start(struct reconciler *reconciler, uint64_t now);
/* It fails, and this is why, where the error that reconciler_finish() is given does not say it. */
void reconciler_note_failure(struct reconciler *reconciler, const char *why);
/* It ended: with pass, or with error (-errno) and pass NULL. Takes over pass. Logs what was done
 * and what is new. Returns false if the PF is gone, and the reconciler of no more use. */
bool reconciler_finish(struct reconciler *reconciler, struct pass *pass, int error, uint64_t now);

/* That somebody asks for what is done on request only (disruption: on-request): it is for the
 * passes that begin until he asks no more. Initialise with { 0 }. It stays where it is for as long,
 * and is of this PF only, not of the one that comes to its place once it has gone. */
struct reconciler_request {
	struct reconciler *of; /* NULL: of none, or of one that is gone */
	struct reconciler_request *next;
};

void reconciler_begin_request(struct reconciler *reconciler, struct reconciler_request *request);
/* Also of a PF that is gone. */
void reconciler_end_request(struct reconciler_request *request);
/* As if somebody asked, while the host boots. */
void reconciler_set_booting(struct reconciler *reconciler, bool booting);

/* Another PF has had its turn: what waits for its VFs is tried again. Whether
 * something does. */
bool reconciler_take_turn(struct reconciler *reconciler, uint64_t now);

/* Where the kernel is that the passes work with, one after the other; NULL there: it is not open.
 * The reconciler frees it in the end. */
struct kernel **reconciler_kernel(struct reconciler *reconciler);
/* Where the thread that makes the pass notes which call it is in, with times of the same clock. */
struct call_note *reconciler_call_note(const struct reconciler *reconciler);
/* While a pass runs, when that is due: a call that takes longer than it may makes the PF stuck, one
 * that has returned ends that. Both are logged. */
void reconciler_watch(struct reconciler *reconciler, uint64_t now);

const char *reconciler_handle(const struct reconciler *reconciler);
bool reconciler_is_running(const struct reconciler *reconciler);
/* Whether one runs, or is about to. */
bool reconciler_is_under_way(const struct reconciler *reconciler, uint64_t now);
/* The latest pass that did not fail as a whole, or NULL before there was one. */
const struct pass *reconciler_pass(const struct reconciler *reconciler);
/* Whether at least one pass has ended, also in an error. */
bool reconciler_has_looked(const struct reconciler *reconciler);
/* Whether another pass is due soon, because something was busy or not there yet. */
bool reconciler_is_unfinished(const struct reconciler *reconciler);
/* The state of the PF; STATE_APPLYING before the first pass has ended. */
enum pf_state reconciler_state(const struct reconciler *reconciler);
/* Whether a pass runs that has been under way for so long that it is the state. */
bool reconciler_is_showing(const struct reconciler *reconciler);
/* The call that such a pass is in; false if there is none. */
bool reconciler_call(const struct reconciler *reconciler, struct call *ret);
/* When what failed is tried again on its own account; RECONCILER_NEVER if nothing is. */
uint64_t reconciler_next_retry(const struct reconciler *reconciler);
/* What went wrong last, "" if it came right since. */
const char *reconciler_last_error(const struct reconciler *reconciler);
/* What the passes have learnt; not while one runs. */
struct knowledge *reconciler_knowledge(const struct reconciler *reconciler);
/* How often settings were put back within the last CONTEST_RECENT_MS. */
unsigned reconciler_corrections(const struct reconciler *reconciler, uint64_t now);
/* What became of its passes so far, all together. */
const struct tally *reconciler_tally(const struct reconciler *reconciler);
/* Whether the pass that has begun is to find out who else is told to set up the PF: where none has
 * so far, or not since reconciler_ask_rivals(). */
bool reconciler_wants_rivals(const struct reconciler *reconciler);
void reconciler_ask_rivals(struct reconciler *reconciler);
/* Who that is, as the latest pass that has asked found it; NULL before there was one. */
const struct names *reconciler_rivals(const struct reconciler *reconciler);
/* Why it is in that state; nothing if it is in sync. */
void reconciler_reason(const struct reconciler *reconciler, uint64_t now, struct text *out);
