/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/apply_call.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "bus/arguments.h"
#include "document/build.h"
#include "kernel/note/pause.h"
#include "report/pf.h"
#include "report/steps.h"
#include "util/bus_names.h"
#include "util/paths.h"

/* A PF that passes are made over. */
struct work {
	char *handle;
	struct json_object *done;	   /* steps; NULL when out of memory */
	struct reconciler_request request; /* for what is done on request only */
	bool ended;
};

/* Its time is that to wait for what may come right by itself. */
struct apply_call {
	struct pending pending;
	const struct pf_objects *objects;
	bool all;	 /* no PFs were named: those that a rule matches, and rules without one */
	bool pauses;	 /* it is Pause() */
	bool disruptive; /* also what is done on request only */
	struct work *works;
	size_t count;
};

static struct apply_call *call_of(struct pending *pending)
{
	return (struct apply_call *)pending;
}

/* NULL if it is gone. */
static struct reconciler *find_reconciler(const struct pf_objects *objects, const struct work *work)
{
	const struct pf_object *object = pf_objects_find(objects, work->handle);

	return object ? pf_objects_reconciler(objects, object) : NULL;
}

static void free_call(struct pending *pending)
{
	struct apply_call *call = call_of(pending);

	for (size_t i = 0; call->works && i < call->count; i++) {
		reconciler_end_request(&call->works[i].request);
		free(call->works[i].handle);
		json_object_put(call->works[i].done);
	}
	free(call->works);
	free(call);
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

/* What the note says, which the pass may not have seen yet. */
static void add_pause(struct json_object **object, const char *handle)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct pause pause;

	if (arena_new(&arena) < 0 || pause_read(handle, arena, &pause) < 0)
		build_set(object, "", NULL);
	else
		build_set_text(object, "paused-until", pause.iso);
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

	for (size_t i = 0; i < call->count; i++) {
		struct work *work = &call->works[i];
		struct json_object *object;

		if (call->all && !is_managed(call->objects, work))
			continue;
		object = work_json(call->objects, work);
		if (call->pauses)
			add_pause(&object, work->handle);
		build_append(&pfs, object);
	}
	return pf_objects_document(call->objects, &source, pfs, call->all);
}

/* Nothing comes right by itself then. */
static bool is_paused(const struct reconciler *reconciler)
{
	const struct pass *pass = reconciler_pass(reconciler);

	return pass && pass->paused;
}

/* Whether more is to come of the PF that the caller should hear of. */
static bool is_under_way(const struct apply_call *call, const struct reconciler *reconciler)
{
	if (reconciler_state(reconciler) == STATE_STUCK || !manager_policy(call->objects->manager))
		return false;
	/* The pass that was asked for, or that something which happened meanwhile asks for. */
	if (reconciler_is_under_way(reconciler, manager_now(call->objects->manager)))
		return true;
	if (call->pending.over || is_paused(reconciler))
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
		if (work->ended)
			reconciler_end_request(&work->request);
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

static void begin_requests(struct apply_call *call)
{
	for (size_t i = 0; call->disruptive && i < call->count; i++) {
		struct work *work = &call->works[i];
		struct reconciler *reconciler = find_reconciler(call->objects, work);

		if (reconciler)
			reconciler_begin_request(reconciler, &work->request);
	}
}

/* For the PFs that the words of the arguments name, or for all. */
static int new_call(struct apply_calls *self, struct access_request *request,
		    const struct arguments *arguments, sd_bus_error *error, struct apply_call **ret)
{
	CLEANUP_FREE const char **handles = NULL;
	struct apply_call *call;
	size_t count;
	int r = pf_objects_select(self->objects, arguments->words, &handles, &count, error);

	if (r < 0)
		return r;
	call = calloc(1, sizeof(*call));
	if (!call)
		return -ENOMEM;
	pending_init(&call->pending, &type, request);
	call->objects = self->objects;
	call->all = !arguments->count;
	call->disruptive = arguments->disruptive;
	r = add_works(call, handles, count);
	if (r >= 0)
		r = pending_set_timer(&call->pending, self->event, arguments->wait_us, 0);
	if (r < 0) {
		pending_free(&call->pending);
		return r;
	}
	*ret = call;
	return 0;
}

int apply_call_begin(struct apply_calls *self, struct access_request *request, sd_bus_error *error)
{
	struct arguments arguments;
	struct apply_call *call;
	int r = arguments_read(request->message, &arguments, error);

	if (r >= 0)
		r = new_call(self, request, &arguments, error, &call);
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
	begin_requests(call);
	pending_add(&self->waiting, &call->pending);
	return 1;
}

#define US_PER_MS 1000u

/* 0 ends a pause. */
static int check_time(uint64_t us, sd_bus_error *error)
{
	if (!us || (us >= US_PER_MS && us / US_PER_MS <= PAUSE_MAX_MS))
		return 0;
	(void)sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS,
				"a pause is for a millisecond at least and for %u days at most",
				(unsigned)(PAUSE_MAX_MS / 86400000));
	return -EINVAL;
}

static int pause_pf(struct apply_call *call, uint64_t us, sd_bus_error *error)
{
	const struct pf_objects *objects = call->objects;
	const struct pf_object *object = pf_objects_find(objects, call->works[0].handle);
	int r = manager_pause(objects->manager, pf_objects_reconciler(objects, object),
			      us / US_PER_MS);

	if (r < 0)
		(void)sd_bus_error_setf(error, SD_BUS_ERROR_FAILED, "it cannot be noted in %s: %s",
					RUNTIME_DIRECTORY, strerror(-r));
	return r;
}

int apply_call_begin_pause(struct apply_calls *self, struct access_request *request,
			   sd_bus_error *error)
{
	struct arguments arguments;
	struct apply_call *call;
	int r = arguments_read(request->message, &arguments, error);

	if (r >= 0)
		r = check_time(arguments.time_us, error);
	if (r >= 0)
		r = new_call(self, request, &arguments, error, &call);
	if (r < 0)
		return r;
	call->pauses = true;
	r = pause_pf(call, arguments.time_us, error);
	if (r < 0) {
		pending_free(&call->pending);
		return r;
	}
	pending_add(&self->waiting, &call->pending);
	return 1;
}
