/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "apply/describe.h"
#include "model/build.h"
#include "policy/select.h"
#include "service_internal.h"
#include "util/bus_names.h"

bool service_has_policy(const struct service *self)
{
	return manager_policy(self->manager);
}

struct subject *service_find(const struct service *self, const char *handle)
{
	for (size_t i = 0; i < self->n_subjects; i++)
		if (!strcmp(self->subjects[i]->handle, handle))
			return self->subjects[i];
	return NULL;
}

struct reconciler *service_reconciler(const struct service *self, const struct subject *subject)
{
	return fleet_find(manager_fleet(self->manager), subject->handle);
}

static int add_subject(struct service *self, const char *handle, struct subject **ret)
{
	/* One a device: the size does not overflow. */
	struct subject **subjects =
		realloc(self->subjects, (self->n_subjects + 1) * sizeof(*subjects));
	int r;

	if (!subjects)
		return -ENOMEM;
	self->subjects = subjects;
	r = subject_new(handle, ret);
	if (r < 0)
		return r;
	(*ret)->service = self;
	subjects[self->n_subjects++] = *ret;
	return 0;
}

static void forget_subject(struct service *self, size_t index)
{
	struct subject *subject = self->subjects[index];
	sd_bus *connection = bus_connection(self->bus);

	self->subjects[index] = self->subjects[--self->n_subjects];
	if (connection && subject->told)
		(void)sd_bus_emit_object_removed(connection, subject->path);
	question_pf_changed(self, subject->handle);
	subject_free(subject);
}

/* A subject for each PF that there is, and for no other. */
static void match_fleet(struct service *self)
{
	const struct fleet *fleet = manager_fleet(self->manager);
	struct subject *subject;

	for (size_t i = self->n_subjects; i > 0; i--)
		if (!fleet_find(fleet, self->subjects[i - 1]->handle))
			forget_subject(self, i - 1);
	for (size_t i = 0; i < fleet->count; i++)
		if (!service_find(self, reconciler_handle(fleet->items[i])))
			(void)add_subject(self, reconciler_handle(fleet->items[i]), &subject);
}

static void refresh_subject(struct service *self, struct subject *subject)
{
	struct reconciler *reconciler = service_reconciler(self, subject);
	struct snapshot now;

	question_pf_changed(self, subject->handle);
	if (!bus_connection(self->bus))
		return;
	if (subject_take_snapshot(subject, reconciler, service_has_policy(self),
				  manager_now(self->manager), &now) >= 0)
		service_pf_refresh(self, subject, &now);
}

static void refresh_manager(struct service *self)
{
	enum pf_state state = manager_worst_state(self->manager);
	sd_bus *connection = bus_connection(self->bus);
	bool policy = service_has_policy(self);

	if (!connection)
		return;
	if (state != self->told_state)
		(void)sd_bus_emit_properties_changed(connection, BUS_MANAGER_OBJECT,
						     BUS_MANAGER_INTERFACE, "State", NULL);
	if (policy != self->told_policy)
		(void)sd_bus_emit_properties_changed(connection, BUS_MANAGER_OBJECT,
						     BUS_MANAGER_INTERFACE, "PolicyInForce", NULL);
	self->told_state = state;
	self->told_policy = policy;
}

void service_refresh(struct service *self)
{
	match_fleet(self);
	for (size_t i = 0; i < self->n_subjects; i++)
		refresh_subject(self, self->subjects[i]);
	refresh_manager(self);
	application_check(self);
	question_check(self);
}

void service_pass_ended(struct service *self, const struct reconciler *reconciler)
{
	struct subject *subject = service_find(self, reconciler_handle(reconciler));

	if (subject)
		subject_pass_ended(subject);
	application_pass_ended(self, reconciler);
	question_pf_changed(self, reconciler_handle(reconciler));
}

static int select_all(const struct service *self, const char **handles, size_t *ret_count)
{
	for (size_t i = 0; i < self->n_subjects; i++)
		handles[i] = self->subjects[i]->handle;
	*ret_count = self->n_subjects;
	return 0;
}

