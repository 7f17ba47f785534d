/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/reconciler.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "apply/refusal.h"
#include "kernel/kernel.h"
#include "pf/attempts.h"
#include "pf/contest.h"
#include "pf/correction.h"
#include "pf/destructions.h"
#include "pf/pass_log.h"
#include "pf/retries.h"
#include "pf/rivals.h"
#include "pf/showing.h"
#include "pf/tally.h"
#include "pf/told.h"

/* So long after the first of the passes in a row that kept drivers off VFs, they are let to them
 * even if some are not ready, ms; and VFs are created though devlink says nothing of the eswitch.
 * It is a time and no number of passes: the events of new VFs alone make some of those, quicker
 * than a VF starts over. */
#define PATIENCE_MS 5000

/* A PF that is paused is looked at so often at least: its time goes on while the host sleeps, and
 * that of our clock does not. */
#define PAUSED_LOOK_MS 60000

struct reconciler {
	char *handle;
	struct log *log;
	struct knowledge *knowledge;
	struct kernel *kernel; /* NULL: not open */
	struct pass *pass;     /* the latest */
	enum pf_state state;   /* of the latest pass */
	bool running;
	struct showing showing;
	bool booting;
	struct reconciler_request *requests; /* under way */
	uint64_t began;			     /* the pass that runs */
	bool looked;
	struct tally tally;
	bool reloaded;	       /* while running: a new policy came */
	uint64_t held_since;   /* drivers are kept off VFs; RECONCILER_NEVER: they are not */
	uint64_t awaits_since; /* devlink says nothing of the eswitch; RECONCILER_NEVER: it does */
	int error;	       /* the last error of a whole pass that was logged; 0: none */
	struct text failure;   /* why the latest pass failed; "" if it did not */
	bool failure_noted;    /* of the pass that is ending */
	struct text last_error;
	uint64_t due;
	struct retries retries;
	struct contest contest;
	struct step_target put_back; /* the latest, of a contest */
	struct attempts attempts;
	bool retrying; /* the latest pass is for what is due by itself */
	struct destructions destructions;
	struct told told; /* what the log has */
	unsigned row;	  /* passes in a row */
	uint64_t ended;	  /* the latest of them */
	struct rivals rivals;
};

int reconciler_new(const char *handle, struct log *log, uint32_t seed, struct reconciler **ret)
{
	CLEANUP(reconciler_free_cleanup) struct reconciler *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	self->handle = strdup(handle);
	if (!self->handle)
		return -ENOMEM;
	r = knowledge_new(&self->knowledge);
	if (r >= 0)
		r = showing_init(&self->showing);
	if (r < 0)
		return r;
	/* Nobody knows what the link did before. */
	knowledge_doubt(self->knowledge);
	self->log = log;
	self->state = STATE_APPLYING;
	told_init(&self->told);
	self->rivals.wanted = true;
	self->held_since = self->awaits_since = RECONCILER_NEVER;
	retries_init(&self->retries, seed);
	*ret = TAKE(self);
	return 0;
}

void reconciler_free(struct reconciler *self)
{
	if (!self)
		return;
	while (self->requests)
		reconciler_end_request(self->requests);
	pass_free(self->pass);
	knowledge_free(self->knowledge);
	kernel_free(self->kernel); /* which notes its calls */
	showing_clear(&self->showing);
	text_clear(&self->failure);
	text_clear(&self->last_error);
	told_clear(&self->told);
	rivals_clear(&self->rivals);
	free(self->handle);
	free(self);
}

struct kernel **reconciler_kernel(struct reconciler *self)
{
	return &self->kernel;
}

