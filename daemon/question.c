/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Describe(): what is asked of PFs, answered with a fresh look where that is not long in coming. */

#include <errno.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "apply/describe.h"
#include "look.h"
#include "model/build.h"
#include "service.h"
#include "service_internal.h"

/* With what is known by then, so that who asks has an answer within a second whatever hangs. */
#define WAIT_MS 700

struct question {
	struct pending pending;
	struct service *service;
	bool whole; /* the manager was asked, not one PF */
	bool all;   /* no PFs were named: those that a rule matches, and rules without one */
	const char **handles; /* the subjects', NULL for one that is gone */
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

static struct json_object *pf_json(const struct service *service, const struct subject *subject)
{
	return subject_json(subject, pf_objects_reconciler(&service->objects, subject),
			    service_has_policy(service), manager_now(service->manager));
}

static bool is_managed(const struct service *service, const struct subject *subject)
{
	const struct pass *pass =
		subject_pass(subject, pf_objects_reconciler(&service->objects, subject));

	return !pass || pass->desired->n_rules;
}

static struct json_object *manager_json(const struct question *question)
{
	const struct service *service = question->service;
	struct json_object *object = json_object_new_object();
	struct json_object *pfs = json_object_new_array();

	for (size_t i = 0; i < question->count; i++) {
		const struct subject *subject =
			question->handles[i]
				? pf_objects_find(&service->objects, question->handles[i])
				: NULL;

		if (subject && (!question->all || is_managed(service, subject)))
			build_append(&pfs, pf_json(service, subject));
	}
	build_set_text(&object, "source", "daemon");
	build_set_text(&object, "version", SRIOVD_VERSION);
	build_set_bool(&object, "policy_in_force", service_has_policy(service));
	build_set(&object, "pfs", pfs);
	build_set(&object, "unmatched_rules",
		  question->all ? pf_objects_unmatched(&service->objects)
				: json_object_new_array());
	return object;
}

static struct json_object *document_of(struct pending *pending)
{
	const struct question *question = question_of(pending);
	const struct subject *subject;

