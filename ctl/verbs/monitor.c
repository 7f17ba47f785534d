/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl monitor: states, as they change. */

#include <errno.h>
#include <inttypes.h>
#include <json-c/json_object.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>

#include "host/daemon.h"
#include "memory.h"
#include "options.h"
#include "print/json.h"
#include "print/pf_view.h"
#include "util/bus_names.h"
#include "util/timestamp.h"
#include "verb.h"

struct monitor {
	struct daemon *daemon;
	bool json;
	int result;		  /* of a call that failed */
	struct json_object *told; /* by name of a PF, what was printed of it last */
};

/* In the time zone of who reads it. */
static const char *local_time(time_t now, char buffer[static TIMESTAMP_SIZE])
{
	struct tm parts;

	(void)localtime_r(&now, &parts);
	(void)strftime(buffer, TIMESTAMP_SIZE, "%FT%T%z", &parts);
	return buffer;
}

/* What a line says. */
struct news {
	const char *name, *state, *reason;
	struct json_object *vfs; /* how many a PF has, {actual}; or NULL */
};

static void print_for_programs(const struct news *news, const char *time)
{
	struct json_object *line = json_new_object();

	json_set_text(line, "time", time);
	json_set_text(line, "name", news->name);
	json_set_text(line, "state", news->state);
	json_set_text(line, "reason", news->reason);
	if (news->vfs)
		json_set_number(line, "vfs", json_get_number(news->vfs, "actual"));
	json_print_line(line);
}

static void print_for_people(const struct news *news, const char *time)
{
	int64_t vfs = json_get_number(news->vfs, "actual");

	(void)printf("%s ", time);
	style_print(stdout, STYLE_STRONG, news->name);
	(void)fputs(": ", stdout);
	style_print(stdout, pf_view_style(news->state), news->state);
	if (news->vfs)
		(void)printf(", %" PRIi64 " VF%s", vfs, vfs == 1 ? "" : "s");
	(void)fputs(news->reason && *news->reason ? ": " : "", stdout);
	style_print(stdout, STYLE_PLAIN, news->reason ? news->reason : "");
	putchar('\n');
}

/* One line, at once: it may be read by a program. */
static void print_news(const struct monitor *monitor, const struct news *news)
{
	char buffer[TIMESTAMP_SIZE];
	time_t now = time(NULL);

	if (monitor->json)
		print_for_programs(news, timestamp_iso(now, buffer));
	else
		print_for_people(news, local_time(now, buffer));
	(void)fflush(stdout);
}

/* Other things of a PF change more often. */
static void print_pf(const struct monitor *monitor, struct json_object *pf)
{
	const struct news news = {
		.name = json_get_text(pf, "name"),
		.state = json_get_text(pf, "state"),
		.reason = json_get_text(pf, "reason"),
		.vfs = json_get(pf, "vfs"),
	};
	const char *told = json_get_text(monitor->told, news.name);
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "%s, %" PRIi64 ": %s", news.state, json_get_number(news.vfs, "actual"),
		    news.reason ? news.reason : "");
	if (told && !strcmp(told, memory_text(&text)))
		return;
	json_set_text(monitor->told, news.name, memory_text(&text));
	print_news(monitor, &news);
}

/* How the policy in force stands to its files. */
static void print_policy(const struct monitor *monitor, const char *standing, const char *summary)
{
	print_news(monitor, &(struct news){ "policy", standing, summary, NULL });
}

/* A policy that was refused, and the PFs that a rule matches, as they are when it begins. */
static int print_all(struct monitor *monitor)
{
	CLEANUP_JSON struct json_object *document = NULL;
	struct json_object *pfs, *policy;
	int r = daemon_describe(monitor->daemon, NULL, 0, &document);

	if (r < 0)
		return r;
	policy = json_get(document, "policy");
	if (json_get_text(policy, "summary"))
		print_policy(monitor, json_get_text(policy, "standing"),
			     json_get_text(policy, "summary"));
	pfs = json_get(document, "pfs");
	for (size_t i = 0; i < json_length(pfs); i++)
		print_pf(monitor, json_item(pfs, i));
	return 0;
}

/* What signals of changed properties are of. */
enum subject { OF_NOTHING, OF_PF, OF_POLICY };

