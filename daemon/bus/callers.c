/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/callers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"

/* Connections that are remembered, unless more than so many wait: as many as a bus of
 * dbus-daemon(1) has at most by default. */
#define MAX_CALLERS 2048u

/* Messages that are let in before the bus has said whose they are. */
#define MAX_EARLY      8u

#define BUS_TIMEOUT_US UINT64_C(25000000)
#define UNKNOWN_USER   ((uid_t)-1)
#define USEC_PER_MSEC  UINT64_C(1000)

struct caller {
	struct callers *callers;
	char *name; /* on the bus, which gives it to nobody else */
	uid_t uid;
	bool known;
	unsigned early;
	sd_bus_slot *slot; /* of the question */
	struct caller_wait *waiting;
	struct caller *next;
};

static void free_caller(struct caller *caller)
{
	sd_bus_slot_unref(caller->slot);
	free(caller->name);
	free(caller);
}

void callers_clear(struct callers *self)
{
	while (self->first) {
		struct caller *caller = self->first;

		self->first = caller->next;
		while (caller->waiting)
			callers_forget(caller->waiting);
		free_caller(caller);
	}
	self->count = 0;
	quota_clear(&self->quota);
}

uint64_t callers_now(const struct callers *self)
{
	uint64_t now = 0;

	(void)sd_event_now(self->event, CLOCK_MONOTONIC, &now);
	return now / USEC_PER_MSEC;
}

static void remove_caller(struct caller *caller)
{
	struct caller **place = &caller->callers->first;

	while (*place != caller)
		place = &(*place)->next;
	*place = caller->next;
	caller->callers->count--;
	free_caller(caller);
}

static void tell(struct caller *caller)
{
	while (caller->waiting) {
		struct caller_wait *wait = caller->waiting;

		callers_forget(wait);
		wait->told(wait, caller->uid);
	}
}

static int on_user(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct caller *caller = context;
	uint32_t uid;

	(void)error;
	caller->slot = sd_bus_slot_unref(caller->slot);
	caller->known = sd_bus_message_read(message, "u", &uid) > 0;
	caller->uid = caller->known ? (uid_t)uid : UNKNOWN_USER;
	tell(caller);
	if (!caller->known)
		remove_caller(caller);
	return 0;
}

static int ask_bus(sd_bus *bus, struct caller *caller)
{
	CLEANUP(sd_bus_message_unrefp) sd_bus_message *question = NULL;
	int r = sd_bus_message_new_method_call(bus, &question, "org.freedesktop.DBus",
					       "/org/freedesktop/DBus", "org.freedesktop.DBus",
					       "GetConnectionUnixUser");

	if (r >= 0)
		r = sd_bus_message_append(question, "s", caller->name);
	return r < 0 ? r
		     : sd_bus_call_async(bus, &caller->slot, question, on_user, caller,
					 BUS_TIMEOUT_US);
}

/* Makes room for one: those asked longest ago are the last. */
static void forget_oldest(struct callers *self)
{
	struct caller *oldest = NULL;

	for (struct caller *caller = self->first; caller; caller = caller->next)
		if (caller->known)
			oldest = caller;
	if (oldest && self->count >= MAX_CALLERS)
		remove_caller(oldest);
}

static int add(struct callers *self, sd_bus *bus, const char *name, struct caller **ret)
{
	struct caller *caller = calloc(1, sizeof(*caller));
	int r;

	if (!caller)
		return -ENOMEM;
	caller->callers = self;
	caller->name = strdup(name);
	r = caller->name ? ask_bus(bus, caller) : -ENOMEM;
	if (r < 0) {
		free_caller(caller);
		return r;
	}
	forget_oldest(self);
	caller->next = self->first;
	self->first = caller;
	self->count++;
	*ret = caller;
	return 0;
}

static struct caller *find(const struct callers *self, const char *name)
{
	for (struct caller *caller = self->first; caller; caller = caller->next)
		if (!strcmp(caller->name, name))
			return caller;
	return NULL;
}

static int find_or_add(struct callers *self, sd_bus_message *message, struct caller **ret)
{
	const char *name = sd_bus_message_get_sender(message);

	if (!name)
		return -ENXIO;
	*ret = find(self, name);
	return *ret ? 0 : add(self, sd_bus_message_get_bus(message), name, ret);
}

static bool may_send(struct callers *self, struct caller *caller)
{
	if (caller->known)
		return quota_take(&self->quota, caller->uid, callers_now(self));
	if (caller->early == MAX_EARLY)
		return false;
	caller->early++;
	return true;
}

int callers_admit(struct callers *self, sd_bus_message *message, sd_bus_error *error)
{
	struct caller *caller;
	int r = find_or_add(self, message, &caller);

	if (r < 0 || may_send(self, caller))
		return r;
	(void)sd_bus_error_set(error, SD_BUS_ERROR_LIMITS_EXCEEDED,
			       "this user asks sriovd too often; try again later");
	return -EDQUOT;
}

int callers_ask(struct callers *self, sd_bus_message *message, struct caller_wait *wait)
{
	struct caller *caller;
	int r;

	if (sd_bus_is_bus_client(sd_bus_message_get_bus(message)) == 0) {
		wait->told(wait, 0);
		return 0;
	}
	r = find_or_add(self, message, &caller);
	if (r < 0)
		return r;
	if (caller->known) {
		wait->told(wait, caller->uid);
		return 0;
	}
	wait->caller = caller;
	wait->next = caller->waiting;
	caller->waiting = wait;
	return 0;
}

void callers_forget(struct caller_wait *wait)
{
	struct caller_wait **place = wait->caller ? &wait->caller->waiting : NULL;

	while (place && *place && *place != wait)
		place = &(*place)->next;
	if (place && *place)
		*place = wait->next;
	wait->caller = NULL;
}
