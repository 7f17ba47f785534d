/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/pf_interface.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bus/request_notice.h"
#include "util/bus_names.h"

/* NULL if it is gone. */
static struct pf_object *find_object(const struct pf_objects *objects, const char *path)
{
	for (size_t i = 0; i < objects->count; i++)
		if (!strcmp(objects->items[i]->path, path))
			return objects->items[i];
	return NULL;
}

static int describe(struct access_request *request, void *context, sd_bus_error *error)
{
	struct pf_interface *self = context;
	const struct pf_object *object =
		find_object(self->objects, sd_bus_message_get_path(request->message));

	if (object)
		return describe_call_begin_of(self->describe_calls, request, object, error);
	return sd_bus_error_set(error, BUS_ERROR_NO_SUCH_PF, "the PF is gone");
}

/* context is what find() gave; the interface itself is what was registered. */
static int on_describe(sd_bus_message *message, void *context, sd_bus_error *error)
{
	sd_bus_slot *slot = sd_bus_get_current_slot(sd_bus_message_get_bus(message));
	struct pf_interface *self = sd_bus_slot_get_userdata(slot);

	(void)context, (void)error;
	return access_ask(self->access, message, ACCESS_READ_DETAILS, describe, self);
}

static int take_snapshot(const struct pf_object *object, struct snapshot *ret)
{
	const struct pf_objects *objects = object->objects;

	return pf_object_take_snapshot(object, pf_objects_reconciler(objects, object),
				       manager_policy(objects->manager),
				       manager_now(objects->manager), ret);
}

static int send_signal(struct pf_object *object, sd_bus *bus)
{
	char *names[PF_PROPERTIES_COUNT + 1];

	if (!object->signalled)
		return sd_bus_emit_object_added(bus, object->path);
	if (!object->unsignalled)
		return 0;
	pf_properties_names(object->unsignalled, names);
	return sd_bus_emit_properties_changed_strv(bus, object->path, BUS_PF_INTERFACE, names);
}

/* Once each time that something else waits. */
static int announce(struct pf_object *object, sd_bus *bus)
{
	uint64_t request = object->snapshot.request;
	const struct reconciler *reconciler = pf_objects_reconciler(object->objects, object);
	int r = 0;

	if (request && request != object->announced)
		r = request_notice_send(pf_object_pass(object, reconciler), object->path, bus);
	if (r >= 0)
		object->announced = request;
	return r;
}

/* Once until it can be sent again. */
static void complain(struct pf_object *object, int error)
{
	if (!object->complained)
		log_message(object->objects->log, LOG_WARNING,
			    &(struct log_fields){ .pf = object->handle },
			    "cannot signal on the bus what has changed, yet: %s", strerror(-error));
	object->complained = true;
}

void pf_interface_refresh(struct pf_object *object, sd_bus *bus)
{
	struct snapshot now;
	int r;

	if (!bus || take_snapshot(object, &now) < 0)
		return;
	object->unsignalled |= pf_properties_compare(&object->snapshot, &now);
	snapshot_clear(&object->snapshot);
	/* The values that are signalled are read from it. */
	object->snapshot = now;
	object->settings_signalled = true;
	r = send_signal(object, bus);
	if (r >= 0) {
		/* Those who came with the bus are told as well. */
		object->announced = object->signalled ? object->announced : 0;
		object->signalled = true;
		object->unsignalled = 0;
		r = announce(object, bus);
	}
	if (r < 0)
		complain(object, r);
	else
		object->complained = false;
}

void pf_interface_gone(struct pf_object *object, sd_bus *bus)
{
	int r = bus && object->signalled ? sd_bus_emit_object_removed(bus, object->path) : 0;

	if (r < 0)
		complain(object, r);
}

static int find(sd_bus *bus, const char *path, const char *interface, void *context, void **ret,
		sd_bus_error *error)
{
	const struct pf_interface *self = context;

	(void)bus, (void)interface, (void)error;
	*ret = find_object(self->objects, path);
	return *ret != NULL;
}

static void free_paths(char ***paths)
{
	for (size_t i = 0; *paths && (*paths)[i]; i++)
		free((*paths)[i]);
	free(*paths);
}

static int enumerate(sd_bus *bus, const char *prefix, void *context, char ***ret,
		     sd_bus_error *error)
{
	const struct pf_interface *self = context;
	CLEANUP(free_paths) char **paths = calloc(self->objects->count + 1, sizeof(*paths));

	(void)bus, (void)prefix, (void)error;
	if (!paths)
		return -ENOMEM;
	for (size_t i = 0; i < self->objects->count; i++) {
		paths[i] = strdup(self->objects->items[i]->path);
		if (!paths[i])
			return -ENOMEM;
	}
	*ret = TAKE(paths);
	return 0;
}

/* sd-bus keeps a pointer to the rows. */
static void fill_vtable(struct pf_interface *self)
{
	sd_bus_vtable *row = self->vtable;

	*row++ = (sd_bus_vtable)SD_BUS_VTABLE_START(0);
	*row++ = (sd_bus_vtable)SD_BUS_PROPERTY("Handle", "s", NULL,
						offsetof(struct pf_object, handle),
						SD_BUS_VTABLE_PROPERTY_CONST);
	pf_properties_fill(row);
	row += PF_PROPERTIES_COUNT;
	*row++ = (sd_bus_vtable)SD_BUS_METHOD_WITH_NAMES("Describe", "", , "s", SD_BUS_PARAM(json),
							 on_describe, SD_BUS_VTABLE_UNPRIVILEGED);
	*row++ = (sd_bus_vtable)SD_BUS_SIGNAL_WITH_NAMES(
		REQUEST_NOTICE_SIGNAL, "ssau",
		SD_BUS_PARAM(pf) SD_BUS_PARAM(disrupts) SD_BUS_PARAM(vfs), 0);
	*row = (sd_bus_vtable)SD_BUS_VTABLE_END;
}

int pf_interface_register(struct pf_interface *self, sd_bus *bus)
{
	int r;

	fill_vtable(self);
	r = sd_bus_add_fallback_vtable(bus, NULL, BUS_PF_OBJECTS, BUS_PF_INTERFACE, self->vtable,
				       find, self);
	return r < 0 ? r : sd_bus_add_node_enumerator(bus, NULL, BUS_PF_OBJECTS, enumerate, self);
}
