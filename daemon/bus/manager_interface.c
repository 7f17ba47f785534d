/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/manager_interface.h"

#include <errno.h>
#include <string.h>

#include "util/bus_names.h"
#include "util/text.h"

static int reload(struct access_request *request, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;
	int r = manager_reload(self->manager);

	if (r == -EAGAIN)
		return sd_bus_error_set(error, BUS_ERROR_BAD_POLICY,
					"a file of the policy is being written");
	if (r == -EINVAL)
		return sd_bus_error_set(error, BUS_ERROR_BAD_POLICY,
					manager_policy(self->manager)
						? "the policy has errors; the one in force stays"
						: "the policy has errors; nothing is enforced");
	if (r >= 0)
		(void)sd_bus_reply_method_return(request->message, NULL);
	return r < 0 ? r : 0;
}

static int resync(struct access_request *request, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;

	(void)error;
	manager_resync(self->manager);
	(void)sd_bus_reply_method_return(request->message, NULL);
	return 0;
}

static int apply(struct access_request *request, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;

	return apply_call_begin(self->apply_calls, request, error);
}

static int pause_pf(struct access_request *request, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;

	return apply_call_begin_pause(self->apply_calls, request, error);
}

static int describe(struct access_request *request, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;

	return describe_call_begin(self->describe_calls, request, error);
}

static const struct method {
	const char *name;
	enum access_action action;
	access_then then;
} methods[] = {
	{ "Reload", ACCESS_RELOAD, reload },
	{ "Resync", ACCESS_RESYNC, resync },
	{ "Apply", ACCESS_APPLY, apply },
	{ "Pause", ACCESS_PAUSE, pause_pf },
	{ "Describe", ACCESS_READ_DETAILS, describe },
};

/* Of each method. */
static int on_call(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;
	const char *name = sd_bus_message_get_member(message);

	(void)error;
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (!strcmp(methods[i].name, name))
			return access_ask(self->access, message, methods[i].action, methods[i].then,
					  self);
	return 0;
}

static int get_state(sd_bus *bus, const char *path, const char *interface, const char *property,
		     sd_bus_message *reply, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	return sd_bus_message_append(reply, "s", pf_state_name(manager_worst_state(self->manager)));
}

static int get_policy(sd_bus *bus, const char *path, const char *interface, const char *property,
		      sd_bus_message *reply, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	return sd_bus_message_append(reply, "b", manager_policy(self->manager) != NULL);
}

static int get_standing(sd_bus *bus, const char *path, const char *interface, const char *property,
			sd_bus_message *reply, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;
	const struct policy_standing *standing = manager_policy_standing(self->manager);

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	return sd_bus_message_append(reply, "s", policy_relation_name(standing->relation));
}

static int get_summary(sd_bus *bus, const char *path, const char *interface, const char *property,
		       sd_bus_message *reply, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;
	CLEANUP_TEXT struct text text = { 0 };

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	policy_standing_describe(manager_policy_standing(self->manager), false, &text);
	return sd_bus_message_append(reply, "s", text_string(&text));
}

static int get_digest(sd_bus *bus, const char *path, const char *interface, const char *property,
		      sd_bus_message *reply, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	return sd_bus_message_append(reply, "s", manager_policy_standing(self->manager)->digest);
}

/* As systemd's own: microseconds of the calendar, 0 for never. */
static int append_time(sd_bus_message *reply, time_t seconds)
{
	return sd_bus_message_append(reply, "t", (uint64_t)seconds * UINT64_C(1000000));
}

static int get_since(sd_bus *bus, const char *path, const char *interface, const char *property,
		     sd_bus_message *reply, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	return append_time(reply, manager_policy_standing(self->manager)->since);
}

static int get_refused_since(sd_bus *bus, const char *path, const char *interface,
			     const char *property, sd_bus_message *reply, void *context,
			     sd_bus_error *error)
{
	struct manager_interface *self = context;

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	return append_time(reply, manager_policy_standing(self->manager)->refused_since);
}

static int get_version(sd_bus *bus, const char *path, const char *interface, const char *property,
		       sd_bus_message *reply, void *context, sd_bus_error *error)
{
	(void)bus, (void)path, (void)interface, (void)property, (void)context, (void)error;
	return sd_bus_message_append(reply, "s", SRIOVD_VERSION);
}

/* sd-bus would ask the bus who the caller is, and wait for that. */
#define CHECKED_BY_US SD_BUS_VTABLE_UNPRIVILEGED

static const sd_bus_vtable vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("Version", "s", get_version, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("State", "s", get_state, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("PolicyInForce", "b", get_policy, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("PolicyStanding", "s", get_standing, 0,
			SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("PolicySummary", "s", get_summary, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("PolicyDigest", "s", get_digest, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("PolicySince", "t", get_since, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("PolicyRefusedSince", "t", get_refused_since, 0,
			SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_METHOD("Reload", "", "", on_call, CHECKED_BY_US),
	SD_BUS_METHOD("Resync", "", "", on_call, CHECKED_BY_US),
	SD_BUS_METHOD_WITH_NAMES("Apply", "asa{sv}", SD_BUS_PARAM(pfs) SD_BUS_PARAM(options), "s",
				 SD_BUS_PARAM(json), on_call, CHECKED_BY_US),
	SD_BUS_METHOD_WITH_NAMES("Pause", "st", SD_BUS_PARAM(pf) SD_BUS_PARAM(usec), "s",
				 SD_BUS_PARAM(json), on_call, CHECKED_BY_US),
	SD_BUS_METHOD_WITH_NAMES("Describe", "as", SD_BUS_PARAM(pfs), "s", SD_BUS_PARAM(json),
				 on_call, CHECKED_BY_US),
	SD_BUS_VTABLE_END,
};

int manager_interface_register(struct manager_interface *self, sd_bus *bus)
{
	return sd_bus_add_object_vtable(bus, NULL, BUS_MANAGER_OBJECT, BUS_MANAGER_INTERFACE,
					vtable, self);
}

/* Whether that could be sent. */
static bool signal_changes(struct manager_interface *self, sd_bus *bus, const char *const *names)
{
	int r = sd_bus_emit_properties_changed_strv(bus, BUS_MANAGER_OBJECT, BUS_MANAGER_INTERFACE,
						    (char **)names);

	if (r < 0 && !self->complained)
		log_message(self->log, LOG_WARNING, NULL,
			    "cannot signal on the bus what has changed, yet: %s", strerror(-r));
	self->complained = r < 0;
	return r >= 0;
}

void manager_interface_refresh(struct manager_interface *self, sd_bus *bus)
{
	static const char *const state_names[] = { "State", NULL };
	static const char *const policy_names[] = { "PolicyInForce", NULL };
	static const char *const standing_names[] = { "PolicyStanding",	    "PolicySummary",
						      "PolicyDigest",	    "PolicySince",
						      "PolicyRefusedSince", NULL };
	enum pf_state state = manager_worst_state(self->manager);
	bool policy = manager_policy(self->manager);
	unsigned standing = manager_policy_standing(self->manager)->revision;

	if (!bus)
		return;
	if (state != self->signalled_state && signal_changes(self, bus, state_names))
		self->signalled_state = state;
	if (policy != self->signalled_policy && signal_changes(self, bus, policy_names))
		self->signalled_policy = policy;
	if (standing != self->signalled_standing && signal_changes(self, bus, standing_names))
		self->signalled_standing = standing;
}
