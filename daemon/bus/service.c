/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/apply_call.h"
#include "bus/connection.h"
#include "bus/describe_call.h"
#include "bus/gate.h"
#include "bus/manager_interface.h"
#include "bus/pf_interface.h"
#include "socket/root_socket.h"
#include "util/bus_names.h"
#include "util/paths.h"

struct service {
	sd_event *event;
	struct log *log;
	struct connection *connection;
	struct root_socket *root_socket;
	struct access access;
	struct pf_objects objects;
	struct describe_calls describe_calls;
	struct apply_calls apply_calls;
	struct manager_interface manager_interface;
	struct pf_interface pf_interface;
};

static void on_gone(void *context, struct pf_object *object)
{
	struct service *self = context;

	pf_interface_gone(object, connection_bus(self->connection));
	describe_call_pf_changed(&self->describe_calls, object->handle);
}

void service_refresh(struct service *self)
{
	pf_objects_match(&self->objects);
	for (size_t i = 0; i < self->objects.count; i++) {
		describe_call_pf_changed(&self->describe_calls, self->objects.items[i]->handle);
		pf_interface_refresh(self->objects.items[i], connection_bus(self->connection));
	}
	manager_interface_refresh(&self->manager_interface, connection_bus(self->connection));
	pending_check(&self->apply_calls.waiting);
	pending_check(&self->describe_calls.waiting);
}

static void on_changed(void *context)
{
	service_refresh(context);
}

void service_pass_ended(struct service *self, const struct reconciler *reconciler,
			const struct pass *pass)
{
	const char *handle = reconciler_handle(reconciler);
	struct pf_object *object = pf_objects_find(&self->objects, handle);

	if (object)
		pf_object_pass_ended(object);
	if (pass)
		apply_call_pass_ended(&self->apply_calls, handle, pass);
	describe_call_pf_changed(&self->describe_calls, handle);
}

static int on_opened(void *context, sd_bus *bus)
{
	struct service *self = context;
	int r = gate_install(bus, &self->access.callers);

	if (r >= 0)
		r = sd_bus_add_object_manager(bus, NULL, BUS_MANAGER_OBJECT);
	if (r >= 0)
		r = manager_interface_register(&self->manager_interface, bus);
	if (r >= 0)
		r = pf_interface_register(&self->pf_interface, bus);
	if (r < 0)
		log_message(self->log, LOG_ERR, NULL, "cannot offer anything on the bus: %s",
			    strerror(-r));
	return r;
}

static void on_named(void *context)
{
	struct service *self = context;

	for (size_t i = 0; i < self->objects.count; i++)
		self->objects.items[i]->signalled = false;
	service_refresh(self);
}

static void forget_calls(struct service *self, sd_bus *bus)
{
	pending_clear(&self->describe_calls.waiting, bus);
	pending_clear(&self->apply_calls.waiting, bus);
}

static void on_closed(void *context, sd_bus *bus)
{
	struct service *self = context;

	forget_calls(self, bus);
	access_clear(&self->access);
}

/* Root does not need what there is for programs that follow signals. */
static int on_root_connected(void *context, sd_bus *bus)
{
	struct service *self = context;

	return manager_interface_register(&self->manager_interface, bus);
}

static void on_root_gone(void *context, sd_bus *bus)
{
	forget_calls(context, bus);
}

/* Without it the bus is left. */
static void listen_to_root(struct service *self)
{
	static const struct root_socket_calls calls = { on_root_connected, on_root_gone };
	int r = root_socket_new(self->event, ROOT_SOCKET, &calls, self, &self->root_socket);

	if (r < 0)
		log_message(self->log, LOG_WARNING, NULL,
			    "cannot listen at %s: root, too, can ask on the bus alone: %s",
			    ROOT_SOCKET, strerror(-r));
}

static void init_parts(struct service *self, struct manager *manager)
{
	self->access.callers.event = self->event;
	self->objects = (struct pf_objects){ manager, self->log, .gone = on_gone, .context = self };
	self->describe_calls =
		(struct describe_calls){ self->event, &self->objects, on_changed, self };
	self->apply_calls = (struct apply_calls){ self->event, &self->objects };
	self->manager_interface =
		(struct manager_interface){ .manager = manager,
					    .log = self->log,
					    .access = &self->access,
					    .describe_calls = &self->describe_calls,
					    .apply_calls = &self->apply_calls,
					    .signalled_state = STATE_COUNT };
	self->pf_interface =
		(struct pf_interface){ &self->objects, &self->access, &self->describe_calls };
}

int service_new(sd_event *event, struct manager *manager, bool replace, struct log *log,
		struct service **ret)
{
	static const struct connection_calls calls = { on_opened, on_named, on_closed };
	CLEANUP(service_free_cleanup) struct service *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	self->event = sd_event_ref(event);
	self->log = log;
	init_parts(self, manager);
	r = connection_new(event, &calls, self, replace, log, &self->connection);
	if (r < 0)
		return r;
	listen_to_root(self);
	*ret = TAKE(self);
	return 0;
}

void service_free(struct service *self)
{
	if (!self)
		return;
	root_socket_free(self->root_socket);
	connection_free(self->connection);
	access_clear(&self->access);
	pf_objects_clear(&self->objects);
	sd_event_unref(self->event);
	free(self);
}
