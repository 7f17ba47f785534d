/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/pf_object.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>

#include "bus/request_notice.h"
#include "document/build.h"
#include "model/schema.h"
#include "report/pf.h"
#include "report/public.h"
#include "report/steps.h"
#include "util/bus_names.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

int pf_object_new(const char *handle, struct pf_object **ret)
{
	CLEANUP(pf_object_free_cleanup) struct pf_object *self = calloc(1, sizeof(*self));

	if (!self)
		return -ENOMEM;
	self->handle = strdup(handle);
	if (!self->handle || sd_bus_path_encode(BUS_PF_OBJECTS, handle, &self->path) < 0)
		return -ENOMEM;
	*ret = TAKE(self);
	return 0;
}

void snapshot_clear(struct snapshot *snapshot)
{
	char *const strings[] = { snapshot->interface, snapshot->driver, snapshot->state,
				  snapshot->reason };

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		free(strings[i]);
	*snapshot = (struct snapshot){ 0 };
}

void pf_object_free(struct pf_object *self)
{
	if (!self)
		return;
	snapshot_clear(&self->snapshot);
	pass_free(self->look);
	free(self->path);
	free(self->handle);
	free(self);
}

void pf_object_set_look(struct pf_object *self, struct pass *look)
{
	pass_free(self->look);
	self->look = look;
	self->look_is_older = false;
	self->settings_signalled = false;
}

void pf_object_pass_ended(struct pf_object *self)
{
	self->look_is_older = true;
	self->settings_signalled = false;
}

const struct pass *pf_object_pass(const struct pf_object *self, const struct reconciler *reconciler)
{
	return self->look && !self->look_is_older ? self->look : reconciler_pass(reconciler);
}

bool pf_object_is_managed(const struct pass *pass)
{
	return !pass || pass->desired->n_rules;
}

/* Whether only the reconciler can know in which state the PF is: no look shows it. */
static bool knows_better(const struct reconciler *reconciler)
{
	enum pf_state state = reconciler_state(reconciler);

	return reconciler_is_showing(reconciler) || state == STATE_RETRYING ||
	       state == STATE_CONTESTED;
}

enum pf_state pf_object_state(const struct pf_object *self, const struct reconciler *reconciler,
			      bool policy_in_force, uint64_t now, struct text *reason)
{
	const struct pass *pass = pf_object_pass(self, reconciler);

	if (!policy_in_force && !reconciler_is_showing(reconciler)) {
		text_append(reason, "no valid policy is in force");
		return STATE_UNMANAGED;
	}
	if (!pass || pass != self->look || knows_better(reconciler)) {
		reconciler_reason(reconciler, now, reason);
		return reconciler_state(reconciler);
	}
	text_append(reason, pass->reason);
	/* What was just seen is about to be put right. */
	return pass->state == STATE_DRIFTED && !pass_only_looks(pass) ? STATE_APPLYING
								      : pass->state;
}

static struct holder holder_in(const struct pass *pass, uint32_t vf)
{
	return pass && vf < pass->observed->n_vfs ? pass->observed->vfs[vf].holder
						  : (struct holder){ 0 };
}

struct holder pf_object_holder(const struct pf_object *self, const struct reconciler *reconciler,
			       uint32_t vf)
{
	const struct pass *pass = reconciler_pass(reconciler);
	struct holder holder = holder_in(self->look_is_older ? pass : NULL, vf);
	bool same = self->look && (!pass || pass->observed->n_vfs == self->look->observed->n_vfs);

	/* A pass asks for holders only where the answer matters to it. */
	if (!holder.details && same)
		holder = holder_in(self->look, vf);
	return holder.details ? holder : holder_in(pass, vf);
}

static void add_call(struct json_object **object, const struct reconciler *reconciler, uint64_t now)
{
	struct json_object *call_json;
	struct call call;

	if (!reconciler_call(reconciler, &call))
		return;
	call_json = json_object_new_object();
	build_set_text(&call_json, "name", call.name);
	build_set_seconds(&call_json, "seconds", now > call.since ? now - call.since : 0);
	build_set(object, "call", call_json);
}

static void add_knowledge(struct json_object **object, const struct reconciler *reconciler,
			  uint64_t now)
{
	uint64_t retry = reconciler_next_retry(reconciler);
	unsigned corrections = reconciler_corrections(reconciler, now);
	const char *error = reconciler_last_error(reconciler);

	add_call(object, reconciler, now);
	if (corrections)
		build_set_number(object, "corrections", corrections);
	if (*error)
		build_set_text(object, "last-error", error);
	if (retry != RECONCILER_NEVER)
		build_set_seconds(object, "retry-in-seconds", retry > now ? retry - now : 0);
}

static struct json_object *durations_json(const struct tally *tally)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < TALLY_BOUNDS; i++) {
		struct json_object *object = json_object_new_object();

