/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf_interface.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/bus_names.h"

static const struct pass *pass_of(const struct pf_object *object)
{
	return pf_object_pass(object, pf_objects_reconciler(object->objects, object));
}

/* A time of the event loop's steady clock as one of the calendar's; 0 for none. */
static uint64_t calendar_usec(const struct pf_object *object, uint64_t ms)
{
	uint64_t now_ms = manager_now(object->objects->manager);
	struct timespec now;

	if (!ms || ms == RECONCILER_NEVER)
		return 0;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000 + ms * 1000 -
	       now_ms * 1000;
}

static int get_next_retry(sd_bus *bus, const char *path, const char *interface,
			  const char *property, sd_bus_message *reply, void *context,
			  sd_bus_error *error)
{
	struct pf_object *object = context;

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	return sd_bus_message_append(reply, "t",
				     calendar_usec(object, object->snapshot.next_retry));
}

static int get_call_since(sd_bus *bus, const char *path, const char *interface,
			  const char *property, sd_bus_message *reply, void *context,
			  sd_bus_error *error)
{
	struct pf_object *object = context;

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	return sd_bus_message_append(reply, "t",
				     calendar_usec(object, object->snapshot.call_since));
}

static int get_rules(sd_bus *bus, const char *path, const char *interface, const char *property,
		     sd_bus_message *reply, void *context, sd_bus_error *error)
{
	const struct pass *pass = pass_of(context);
	int r = sd_bus_message_open_container(reply, 'a', "s");

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	for (size_t i = 0; r >= 0 && pass && i < pass->desired->n_rules; i++)
		r = sd_bus_message_append(reply, "s", pass->desired->rules[i]->name);
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int get_holders(sd_bus *bus, const char *path, const char *interface, const char *property,
		       sd_bus_message *reply, void *context, sd_bus_error *error)
{
	struct pf_object *object = context;
	const struct pass *pass = pass_of(object);
	const struct reconciler *reconciler = pf_objects_reconciler(object->objects, object);
	int r = sd_bus_message_open_container(reply, 'a', "(us)");

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	for (uint32_t i = 0; r >= 0 && pass && i < pass->observed->n_vfs; i++) {
		const char *holder = pf_object_holder(object, reconciler, i);

		if (holder)
			r = sd_bus_message_append(reply, "(us)", i, holder);
	}
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

/* A value as a variant: b, t, (qqs) for a VLAN, else the words of the policy. */
static int append_value(sd_bus_message *reply, const struct setting *setting,
			const struct value *value)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (value->form == VALUE_PLAIN && setting->type == VALUE_BOOL)
		return sd_bus_message_append(reply, "v", "b", (int)(value->number != 0));
	if (value->form == VALUE_PLAIN &&
	    (setting->type == VALUE_NUMBER || setting->type == VALUE_COUNT))
		return sd_bus_message_append(reply, "v", "t", value->number);
	if (value->form == VALUE_PLAIN && setting->type == VALUE_VLAN)
		return sd_bus_message_append(
			reply, "v", "(qqs)", (int)value->vlan.id, (int)value->vlan.qos,
			value->vlan.protocol == ETH_P_8021AD ? "802.1ad" : "802.1q");
	value_format(setting, value, &text);
	return text.failed ? -ENOMEM : sd_bus_message_append(reply, "v", "s", text_string(&text));
}

static int append_settings(sd_bus_message *reply, const struct setting *settings, size_t count,
			   uint32_t present, const struct value *values)
{
	int r = sd_bus_message_open_container(reply, 'a', "{sv}");

	for (size_t i = 0; r >= 0 && i < count; i++) {
		if (!(present & SETTING_BIT(i)))
			continue;
		r = sd_bus_message_open_container(reply, 'e', "sv");
		if (r >= 0)
			r = sd_bus_message_append(reply, "s", settings[i].key);
		if (r >= 0)
			r = append_value(reply, &settings[i], &values[i]);
		if (r >= 0)
			r = sd_bus_message_close_container(reply);
	}
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int append_pf(sd_bus_message *reply, const struct pf *pf)
{
	static const struct pf_values none;
	const struct pf_values *values = pf ? &pf->settings : &none;

	return append_settings(reply, pf_settings, PF_SETTING_COUNT, values->present,
			       values->value);
}

static int append_vfs(sd_bus_message *reply, const struct pf *pf)
{
	int r = sd_bus_message_open_container(reply, 'a', "(ua{sv})");

	for (uint32_t i = 0; r >= 0 && pf && i < pf->n_vfs; i++) {
		const struct vf_values *values = &pf->vfs[i].settings;

		r = sd_bus_message_open_container(reply, 'r', "ua{sv}");
		if (r >= 0)
			r = sd_bus_message_append(reply, "u", i);
		if (r >= 0)
			r = append_settings(reply, vf_settings, VF_SETTING_COUNT, values->present,
					    values->value);
		if (r >= 0)
			r = sd_bus_message_close_container(reply);
	}
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int get_settings(sd_bus *bus, const char *path, const char *interface, const char *property,
			sd_bus_message *reply, void *context, sd_bus_error *error)
{
	const struct pass *pass = pass_of(context);
	const struct pf *pf = NULL;

	(void)bus, (void)path, (void)interface, (void)error;
	if (pass)
		pf = strncmp(property, "Desired", strlen("Desired")) ? pass->observed
								     : pass->desired->pf;
	return strstr(property, "VFs") ? append_vfs(reply, pf) : append_pf(reply, pf);
}

/* context is what find() gave; the interface itself is what was registered. */
static int on_describe(sd_bus_message *message, void *context, sd_bus_error *error)
{
	sd_bus_slot *slot = sd_bus_get_current_slot(sd_bus_message_get_bus(message));
	struct pf_interface *self = sd_bus_slot_get_userdata(slot);
	struct pf_object *object = context;
	char *const words[] = { object->handle, NULL };

	return describe_call_begin(self->describe_calls, message, words, false, error);
}

#define CHANGES	    SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define INVALIDATES SD_BUS_VTABLE_PROPERTY_EMITS_INVALIDATION
#define TOLD(name, type, member)                                                                   \
	SD_BUS_PROPERTY(name, type, NULL, offsetof(struct pf_object, snapshot.member), CHANGES)

static const sd_bus_vtable vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("Handle", "s", NULL, offsetof(struct pf_object, handle),
			SD_BUS_VTABLE_PROPERTY_CONST),
	TOLD("Interface", "s", interface),
	TOLD("Driver", "s", driver),
	TOLD("State", "s", state),
	TOLD("Reason", "s", reason),
	TOLD("LastError", "s", last_error),
	TOLD("Corrections", "u", corrections),
	TOLD("Call", "s", call),
	SD_BUS_PROPERTY("CallSince", "t", get_call_since, 0, CHANGES),
	SD_BUS_PROPERTY("NextRetry", "t", get_next_retry, 0, CHANGES),
	SD_BUS_PROPERTY("Rules", "as", get_rules, 0, CHANGES),
	SD_BUS_PROPERTY("Holders", "a(us)", get_holders, 0, INVALIDATES),
	SD_BUS_PROPERTY("Desired", "a{sv}", get_settings, 0, INVALIDATES),
	SD_BUS_PROPERTY("Actual", "a{sv}", get_settings, 0, INVALIDATES),
	SD_BUS_PROPERTY("DesiredVFs", "a(ua{sv})", get_settings, 0, INVALIDATES),
	SD_BUS_PROPERTY("ActualVFs", "a(ua{sv})", get_settings, 0, INVALIDATES),
	SD_BUS_METHOD_WITH_NAMES("Describe", "", , "s", SD_BUS_PARAM(json), on_describe,
				 SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

#define PROPERTIES_MAX 15

struct changes {
	char *names[PROPERTIES_MAX + 1];
	size_t count;
};

static void note(struct changes *changes, bool same, const char *name)
{
	if (!same)
		changes->names[changes->count++] = (char *)name;
}

static struct changes compare(const struct snapshot *a, const struct snapshot *b)
{
	struct changes changes = { 0 };
	bool same = a->settings == b->settings;

	note(&changes, !strcmp(a->interface, b->interface), "Interface");
	note(&changes, !strcmp(a->driver, b->driver), "Driver");
	note(&changes, !strcmp(a->state, b->state), "State");
	note(&changes, !strcmp(a->reason, b->reason), "Reason");
	note(&changes, !strcmp(a->rules, b->rules), "Rules");
	note(&changes, !strcmp(a->last_error, b->last_error), "LastError");
	note(&changes, !strcmp(a->call, b->call), "Call");
	note(&changes, a->call_since == b->call_since, "CallSince");
	note(&changes, a->next_retry == b->next_retry, "NextRetry");
	note(&changes, a->corrections == b->corrections, "Corrections");
	note(&changes, same, "Holders");
	note(&changes, same, "Desired");
	note(&changes, same, "Actual");
	note(&changes, same, "DesiredVFs");
	note(&changes, same, "ActualVFs");
	return changes;
}

static int take_snapshot(const struct pf_object *object, struct snapshot *ret)
{
	const struct pf_objects *objects = object->objects;

	return pf_object_take_snapshot(object, pf_objects_reconciler(objects, object),
				       manager_policy(objects->manager),
				       manager_now(objects->manager), ret);
}

void pf_interface_refresh(struct pf_object *object, sd_bus *bus)
{
	struct changes changes = { 0 };
	struct snapshot now;

	if (!bus || take_snapshot(object, &now) < 0)
		return;
	if (object->told)
		changes = compare(&object->snapshot, &now);
	snapshot_clear(&object->snapshot);
	object->snapshot = now;
	if (!object->told)
		(void)sd_bus_emit_object_added(bus, object->path);
	else if (changes.count)
		(void)sd_bus_emit_properties_changed_strv(bus, object->path, BUS_PF_INTERFACE,
							  changes.names);
	object->told = true;
	object->settings_told = true;
}

void pf_interface_gone(const struct pf_object *object, sd_bus *bus)
{
	if (bus && object->told)
		(void)sd_bus_emit_object_removed(bus, object->path);
}

static int find(sd_bus *bus, const char *path, const char *interface, void *context, void **ret,
		sd_bus_error *error)
{
	const struct pf_interface *self = context;

	(void)bus, (void)interface, (void)error;
	for (size_t i = 0; i < self->objects->count; i++) {
		if (strcmp(self->objects->items[i]->path, path) != 0)
			continue;
		*ret = self->objects->items[i];
		return 1;
	}
	return 0;
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

int pf_interface_register(struct pf_interface *self, sd_bus *bus)
{
	int r = sd_bus_add_fallback_vtable(bus, NULL, BUS_PF_OBJECTS, BUS_PF_INTERFACE, vtable,
					   find, self);

	return r < 0 ? r : sd_bus_add_node_enumerator(bus, NULL, BUS_PF_OBJECTS, enumerate, self);
}
