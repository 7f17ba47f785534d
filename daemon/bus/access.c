/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/access.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"

/* How long polkit may take; longer where people are asked for a password. */
#define POLKIT_TIMEOUT_US	      UINT64_C(2000000)
#define POLKIT_INTERACTIVE_TIMEOUT_US UINT64_C(60000000)

/* Of org.freedesktop.PolicyKit1.Authority. */
#define POLKIT_ALLOW_USER_INTERACTION 1u

static const struct action {
	const char *id;
	bool required;
} actions[] = {
	[ACCESS_READ_DETAILS] = { "org.sriovd.read-details", false },
	[ACCESS_APPLY] = { "org.sriovd.apply", true },
	[ACCESS_PAUSE] = { "org.sriovd.pause", true },
	[ACCESS_RELOAD] = { "org.sriovd.reload", true },
	[ACCESS_RESYNC] = { "org.sriovd.resync", true },
};

static void leave_list(struct access_request *self)
{
	struct access_request **place = self->list;

	while (place && *place != self)
		place = &(*place)->next;
	if (place)
		*place = self->next;
	self->list = NULL;
}

void access_request_free(struct access_request *self)
{
	if (!self)
		return;
	leave_list(self);
	callers_forget(&self->wait);
	if (self->counted)
		quota_close(&self->callers->quota, self->uid);
	sd_bus_slot_unref(self->slot);
	sd_bus_message_unref(self->message);
	free(self);
}

static void answer_error(struct access_request *self, int error_number, sd_bus_error *error)
{
	(void)sd_bus_reply_method_errno(self->message, error_number, error);
	sd_bus_error_free(error);
	access_request_free(self);
}

static void go_on(struct access_request *self)
{
	const struct action *action = &actions[self->action];
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r;

	leave_list(self);
	if (action->required && !self->granted) {
		(void)sd_bus_error_setf(&error, SD_BUS_ERROR_ACCESS_DENIED,
					"only root may do this, and who polkit allows %s",
					action->id);
		answer_error(self, -EACCES, &error);
		return;
	}
	r = self->then(self, self->context, &error);
	if (r < 0)
		answer_error(self, r, &error);
	else if (r == 0)
		access_request_free(self);
}

static int on_polkit(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct access_request *self = context;
	int authorized = false, challenge;

	(void)error;
	self->slot = sd_bus_slot_unref(self->slot);
	self->granted = !sd_bus_message_is_method_error(message, NULL) &&
			sd_bus_message_read(message, "(bba{ss})", &authorized, &challenge, 0) > 0 &&
			authorized;
	go_on(self);
	return 0;
}

static int ask_polkit(struct access_request *self)
{
	CLEANUP(sd_bus_message_unrefp) sd_bus_message *question = NULL;
	sd_bus *bus = sd_bus_message_get_bus(self->message);
	bool interactive = sd_bus_message_get_allow_interactive_authorization(self->message) > 0;
	int r = sd_bus_message_new_method_call(bus, &question, "org.freedesktop.PolicyKit1",
					       "/org/freedesktop/PolicyKit1/Authority",
					       "org.freedesktop.PolicyKit1.Authority",
					       "CheckAuthorization");

	if (r >= 0)
		r = sd_bus_message_append(question, "(sa{sv})sa{ss}us", "system-bus-name", 1,
					  "name", "s", sd_bus_message_get_sender(self->message),
					  actions[self->action].id, 0,
					  interactive ? POLKIT_ALLOW_USER_INTERACTION : 0, "");
	return r < 0 ? r
		     : sd_bus_call_async(bus, &self->slot, question, on_polkit, self,
					 interactive ? POLKIT_INTERACTIVE_TIMEOUT_US
						     : POLKIT_TIMEOUT_US);
}

static void on_told(struct caller_wait *wait, uid_t uid)
{
	struct access_request *self = (struct access_request *)wait;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r;

	/* The sender is gone, and hears of no answer. */
	if (uid == (uid_t)-1) {
		access_request_free(self);
		return;
	}
	self->uid = uid;
	self->granted = uid == 0;
	self->counted = quota_open(&self->callers->quota, uid, callers_now(self->callers));
	if (!self->counted) {
		(void)sd_bus_error_setf(&error, SD_BUS_ERROR_LIMITS_EXCEEDED,
					"%u questions of this user, or %u of all, wait for an "
					"answer; try again later",
					QUOTA_OPEN, QUOTA_OPEN_ALL);
		answer_error(self, -EDQUOT, &error);
		return;
	}
	r = self->granted ? 0 : ask_polkit(self);
	if (r < 0 || self->granted)
		go_on(self);
}

int access_ask(struct access *access, sd_bus_message *message, enum access_action action,
	       access_then then, void *context)
{
	struct access_request *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	*self = (struct access_request){ .wait.told = on_told,
					 .callers = &access->callers,
					 .action = action,
					 .then = then,
					 .context = context,
					 .list = &access->waiting,
					 .next = access->waiting };
	self->message = sd_bus_message_ref(message);
	access->waiting = self;
	r = callers_ask(&access->callers, message, &self->wait);
	if (r < 0)
		access_request_free(self);
	return r < 0 ? r : 1;
}

void access_clear(struct access *access)
{
	while (access->waiting)
		access_request_free(access->waiting);
	callers_clear(&access->callers);
}