		build_set_seconds(&object, "at-most-seconds", tally_bounds[i]);
		build_set_number(&object, "passes", (int64_t)tally->within[i]);
		build_append(&array, object);
	}
	return array;
}

/* What is left of the PF's latest pass is of another time than what was counted of all. It is not
 * known without one. */
static void add_counts(struct json_object **object, const struct pass *pass,
		       const struct tally *tally)
{
	struct json_object *counts = json_object_new_object();

	build_set_number(&counts, "passes", (int64_t)tally->passes);
	build_set_number(&counts, "failed-passes", (int64_t)tally->failed);
	build_set_seconds(&counts, "pass-seconds", tally->ms);
	build_set(&counts, "pass-durations", durations_json(tally));
	build_set_number(&counts, "steps-done", (int64_t)tally->steps);
	build_set_number(&counts, "steps-refused", (int64_t)tally->refused);
	build_set_number(&counts, "repairs", (int64_t)tally->repairs);
	if (pass) {
		build_set_number(&counts, "steps-left", (int64_t)public_steps_left(pass));
		build_set_number(&counts, "steps-blocked", (int64_t)public_steps_blocked(pass));
	}
	build_set(object, "counts", counts);
}

/* A PF of which no pass has seen anything; passes may have failed. */
static struct json_object *unseen_json(const struct pf_object *self,
				       const struct reconciler *reconciler, enum pf_state state,
				       const char *reason)
{
	struct json_object *object = report_unseen_pf(self->handle, state, reason);

	add_counts(&object, NULL, reconciler_tally(reconciler));
	return object;
}

/* Of one that was found, where nobody says what it is. */
static const char *use_of(const struct holder *holder)
{
	return holder->use ? holder->use : "in use";
}

/* Holders that an earlier look has found and the pass did not ask for. */
static void add_holders(struct json_object **object, const struct pf_object *self,
			const struct reconciler *reconciler, bool with_details)
{
	struct json_object *vfs = json_object_object_get(*object, "virtual-functions");

	for (size_t i = 0; *object && vfs && i < json_object_array_length(vfs); i++) {
		struct json_object *vf = json_object_array_get_idx(vfs, i);
		struct holder holder = pf_object_holder(self, reconciler, (uint32_t)i);

		if (!holder.details || json_object_object_get(vf, "use"))
			continue;
		if (!build_add(vf, "use", build_text(use_of(&holder))) ||
		    (with_details && !json_object_object_get(vf, "holder") &&
		     !build_add(vf, "holder", build_text(holder.details))))
			build_set(object, "", NULL);
	}
}

struct json_object *pf_object_json(const struct pf_object *self,
				   const struct reconciler *reconciler, bool policy_in_force,
				   uint64_t now)
{
	const struct pass *pass = pf_object_pass(self, reconciler);
	CLEANUP_TEXT struct text reason = { 0 };
	enum pf_state state = pf_object_state(self, reconciler, policy_in_force, now, &reason);
	struct json_object *object;

	if (!pass)
		return unseen_json(self, reconciler, state, text_string(&reason));
	object = report_pf(pass, state, text_string(&reason));
	report_settings(&object, pass);
	report_refusals(&object, pass);
	add_holders(&object, self, reconciler, true);
	report_rivals(&object, pass,
		      pass->has_rivals ? &pass->rivals : reconciler_rivals(reconciler));
	add_knowledge(&object, reconciler, now);
	add_counts(&object, pass, reconciler_tally(reconciler));
	return object;
}

/* Why the PF is in that state, in words that tell nothing of the policy. */
static void describe_publicly(const struct pf_object *self, const struct reconciler *reconciler,
			      bool policy_in_force, enum pf_state state, struct text *out)
{
	struct call call;

	if (reconciler_call(reconciler, &call) && state != STATE_STUCK)
		text_append(out, "a call into the kernel takes long");
	else if (!policy_in_force && state == STATE_UNMANAGED)
		text_append(out, "no valid policy is in force");
	else
		public_describe(pf_object_pass(self, reconciler), state, out);
}

struct json_object *pf_object_public_json(const struct pf_object *self,
					  const struct reconciler *reconciler, bool policy_in_force,
					  uint64_t now)
{
	const struct pass *pass = pf_object_pass(self, reconciler);
	CLEANUP_TEXT struct text private = { 0 }, reason = { 0 };
	enum pf_state state = pf_object_state(self, reconciler, policy_in_force, now, &private);
	struct json_object *object;

	describe_publicly(self, reconciler, policy_in_force, state, &reason);
	if (!pass)
		return unseen_json(self, reconciler, state, text_string(&reason));
	object = public_pf(pass, state, text_string(&reason));
	add_holders(&object, self, reconciler, false);
	add_counts(&object, pass, reconciler_tally(reconciler));
	return object;
}

