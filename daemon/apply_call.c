/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply_call.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "apply/describe.h"
#include "apply/describe_step.h"
#include "model/build.h"
#include "util/bus_names.h"

/* A PF that passes are made over. */
struct work {
	char *handle;
	struct json_object *done; /* steps; NULL when out of memory */
	bool ended;
};

/* Its time is that to wait for what may come right by itself. */
struct application {
	struct pending pending;
	const struct pf_objects *objects;
	bool all; /* no PFs were named: those that a rule matches, and rules without one */
	struct work *works;
	size_t count;
};

static struct application *application_of(struct pending *pending)
{
	return (struct application *)pending;
}

static void free_application(struct pending *pending)
{
	struct application *self = application_of(pending);

	for (size_t i = 0; self->works && i < self->count; i++) {
		free(self->works[i].handle);
		json_object_put(self->works[i].done);
	}
	free(self->works);
	free(self);
}

/* NULL if it is gone. */
static const struct reconciler *find_reconciler(const struct pf_objects *objects,
						const struct work *work)
{
	const struct pf_object *object = pf_objects_find(objects, work->handle);

	return object ? pf_objects_reconciler(objects, object) : NULL;
}

static struct json_object *work_json(const struct pf_objects *objects, struct work *work)
{
	const struct reconciler *reconciler = find_reconciler(objects, work);
	const struct pass *pass = reconciler ? reconciler_pass(reconciler) : NULL;
	CLEANUP_TEXT struct text reason = { 0 };
	struct json_object *object;

	if (!reconciler)
		return describe_unseen_pf(work->handle, STATE_ABSENT, "the PF is gone");
	reconciler_reason(reconciler, manager_now(objects->manager), &reason);
	if (!pass)
		return describe_unseen_pf(work->handle, reconciler_state(reconciler),
					  text_string(&reason));
	object = describe_pf(pass, reconciler_state(reconciler), text_string(&reason));
	build_set(&object, "done", TAKE(work->done));
	build_set(&object, "steps", describe_steps(pass->remaining));
	return object;
}

static bool is_managed(const struct pf_objects *objects, const struct work *work)
{
	const struct reconciler *reconciler = find_reconciler(objects, work);
	const struct pass *pass = reconciler ? reconciler_pass(reconciler) : NULL;

	return !pass || pass->desired->n_rules;
}

static struct json_object *document_of(struct pending *pending)
{
	struct application *self = application_of(pending);
	struct json_object *object = json_object_new_object();
	struct json_object *pfs = json_object_new_array();

	for (size_t i = 0; i < self->count; i++)
		if (!self->all || is_managed(self->objects, &self->works[i]))
			build_append(&pfs, work_json(self->objects, &self->works[i]));
	build_set_text(&object, "source", "daemon");
	build_set(&object, "pfs", pfs);
	build_set(&object, "unmatched_rules",
		  self->all ? pf_objects_unmatched(self->objects) : json_object_new_array());
	return object;
}

/* Whether more is to come of the PF that the caller should hear of. */
static bool is_under_way(const struct application *self, const struct reconciler *reconciler)
{
	uint64_t now = manager_now(self->objects->manager);

	if (reconciler_state(reconciler) == STATE_STUCK)
		return false;
	/* The pass that was asked for, or that something which happened meanwhile asks for. */
	if (reconciler_is_running(reconciler) ||
	    reconciler_due(reconciler) <= now + RECONCILER_DEBOUNCE_MS)
		return true;
	if (self->pending.over)
		return false;
	return reconciler_is_unfinished(reconciler) ||
	       reconciler_state(reconciler) == STATE_WAITING;
}

static bool is_over(struct pending *pending)
{
	struct application *self = application_of(pending);
	bool over = true;

	for (size_t i = 0; i < self->count; i++) {
		struct work *work = &self->works[i];
		const struct reconciler *reconciler = find_reconciler(self->objects, work);

		work->ended = work->ended || !reconciler || !is_under_way(self, reconciler);
		over = over && work->ended;
	}
	return over;
}

void application_pass_ended(struct applications *applications, const struct reconciler *reconciler)
{
	const struct pass *pass = reconciler_pass(reconciler);

	for (struct pending *pending = applications->waiting; pass && pending;
	     pending = pending->next) {
		struct application *self = application_of(pending);

		for (size_t i = 0; i < self->count; i++)
			if (!self->works[i].ended &&
			    !strcmp(self->works[i].handle, reconciler_handle(reconciler)))
				describe_done(&self->works[i].done, &pass->actions);
	}
}

static const struct pending_type type = { is_over, document_of, free_application };

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

static int new_application(struct applications *applications, sd_bus_message *message,
			   char *const *words, uint64_t wait_us, sd_bus_error *error,
			   struct application **ret)
{
	CLEANUP_FREE const char **handles = NULL;
	struct application *self;
	size_t count;
	int r = pf_objects_select(applications->objects, words, &handles, &count, error);

	if (r < 0)
		return r;
	self = calloc(1, sizeof(*self));
	if (!self)
		return -ENOMEM;
	pending_init(&self->pending, &type, message);
	self->objects = applications->objects;
	self->all = !words || !words[0];
	r = add_works(self, handles, count);
	if (r >= 0)
		r = pending_set_timer(&self->pending, applications->event, wait_us, 0);
	if (r < 0) {
		pending_free(&self->pending);
		return r;
	}
	*ret = self;
	return 0;
}

int application_begin(struct applications *applications, sd_bus_message *message,
		      char *const *words, uint64_t wait_us, sd_bus_error *error)
{
	struct application *self;
	int r = new_application(applications, message, words, wait_us, error, &self);

	if (r < 0)
		return r;
	/* It reads what is in the files now, and tries again what was refused. */
	r = manager_reload(applications->objects->manager);
	if (r < 0) {
		pending_free(&self->pending);
		return r != -EINVAL ? r
				    : sd_bus_error_set(error, BUS_ERROR_BAD_POLICY,
						       "the policy has errors; nothing was done");
	}
	pending_add(&applications->waiting, &self->pending);
	return 1;
}
