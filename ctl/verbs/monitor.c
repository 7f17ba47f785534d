/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl monitor: what happens to PFs, as it does, or did. */

#include <errno.h>
#include <inttypes.h>
#include <json-c/json_object.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>

#include "host/daemon.h"
#include "host/journal.h"
#include "memory.h"
#include "options.h"
#include "print/json.h"
#include "print/pf_view.h"
#include "print/since.h"
#include "print/wrap.h"
#include "report/changes.h"
#include "util/bus_names.h"
#include "util/timestamp.h"
#include "verb.h"

/* The daemon sees who uses VFs when it looks, and does so for who asks. */
#define ASK_EVERY_US 10000000u

struct monitor {
	struct daemon *daemon;
	bool json;
	int result;		  /* of a call that failed */
	struct json_object *told; /* by name of a PF, what was printed of its state last */
	struct json_object *seen; /* by handle, its latest document */
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
	json_set_text(line, "event", "state");
	json_set_text(line, "state", news->state);
	json_set_text(line, "reason", news->reason);
	if (news->vfs)
		json_set_number(line, "vfs", json_get_number(news->vfs, "actual"));
	json_print_line(line);
}

/* What comes behind as much as is on the line already, and the end of the line. Where it does not
 * fit it goes on below. */
static void print_folded(size_t filled, const char *string)
{
	CLEANUP_TEXT struct text line = { 0 };
	CLEANUP_FREE char *folded = NULL;

	/* One word, which cannot be broken, in the place of what is there. */
	for (size_t i = 0; i < filled; i++)
		text_append(&line, "x");
	text_append_escaped(&line, string);
	folded = wrap_line(memory_text(&line), line.length, wrap_columns(stdout), "    ");
	(void)puts(folded + filled);
}

/* "TIME NAME:"; how wide that is. */
static size_t print_beginning(const char *time, const char *name)
{
	(void)printf("%s ", time);
	style_print(stdout, STYLE_STRONG, name);
	putchar(':');
	return strlen(time) + wrap_width(name) + 2;
}

static void print_for_people(const struct news *news, const char *time)
{
	CLEANUP_TEXT struct text rest = { 0 };
	int64_t count = json_get_number(news->vfs, "actual");
	size_t filled = print_beginning(time, news->name);

	putchar(' ');
	style_print(stdout, pf_view_style(news->state), news->state);
	if (news->vfs)
		text_printf(&rest, ", %" PRIi64 " VF%s", count, count == 1 ? "" : "s");
	if (news->reason && *news->reason)
		text_printf(&rest, ": %s", news->reason);
	print_folded(filled + 1 + wrap_width(news->state), memory_text(&rest));
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

static void print_change(const struct monitor *monitor, const char *name,
			 struct json_object *change)
{
	CLEANUP_TEXT struct text rest = { 0 };
	char buffer[TIMESTAMP_SIZE];
	time_t now = time(NULL);

	if (monitor->json) {
		json_set_text(change, "time", timestamp_iso(now, buffer));
		json_set_text(change, "name", name);
		json_print_line(json_object_get(change));
	} else {
		text_printf(&rest, " %s", json_get_text(change, "text"));
		print_folded(print_beginning(local_time(now, buffer), name), memory_text(&rest));
	}
	(void)fflush(stdout);
}

/* Since it was described the last time. */
static void print_changes(const struct monitor *monitor, struct json_object *pf)
{
	const char *handle = json_get_text(pf, "handle");
	struct json_object *before = json_get(monitor->seen, handle);
	CLEANUP_JSON struct json_object *changes = NULL;

	if (before)
		changes = MEMORY_REQUIRE(changes_find(before, pf));
	for (size_t i = 0; i < json_length(changes); i++)
		print_change(monitor, json_get_text(pf, "name"), json_item(changes, i));
	json_set(monitor->seen, handle, json_object_get(pf));
}

/* Other things of a PF change more often. */
static void print_state(const struct monitor *monitor, struct json_object *pf)
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

static void print_pf(const struct monitor *monitor, struct json_object *pf)
{
	print_changes(monitor, pf);
	print_state(monitor, pf);
}

/* How the policy in force stands to its files. */
static void print_policy(const struct monitor *monitor, const char *standing, const char *summary)
{
	print_news(monitor, &(struct news){ "policy", standing, summary, NULL });
}

static void print_pfs(const struct monitor *monitor, struct json_object *pfs)
{
	for (size_t i = 0; i < json_length(pfs); i++)
		print_pf(monitor, json_item(pfs, i));
}

/* A policy that was refused, and the PFs that a rule matches, as they are when it begins. */
static int print_all(struct monitor *monitor)
{
	CLEANUP_JSON struct json_object *document = NULL;
	struct json_object *policy;
	int r = daemon_describe(monitor->daemon, NULL, 0, &document);

	if (r < 0)
		return r;
	policy = json_get(document, "policy");
	if (json_get_text(policy, "summary"))
		print_policy(monitor, json_get_text(policy, "standing"),
			     json_get_text(policy, "summary"));
	print_pfs(monitor, json_get(document, "pfs"));
	return 0;
}

/* Who has come and gone since; where it does not answer, what it signals will tell. */
static void ask_again(const struct monitor *monitor)
{
	CLEANUP_JSON struct json_object *document = NULL;

	if (daemon_describe(monitor->daemon, NULL, 0, &document) >= 0)
		print_pfs(monitor, json_get(document, "pfs"));
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
		{ BUS_PF_INTERFACE, "InUse", OF_PF },
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
	json_object_put(monitor->seen);
	monitor->told = json_new_object();
	monitor->seen = json_new_object();
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
			r = sd_bus_wait(bus, ASK_EVERY_US);
		if (r == 0)
			ask_again(monitor);
		if (r < 0)
			return r;
		if (monitor->result < 0)
			return monitor->result;
		if (ferror(stdout))
			return 0;
	}
}

