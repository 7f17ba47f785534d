/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/manager_interface.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "util/bus_names.h"
#include "util/text.h"

/* Of each method that changes something: sd-bus asks the caller for it. */
#define PRIVILEGED SD_BUS_VTABLE_CAPABILITY(CAP_NET_ADMIN)

static int on_reload(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;
	int r = manager_reload(self->manager);

	if (r == -EINVAL)
		return sd_bus_error_set(error, BUS_ERROR_BAD_POLICY,
					manager_policy(self->manager)
						? "the policy has errors; the one in force stays"
						: "the policy has errors; nothing is enforced");
	return r < 0 ? r : sd_bus_reply_method_return(message, NULL);
}

static int on_resync(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;

	(void)error;
	manager_resync(self->manager);
	return sd_bus_reply_method_return(message, NULL);
}

static void free_words(char ***words)
{
	for (size_t i = 0; *words && (*words)[i]; i++)
		free((*words)[i]);
	free(*words);
}

static int on_apply(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;
	CLEANUP(free_words) char **words = NULL;
	uint64_t wait_us;
	int r = sd_bus_message_read_strv(message, &words);

	if (r >= 0)
		r = sd_bus_message_read(message, "t", &wait_us);
	return r < 0 ? r : apply_call_begin(self->apply_calls, message, words, wait_us, error);
}

static int on_describe(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct manager_interface *self = context;
	CLEANUP(free_words) char **words = NULL;
	int r = sd_bus_message_read_strv(message, &words);

	return r < 0 ? r : describe_call_begin(self->describe_calls, message, words, true, error);
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
	policy_standing_describe(manager_policy_standing(self->manager), &text);
	return sd_bus_message_append(reply, "s", text_string(&text));
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

static const sd_bus_vtable vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("Version", "s", get_version, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("State", "s", get_state, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("PolicyInForce", "b", get_policy, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("PolicyStanding", "s", get_standing, 0,
			SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("PolicySummary", "s", get_summary, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("PolicySince", "t", get_since, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("PolicyRefusedSince", "t", get_refused_since, 0,
			SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_METHOD("Reload", "", "", on_reload, PRIVILEGED),
	SD_BUS_METHOD("Resync", "", "", on_resync, PRIVILEGED),
	SD_BUS_METHOD_WITH_NAMES("Apply", "ast", SD_BUS_PARAM(pfs) SD_BUS_PARAM(wait_usec), "s",
				 SD_BUS_PARAM(json), on_apply, PRIVILEGED),
	SD_BUS_METHOD_WITH_NAMES("Describe", "as", SD_BUS_PARAM(pfs), "s", SD_BUS_PARAM(json),
				 on_describe, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

int manager_interface_register(struct manager_interface *self, sd_bus *bus)
{
	return sd_bus_add_object_vtable(bus, NULL, BUS_MANAGER_OBJECT, BUS_MANAGER_INTERFACE,
					vtable, self);
}

void manager_interface_refresh(struct manager_interface *self, sd_bus *bus)
{
	enum pf_state state = manager_worst_state(self->manager);
	bool policy = manager_policy(self->manager);
	unsigned standing = manager_policy_standing(self->manager)->revision;

	if (!bus)
		return;
	if (state != self->signalled_state)
		(void)sd_bus_emit_properties_changed(bus, BUS_MANAGER_OBJECT, BUS_MANAGER_INTERFACE,
						     "State", NULL);
	if (policy != self->signalled_policy)
		(void)sd_bus_emit_properties_changed(bus, BUS_MANAGER_OBJECT, BUS_MANAGER_INTERFACE,
						     "PolicyInForce", NULL);
	if (standing != self->signalled_standing)
		(void)sd_bus_emit_properties_changed(bus, BUS_MANAGER_OBJECT, BUS_MANAGER_INTERFACE,
						     "PolicyStanding", "PolicySummary",
						     "PolicySince", "PolicyRefusedSince", NULL);
	self->signalled_standing = standing;
	self->signalled_state = state;
	self->signalled_policy = policy;
}
