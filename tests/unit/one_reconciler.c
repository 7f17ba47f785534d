/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "one_reconciler.h"

#include <stdio.h>
#include <string.h>

#include "fixture.h"
#include "runner.h"

struct kept_log kept;
struct fake_kernel fake;
struct policy *policy;
struct reconciler *reconciler;
uint64_t now;

static void keep(struct log *log, int level, const struct log_fields *fields, const char *message)
{
	struct kept_log *self = (struct kept_log *)log;

	text_printf(&self->text, "<%d> %s%s%s\n", level, message, fields->vf ? " VF=" : "",
		    fields->vf ? fields->vf : "");
	(void)snprintf(self->rule, sizeof(self->rule), "%s", fields->rule ? fields->rule : "");
	(void)snprintf(self->events + strlen(self->events),
		       sizeof(self->events) - strlen(self->events), "%s%s",
		       *self->events ? " " : "", fields->event ? fields->event : "-");
}

void one_reconciler_set_up(void)
{
	kept = (struct kept_log){ .log = { keep } };
	now = 1000000;
	ck_assert_int_eq(reconciler_new(HANDLE, &kept.log, 42, &reconciler), 0);
	fake_kernel_init(&fake, fixture_pf(PF));
}

void one_reconciler_tear_down(void)
{
	reconciler_free(reconciler);
	policy_free(TAKE(policy));
	fake_kernel_clear(&fake);
	text_clear(&kept.text);
}

bool run_pass(void)
{
	const struct pass_options options = { 0 };
	struct pass *pass = NULL;
	struct knowledge *knowledge = reconciler_start(reconciler, now);
	int r;

	text_clear(&fake.calls);
	text_clear(&kept.text);
	*kept.events = '\0';
	r = pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge, &options, &pass);
	return reconciler_finish(reconciler, pass, r, now);
}

uint64_t run_when_due(void)
{
	uint64_t due = reconciler_due(reconciler), waited = due > now ? due - now : 0;

	ck_assert_uint_ne(due, RECONCILER_NEVER);
	now += waited;
	ck_assert(run_pass());
	return waited;
}

void assert_idle(void)
{
	ck_assert_uint_eq(reconciler_due(reconciler), RECONCILER_NEVER);
}

void assert_logged(const char *expected)
{
	ck_assert_str_eq(text_string(&kept.text), expected);
}

void assert_shown(enum pf_state state, const char *reason)
{
	CLEANUP_TEXT struct text text = { 0 };

	ck_assert_int_eq(reconciler_state(reconciler), state);
	reconciler_reason(reconciler, now, &text);
	ck_assert_str_eq(text_string(&text), reason);
}
