/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "connection.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/bus_names.h"

#define DEFAULT_ADDRESS "unix:path=/run/dbus/system_bus_socket"

/* A bus that drops us is joined again after ever longer times; one that is not there tells when it
 * comes. */
#define RETRY_MIN_US	UINT64_C(100000)
#define RETRY_MAX_US	UINT64_C(60000000)

#define CALL_TIMEOUT_US UINT64_C(5000000)

/* Who has just changed something and asks then is answered with that in mind: all else that has
 * happened comes first. */
#define PRIORITY SD_EVENT_PRIORITY_IDLE

struct bus {
	const struct bus_calls *calls;
	void *context;
	struct log *log;
	sd_event *event;
	sd_bus *connection;
	bool named;
	bool complained;
	sd_event_source *retry_timer;
	uint64_t retry_us;
};

static void disconnect(struct bus *self)
{
	if (!self->connection)
		return;
	self->named = false;
	self->calls->closed(self->context);
	sd_bus_detach_event(self->connection);
	sd_bus_close(self->connection);
	self->connection = sd_bus_unref(self->connection);
}

static void connect_later(struct bus *self)
{
	(void)sd_event_source_set_time_relative(self->retry_timer, self->retry_us);
	(void)sd_event_source_set_enabled(self->retry_timer, SD_EVENT_ONESHOT);
	self->retry_us = self->retry_us * 2 < RETRY_MAX_US ? self->retry_us * 2 : RETRY_MAX_US;
}

/* The connection still works on this message: it is given up by the timer. */
static int on_disconnected(sd_bus_message *message, void *context, sd_bus_error *error)
{
	(void)message;
	(void)error;
	connect_later(context);
	return 0;
}

/* Answers of RequestName() in the D-Bus Specification. */
enum { NAME_OWNER = 1, NAME_ALREADY_OWNER = 4 };

static bool is_owner(sd_bus_message *message)
{
	uint32_t answer;

	return sd_bus_message_read(message, "u", &answer) >= 0 &&
	       (answer == NAME_OWNER || answer == NAME_ALREADY_OWNER);
}

/* Once until it is ours: the bus may be told of its policy for us only later. */
static void complain(struct bus *self, const sd_bus_error *refusal)
{
	if (self->complained)
		return;
	self->complained = true;
	log_message(self->log, LOG_WARNING, NULL, "cannot take the name %s on the bus: %s",
		    BUS_NAME, refusal ? refusal->message : "another process has it");
}

static int on_name(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct bus *self = context;
	const sd_bus_error *refusal = sd_bus_message_get_error(message);

	(void)error;
	if (!refusal && is_owner(message)) {
		self->retry_us = RETRY_MIN_US;
		self->complained = false;
		self->named = true;
		self->calls->named(self->context);
		return 0;
	}
	/* The connection's own end is told as an error of all calls under way. */
	if (!refusal ||
	    !sd_bus_error_has_names(refusal, SD_BUS_ERROR_NO_REPLY, SD_BUS_ERROR_TIMEOUT))
		complain(self, refusal);
	connect_later(self);
	return 0;
}

static int configure(sd_bus *connection)
{
	const char *address = secure_getenv("DBUS_SYSTEM_BUS_ADDRESS");
	int r = sd_bus_set_address(connection, address ? address : DEFAULT_ADDRESS);

	if (r >= 0)
		r = sd_bus_set_bus_client(connection, true);
	if (r >= 0)
		r = sd_bus_negotiate_creds(connection, true,
					   SD_BUS_CREDS_EUID | SD_BUS_CREDS_EFFECTIVE_CAPS);
	if (r >= 0)
		r = sd_bus_set_watch_bind(connection, true);
	/* sd-bus asks the bus who a caller is, and waits for that. */
	if (r >= 0)
		r = sd_bus_set_method_call_timeout(connection, CALL_TIMEOUT_US);
	return r;
}

/* An earlier instance that hangs in the kernel has its connection, and the name, for as long. */
#define NAME_FLAGS (SD_BUS_NAME_ALLOW_REPLACEMENT | SD_BUS_NAME_REPLACE_EXISTING)

/* All of this waits in the connection's queue until there is a bus. */
static int begin(struct bus *self)
{
	int r = sd_bus_match_signal_async(
		self->connection, NULL, "org.freedesktop.DBus.Local", "/org/freedesktop/DBus/Local",
		"org.freedesktop.DBus.Local", "Disconnected", on_disconnected, NULL, self);

	if (r >= 0)
		r = self->calls->opened(self->context, self->connection);
	if (r >= 0)
		r = sd_bus_request_name_async(self->connection, NULL, BUS_NAME, NAME_FLAGS, on_name,
					      self);
	if (r >= 0)
		r = sd_bus_attach_event(self->connection, self->event, PRIORITY);
	return r;
}

static int connect_now(struct bus *self)
{
	int r = sd_bus_new(&self->connection);

	if (r < 0)
		return r;
	r = configure(self->connection);
	if (r >= 0)
		r = sd_bus_start(self->connection);
	if (r >= 0)
		r = begin(self);
	if (r < 0)
		disconnect(self);
	return r;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *context)
{
	struct bus *self = context;

	(void)source;
	(void)usec;
	disconnect(self);
	if (connect_now(self) < 0)
		connect_later(self);
	return 0;
}

int bus_new(sd_event *event, const struct bus_calls *calls, void *context, struct log *log,
	    struct bus **ret)
{
	CLEANUP(bus_free_cleanup) struct bus *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	*self = (struct bus){ .calls = calls, .context = context, .log = log };
	self->event = sd_event_ref(event);
	self->retry_us = RETRY_MIN_US;
	r = sd_event_add_time_relative(event, &self->retry_timer, CLOCK_MONOTONIC, 0, 0, on_retry,
				       self);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(self->retry_timer, "bus");
	*ret = TAKE(self);
	return 0;
}

void bus_free(struct bus *self)
{
	if (!self)
		return;
	/* Answers that are still to be sent go out; a bus that is not there yet is not waited for.
	 */
	if (self->named)
		(void)sd_bus_flush(self->connection);
	disconnect(self);
	sd_event_source_disable_unref(self->retry_timer);
	sd_event_unref(self->event);
	free(self);
}

sd_bus *bus_connection(const struct bus *self)
{
	return self->named ? self->connection : NULL;
}
