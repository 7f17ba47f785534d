/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/describe_call.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "bus/arguments.h"
#include "document/build.h"
#include "report/pf.h"
#include "util/text.h"
#include "util/timestamp.h"
#include "work/look_job.h"

/* The caller is answered after this time with what is known, even if a call hangs. */
#define WAIT_MS 700

/* A look takes work, of which others than root cause no more of a PF than one in this time, and no
 * more than a tenth of all time: they may have so many processes and network namespaces that it
 * takes seconds. */
#define RARE_LOOK_MS   1000
#define RARE_LOOK_PART 10u

struct describe_call {
	struct pending pending;
	struct describe_calls *calls;
	bool whole; /* the manager was asked, not one PF */
	bool all;   /* no PFs were named: those that a rule matches, and rules without one */
	const char **handles; /* the objects', NULL for one that is gone */
	bool *done;	      /* seen afresh, or not to be waited for */
	size_t count;
};

static struct describe_call *call_of(struct pending *pending)
{
	return (struct describe_call *)pending;
}

static bool may_see_details(const struct describe_call *call)
{
	return call->pending.request->granted;
}

static void free_call(struct pending *pending)
{
	struct describe_call *call = call_of(pending);

	free(call->handles);
	free(call->done);
	free(call);
}

/* With details for those who may see them. */
static struct json_object *pf_json(const struct describe_call *call, const struct pf_object *object)
{
	const struct pf_objects *objects = call->calls->objects;
	const struct reconciler *reconciler = pf_objects_reconciler(objects, object);
	bool policy_in_force = manager_policy(objects->manager);
	uint64_t now = manager_now(objects->manager);

	return may_see_details(call)
		       ? pf_object_json(object, reconciler, policy_in_force, now)
		       : pf_object_public_json(object, reconciler, policy_in_force, now);
}

static bool is_managed(const struct pf_objects *objects, const struct pf_object *object)
{
	return pf_object_is_managed(pf_object_pass(object, pf_objects_reconciler(objects, object)));
}

/* NULL if it is gone. */
static const struct pf_object *find_object(const struct describe_call *call, size_t index)
{
	const char *handle = call->handles[index];

	return handle ? pf_objects_find(call->calls->objects, handle) : NULL;
}

/* Whether a pass runs over the PF or is about to. */
static bool is_under_way(const struct pf_objects *objects, const struct pf_object *object)
{
	return reconciler_is_under_way(pf_objects_reconciler(objects, object),
				       manager_now(objects->manager));
}

/* The same of any, also of those that no rule has matched so far; or the files are being read. */
static bool is_any_under_way(const struct describe_call *call)
{
	const struct manager *manager = call->calls->objects->manager;
	bool any = manager_is_settling(manager);

	for (size_t i = 0; manager_policy(manager) && i < call->count; i++) {
		const struct pf_object *object = find_object(call, i);

		any = any || (object && is_under_way(call->calls->objects, object));
	}
	return any;
}

static struct json_object *manager_json(const struct describe_call *call)
{
	const struct pf_objects *objects = call->calls->objects;
	const struct policy_standing *standing = manager_policy_standing(objects->manager);
	CLEANUP_TEXT struct text summary = { 0 };
	char times[2][TIMESTAMP_SIZE];
	struct report_policy policy = {
		.standing = policy_relation_name(standing->relation),
		.sha256 = *standing->digest ? standing->digest : NULL,
		.since = timestamp_iso(standing->since, times[0]),
		.refused_since = timestamp_iso(standing->refused_since, times[1]),
		.refused_at = may_see_details(call) ? standing->refused_at : NULL,
		.errors = standing->errors,
	};
	const struct report_source source = {
		.name = "daemon",
		.version = SRIOVD_VERSION,
		.policy_in_force = manager_policy(objects->manager),
		.policy = &policy,
		.is_under_way = is_any_under_way(call),
		.is_public = !may_see_details(call),
	};
	struct json_object *pfs = json_object_new_array();