/* As far as a PF was not looked at yet it has no name but its handle. */
static int observed(const struct service *self, struct pf *unseen, struct pf **pfs)
{
	for (size_t i = 0; i < self->n_subjects; i++) {
		const struct subject *subject = self->subjects[i];
		const struct pass *pass = subject_pass(subject, service_reconciler(self, subject));

		unseen[i] = (struct pf){ .handle = subject->handle,
					 .address = strchr(subject->handle, '/') + 1 };
		pfs[i] = pass ? pass->observed : &unseen[i];
	}
	return 0;
}

static int select_words(const struct service *self, char *const *words, const char **handles,
			size_t *ret_count, sd_bus_error *error)
{
	CLEANUP_FREE struct pf *unseen = calloc(self->n_subjects + 1, sizeof(*unseen));
	CLEANUP_FREE struct pf **pfs = calloc(self->n_subjects + 1, sizeof(*pfs));
	size_t count = 0, which;

	if (!unseen || !pfs)
		return -ENOMEM;
	observed(self, unseen, pfs);
	for (size_t i = 0; words[i]; i++) {
		CLEANUP_TEXT struct text complaint = { 0 };
		bool twice = false;

		if (!select_by_word(pfs, self->n_subjects, words[i], &which, &complaint)) {
			sd_bus_error_set(error, BUS_ERROR_NO_SUCH_PF, text_string(&complaint));
			return -ENODEV;
		}
		for (size_t k = 0; k < count; k++)
			twice = twice || handles[k] == self->subjects[which]->handle;
		if (!twice)
			handles[count++] = self->subjects[which]->handle;
	}
	*ret_count = count;
	return 0;
}

int service_select(const struct service *self, char *const *words, const char ***ret,
		   size_t *ret_count, sd_bus_error *error)
{
	CLEANUP_FREE const char **handles = calloc(self->n_subjects + 1, sizeof(*handles));
	int r;

	if (!handles)
		return -ENOMEM;
	if (words && words[0])
		r = select_words(self, words, handles, ret_count, error);
	else
		r = select_all(self, handles, ret_count);
	if (r >= 0)
		*ret = TAKE(handles);
	return r;
}

static void add_rule(void *context, const struct rule *rule, const char *why)
{
	build_append(context, describe_unmatched(rule, why));
}

struct json_object *service_unmatched(const struct service *self)
{
	struct json_object *rules = json_object_new_array();

	if (service_has_policy(self))
		fleet_each_unmatched(manager_fleet(self->manager), manager_policy(self->manager),
				     add_rule, &rules);
	return rules;
}

static int on_opened(void *context, sd_bus *connection)
{
	struct service *self = context;
	int r = sd_bus_add_object_manager(connection, NULL, BUS_MANAGER_OBJECT);

	if (r >= 0)
		r = service_manager_register(self, connection);
	if (r >= 0)
		r = service_pf_register(self, connection);
	if (r < 0)
		log_message(self->log, LOG_ERR, NULL, "cannot offer anything on the bus: %s",
			    strerror(-r));
	return r;
}

static void on_named(void *context)
{
	struct service *self = context;

	for (size_t i = 0; i < self->n_subjects; i++)
		self->subjects[i]->told = false;
	service_refresh(self);
}

static void on_closed(void *context)
{
	question_forget_all(context);
	application_forget_all(context);
}

int service_new(sd_event *event, struct manager *manager, struct log *log, struct service **ret)
{
	static const struct bus_calls calls = { on_opened, on_named, on_closed };
	CLEANUP(service_free_cleanup) struct service *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	self->event = sd_event_ref(event);
	self->manager = manager;
	self->log = log;
	self->told_state = STATE_COUNT;
	r = bus_new(event, &calls, self, log, &self->bus);
	if (r < 0)
		return r;
	*ret = TAKE(self);
	return 0;
}

void service_free(struct service *self)
{
	if (!self)
		return;
	bus_free(self->bus);
	question_forget_all(self);
	application_forget_all(self);
	for (size_t i = 0; i < self->n_subjects; i++)
		subject_free(self->subjects[i]);
	free(self->subjects);
	sd_event_unref(self->event);
	free(self);
}
