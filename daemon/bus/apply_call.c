/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/apply_call.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "bus/arguments.h"
#include "document/build.h"
#include "report/pf.h"
#include "report/steps.h"
#include "util/bus_names.h"

/* A PF that passes are made over. */
struct work {
	char *handle;
	struct json_object *done; /* steps; NULL when out of memory */
	bool ended;
};

/* Its time is that to wait for what may come right by itself. */
struct apply_call {
	struct pending pending;
	const struct pf_objects *objects;
	bool all; /* no PFs were named: those that a rule matches, and rules without one */
	struct work *works;
	size_t count;
};

static struct apply_call *call_of(struct pending *pending)
{
	return (struct apply_call *)pending;
}

static void free_call(struct pending *pending)
{
	struct apply_call *call = call_of(pending);

	for (size_t i = 0; call->works && i < call->count; i++) {
		free(call->works[i].handle);
		json_object_put(call->works[i].done);
	}
	free(call->works);
	free(call);
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
		return report_unseen_pf(work->handle, STATE_ABSENT, "the PF is gone");
	reconciler_reason(reconciler, manager_now(objects->manager), &reason);
	if (!pass)
		return report_unseen_pf(work->handle, reconciler_state(reconciler),
					text_string(&reason));
	object = report_pf(pass, reconciler_state(reconciler), text_string(&reason));
	build_set(&object, "done", report_latest(TAKE(work->done)));
	build_set(&object, "steps", report_steps(pass));
	return object;
}

static bool is_managed(const struct pf_objects *objects, const struct work *work)
{
	const struct reconciler *reconciler = find_reconciler(objects, work);

	return pf_object_is_managed(reconciler ? reconciler_pass(reconciler) : NULL);
}

static struct json_object *document_of(struct pending *pending)
{
	struct apply_call *call = call_of(pending);
	const struct report_source source = { .name = "daemon" };
	struct json_object *pfs = json_object_new_array();

	for (size_t i = 0; i < call->count; i++)
		if (!call->all || is_managed(call->objects, &call->works[i]))
			build_append(&pfs, work_json(call->objects, &call->works[i]));
	return pf_objects_document(call->objects, &source, pfs, call->all);
}

/* Whether more is to come of the PF that the caller should hear of. */
static bool is_under_way(const struct apply_call *call, const struct reconciler *reconciler)
{
	uint64_t now = manager_now(call->objects->manager);

	if (reconciler_state(reconciler) == STATE_STUCK)
		return false;
	/* The pass that was asked for, or that something which happened meanwhile asks for. */
	if (reconciler_is_running(reconciler) ||
	    reconciler_due(reconciler) <= now + RECONCILER_DEBOUNCE_MS)
		return true;
	if (call->pending.over)
		return false;
	return reconciler_is_unfinished(reconciler) ||
	       reconciler_state(reconciler) == STATE_WAITING;
}

/* Notes over which PFs the passes have ended. Returns whether they have over all. */
static bool update_ended(struct pending *pending)
{
	struct apply_call *call = call_of(pending);
	bool all = true;

	for (size_t i = 0; i < call->count; i++) {
		struct work *work = &call->works[i];
		const struct reconciler *reconciler = find_reconciler(call->objects, work);

		work->ended = work->ended || !reconciler || !is_under_way(call, reconciler);
		all = all && work->ended;
	}
	return all;
}

void apply_call_pass_ended(struct apply_calls *self, const char *handle, const struct pass *pass)
{
	for (struct pending *pending = self->waiting; pending; pending = pending->next) {
		struct apply_call *call = call_of(pending);

		for (size_t i = 0; i < call->count; i++)
			if (!call->works[i].ended && !strcmp(call->works[i].handle, handle))
				report_done(&call->works[i].done, pass);
	}
}

static const struct pending_type type = { update_ended, document_of, free_call };

static int add_works(struct apply_call *call, const char *const *handles, size_t count)
{
	call->works = calloc(count + 1, sizeof(*call->works));
	if (!call->works)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct work *work = &call->works[call->count++];

		work->handle = strdup(handles[i]);
		work->done = json_object_new_array();
		if (!work->handle || !work->done)
			return -ENOMEM;
	}
	return 0;
}

static int new_call(struct apply_calls *self, struct access_request *request, sd_bus_error *error,
		    struct apply_call **ret)
{
	struct arguments arguments;
	CLEANUP_FREE const char **handles = NULL;
	struct apply_call *call;
	size_t count;
	int r = arguments_read(request->message, &arguments, error);

	if (r >= 0)
		r = pf_objects_select(self->objects, arguments.words, &handles, &count, error);
	if (r < 0)
		return r;
	call = calloc(1, sizeof(*call));
	if (!call)
		return -ENOMEM;
	pending_init(&call->pending, &type, request);
	call->objects = self->objects;
	call->all = !arguments.count;
	r = add_works(call, handles, count);
	if (r >= 0)
		r = pending_set_timer(&call->pending, self->event, arguments.wait_us, 0);
	if (r < 0) {
		pending_free(&call->pending);
		return r;
	}
	*ret = call;
	return 0;
}

int apply_call_begin(struct apply_calls *self, struct access_request *request, sd_bus_error *error)
{
	struct apply_call *call;
	int r = new_call(self, request, error, &call);

	if (r < 0)
		return r;
	/* It reads what is in the files now, and tries again what was refused. */
	r = manager_reload(self->objects->manager);
	if (r < 0) {
		pending_free(&call->pending);
		if (r == -EINVAL)
			return sd_bus_error_set(error, BUS_ERROR_BAD_POLICY,
						"the policy has errors; nothing was done");
		if (r == -EAGAIN)
			return sd_bus_error_set(
				error, BUS_ERROR_BAD_POLICY,
				"a file of the policy is being written; nothing was "
				"done");
		return r;
	}
	pending_add(&self->waiting, &call->pending);
	return 1;
}
