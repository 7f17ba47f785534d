/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "describe_call.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "apply/describe.h"
#include "look_job.h"
#include "model/build.h"

/* With what is known by then, so that who asks has an answer within a second whatever hangs. */
#define WAIT_MS 700

struct question {
	struct pending pending;
	struct questions *questions;
	bool whole; /* the manager was asked, not one PF */
	bool all;   /* no PFs were named: those that a rule matches, and rules without one */
	const char **handles; /* the objects', NULL for one that is gone */
	bool *done;	      /* seen afresh, or not to be waited for */
	size_t count;
};

static struct question *question_of(struct pending *pending)
{
	return (struct question *)pending;
}

static void free_question(struct pending *pending)
{
	struct question *question = question_of(pending);

	free(question->handles);
	free(question->done);
	free(question);
}

static struct json_object *pf_json(const struct pf_objects *objects, const struct pf_object *object)
{
	return pf_object_json(object, pf_objects_reconciler(objects, object),
			      manager_policy(objects->manager), manager_now(objects->manager));
}

static bool is_managed(const struct pf_objects *objects, const struct pf_object *object)
{
	const struct pass *pass = pf_object_pass(object, pf_objects_reconciler(objects, object));

	return !pass || pass->desired->n_rules;
}

/* NULL if it is gone. */
static const struct pf_object *find_object(const struct question *question, size_t index)
{
	const char *handle = question->handles[index];

	return handle ? pf_objects_find(question->questions->objects, handle) : NULL;
}

static struct json_object *manager_json(const struct question *question)
{
	const struct pf_objects *objects = question->questions->objects;
	struct json_object *document = json_object_new_object();
	struct json_object *pfs = json_object_new_array();

	for (size_t i = 0; i < question->count; i++) {
		const struct pf_object *object = find_object(question, i);

		if (object && (!question->all || is_managed(objects, object)))
			build_append(&pfs, pf_json(objects, object));
	}
	build_set_text(&document, "source", "daemon");
	build_set_text(&document, "version", SRIOVD_VERSION);
	build_set_bool(&document, "policy_in_force", manager_policy(objects->manager));
	build_set(&document, "pfs", pfs);
	build_set(&document, "unmatched_rules",
		  question->all ? pf_objects_unmatched(objects) : json_object_new_array());
	return document;
}

static struct json_object *document_of(struct pending *pending)
{
	const struct question *question = question_of(pending);
	const struct pf_object *object;

	if (question->whole)
		return manager_json(question);
	object = find_object(question, 0);
	return object ? pf_json(question->questions->objects, object) : json_object_new_object();
}

static bool is_answerable(struct pending *pending)
{
	const struct question *question = question_of(pending);

	if (pending->over)
		return true;
	if (manager_is_settling(question->questions->objects->manager))
		return false;
	for (size_t i = 0; i < question->count; i++)
		if (!question->done[i])
			return false;
	return true;
}

static void mark_done(struct questions *self, const char *handle)
{
	for (struct pending *pending = self->waiting; pending; pending = pending->next) {
		struct question *question = question_of(pending);

		for (size_t i = 0; i < question->count; i++)
			if (question->handles[i] && !strcmp(question->handles[i], handle))
				question->done[i] = true;
	}
}

static void on_looked(void *context, const char *handle, struct pf *pf, int error);

/* Begins a look unless one is under way. Returns whether one is that is worth waiting for. */
static bool look(struct questions *self, struct pf_object *object)
{
	struct manager *manager = self->objects->manager;
	uint64_t now = manager_now(manager);

	if (object->looking)
		return now - object->looking_since < WAIT_MS;
	if (look_start(manager_workers(manager), object->handle, on_looked, self) < 0)
		return false;
	object->looking = true;
	object->looking_since = now;
	return true;
}

/* Whether a pass is about to tell more than a look could. */
static bool must_wait_for_pass(const struct pf_objects *objects, const struct pf_object *object)
{
	const struct reconciler *reconciler = pf_objects_reconciler(objects, object);
	const struct manager *manager = objects->manager;

	if (manager_is_settling(manager))
		return true;
	if (!manager_policy(manager) || reconciler_is_showing(reconciler))
		return false;
	return reconciler_is_running(reconciler) ||
	       reconciler_due(reconciler) <= manager_now(manager) + RECONCILER_DEBOUNCE_MS;
}

