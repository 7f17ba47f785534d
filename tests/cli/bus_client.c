/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a user may do to the daemon on the bus, and what comes of it.
 *
 *     bus-client flood SECONDS    calls Describe() without waiting for answers
 *     bus-client largest          calls each method with as much as the bus takes; prints the
 * errors bus-client open COUNT       calls Describe() so often at once; prints what the answers are
 *     bus-client ping SECONDS     calls Ping() ten times a second; prints the longest time in ms,
 * and that of the bus itself, without which nothing is faster bus-client take SECONDS     takes the
 * daemon's name, and gives it back bus-client polkit [ACTION]  is polkit, and allows this action to
 * everybody */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>
#include <unistd.h>

#include "util/bus_names.h"
#include "util/cleanup.h"

#define MANAGER BUS_MANAGER_OBJECT, BUS_MANAGER_INTERFACE
/* A message of dbus-daemon(1) has 32 MiB at most. */
#define LARGE ((size_t)(32u << 20) - 4096)

static void require(int r, const char *what)
{
	if (r >= 0)
		return;
	(void)fprintf(stderr, "%s: %s\n", what, strerror(-r));
	exit(EXIT_FAILURE);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static sd_bus_message *new_call(sd_bus *bus, const char *path, const char *interface,
				const char *method)
{
	sd_bus_message *message;

	require(sd_bus_message_new_method_call(bus, &message, BUS_NAME, path, interface, method),
		"message");
	return message;
}

static int flood(sd_bus *bus, const char *seconds)
{
	uint64_t end = now_ms() + strtoull(seconds, NULL, 10) * 1000;
	unsigned long count = 0;

	while (now_ms() < end) {
		CLEANUP(sd_bus_message_unrefp)
		sd_bus_message *message = new_call(bus, MANAGER, "Describe");

		require(sd_bus_message_append(message, "as", 0), "append");
		require(sd_bus_message_set_expect_reply(message, 0), "no reply");
		require(sd_bus_send(bus, message, NULL), "send");
		if (++count % 64 == 0)
			require(sd_bus_flush(bus), "flush");
	}
	(void)printf("%lu\n", count);
	return EXIT_SUCCESS;
}

static uint64_t call_once(sd_bus *bus, const char *name, const char *path, const char *interface,
			  const char *method)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	uint64_t begin = now_ms();
	int r = sd_bus_call_method(bus, name, path, interface, method, &error, NULL, NULL);

	require(r, error.message ? error.message : method);
	return now_ms() - begin;
}

static int ping(sd_bus *bus, const char *seconds)
{
	uint64_t end = now_ms() + strtoull(seconds, NULL, 10) * 1000, longest = 0, of_bus = 0;

	while (now_ms() < end) {
		uint64_t ms = call_once(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
					"org.freedesktop.DBus", "GetId");

		of_bus = ms > of_bus ? ms : of_bus;
		ms = call_once(bus, BUS_NAME, "/", "org.freedesktop.DBus.Peer", "Ping");
		longest = ms > longest ? ms : longest;
		(void)usleep(100000);
	}
	(void)printf("%llu %llu\n", (unsigned long long)longest, (unsigned long long)of_bus);
	return EXIT_SUCCESS;
}

static struct {
	unsigned answered, refused, open;
} answers;

static int on_answer(sd_bus_message *message, void *context, sd_bus_error *error)
{
	(void)context, (void)error;
	answers.open--;
	if (sd_bus_message_is_method_error(message, SD_BUS_ERROR_LIMITS_EXCEEDED))
		answers.refused++;
	else if (!sd_bus_message_is_method_error(message, NULL))
		answers.answered++;
	return 0;
}

static void process_while(sd_bus *bus, const unsigned *condition)
{
	while (*condition) {
		int r = sd_bus_process(bus, NULL);

		require(r, "process");
		if (r == 0)
			require(sd_bus_wait(bus, UINT64_MAX), "wait");
	}
}

static void call_ping(sd_bus *bus)
{
	(void)call_once(bus, BUS_NAME, "/", "org.freedesktop.DBus.Peer", "Ping");
}

/* Who asks is known from the first answer on. At the second all questions were taken in, or
 * refused. */
static int open_many(sd_bus *bus, const char *count)
{
	call_ping(bus);
	for (unsigned long i = strtoul(count, NULL, 10); i > 0; i--) {
		CLEANUP(sd_bus_message_unrefp)
		sd_bus_message *message = new_call(bus, MANAGER, "Describe");

		require(sd_bus_message_append(message, "as", 0), "append");
		require(sd_bus_call_async(bus, NULL, message, on_answer, NULL, 0), "call");
		answers.open++;
	}
	call_ping(bus);
	(void)puts("asked");
	(void)fflush(stdout);
	process_while(bus, &answers.open);
	(void)printf("answered %u, refused %u\n", answers.answered, answers.refused);
	return EXIT_SUCCESS;
}