static uint64_t hash_text(const char *text, uint64_t seed)
{
	return text ? XXH3_64bits_withSeed(text, strlen(text) + 1, seed) : seed;
}

static uint64_t hash_number(uint64_t number, uint64_t seed)
{
	return XXH3_64bits_withSeed(&number, sizeof(number), seed);
}

static uint64_t hash_uses(const struct pf_object *self, const struct reconciler *reconciler)
{
	const struct pass *pass = pf_object_pass(self, reconciler);
	uint64_t hash = 0;

	for (uint32_t i = 0; pass && i < pass->observed->n_vfs; i++) {
		struct holder holder = pf_object_holder(self, reconciler, i);

		if (holder.details)
			hash = hash_text(use_of(&holder), hash_number(i, hash));
	}
	return hash;
}

/* Rules, desired and actual as a number, to see whether they are still what was signalled: after
 * each pass, and so not by way of words. */
static uint64_t hash_details(const struct pf_object *self, const struct reconciler *reconciler)
{
	const struct pass *pass = pf_object_pass(self, reconciler);
	uint64_t hash;

	if (!pass)
		return 0;
	hash = pf_settings_hash(pass->observed, pf_settings_hash(pass->desired->pf, 0));
	for (size_t i = 0; i < pass->desired->n_rules; i++)
		hash = hash_text(pass->desired->rules[i]->name, hash);
	for (uint32_t i = 0; i < pass->observed->n_vfs; i++)
		hash = hash_text(pf_object_holder(self, reconciler, i).details,
				 hash_number(i, hash));
	return hash;
}

/* What only some are told, as a number. */
static void number_details(const struct pf_object *self, const struct reconciler *reconciler,
			   const struct text *reason, struct snapshot *snapshot)
{
	const struct snapshot *before = &self->snapshot;

	snapshot->uses = self->settings_signalled ? before->uses : hash_uses(self, reconciler);
	snapshot->settings =
		self->settings_signalled ? before->settings : hash_details(self, reconciler);
	snapshot->details = hash_text(reconciler_last_error(reconciler),
				      hash_text(text_string(reason), snapshot->settings));
	snapshot->revision = before->revision + (snapshot->details != before->details);
}

/* Names of the kernel may have bytes that are no text, which the bus does not take. */
static char *copy(const char *string)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append_escaped(&text, string);
	return text_take(&text);
}

static char *copy_name(const char *name)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append_quoted(&text, name ? name : "");
	return text_take(&text);
}

static struct noted_time note_time(uint64_t ms, const struct noted_time *before, uint64_t now)
{
	struct noted_time time = { .ms = ms };
	struct timespec calendar;

	if (ms == before->ms)
		return *before;
	if (!ms || ms == RECONCILER_NEVER)
		return time;
	(void)clock_gettime(CLOCK_REALTIME, &calendar);
	time.usec = (uint64_t)calendar.tv_sec * 1000000 + (uint64_t)calendar.tv_nsec / 1000 +
		    ms * 1000 - now * 1000;
	return time;
}

static uint64_t paused_until(const struct pause *pause)
{
	return pause->doubtful ? UINT64_MAX : pause->until * UINT64_C(1000000);
}

int pf_object_take_snapshot(const struct pf_object *self, const struct reconciler *reconciler,
			    bool policy_in_force, uint64_t now, struct snapshot *ret)
{
	const struct pass *pass = pf_object_pass(self, reconciler);
	struct call call = { 0 };
	CLEANUP_TEXT struct text private = { 0 }, reason = { 0 };
	enum pf_state state = pf_object_state(self, reconciler, policy_in_force, now, &private);
	bool calls = reconciler_call(reconciler, &call);

	describe_publicly(self, reconciler, policy_in_force, state, &reason);
	/* The age of a call would be another each time: it is shown by when the call began. */
	if (calls)
		text_clear(&private);
	*ret = (struct snapshot){
		.interface = copy_name(pass ? pass->observed->ifname : NULL),
		.driver = copy_name(pass ? pass->observed->driver : NULL),
		.state = copy(pf_state_name(state)),
		.reason = copy(text_string(&reason)),
		.next_retry = note_time(reconciler_next_retry(reconciler),
					&self->snapshot.next_retry, now),
		.call_since = note_time(call.since, &self->snapshot.call_since, now),
		.paused_until = pass ? paused_until(&pass->observed->pause) : 0,
		.corrections = reconciler_corrections(reconciler, now),
		.n_vfs = pass ? pass->observed->n_vfs : 0,
		.speed = pass ? pass->observed->speed : 0,
		.request = request_notice_hash(pass),
	};
	number_details(self, reconciler, &private, ret);
	if (ret->interface && ret->driver && ret->state && ret->reason)
		return 0;
	snapshot_clear(ret);
	return -ENOMEM;
}
