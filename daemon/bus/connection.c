/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "socket/bus_socket.h"
#include "socket/intake.h"
#include "socket/outflow.h"
#include "util/bus_names.h"

/* The standard's default is in /var/run, which leads there. */
#define SYSTEM_BUS "/run/dbus/system_bus_socket"

/* A bus that drops us is joined again after ever longer times; one that is not there yet is noticed
 * when it comes. */
#define RETRY_MIN_US	UINT64_C(100000)
#define RETRY_MAX_US	UINT64_C(60000000)

#define CALL_TIMEOUT_US UINT64_C(5000000)

/* A busy bus reads what is left in that time, and systemd waits longer for the daemon's end. */
#define END_US UINT64_C(1000000)

/* Who has just changed something and asks then is answered with that in mind: all else that has
 * happened comes first. */
#define PRIORITY SD_EVENT_PRIORITY_IDLE

struct connection {
	const struct connection_calls *calls;
	void *context;
	struct log *log;
	sd_event *event;
	struct intake *intake;
	sd_bus *bus;
	bool replace;
	bool named;
	bool complained;
	sd_event_source *retry_timer;
	uint64_t retry_us;
	sd_event_source *watch; /* for a bus that is not there */
};

static void disconnect(struct connection *self)
{
	if (!self->bus)
		return;
	self->named = false;
	self->calls->closed(self->context, self->bus);
	sd_bus_detach_event(self->bus);
	sd_bus_close(self->bus);
	self->bus = sd_bus_unref(self->bus);
	intake_free(self->intake);
	self->intake = NULL;
}

static void connect_later(struct connection *self)
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
enum { NAME_OWNER = 1, NAME_IN_QUEUE = 2, NAME_ALREADY_OWNER = 4 };

/* Once until it is ours: the bus may read its policy for us only later. */
static void complain(struct connection *self, const sd_bus_error *refusal)
{
	if (self->complained)
		return;
	self->complained = true;
	log_message(
		self->log, LOG_WARNING, NULL, "cannot take the name %s on the bus: %s", BUS_NAME,
		refusal ? refusal->message : "another process has it; it is taken once that ends");
}

static void take_name(struct connection *self)
{
	if (self->named)
		return;
	self->retry_us = RETRY_MIN_US;
	self->complained = false;
	self->named = true;
	self->calls->named(self->context);
}

/* Another program has taken the name. The bus keeps us in its queue, and gives it back. */
static void lose_name(struct connection *self)
{
	self->named = false;
	complain(self, NULL);
}

/* NameAcquired and NameLost, which the bus sends to us alone. */
static int on_name_moved(sd_bus_message *message, void *context, sd_bus_error *error)
{
	const char *name;

	(void)error;
	if (sd_bus_message_read(message, "s", &name) < 0 || strcmp(name, BUS_NAME) != 0)
		return 0;
	if (!strcmp(sd_bus_message_get_member(message), "NameAcquired"))
		take_name(context);
	else
		lose_name(context);
	return 0;
}

static int on_name(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct connection *self = context;
	const sd_bus_error *refusal = sd_bus_message_get_error(message);
	uint32_t answer = 0;

	(void)error;
	if (!refusal)
		(void)sd_bus_message_read(message, "u", &answer);
	if (answer == NAME_OWNER || answer == NAME_ALREADY_OWNER) {
		take_name(self);
		return 0;
	}
	if (answer == NAME_IN_QUEUE) {
		complain(self, NULL);
		return 0;
	}
	/* The connection's own end comes as an error of all calls under way. */
	if (!refusal ||
	    !sd_bus_error_has_names(refusal, SD_BUS_ERROR_NO_REPLY, SD_BUS_ERROR_TIMEOUT))
		complain(self, refusal);
	connect_later(self);
	return 0;
}

/* Descriptors that others send are none of ours: the bus keeps them. */
static int configure(sd_bus *bus)
{
	int r = sd_bus_set_bus_client(bus, true);

	if (r >= 0)
		r = outflow_own(bus);
	if (r >= 0)
		r = sd_bus_negotiate_fds(bus, false);
	return r < 0 ? r : sd_bus_set_method_call_timeout(bus, CALL_TIMEOUT_US);
}