static void append_words(sd_bus_message *message, unsigned count)
{
	require(sd_bus_message_open_container(message, 'a', "s"), "open");
	for (unsigned i = 0; i < count; i++)
		require(sd_bus_message_append_basic(message, 's', "a"), "append");
	require(sd_bus_message_close_container(message), "close");
}

/* s: a text, t: a large one, w: words, W: very many, o: an option whose name is large. */
static void append(sd_bus_message *message, char type, const char *large)
{
	if (type == 'w' || type == 'W')
		append_words(message, type == 'W' ? 200000 : 0);
	else if (type == 'o')
		require(sd_bus_message_append(message, "a{sv}", 1, large, "s", ""), "append");
	else
		require(sd_bus_message_append(message, "s", type == 't' ? large : "a"), "append");
}

static const struct call {
	const char *path, *interface, *method;
	const char *types;
} calls[] = {
	{ MANAGER, "Describe", "W" },
	{ MANAGER, "Apply", "wo" },
	{ MANAGER, "Pause", "t" },
	{ MANAGER, "Reload", "t" },
	{ MANAGER, "Resync", "t" },
	{ BUS_PF_OBJECTS "/pci_2f0000_3a01_3a00_2e0", BUS_PF_INTERFACE, "Describe", "t" },
	{ BUS_MANAGER_OBJECT, "org.freedesktop.DBus.Properties", "Get", "st" },
	{ BUS_MANAGER_OBJECT, "org.freedesktop.DBus.Properties", "GetAll", "t" },
	{ BUS_MANAGER_OBJECT, "org.freedesktop.DBus.Properties", "Set", "sst" },
	{ BUS_MANAGER_OBJECT, "org.freedesktop.DBus.Introspectable", "Introspect", "t" },
	{ BUS_MANAGER_OBJECT, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", "t" },
	{ "/", "org.freedesktop.DBus.Peer", "Ping", "t" },
};

static void call_largest(sd_bus *bus, const struct call *call, const char *text)
{
	CLEANUP(sd_bus_message_unrefp)
	sd_bus_message *message = new_call(bus, call->path, call->interface, call->method);
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r;

	for (const char *type = call->types; *type; type++)
		append(message, *type, text);
	r = sd_bus_call(bus, message, 30000000, &error, NULL);
	(void)printf("%s: %s\n", call->method, r >= 0 ? "answered" : error.name);
	sd_bus_error_free(&error);
}

/* A path of 64 KiB: sd-bus looks each of its parents up. */
static void call_deep(sd_bus *bus)
{
	static char path[65535];
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r;

	for (size_t i = 0; i < sizeof(path) - 1; i++)
		path[i] = i % 2 ? 'a' : '/';
	r = sd_bus_call_method(bus, BUS_NAME, path, "org.freedesktop.DBus.Peer", "Nothing", &error,
			       NULL, NULL);
	(void)printf("deep: %s\n", r >= 0 ? "answered" : error.name);
	sd_bus_error_free(&error);
}

static int largest(sd_bus *bus, const char *unused)
{
	char *text = malloc(LARGE + 1);

	(void)unused;
	require(text ? 0 : -ENOMEM, "memory");
	memset(text, 'x', LARGE);
	text[LARGE] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		call_largest(bus, &calls[i], text);
	call_deep(bus);
	free(text);
	return EXIT_SUCCESS;
}

static int on_check(sd_bus_message *message, void *context, sd_bus_error *error)
{
	const char *action;

	(void)error;
	require(sd_bus_message_skip(message, "(sa{sv})"), "subject");
	require(sd_bus_message_read(message, "s", &action), "action");
	return sd_bus_reply_method_return(message, "(bba{ss})", !strcmp(action, context), 0, 0);
}

static const sd_bus_vtable polkit_vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("CheckAuthorization", "(sa{sv})sa{ss}us", "(bba{ss})", on_check,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

static int polkit(sd_bus *bus, const char *action)
{
	static const unsigned served = 1;

	require(sd_bus_add_object_vtable(bus, NULL, "/org/freedesktop/PolicyKit1/Authority",
					 "org.freedesktop.PolicyKit1.Authority", polkit_vtable,
					 (char *)action),
		"vtable");
	require(sd_bus_request_name(bus, "org.freedesktop.PolicyKit1", 0), "name");
	process_while(bus, &served);
	return EXIT_SUCCESS;
}

static int take(sd_bus *bus, const char *seconds)
{
	require(sd_bus_request_name(bus, BUS_NAME, SD_BUS_NAME_REPLACE_EXISTING), "name");
	(void)sleep((unsigned)strtoul(seconds, NULL, 10));
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(sd_bus *bus, const char *argument);
	} modes[] = { { "flood", flood }, { "largest", largest }, { "open", open_many },
		      { "ping", ping },	  { "take", take },	  { "polkit", polkit } };
	sd_bus *bus;

	require(sd_bus_open_system(&bus), "bus");
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (argc > 1 && !strcmp(argv[1], modes[i].name))
			return modes[i].run(bus, argc > 2 ? argv[2] : "");
	(void)fputs("no such mode\n", stderr);
	return EXIT_FAILURE;
}
