/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "service_internal.h"
#include "util/bus_names.h"

bool service_has_policy(const struct service *self)
{
	return manager_policy(self->manager);
}

static void on_gone(void *context, struct subject *subject)
{
	struct service *self = context;
	sd_bus *connection = bus_connection(self->bus);

	if (connection && subject->told)
		(void)sd_bus_emit_object_removed(connection, subject->path);
	question_pf_changed(self, subject->handle);
}

static void refresh_subject(struct service *self, struct subject *subject)
{
	struct reconciler *reconciler = pf_objects_reconciler(&self->objects, subject);
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
	pf_objects_match(&self->objects);
	for (size_t i = 0; i < self->objects.count; i++)
		refresh_subject(self, self->objects.items[i]);
	refresh_manager(self);
	pending_check(&self->applications);
	pending_check(&self->questions);
}

void service_pass_ended(struct service *self, const struct reconciler *reconciler)
{
	struct subject *subject = pf_objects_find(&self->objects, reconciler_handle(reconciler));

	if (subject)
		subject_pass_ended(subject);
	application_pass_ended(self, reconciler);
	question_pf_changed(self, reconciler_handle(reconciler));
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

	for (size_t i = 0; i < self->objects.count; i++)
		self->objects.items[i]->told = false;
	service_refresh(self);
}

static void on_closed(void *context)
{
	struct service *self = context;

	pending_clear(&self->questions);
	pending_clear(&self->applications);
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
	self->objects = (struct pf_objects){ manager, .gone = on_gone, .context = self };
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
	pending_clear(&self->questions);
	pending_clear(&self->applications);
	pf_objects_clear(&self->objects);
	sd_event_unref(self->event);
	free(self);
}