/* Reads from one descriptor and writes to the other, and takes both over. */
static int set_descriptors(struct connection *self, int in, int out)
{
	int r = sd_bus_set_fd(self->bus, in, out);

	if (r < 0) {
		(void)close(in);
		(void)close(out);
	}
	return r;
}

/* Writes to the bus and reads from the intake. */
static int open_socket(struct connection *self)
{
	int bus = bus_socket_connect(SYSTEM_BUS), out, in, r;

	if (bus < 0)
		return bus;
	out = fcntl(bus, F_DUPFD_CLOEXEC, 3);
	if (out < 0) {
		r = -errno;
		(void)close(bus);
		return r;
	}
	r = intake_new(self->event, PRIORITY, bus, &self->intake, &in);
	if (r < 0) {
		(void)close(out);
		return r;
	}
	return set_descriptors(self, in, out);
}

/* An instance that hangs in the kernel has its connection, and the name, for as long: it must be
 * possible to take it away. */
#define NAME_FLAGS (SD_BUS_NAME_ALLOW_REPLACEMENT | SD_BUS_NAME_QUEUE)

/* All of this waits in the connection's queue until there is a bus. */
static int begin(struct connection *self)
{
	static const char *const moves[] = { "NameAcquired", "NameLost" };
	int r = sd_bus_match_signal_async(
		self->bus, NULL, "org.freedesktop.DBus.Local", "/org/freedesktop/DBus/Local",
		"org.freedesktop.DBus.Local", "Disconnected", on_disconnected, NULL, self);

	if (r >= 0)
		r = self->calls->opened(self->context, self->bus);
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(moves); i++)
		r = sd_bus_match_signal_async(self->bus, NULL, "org.freedesktop.DBus",
					      "/org/freedesktop/DBus", "org.freedesktop.DBus",
					      moves[i], on_name_moved, NULL, self);
	if (r >= 0)
		r = sd_bus_request_name_async(
			self->bus, NULL, BUS_NAME,
			NAME_FLAGS | (self->replace ? SD_BUS_NAME_REPLACE_EXISTING : 0), on_name,
			self);
	if (r >= 0)
		r = sd_bus_attach_event(self->bus, self->event, PRIORITY);
	return r;
}

static int connect_now(struct connection *self)
{
	int r = sd_bus_new(&self->bus);

	if (r < 0)
		return r;
	r = open_socket(self);
	if (r >= 0)
		r = configure(self->bus);
	if (r >= 0)
		r = sd_bus_start(self->bus);
	if (r >= 0)
		r = begin(self);
	if (r < 0)
		disconnect(self);
	return r;
}

/* The bus has its socket in a moment, if that is it. */
static int on_appeared(sd_event_source *source, const struct inotify_event *event, void *context)
{
	struct connection *self = context;

	(void)source;
	(void)event;
	self->watch = sd_event_source_disable_unref(self->watch);
	self->retry_us = RETRY_MIN_US;
	connect_later(self);
	return 0;
}

/* Watches before it tries, so that nothing comes between the two unseen: who has a watch need not
 * try again for as long as there is no socket. */
static void try_to_connect(struct connection *self)
{
	int r;

	if (!self->watch)
		(void)bus_socket_watch(self->event, SYSTEM_BUS, on_appeared, self, &self->watch);
	r = connect_now(self);
	if (r >= 0)
		self->watch = sd_event_source_disable_unref(self->watch);
	else if (r != -ENOENT || !self->watch)
		connect_later(self);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *context)
{
	struct connection *self = context;

	(void)source;
	(void)usec;
	disconnect(self);
	try_to_connect(self);
	return 0;
}

int connection_new(sd_event *event, const struct connection_calls *calls, void *context,
		   bool replace, struct log *log, struct connection **ret)
{
	CLEANUP(connection_free_cleanup) struct connection *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	*self = (struct connection){
		.calls = calls, .context = context, .replace = replace, .log = log
	};
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

void connection_free(struct connection *self)
{
	if (!self)
		return;
	/* Answers that are still to be sent go out; a bus that is not there yet is not waited for,
	 * nor for long one that does not read.
	 */
	if (self->named)
		outflow_end(self->bus, END_US);
	disconnect(self);
	sd_event_source_disable_unref(self->retry_timer);
	sd_event_source_disable_unref(self->watch);
	sd_event_unref(self->event);
	free(self);
}

sd_bus *connection_bus(const struct connection *self)
{
	return self->named ? self->bus : NULL;
}