	policy_standing_describe(standing, may_see_details(call), &summary);
	policy.summary = text_string(&summary);

	for (size_t i = 0; i < call->count; i++) {
		const struct pf_object *object = find_object(call, i);

		if (object && (!call->all || is_managed(objects, object)))
			build_append(&pfs, pf_json(call, object));
	}
	return pf_objects_document(objects, &source, pfs, call->all);
}

static struct json_object *document_of(struct pending *pending)
{
	const struct describe_call *call = call_of(pending);
	const struct pf_object *object;

	if (call->whole)
		return manager_json(call);
	object = find_object(call, 0);
	return object ? pf_json(call, object) : json_object_new_object();
}

static bool is_answerable(struct pending *pending)
{
	const struct describe_call *call = call_of(pending);

	if (pending->over)
		return true;
	if (manager_is_settling(call->calls->objects->manager))
		return false;
	for (size_t i = 0; i < call->count; i++)
		if (!call->done[i])
			return false;
	return true;
}

static void mark_done(struct describe_calls *self, const char *handle)
{
	for (struct pending *pending = self->waiting; pending; pending = pending->next) {
		struct describe_call *call = call_of(pending);

		for (size_t i = 0; i < call->count; i++)
			if (call->handles[i] && !strcmp(call->handles[i], handle))
				call->done[i] = true;
	}
}

static void on_looked(void *context, const char *handle, const struct look *look);

static uint64_t rare_look_ms(const struct pf_object *object)
{
	uint64_t part = RARE_LOOK_PART * object->look_took;

	return part > RARE_LOOK_MS ? part : RARE_LOOK_MS;
}

/* Begins a look unless one is under way, or rare looks are enough and the last is young. Returns
 * whether one is that is worth waiting for. */
static bool begin_look(struct describe_calls *self, struct pf_object *object, bool rarely)
{
	struct manager *manager = self->objects->manager;
	uint64_t now = manager_now(manager);

	if (object->looking)
		return now - object->looking_since < WAIT_MS;
	if (rarely && object->looking_since && now - object->looking_since < rare_look_ms(object))
		return false;
	if (look_job_start(manager_workers(manager), object->handle, manager_root(manager),
			   on_looked, self) < 0)
		return false;
	object->looking = true;
	object->looking_since = now;
	return true;
}

/* Whether a pass is about to show more than a look could. */
static bool must_wait_for_pass(const struct pf_objects *objects, const struct pf_object *object)
{
	const struct reconciler *reconciler = pf_objects_reconciler(objects, object);
	const struct manager *manager = objects->manager;

	if (manager_is_settling(manager))
		return true;
	if (!manager_policy(manager) || reconciler_is_showing(reconciler))
		return false;
	return is_under_way(objects, object);
}

/* Begins a look at the PF unless a pass that is about to come does as well. Returns whether an
 * answer on it has to wait for either. */
static bool wait_for_look(struct describe_calls *self, struct pf_object *object, bool rarely)
{
	const struct reconciler *reconciler = pf_objects_reconciler(self->objects, object);

	if (must_wait_for_pass(self->objects, object))
		return true;
	return manager_policy(self->objects->manager) && !reconciler_is_showing(reconciler) &&
	       begin_look(self, object, rarely);
}

/* What was seen becomes a dry pass, with what the reconciler has learnt, which is its own pass's
 * while one runs. */
static int keep_look(const struct pf_objects *objects, struct pf_object *object,
		     const struct look *look)
{
	struct reconciler *reconciler = pf_objects_reconciler(objects, object);
	struct manager *manager = objects->manager;
	struct pass *pass;
	int r;

	if (!manager_policy(manager) || reconciler_is_running(reconciler))
		return -EAGAIN;
	r = pass_plan(manager_policy(manager), &manager_policy(manager)->host, look->pf,
		      reconciler_knowledge(reconciler), &pass);
	if (r < 0)
		return r;
	pass->rivals = look->rivals;
	pass->has_rivals = look->has_rivals;
	pf_object_set_look(object, pass);
	/* Drift that was seen is an event like any other. */
	if (pass->state == STATE_DRIFTED && !pass_only_looks(pass))
		manager_poke(manager, reconciler);
	return 0;
}