/* Whether an answer on this PF has to wait. */
static bool must_wait(struct questions *self, struct pf_object *object)
{
	const struct reconciler *reconciler = pf_objects_reconciler(self->objects, object);

	if (must_wait_for_pass(self->objects, object))
		return true;
	return manager_policy(self->objects->manager) && !reconciler_is_showing(reconciler) &&
	       look(self, object);
}

/* What was seen becomes a dry pass, with what the reconciler has learnt, which is its own pass's
 * while one runs. */
static int keep_look(const struct pf_objects *objects, struct pf_object *object, struct pf *pf)
{
	struct reconciler *reconciler = pf_objects_reconciler(objects, object);
	struct manager *manager = objects->manager;
	struct pass *pass;
	int r;

	if (!manager_policy(manager) || reconciler_is_running(reconciler))
		return -EAGAIN;
	r = pass_plan(manager_policy(manager), manager_host(manager), pf,
		      reconciler_knowledge(reconciler), &pass);
	if (r < 0)
		return r;
	pf_object_set_look(object, pass);
	/* Drift that was seen is an event like any other. */
	if (pass->state == STATE_DRIFTED && !describe_is_observe_only(pass))
		manager_poke(manager, reconciler);
	return 0;
}

static void on_looked(void *context, const char *handle, struct pf *pf, int error)
{
	struct questions *self = context;
	struct pf_object *object = pf_objects_find(self->objects, handle);
	bool kept;

	if (object)
		object->looking = false;
	kept = object && error >= 0 && keep_look(self->objects, object, pf) >= 0;
	if (!kept)
		pf_free(pf);
	/* A pass that has begun meanwhile is waited for, and asks for another look. */
	if (!object || kept || !must_wait_for_pass(self->objects, object))
		mark_done(self, handle);
	pending_check(&self->waiting);
	self->changed(self->context);
	manager_work_ended(self->objects->manager);
}

void question_pf_changed(struct questions *self, const char *handle)
{
	struct pf_object *object = pf_objects_find(self->objects, handle);

	for (struct pending *pending = self->waiting; pending; pending = pending->next) {
		struct question *question = question_of(pending);

		for (size_t i = 0; i < question->count; i++) {
			if (!question->handles[i] || strcmp(question->handles[i], handle) != 0)
				continue;
			question->done[i] =
				question->done[i] || !object || !must_wait(self, object);
			/* The string goes with the object. */
			question->handles[i] = object ? object->handle : NULL;
		}
	}
	pending_check(&self->waiting);
}

static const struct pending_type type = { is_answerable, document_of, free_question };

static int new_question(struct questions *self, sd_bus_message *message, char *const *words,
			sd_bus_error *error, struct question **ret)
{
	struct question *question = calloc(1, sizeof(*question));
	int r;

	if (!question)
		return -ENOMEM;
	pending_init(&question->pending, &type, message);
	question->questions = self;
	question->all = !words[0];
	r = pf_objects_select(self->objects, words, &question->handles, &question->count, error);
	if (r >= 0) {
		question->done = calloc(question->count + 1, sizeof(*question->done));
		r = question->done ? 0 : -ENOMEM;
	}
	if (r >= 0)
		r = pending_set_timer(&question->pending, self->event, WAIT_MS * 1000, 1000);
	if (r < 0) {
		pending_free(&question->pending);
		return r;
	}
	*ret = question;
	return 0;
}

int question_ask(struct questions *self, sd_bus_message *message, char *const *words, bool whole,
		 sd_bus_error *error)
{
	static char *const no_words[] = { NULL };
	struct question *question;
	int r = new_question(self, message, words ? words : no_words, error, &question);

	if (r < 0)
		return r;
	question->whole = whole;
	for (size_t i = 0; i < question->count; i++)
		question->done[i] =
			!must_wait(self, pf_objects_find(self->objects, question->handles[i]));
	pending_add(&self->waiting, &question->pending);
	return 1;
}