	if (question->whole)
		return manager_json(question);
	subject = question->handles[0]
			  ? pf_objects_find(&question->service->objects, question->handles[0])
			  : NULL;
	return subject ? pf_json(question->service, subject) : json_object_new_object();
}

static bool is_answerable(struct pending *pending)
{
	const struct question *question = question_of(pending);

	if (pending->over)
		return true;
	if (manager_is_settling(question->service->manager))
		return false;
	for (size_t i = 0; i < question->count; i++)
		if (!question->done[i])
			return false;
	return true;
}

static void mark_done(struct service *service, const char *handle)
{
	for (struct pending *pending = service->questions; pending; pending = pending->next) {
		struct question *question = question_of(pending);

		for (size_t i = 0; i < question->count; i++)
			if (question->handles[i] && !strcmp(question->handles[i], handle))
				question->done[i] = true;
	}
}

static void on_looked(void *context, const char *handle, struct pf *pf, int error);

/* Begins a look unless one is under way. Returns whether one is that is worth waiting for. */
static bool look(struct service *service, struct subject *subject)
{
	uint64_t now = manager_now(service->manager);

	if (subject->looking)
		return now - subject->looking_since < WAIT_MS;
	if (look_start(manager_workers(service->manager), subject->handle, on_looked, service) < 0)
		return false;
	subject->looking = true;
	subject->looking_since = now;
	return true;
}

/* Whether a pass is about to tell more than a look could. */
static bool must_wait_for_pass(const struct service *service, const struct subject *subject)
{
	const struct reconciler *reconciler = pf_objects_reconciler(&service->objects, subject);

	if (manager_is_settling(service->manager))
		return true;
	if (!service_has_policy(service) || reconciler_is_showing(reconciler))
		return false;
	return reconciler_is_running(reconciler) ||
	       reconciler_due(reconciler) <= manager_now(service->manager) + RECONCILER_DEBOUNCE_MS;
}

/* Whether an answer on this PF has to wait. */
static bool must_wait(struct service *service, struct subject *subject)
{
	const struct reconciler *reconciler = pf_objects_reconciler(&service->objects, subject);

	if (must_wait_for_pass(service, subject))
		return true;
	return service_has_policy(service) && !reconciler_is_showing(reconciler) &&
	       look(service, subject);
}

/* What was seen becomes a dry pass, with what the reconciler has learnt, which is its own pass's
 * while one runs. */
static int keep_look(struct service *service, struct subject *subject, struct pf *pf)
{
	struct reconciler *reconciler = pf_objects_reconciler(&service->objects, subject);
	struct pass *pass;
	int r;

	if (!service_has_policy(service) || reconciler_is_running(reconciler))
		return -EAGAIN;
	r = pass_plan(manager_policy(service->manager), manager_host(service->manager), pf,
		      reconciler_knowledge(reconciler), &pass);
	if (r < 0)
		return r;
	subject_set_look(subject, pass);
	/* Drift that was seen is an event like any other. */
	if (pass->state == STATE_DRIFTED && !describe_is_observe_only(pass))
		manager_poke(service->manager, reconciler);
	return 0;
}

static void on_looked(void *context, const char *handle, struct pf *pf, int error)
{
	struct service *service = context;
	struct subject *subject = pf_objects_find(&service->objects, handle);
	bool kept;

	if (subject)
		subject->looking = false;
	kept = subject && error >= 0 && keep_look(service, subject, pf) >= 0;
	if (!kept)
		pf_free(pf);
	/* A pass that has begun meanwhile is waited for, and asks for another look. */
	if (!subject || kept || !must_wait_for_pass(service, subject))
		mark_done(service, handle);
	pending_check(&service->questions);
	service_refresh(service);
	manager_work_ended(service->manager);
}

void question_pf_changed(struct service *service, const char *handle)
{
	struct subject *subject = pf_objects_find(&service->objects, handle);

	for (struct pending *pending = service->questions; pending; pending = pending->next) {
		struct question *question = question_of(pending);

		for (size_t i = 0; i < question->count; i++) {
			if (!question->handles[i] || strcmp(question->handles[i], handle) != 0)
				continue;
			question->done[i] =
				question->done[i] || !subject || !must_wait(service, subject);
			/* The string goes with the subject. */
			question->handles[i] = subject ? subject->handle : NULL;
		}
	}
	pending_check(&service->questions);
}

static const struct pending_type type = { is_answerable, document_of, free_question };

static int new_question(struct service *service, sd_bus_message *message, char *const *words,
			sd_bus_error *error, struct question **ret)
{
	struct question *question = calloc(1, sizeof(*question));
	int r;

	if (!question)
		return -ENOMEM;
	pending_init(&question->pending, &type, message);
	question->service = service;
	question->all = !words[0];
	r = pf_objects_select(&service->objects, words, &question->handles, &question->count,
			      error);
	if (r >= 0) {
		question->done = calloc(question->count + 1, sizeof(*question->done));
		r = question->done ? 0 : -ENOMEM;
	}
	if (r >= 0)
		r = pending_set_timer(&question->pending, service->event, WAIT_MS * 1000, 1000);
	if (r < 0) {
		pending_free(&question->pending);
		return r;
	}
	*ret = question;
	return 0;
}

int question_ask(struct service *service, sd_bus_message *message, char *const *words, bool whole,
		 sd_bus_error *error)
{
	static char *const no_words[] = { NULL };
	struct question *question;
	int r = new_question(service, message, words ? words : no_words, error, &question);

	if (r < 0)
		return r;
	question->whole = whole;
	for (size_t i = 0; i < question->count; i++)
		question->done[i] = !must_wait(
			service, pf_objects_find(&service->objects, question->handles[i]));
	pending_add(&service->questions, &question->pending);
	return 1;
}
