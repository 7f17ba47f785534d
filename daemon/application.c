/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Apply(): passes over PFs, answered with what became of them. */

#include <errno.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "apply/describe.h"
#include "apply/describe_step.h"
#include "model/build.h"
#include "service_internal.h"
#include "util/bus_names.h"

/* A PF that passes are made over. */
struct work {
	char *handle;
	struct json_object *done; /* steps; NULL when out of memory */
	bool ended;
};

struct application {
	struct application *next;
	struct service *service;
	sd_bus_message *message;
	bool all;  /* no PFs were named: those that a rule matches, and rules without one */
	bool over; /* the time to wait for what may come right by itself */
	struct work *works;
	size_t count;
	sd_event_source *timer;
};

static void free_application(struct application *self)
{
	for (size_t i = 0; self->works && i < self->count; i++) {
		free(self->works[i].handle);
		json_object_put(self->works[i].done);
	}
	sd_event_source_disable_unref(self->timer);
	sd_bus_message_unref(self->message);
	free(self->works);
	free(self);
}

static struct json_object *work_json(const struct service *service, struct work *work)
{
	struct subject *subject = pf_objects_find(&service->objects, work->handle);
	struct reconciler *reconciler =
		subject ? pf_objects_reconciler(&service->objects, subject) : NULL;
	const struct pass *pass = reconciler ? reconciler_pass(reconciler) : NULL;
	CLEANUP_TEXT struct text reason = { 0 };
	struct json_object *object;

	if (!reconciler)
		return describe_unseen_pf(work->handle, STATE_ABSENT, "the PF is gone");
	reconciler_reason(reconciler, manager_now(service->manager), &reason);
	if (!pass)
		return describe_unseen_pf(work->handle, reconciler_state(reconciler),
					  text_string(&reason));
	object = describe_pf(pass, reconciler_state(reconciler), text_string(&reason));
	build_set(&object, "done", TAKE(work->done));
	build_set(&object, "steps", describe_steps(pass->remaining));
	return object;
}

static bool is_managed(const struct service *service, const struct work *work)
{
	struct subject *subject = pf_objects_find(&service->objects, work->handle);
	struct reconciler *reconciler =
		subject ? pf_objects_reconciler(&service->objects, subject) : NULL;
	const struct pass *pass = reconciler ? reconciler_pass(reconciler) : NULL;

	return !pass || pass->desired->n_rules;
}

static struct json_object *document_of(struct application *self)
{
	struct json_object *object = json_object_new_object();
	struct json_object *pfs = json_object_new_array();

	for (size_t i = 0; i < self->count; i++)
		if (!self->all || is_managed(self->service, &self->works[i]))
			build_append(&pfs, work_json(self->service, &self->works[i]));
	build_set_text(&object, "source", "daemon");
	build_set(&object, "pfs", pfs);
	build_set(&object, "unmatched_rules",
		  self->all ? pf_objects_unmatched(&self->service->objects)
			    : json_object_new_array());
	return object;
}

static void answer(struct application *self)
{
	struct application **place = &self->service->applications;
	struct json_object *object = document_of(self);

	while (*place != self)
		place = &(*place)->next;
	*place = self->next;
	if (object)
		(void)sd_bus_reply_method_return(
			self->message, "s",
			json_object_to_json_string_ext(
				object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	else
		(void)sd_bus_reply_method_errno(self->message, -ENOMEM, NULL);
	json_object_put(object);
	free_application(self);
}

/* Whether more is to come of the PF that the caller should hear of. */
static bool is_under_way(const struct application *self, const struct reconciler *reconciler)
{
	uint64_t now = manager_now(self->service->manager);

	if (reconciler_state(reconciler) == STATE_STUCK)
		return false;
	/* The pass that was asked for, or that something which happened meanwhile asks for. */
	if (reconciler_is_running(reconciler) ||
	    reconciler_due(reconciler) <= now + RECONCILER_DEBOUNCE_MS)
		return true;
	if (self->over)
		return false;
	return reconciler_is_unfinished(reconciler) ||
	       reconciler_state(reconciler) == STATE_WAITING;
}

static bool is_over(struct application *self)
{
	bool over = true;

	for (size_t i = 0; i < self->count; i++) {
		struct work *work = &self->works[i];
		struct subject *subject = pf_objects_find(&self->service->objects, work->handle);
		struct reconciler *reconciler =
			subject ? pf_objects_reconciler(&self->service->objects, subject) : NULL;

		work->ended = work->ended || !reconciler || !is_under_way(self, reconciler);
		over = over && work->ended;
	}
	return over;
}

void application_check(struct service *service)
{
	struct application *next;

	for (struct application *self = service->applications; self; self = next) {
		next = self->next;
		if (is_over(self))
			answer(self);
	}
}

void application_pass_ended(struct service *service, const struct reconciler *reconciler)
{
	const struct pass *pass = reconciler_pass(reconciler);

	for (struct application *self = service->applications; pass && self; self = self->next)
		for (size_t i = 0; i < self->count; i++)
			if (!self->works[i].ended &&
			    !strcmp(self->works[i].handle, reconciler_handle(reconciler)))
				describe_done(&self->works[i].done, &pass->actions);
}

static int on_timeout(sd_event_source *source, uint64_t usec, void *context)
{
	struct application *self = context;

	(void)source;
	(void)usec;
	self->over = true;
	if (is_over(self))
		answer(self);
	return 0;
}

static int add_works(struct application *self, const char *const *handles, size_t count)
{
	self->works = calloc(count + 1, sizeof(*self->works));
	if (!self->works)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct work *work = &self->works[self->count++];

		work->handle = strdup(handles[i]);
		work->done = json_object_new_array();
		if (!work->handle || !work->done)
			return -ENOMEM;
	}
	return 0;
}

static int new_application(struct service *service, sd_bus_message *message, char *const *words,
			   uint64_t wait_us, sd_bus_error *error, struct application **ret)
{
	CLEANUP_FREE const char **handles = NULL;
	struct application *self;
	size_t count;
	int r = pf_objects_select(&service->objects, words, &handles, &count, error);

	if (r < 0)
		return r;
	self = calloc(1, sizeof(*self));
	if (!self)
		return -ENOMEM;
	self->service = service;
	self->message = sd_bus_message_ref(message);
	self->all = !words || !words[0];
	r = add_works(self, handles, count);
	if (r >= 0)
		r = sd_event_add_time_relative(service->event, &self->timer, CLOCK_MONOTONIC,
					       wait_us, 0, on_timeout, self);
	if (r < 0) {
		free_application(self);
		return r;
	}
	*ret = self;
	return 0;
}

int application_begin(struct service *service, sd_bus_message *message, char *const *words,
		      uint64_t wait_us, sd_bus_error *error)
{
	struct application *self;
	int r = new_application(service, message, words, wait_us, error, &self);

	if (r < 0)
		return r;
	/* It reads what is in the files now, and tries again what was refused. */
	r = manager_reload(service->manager);
	if (r < 0) {
		free_application(self);
		return r != -EINVAL ? r
				    : sd_bus_error_set(error, BUS_ERROR_BAD_POLICY,
						       "the policy has errors; nothing was done");
	}
	self->next = service->applications;
	service->applications = self;
	application_check(service);
	return 1;
}

void application_forget_all(struct service *service)
{
	while (service->applications) {
		struct application *self = service->applications;

		service->applications = self->next;
		free_application(self);
	}
}