static enum subject subject_of(const char *interface, const char *property)
{
	static const struct {
		const char *interface, *property;
		enum subject subject;
	} rows[] = {
		{ BUS_PF_INTERFACE, "State", OF_PF },
		{ BUS_PF_INTERFACE, "VFs", OF_PF },
		{ BUS_PF_INTERFACE, "Revision", OF_PF },
		{ BUS_MANAGER_INTERFACE, "PolicySummary", OF_POLICY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].interface, interface) && !strcmp(rows[i].property, property))
			return rows[i].subject;
	return OF_NOTHING;
}

static enum subject read_subject(sd_bus_message *message)
{
	const char *interface, *property;
	enum subject subject = OF_NOTHING;

	if (sd_bus_message_read(message, "s", &interface) < 0 ||
	    sd_bus_message_enter_container(message, 'a', "{sv}") < 0)
		return OF_NOTHING;
	while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
		if (sd_bus_message_read(message, "s", &property) < 0 ||
		    sd_bus_message_skip(message, "v") < 0 ||
		    sd_bus_message_exit_container(message) < 0)
			return OF_NOTHING;
		if (subject == OF_NOTHING)
			subject = subject_of(interface, property);
	}
	return subject;
}

static void print_news_of_pf(struct monitor *monitor, const char *path)
{
	CLEANUP_JSON struct json_object *pf = NULL;

	/* It may be gone again. */
	if (daemon_describe_path(monitor->daemon, path, &pf) >= 0)
		print_pf(monitor, pf);
}

static void print_news_of_policy(struct monitor *monitor)
{
	CLEANUP_JSON struct json_object *document = NULL;
	struct json_object *policy;

	if (daemon_describe(monitor->daemon, NULL, 0, &document) < 0)
		return;
	policy = json_get(document, "policy");
	print_policy(monitor, json_get_text(policy, "standing"), json_get_text(policy, "summary"));
}

static int on_changed(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct monitor *monitor = context;

	(void)error;
	switch (read_subject(message)) {
	case OF_PF:
		print_news_of_pf(monitor, sd_bus_message_get_path(message));
		break;
	case OF_POLICY:
		print_news_of_policy(monitor);
		break;
	case OF_NOTHING:
		break;
	}
	return 0;
}

static int on_owner(sd_bus_message *message, void *context, sd_bus_error *error)
{
	static const struct news comes = { "sriovd", "running", "it is on the bus", NULL };
	static const struct news goes = { "sriovd", "stopped", "it has left the bus", NULL };
	struct monitor *monitor = context;
	const char *name, *before, *after;

	(void)error;
	if (sd_bus_message_read(message, "sss", &name, &before, &after) < 0)
		return 0;
	json_object_put(monitor->told);
	monitor->told = json_new_object();
	print_news(monitor, *after ? &comes : &goes);
	if (*after)
		monitor->result = print_all(monitor);
	return 0;
}

static int listen_to_all(struct monitor *monitor)
{
	sd_bus *bus = daemon_bus(monitor->daemon);
	int r = sd_bus_match_signal(bus, NULL, BUS_NAME, NULL, "org.freedesktop.DBus.Properties",
				    "PropertiesChanged", on_changed, monitor);

	if (r >= 0)
		r = sd_bus_add_match(bus, NULL,
				     "type='signal',sender='org.freedesktop.DBus',"
				     "interface='org.freedesktop.DBus',member='NameOwnerChanged',"
				     "arg0='" BUS_NAME "'",
				     on_owner, monitor);
	return r;
}

static int follow(struct monitor *monitor)
{
	sd_bus *bus = daemon_bus(monitor->daemon);
	int r;

	for (;;) {
		r = sd_bus_process(bus, NULL);
		if (r == 0)
			r = sd_bus_wait(bus, UINT64_MAX);
		if (r < 0)
			return r;
		if (monitor->result < 0)
			return monitor->result;
		if (ferror(stdout))
			return 0;
	}
}

static enum verdict run(const struct options *options)
{
	CLEANUP(daemon_close_cleanup) struct daemon *daemon = NULL;
	struct monitor monitor = { .json = options->json, .told = json_new_object() };
	int r = daemon_open_bus(&daemon);

	monitor.daemon = daemon;
	if (r >= 0)
		r = listen_to_all(&monitor);
	if (r >= 0)
		r = print_all(&monitor);
	if (r >= 0)
		r = follow(&monitor);
	json_object_put(monitor.told);
	return r < 0 ? daemon_failed(daemon, "monitor", r) : VERDICT_OK;
}

const struct verb verb_monitor = {
	.name = "monitor",
	.summary = "states of PFs as they change, from the daemon",
	.options = OPTION_BIT(OPTION_JSON),
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT),
	.run = run,
};
