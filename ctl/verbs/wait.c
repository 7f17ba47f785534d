/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl wait: returns once all is in sync, or will not be. */

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>

#include "host/daemon.h"
#include "memory.h"
#include "model/pf_state.h"
#include "options.h"
#include "print/json.h"
#include "print/pf_view.h"
#include "print/wrap.h"
#include "util/bus_names.h"
#include "util/clock.h"
#include "util/timestamp.h"
#include "verb.h"

/* Where much happens, the daemon is asked no more often, ms. */
#define ASK_MS UINT64_C(100)
/* What a pass that was under way did not change is not signalled: it is asked for so often. The
 * daemon's answer waits for a pass as well, for almost a second. */
#define UNDER_WAY_MS UINT64_C(500)

struct waiting {
	const struct options *options;
	struct daemon *daemon;
	uint64_t over;	/* ms, when the time is */
	uint64_t asked; /* when the daemon was */
	uint64_t due;	/* when it is to be again: something was signalled since; UINT64_MAX */
	struct json_object *document; /* the latest answer, or NULL: there was none, and why: */
	int error;
};

/* What may become of a PF while it is waited for. */
enum outlook {
	OUTLOOK_GOOD, /* it is as it should be, or nothing is to be done about it */
	OUTLOOK_OPEN, /* it may come right by itself */
	OUTLOOK_BAD,  /* it does not, for as long as nobody changes something, or not in time */
	OUTLOOK_BLOCKED,
};

/* Whether it will be for longer than there is time. */
static bool is_paused_for_too_long(const struct waiting *self, const char *until)
{
	uint64_t now = clock_ms(), left = self->over > now ? (self->over - now) / 1000 : 0;
	time_t end;

	return timestamp_read_iso(until, &end) < 0 || end > time(NULL) + (time_t)left;
}

/* What is drifted and not paused is only observed, and nothing was asked of it. */
static enum outlook outlook_of(const struct waiting *self, struct json_object *pf)
{
	enum pf_state state = pf_state_by_name(json_get_text(pf, "state"));
	const char *until = json_get_text(pf, "paused-until");

	if (state <= STATE_IN_SYNC)
		return OUTLOOK_GOOD;
	if (state == STATE_BLOCKED)
		return pf_view_waits_for_request(pf) ? OUTLOOK_BAD : OUTLOOK_BLOCKED;
	if (state == STATE_DEGRADED || (until && is_paused_for_too_long(self, until)))
		return OUTLOOK_BAD;
	return state == STATE_DRIFTED && !until ? OUTLOOK_GOOD : OUTLOOK_OPEN;
}

/* What is said while a pass is under way may be of an earlier policy. That a rule matches no PF may
 * be over once one appears. */
static enum outlook outlook_of_all(const struct waiting *self)
{
	struct json_object *pfs = json_get(self->document, "pfs");
	bool unmatched = json_length(json_get(self->document, "unmatched-rules"));
	enum outlook worst = unmatched ? OUTLOOK_OPEN : OUTLOOK_GOOD;

	if (json_get_bool(self->document, "under-way"))
		return OUTLOOK_OPEN;
	for (size_t i = 0; i < json_length(pfs); i++) {
		enum outlook outlook = outlook_of(self, json_item(pfs, i));

		worst = outlook > worst ? outlook : worst;
	}
	return worst;
}

static void print_line(const char *name, const char *state, const char *reason)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append(&text, "sriovctl wait: ");
	text_append_escaped(&text, name);
	text_printf(&text, ": %s", state);
	if (reason)
		text_append(&text, ": ");
	text_append_escaped(&text, reason ? reason : "");
	wrap_print(stderr, STYLE_PLAIN, memory_text(&text));
}

/* All that is not as it should be. */
static void print_all(const struct waiting *self)
{
	struct json_object *pfs = json_get(self->document, "pfs");
	struct json_object *rules = json_get(self->document, "unmatched-rules");

	for (size_t i = 0; i < json_length(pfs); i++) {
		struct json_object *pf = json_item(pfs, i);

		if (outlook_of(self, pf) != OUTLOOK_GOOD)
			print_line(json_get_text(pf, "name"), json_get_text(pf, "state"),
				   json_get_text(pf, "reason"));
	}
	for (size_t i = 0; i < json_length(rules); i++) {
		const char *name = json_get_text(json_item(rules, i), "name");

		print_line(name ? name : "a rule", pf_state_name(STATE_ABSENT),
			   json_get_text(json_item(rules, i), "reason"));
	}
}