static void on_looked(void *context, const char *handle, const struct look *look)
{
	struct describe_calls *self = context;
	struct pf_object *object = pf_objects_find(self->objects, handle);
	bool kept;

	if (object) {
		object->looking = false;
		object->look_took = manager_now(self->objects->manager) - object->looking_since;
	}
	kept = object && look->error >= 0 && keep_look(self->objects, object, look) >= 0;
	if (!kept)
		pf_free(look->pf);
	/* A pass that has begun meanwhile is waited for, and asks for another look. */
	if (!object || kept || !must_wait_for_pass(self->objects, object))
		mark_done(self, handle);
	pending_check(&self->waiting);
	self->changed(self->context);
	manager_work_ended(self->objects->manager);
}

/* Of another than root. */
static bool is_of_user(const struct pending *pending)
{
	return pending->request->uid != 0;
}

void describe_call_pf_changed(struct describe_calls *self, const char *handle)
{
	struct pf_object *object = pf_objects_find(self->objects, handle);

	for (struct pending *pending = self->waiting; pending; pending = pending->next) {
		struct describe_call *call = call_of(pending);

		for (size_t i = 0; i < call->count; i++) {
			if (!call->handles[i] || strcmp(call->handles[i], handle) != 0)
				continue;
			call->done[i] = call->done[i] || !object ||
					!wait_for_look(self, object, is_of_user(pending));
			/* The string goes with the object. */
			call->handles[i] = object ? object->handle : NULL;
		}
	}
	pending_check(&self->waiting);
}

static const struct pending_type type = { is_answerable, document_of, free_call };

static int new_call(struct describe_calls *self, struct access_request *request,
		    const char *const *words, sd_bus_error *error, struct describe_call **ret)
{
	struct describe_call *call = calloc(1, sizeof(*call));
	int r;

	if (!call)
		return -ENOMEM;
	pending_init(&call->pending, &type, request);
	call->calls = self;
	call->all = !words[0];
	r = pf_objects_select(self->objects, words, &call->handles, &call->count, error);
	if (r >= 0) {
		call->done = calloc(call->count + 1, sizeof(*call->done));
		r = call->done ? 0 : -ENOMEM;
	}
	if (r >= 0)
		r = pending_set_timer(&call->pending, self->event, WAIT_MS * 1000, 1000);
	if (r < 0) {
		pending_free(&call->pending);
		return r;
	}
	*ret = call;
	return 0;
}

static int begin(struct describe_calls *self, struct access_request *request,
		 const char *const *words, bool whole, sd_bus_error *error)
{
	struct describe_call *call;
	int r = new_call(self, request, words, error, &call);

	if (r < 0)
		return r;
	call->whole = whole;
	for (size_t i = 0; i < call->count; i++)
		call->done[i] =
			!wait_for_look(self, pf_objects_find(self->objects, call->handles[i]),
				       is_of_user(&call->pending));
	pending_add(&self->waiting, &call->pending);
	return 1;
}

int describe_call_begin(struct describe_calls *self, struct access_request *request,
			sd_bus_error *error)
{
	struct arguments arguments;
	int r = arguments_read(request->message, &arguments, error);

	return r < 0 ? r : begin(self, request, arguments.words, true, error);
}

int describe_call_begin_of(struct describe_calls *self, struct access_request *request,
			   const struct pf_object *object, sd_bus_error *error)
{
	const char *const words[] = { object->handle, NULL };

	return begin(self, request, words, false, error);
}