/* A message of the daemon's begins with what it is about. */
static const char *text_of(const struct journal_line *line)
{
	size_t length = line->pf ? strlen(line->pf) : 0;

	if (line->pf && !strncmp(line->message, line->pf, length) &&
	    !strncmp(line->message + length, ": ", 2))
		return line->message + length + 2;
	return line->message;
}

static void print_line_for_programs(const struct journal_line *line)
{
	struct json_object *object = json_new_object();
	char buffer[TIMESTAMP_SIZE];

	json_set_text(object, "time", timestamp_iso((time_t)(line->usec / 1000000), buffer));
	json_set_text(object, "name", line->pf ? line->pf : "sriovd");
	json_set_text(object, "event", line->event ? line->event : "message");
	json_set_text(object, "text", text_of(line));
	json_set_text(object, "step", line->step);
	json_set_text(object, "vfs", line->vf);
	json_set_text(object, "rule", line->rule);
	json_print_line(object);
}

static void print_line(void *context, const struct journal_line *line)
{
	const struct options *options = context;
	CLEANUP_TEXT struct text rest = { 0 };
	char buffer[TIMESTAMP_SIZE];
	const char *time = local_time((time_t)(line->usec / 1000000), buffer);

	if (options->json) {
		print_line_for_programs(line);
		return;
	}
	text_printf(&rest, " %s", text_of(line));
	print_folded(print_beginning(time, line->pf ? line->pf : "sriovd"), memory_text(&rest));
}

static enum verdict print_since(const struct options *options)
{
	uint64_t since;
	int r = since_read(options->since, time(NULL), &since);

	if (r < 0) {
		(void)fputs(
			"sriovctl monitor: option '--since' needs a time that is past: 10m, 3d,\n"
			"2026-01-31, '2026-01-31 23:59:59', 2026-01-31T23:59:59Z\n"
			"Try 'sriovctl monitor --help'.\n",
			stderr);
		return VERDICT_USAGE;
	}
	r = journal_read(since, print_line, (void *)options);
	if (r == -EACCES)
		(void)fputs("sriovctl monitor: there is nothing in the journal that you may read;\n"
			    "root may, and members of the groups adm and systemd-journal\n",
			    stderr);
	else if (r < 0)
		(void)fprintf(stderr, "sriovctl monitor: cannot read the journal: %s\n",
			      strerror(-r));
	else if (!r && !options->json)
		puts("sriovd has written nothing into the journal since then");
	return r < 0 ? VERDICT_FAILED : VERDICT_OK;
}

static enum verdict print_live(const struct options *options)
{
	CLEANUP(daemon_close_cleanup) struct daemon *daemon = NULL;
	struct monitor monitor = { .json = options->json,
				   .told = json_new_object(),
				   .seen = json_new_object() };
	int r = daemon_open_bus(&daemon);

	monitor.daemon = daemon;
	if (r >= 0)
		r = listen_to_all(&monitor);
	if (r >= 0)
		r = print_all(&monitor);
	if (r >= 0)
		r = follow(&monitor);
	json_object_put(monitor.told);
	json_object_put(monitor.seen);
	return r < 0 ? daemon_failed(daemon, "monitor", r) : VERDICT_OK;
}

static enum verdict run(const struct options *options)
{
	return options->since ? print_since(options) : print_live(options);
}

const struct verb verb_monitor = {
	.name = "monitor",
	.summary = "what happens to PFs, as it does, from the daemon",
	.options = OPTION_BIT(OPTION_JSON) | OPTION_BIT(OPTION_SINCE),
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT),
	.run = run,
};
