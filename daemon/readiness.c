/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "readiness.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "timer.h"

/* What the first pass may take beyond boot-wait before systemd gives the start up. */
#define START_MARGIN_MS 60000

struct readiness {
	struct readiness_options options;
	sd_event *event;
	const struct policy *policy;
	struct udev_watch *devices; /* NULL until it begins */
	sd_event_source *boot_timer;
	struct text sent_status;
	bool ready;
	bool logged_unmatched;	    /* of the policy in force */
	struct text said_unmatched; /* what the log has of them */
};

/* Only what is new: it wakes systemd. Everybody may read it. */
static void notify_status(struct readiness *self)
{
	CLEANUP_TEXT struct text status = { 0 };

	policy_standing_describe(policy_source_standing(self->options.source), false, &status);
	if (self->policy) {
		text_append(&status, status.length ? ": " : "");
		reconcilers_describe(self->options.reconcilers, &status);
	}
	if (!strcmp(text_string(&status), text_string(&self->sent_status)))
		return;
	(void)sd_notifyf(false, "STATUS=%s", text_string(&status));
	text_clear(&self->sent_status);
	self->sent_status = status;
	status = (struct text){ 0 };
}

/* Whether nothing is to be expected any more that the boot should wait for. */
static bool is_complete(const struct readiness *self)
{
	const struct reconcilers *reconcilers = self->options.reconcilers;

	if (!self->policy || !self->policy->n_rules)
		return true;
	return reconcilers_have_settled(reconcilers, self->policy) ||
	       (udev_watch_queue_is_empty(self->devices) &&
		reconcilers_are_idle(reconcilers, timer_now(self->event)) &&
		!reconcilers_are_unfinished(reconcilers));
}

static void become_ready(struct readiness *self, bool timed_out)
{
	self->ready = true;
	udev_watch_forget_queue(self->devices);
	timer_turn_off(self->boot_timer);
	(void)sd_notify(false, "READY=1");
	if (timed_out)
		log_message(self->options.log, LOG_WARNING, NULL,
			    "boot-wait is over before every PF was there and settled");
	self->options.ready(self->options.context);
}

static void describe_rule(const struct unmatched *unmatched, struct text *out)
{
	const struct rule *rule = unmatched->rule;

	text_printf(out, "%s:%u: rule '%s' matches no PF: %s", rule->origin.document->name,
		    rule->origin.line, rule->name, unmatched->reason);
}

static void warn_of_rule(const struct readiness *self, const struct unmatched *unmatched)
{
	const struct log_fields fields = { .rule = unmatched->rule->name };
	CLEANUP_TEXT struct text text = { 0 };

	describe_rule(unmatched, &text);
	log_message(self->options.log, LOG_WARNING, &fields, "%s", text_string(&text));
}

/* Those of a policy that was only read again are no news. Without memory it is tried again. */
static void log_unmatched(struct readiness *self)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_TEXT struct text all = { 0 };
	struct unmatched_list list;

	if (arena_new(&arena) < 0 ||
	    reconcilers_unmatched(self->options.reconcilers, self->policy, arena, &list) < 0)
		return;
	for (size_t i = 0; i < list.count; i++)
		describe_rule(&list.items[i], &all);
	if (all.failed)
		return;
	self->logged_unmatched = true;
	if (!log_is_news(&self->said_unmatched, &all))
		return;
	for (size_t i = 0; i < list.count; i++)
		warn_of_rule(self, &list.items[i]);
}

static void check(struct readiness *self, bool timed_out)
{
	const struct reconcilers *reconcilers = self->options.reconcilers;

	notify_status(self);
	if (!self->devices)
		return;
	if (!self->ready && (timed_out || is_complete(self)))
		become_ready(self, timed_out);
	if (self->ready && self->policy && !self->logged_unmatched &&
	    reconcilers_are_seen(reconcilers) &&
	    reconcilers_are_idle(reconcilers, timer_now(self->event)))
		log_unmatched(self);
}

void readiness_check(struct readiness *self)
{
	check(self, false);
}

static int on_boot_wait_over(sd_event_source *source, uint64_t usec, void *context)
{
	(void)source;
	(void)usec;
	check(context, true);
	return 0;
}

int readiness_new(sd_event *event, const struct readiness_options *options, struct readiness **ret)
{
	CLEANUP(readiness_free_cleanup) struct readiness *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	self->options = *options;
	self->event = sd_event_ref(event);
	r = timer_new(event, "boot-wait", on_boot_wait_over, self, &self->boot_timer);
	if (r < 0)
		return r;
	*ret = TAKE(self);
	return 0;
}

void readiness_free(struct readiness *self)
{
	if (!self)
		return;
	sd_event_source_disable_unref(self->boot_timer);
	text_clear(&self->sent_status);
	text_clear(&self->said_unmatched);
	sd_event_unref(self->event);
	free(self);
}

void readiness_set_policy(struct readiness *self, const struct policy *policy)
{
	self->policy = policy;
	self->logged_unmatched = false;
}

/* With once, not to wait would be not to do anything. */
static void set_boot_wait(struct readiness *self)
{
	uint64_t wait = self->policy ? self->policy->boot_wait_ms : 0;

	if (!wait && self->options.once)
		wait = POLICY_BOOT_WAIT_DEFAULT_MS;
	if (!wait)
		return;
	(void)sd_notifyf(false, "EXTEND_TIMEOUT_USEC=%" PRIu64, (wait + START_MARGIN_MS) * 1000);
	timer_set_after(self->boot_timer, wait);
}

void readiness_begin(struct readiness *self, struct udev_watch *devices)
{
	self->devices = devices;
	set_boot_wait(self);
	/* A boot that is not to wait does not; nor does it need a warning that PFs are missing. */
	if (self->policy && !self->policy->boot_wait_ms && !self->options.once)
		become_ready(self, false);
	check(self, false);
}