static uint64_t min_time(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void reconciler_poke(struct reconciler *self, uint64_t now)
{
	uint64_t debounce =
		self->row < RECONCILER_ROW ? RECONCILER_DEBOUNCE_MS : RECONCILER_ROW_DEBOUNCE_MS;
	uint64_t pause = self->contest.pause;

	self->due = min_time(self->due, now + (pause ? pause : debounce));
}

bool reconciler_take_turn(struct reconciler *self, uint64_t now)
{
	const unsigned turn = REFUSAL_BIT(REFUSAL_WAITS_TURN);

	if (self->running || !(knowledge_kinds(self->knowledge) & turn))
		return false;
	knowledge_retry(self->knowledge, turn);
	reconciler_poke(self, now);
	return true;
}

static void forgive(struct reconciler *self)
{
	knowledge_forgive(self->knowledge);
	retries_forget(&self->retries);
	self->contest = (struct contest){ 0 };
	self->attempts.count = 0;
	told_begin_anew(&self->told);
	self->destructions = (struct destructions){ 0 };
}

void reconciler_policy_changed(struct reconciler *self, uint64_t now)
{
	if (self->running)
		self->reloaded = true;
	else
		forgive(self);
	reconciler_poke(self, now);
}

void reconciler_pause_changed(struct reconciler *self, uint64_t now)
{
	self->due = min_time(self->due, now);
}

/* In a contest what was refused is tried again no sooner than what was put back. */
static uint64_t retry_due(const struct reconciler *self)
{
	uint64_t due = retries_due(&self->retries), earliest = self->ended + self->contest.pause;

	return due < earliest ? earliest : due;
}

uint64_t reconciler_due(const struct reconciler *self)
{
	return self->running ? self->showing.watch_at : min_time(self->due, retry_due(self));
}

/* The knowledge is that of looks as well, which begin without the reconciler. */
static void note_requests(struct reconciler *self)
{
	if (!self->running)
		knowledge_set_requested(self->knowledge, self->booting || self->requests);
}

void reconciler_begin_request(struct reconciler *self, struct reconciler_request *request)
{
	*request = (struct reconciler_request){ self, self->requests };
	self->requests = request;
	note_requests(self);
}

void reconciler_end_request(struct reconciler_request *request)
{
	struct reconciler *self = request->of;
	struct reconciler_request **place;

	if (!self)
		return;
	for (place = &self->requests; *place != request; place = &(*place)->next)
		;
	*place = request->next;
	*request = (struct reconciler_request){ 0 };
	note_requests(self);
}

void reconciler_set_booting(struct reconciler *self, bool booting)
{
	self->booting = booting;
	note_requests(self);
}

static bool is_patient(uint64_t since, uint64_t now)
{
	return since == RECONCILER_NEVER || now - since < PATIENCE_MS;
}

struct knowledge *reconciler_start(struct reconciler *self, uint64_t now)
{
	unsigned kinds = retry_due(self) <= now ? retries_take(&self->retries, now) : 0;

	self->running = true;
	self->began = now;
	self->row = now - self->ended < RECONCILER_ROW_GAP_MS ? self->row + 1 : 1;
	rivals_begin(&self->rivals);
	showing_begin(&self->showing, now);
	self->due = RECONCILER_NEVER;
	knowledge_set_time(self->knowledge, now);
	self->retrying = kinds;
	knowledge_retry(self->knowledge, kinds);
	knowledge_set_patient(self->knowledge, is_patient(self->held_since, now));
	knowledge_set_awaiting(self->knowledge, is_patient(self->awaits_since, now));
	knowledge_set_sparing(self->knowledge, destructions_are_spent(&self->destructions, now));
	return self->knowledge;
}

/* The PF's name as it was seen last, be that in the pass that runs; until then its address. */
static const char *name_of(const struct reconciler *self, char buffer[static CALL_NOTE_PF_SIZE])
{
	if (call_note_pf(self->showing.note, buffer))
		return buffer;
	return self->pass ? pf_name(self->pass->observed) : pf_handle_address(self->handle);
}

/* Whether time may help: something to do was left, or VFs are not ready, of which no event comes.
 */
static bool is_unfinished(const struct pass *pass)
{
	const struct plan *plan = pass->remaining;

	return plan && (plan->n_missing || plan->lacks_netdev || plan->awaits_eswitch ||
			((plan->n_ready || plan->n_waiting) && !pass->passive));
}

unsigned reconciler_corrections(const struct reconciler *self, uint64_t now)
{
	return contest_recent(&self->contest, now);
}

/* Distinguishes drift from a contest. One that is over is so at the end of the window, without any
 * event.
 */
static void judge_contest(struct reconciler *self, const struct correction *correction,
			  struct pass *pass, uint64_t now)
{
	bool undone;

	if (correction->step)
		self->put_back = correction->step->target;
	undone = pass->remaining && plan_find(pass->remaining, &self->put_back);
	if (!contest_judge(&self->contest, correction->weight, undone, now))
		return;
	correction_mark_contested(pass, correction, reconciler_corrections(self, now));
	self->due = min_time(self->due, contest_over_at(&self->contest));
}

static bool is_spared(const struct plan *plan)
{
	for (size_t i = 0; plan && i < plan->n_steps; i++)
		if (plan->steps[i].refused && plan->steps[i].refused->kind == REFUSAL_SPARED)
			return true;
	return false;
}

/* Counts how often VFs were destroyed, also in a pass that failed in the end, and comes back when
 * they may be again. */
static void judge_destructions(struct reconciler *self, const struct pass *pass, uint64_t now)
{
	for (unsigned n = knowledge_take_destroyed(self->knowledge); n; n--)
		destructions_note(&self->destructions, now);
	if (pass && is_spared(pass->remaining))
		self->due = min_time(self->due, destructions_spent_until(&self->destructions));
}

static const struct refusal *find_refusal(const struct pass *pass)
{
	for (size_t i = pass->actions.count; i > 0; i--)
		if (!pass->actions.items[i - 1].done)
			return pass->actions.items[i - 1].refusal;
	return NULL;
}

/* What went wrong in the pass, if anything; what went wrong before is over once all is well. */
static void note_error(struct reconciler *self, const struct pass *pass, int error)
{
	const struct refusal *refusal = pass ? find_refusal(pass) : NULL;

	if (error || refusal || (pass && pass->state <= STATE_IN_SYNC))
		text_clear(&self->last_error);
	if (error)
		text_append(&self->last_error, text_string(&self->failure));
	else if (refusal)
		refusal_describe(refusal, &self->last_error);
}

/* Those that matched at the last look that has ended; NULL: none did. */
static const char *rules_of(const struct reconciler *self, struct text *text)
{
	if (self->pass)
		pass_log_rules(self->pass->desired, text);
	return text->length ? text_string(text) : NULL;
}

static void log_call(const struct reconciler *self, const struct call *call, uint64_t now,
		     bool returned)
{
	char name[CALL_NOTE_PF_SIZE];
	struct log_fields fields = { .pf = name_of(self, name),
				     .step = call->name,
				     .event = "stuck" };
	uint64_t seconds = call_seconds(call, now);
	CLEANUP_TEXT struct text rules = { 0 };

	fields.rule = rules_of(self, &rules);
	if (returned)
		log_message(self->log, LOG_NOTICE, &fields,
			    "%s: %s has returned after %" PRIu64 " s", fields.pf, fields.step,
			    seconds);
	else
		log_message(self->log, LOG_ERR, &fields,
			    "%s: stuck: %s has not returned for %" PRIu64 " s", fields.pf,
			    fields.step, seconds);
}

/* What became of the PF meanwhile is seen best afresh. */
static void come_loose(struct reconciler *self, const struct call *call, uint64_t now)
{
	log_call(self, call, now, true);
	reconciler_poke(self, now);
}

void reconciler_watch(struct reconciler *self, uint64_t now)
{
	struct showing_news news;

	if (!self->running)
		return;
	news = showing_look(&self->showing, now);
	if (news.loose)
		come_loose(self, &news.returned, now);
	if (news.stuck)
		log_call(self, &self->showing.stuck, now, false);
}

const struct tally *reconciler_tally(const struct reconciler *self)
{
	return &self->tally;
}

bool reconciler_wants_rivals(const struct reconciler *self)
{
	return self->rivals.asked;
}

void reconciler_ask_rivals(struct reconciler *self)
{
	self->rivals.wanted = true;
}

const struct names *reconciler_rivals(const struct reconciler *self)
{
	return rivals_known(&self->rivals);
}

/* Whether VFs are without drivers because something is to come before those. */
static bool holds_drivers(const struct pass *pass)
{
	return pass->observed->drivers_held || (pass->remaining && pass->remaining->holds_back);
}

static bool lacks_eswitch(const struct pass *pass)
{
	return pass->remaining && pass->remaining->lacks_eswitch;
}

static void end_run(struct reconciler *self, uint64_t now)
{
	if (showing_end(&self->showing))
		come_loose(self, &self->showing.stuck, now);
	self->running = false;
	self->ended = now;
	self->looked = true;
	note_requests(self);
}

/* Returns the pass before, which is the caller's. */
static struct pass *take(struct reconciler *self, struct pass *pass, uint64_t now)
{
	struct pass *previous = self->pass;

	self->pass = pass;
	self->held_since = holds_drivers(pass) ? min_time(self->held_since, now) : RECONCILER_NEVER;
	self->awaits_since =
		lacks_eswitch(pass) ? min_time(self->awaits_since, now) : RECONCILER_NEVER;
	return previous;
}

/* What the pass says of the PF's state, and of what went wrong. */
static void judge(struct reconciler *self, const struct correction *correction, struct pass *pass,
		  int error, uint64_t now)
{
	/* What was learnt under another policy does not count. */
	if (self->reloaded)
		forgive(self);
	self->reloaded = false;
	if (pass && !pass->paused)
		judge_contest(self, correction, pass, now);
	judge_destructions(self, pass, now);
	self->state = pass ? pass->state : STATE_RETRYING;
	note_error(self, pass, error);
}

static void schedule(struct reconciler *self, const struct pass *pass, uint64_t now)
{
	bool paused = pass && pass->paused;

	retries_schedule(&self->retries, paused ? 0 : knowledge_kinds(self->knowledge),
			 !pass || is_unfinished(pass), now);
	/* Neither does one that a pause is over. */
	if (pass && pf_is_paused(pass->observed))
		self->due = min_time(
			self->due, now + min_time(pass->observed->pause.left + 1, PAUSED_LOOK_MS));
	/* No event tells that a time of grace is over. */
	knowledge_set_time(self->knowledge, now);
	if (pass && pass->remaining && pass->remaining->awaits_users)
		self->due = min_time(self->due, knowledge_users_at(self->knowledge));
	if (pass && pass->remaining && pass->remaining->n_blocked)
		self->due = min_time(self->due, knowledge_grace_over_at(self->knowledge));
}

/* An error that repeats itself is logged once. */
static void log_outcome(struct reconciler *self, const struct correction *correction,
			const struct pass *pass, int error, enum pf_state before, uint64_t now)
{
	char name[CALL_NOTE_PF_SIZE];

	if (pass)
		told_pass(&self->told, self->log, pass, self->knowledge, correction,
			  pass->state == STATE_CONTESTED && before == STATE_CONTESTED, now);
	else if (error != self->error)
		pass_log_failed(self->log, name_of(self, name), text_string(&self->failure));
	self->error = pass ? 0 : error;
	if (!pass)
		self->told.state = STATE_RETRYING;
}

static struct correction find_correction(struct reconciler *self, const struct pass *previous,
					 const struct pass *pass, uint64_t now)
{
	const struct attempts *before = self->retrying ? NULL : &self->attempts;
	struct correction correction = correction_find(previous, pass, before, self->error, now);

	attempts_note(&self->attempts, pass, now);
	return correction;
}

void reconciler_note_failure(struct reconciler *self, const char *why)
{
	text_clear(&self->failure);
	text_append(&self->failure, why);
	self->failure_noted = true;
}

static void name_failure(struct reconciler *self, int error)
{
	if (!self->failure_noted) {
		text_clear(&self->failure);
		text_append(&self->failure, error ? strerror(-error) : "");
	}
	self->failure_noted = false;
}

bool reconciler_finish(struct reconciler *self, struct pass *pass, int error, uint64_t now)
{
	CLEANUP(pass_free_cleanup) struct pass *previous = NULL;
	enum pf_state before = self->state;
	struct correction correction = { 0 };

	end_run(self, now);
	name_failure(self, error);
	/* After an error what was seen last stays: events are known to be of this PF by it. */
	if (pass)
		previous = take(self, pass, now);
	if (error == -ENODEV)
		return false;
	/* First what may make the PF contested, or forgive refusals: retries are for those that are
	 * left, and the log has the state that came of it. */
	if (pass)
		correction = find_correction(self, previous, pass, now);
	tally_add(&self->tally, pass, correction.step, now - self->began);
	judge(self, &correction, pass, error, now);
	schedule(self, pass, now);
	rivals_end(&self->rivals, pass, self->log);
	log_outcome(self, &correction, pass, error, before, now);
	return true;
}

const char *reconciler_handle(const struct reconciler *self)
{
	return self->handle;
}

bool reconciler_is_running(const struct reconciler *self)
{
	return self->running;
}

bool reconciler_is_under_way(const struct reconciler *self, uint64_t now)
{
	return self->running || reconciler_due(self) <= now + RECONCILER_DEBOUNCE_MS;
}

const struct pass *reconciler_pass(const struct reconciler *self)
{
	return self->pass;
}

bool reconciler_has_looked(const struct reconciler *self)
{
	return self->looked;
}

bool reconciler_is_unfinished(const struct reconciler *self)
{
	return retries_is_busy(&self->retries);
}

struct call_note *reconciler_call_note(const struct reconciler *self)
{
	return self->showing.note;
}

enum pf_state reconciler_state(const struct reconciler *self)
{
	if (self->showing.kind == SHOWS_NOTHING)
		return self->state;
	return self->showing.kind == SHOWS_STUCK ? STATE_STUCK : STATE_APPLYING;
}

bool reconciler_is_showing(const struct reconciler *self)
{
	return self->showing.kind != SHOWS_NOTHING;
}

bool reconciler_call(const struct reconciler *self, struct call *ret)
{
	return showing_call(&self->showing, ret);
}

uint64_t reconciler_next_retry(const struct reconciler *self)
{
	uint64_t at = self->contest.pause ? self->due : RECONCILER_NEVER;

	return self->running ? RECONCILER_NEVER : min_time(at, retry_due(self));
}

const char *reconciler_last_error(const struct reconciler *self)
{
	return text_string(&self->last_error);
}

struct knowledge *reconciler_knowledge(const struct reconciler *self)
{
	return self->knowledge;
}

void reconciler_reason(const struct reconciler *self, uint64_t now, struct text *out)
{
	if (reconciler_is_showing(self))
		showing_describe(&self->showing, now, out);
	else if (self->error)
		text_printf(out, "the pass over it failed: %s", text_string(&self->failure));
	else
		text_append(out, self->pass ? self->pass->reason : "it was not looked at yet");
}