/* The policy in force is not what its files say: all that is waited for may be another. */
static bool is_refused(const struct waiting *self)
{
	const char *summary = json_get_text(json_get(self->document, "policy"), "summary");

	if (!summary && json_get_bool(self->document, "policy-in-force"))
		return false;
	print_line("policy", summary ? summary : "none is in force",
		   "'sriovctl check' shows what is wrong");
	return true;
}

/* Whether there is nothing more to wait for. */
static bool has_ended(const struct waiting *self, enum verdict *ret)
{
	static const enum verdict verdicts[] = {
		[OUTLOOK_GOOD] = VERDICT_OK,
		[OUTLOOK_OPEN] = VERDICT_FAILED,
		[OUTLOOK_BAD] = VERDICT_FAILED,
		[OUTLOOK_BLOCKED] = VERDICT_BLOCKED,
	};
	enum outlook outlook;

	if (!self->document)
		return false;
	if (is_refused(self)) {
		*ret = VERDICT_USAGE;
		return true;
	}
	outlook = outlook_of_all(self);
	if (outlook == OUTLOOK_OPEN)
		return false;
	print_all(self);
	*ret = verdicts[outlook];
	return true;
}

/* Whether that may be over soon: it starts, or is started anew, or the PF is still to come. */
static bool may_pass(int error)
{
	return error == -ENOENT || error == -ETIMEDOUT || error == -ENODEV;
}

static int ask(struct waiting *self)
{
	json_drop(TAKE(self->document));
	self->due = UINT64_MAX;
	self->error = daemon_describe(self->daemon, self->options->operands,
				      self->options->n_operands, &self->document);
	self->asked = clock_ms();
	if (json_get_bool(self->document, "under-way"))
		self->due = self->asked + UNDER_WAY_MS;
	return self->error < 0 && !may_pass(self->error) ? self->error : 0;
}

static int on_signal(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct waiting *self = context;

	(void)message, (void)error;
	if (self->asked + ASK_MS < self->due)
		self->due = self->asked + ASK_MS;
	return 0;
}

/* All that the daemon signals, and that it comes and goes. */
static int listen_to_all(struct waiting *self)
{
	static const char *const matches[] = {
		"type='signal',sender='" BUS_NAME "',"
		"interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'",
		"type='signal',sender='" BUS_NAME "',"
		"interface='org.freedesktop.DBus.ObjectManager'",
		"type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
		"member='NameOwnerChanged',arg0='" BUS_NAME "'",
	};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(matches); i++)
		r = sd_bus_add_match(daemon_bus(self->daemon), NULL, matches[i], on_signal, self);
	return r;
}

/* Until it is time to ask, or all time is over. */
static int wait_for_news(struct waiting *self)
{
	sd_bus *bus = daemon_bus(self->daemon);

	for (;;) {
		uint64_t now, until;
		int r = sd_bus_process(bus, NULL);

		if (r < 0)
			return r;
		if (r > 0)
			continue;
		now = clock_ms();
		until = self->due < self->over ? self->due : self->over;
		if (now >= until)
			return 0;
		r = sd_bus_wait(bus, (until - now) * 1000);
		if (r < 0 && r != -EINTR)
			return r;
	}
}

static enum verdict give_up(const struct waiting *self)
{
	(void)fprintf(stderr, "sriovctl wait: %u s are over\n", self->options->wait_s);
	if (!self->document)
		return daemon_failed(self->daemon, "wait", self->error);
	print_all(self);
	return VERDICT_FAILED;
}

static int follow(struct waiting *self, enum verdict *ret)
{
	int r = listen_to_all(self);

	while (r >= 0) {
		r = ask(self);
		if (r < 0)
			return r;
		if (has_ended(self, ret))
			return 0;
		if (clock_ms() >= self->over) {
			*ret = give_up(self);
			return 0;
		}
		r = wait_for_news(self);
	}
	return r;
}

static enum verdict run(const struct options *options)
{
	CLEANUP(daemon_close_cleanup) struct daemon *daemon = NULL;
	struct waiting self = { .options = options };
	enum verdict verdict;
	int r = daemon_open_bus(&daemon);

	self.daemon = daemon;
	self.over = clock_ms() + options->wait_s * UINT64_C(1000);
	if (r >= 0)
		r = follow(&self, &verdict);
	json_drop(self.document);
	return r < 0 ? daemon_failed(daemon, "wait", r) : verdict;
}

const struct verb verb_wait = {
	.name = "wait",
	.operands = "[PF...]",
	.summary = "return once all is in sync, or will not be",
	.options = OPTION_BIT(OPTION_WAIT),
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT),
	.operands_max = SIZE_MAX,
	.run = run,
};
