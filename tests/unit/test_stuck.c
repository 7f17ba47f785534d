/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Passes that do not return from a call for long, over a kernel in memory and a clock of our own.
 */

#include <errno.h>
#include <stdio.h>

#include "fixture.h"
#include "one_reconciler.h"
#include "pf/reconciler.h"
#include "pf/reconcilers.h"
#include "pf/showing.h"
#include "runner.h"

/* A pass that has entered the call just now, and is not to be longer in it than allowed. */
static void begin_call(const char *name, uint64_t allowed)
{
	struct call call = { .since = now, .allowed = allowed };

	(void)snprintf(call.name, sizeof(call.name), "%s", name);
	call_note_begin(reconciler_call_note(reconciler), &call);
}

/* Lets time pass until the running pass is to be looked at, and does so. */
static void watch_when_due(void)
{
	ck_assert(reconciler_is_running(reconciler));
	text_clear(&kept.text);
	now = reconciler_due(reconciler);
	reconciler_watch(reconciler, now);
}

START_TEST(a_call_that_lasts_is_shown_and_one_that_lasts_too_long_is_stuck)
{
	uint64_t began;

	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	(void)reconciler_start(reconciler, now);
	began = now;
	begin_call("sriov_numvfs = 0", 10000);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
	watch_when_due();
	ck_assert_uint_eq(now, began + SHOWING_AFTER_MS);
	assert_shown(STATE_APPLYING, "sriov_numvfs = 0, for 1 s");
	assert_logged("");
	watch_when_due();
	ck_assert_uint_eq(now, began + 10000);
	assert_shown(STATE_STUCK, "sriov_numvfs = 0 has not returned for 10 s");
	assert_logged("<3> ens1: stuck: sriov_numvfs = 0 has not returned for 10 s\n");
	ck_assert_str_eq(kept.rule, "r");
	for (int i = 0; i < 100; i++) {
		watch_when_due();
		assert_logged("");
	}
	assert_shown(STATE_STUCK, "sriov_numvfs = 0 has not returned for 110 s");
}
END_TEST

START_TEST(a_first_pass_that_is_stuck_is_told_by_the_name_that_it_has_seen)
{
	policy = fixture_policy(RULE "  vfs: 2\n");
	(void)reconciler_start(reconciler, now);
	call_note_set_pf(reconciler_call_note(reconciler), "ens1");
	begin_call("sriov_numvfs = 0", 10000);
	watch_when_due();
	watch_when_due();
	assert_logged("<3> ens1: stuck: sriov_numvfs = 0 has not returned for 10 s\n");
}
END_TEST

START_TEST(a_call_after_one_that_may_take_long_is_stuck_in_its_own_time)
{
	uint64_t began;

	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	(void)reconciler_start(reconciler, now);
	begin_call("sriov_numvfs = 128", 42000);
	watch_when_due();
	now += 5000;
	began = now;
	begin_call("looking at the PF and its VFs", CALL_NOTE_ALLOWED_MS);
	while (reconciler_state(reconciler) != STATE_STUCK)
		watch_when_due();
	ck_assert_uint_eq(now, began + CALL_NOTE_ALLOWED_MS);
}
END_TEST

START_TEST(what_was_stuck_is_looked_at_afresh_when_the_call_returns)
{
	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	(void)reconciler_start(reconciler, now);
	begin_call("sriov_numvfs = 0", 10000);
	watch_when_due();
	watch_when_due();
	now += 50000;
	text_clear(&kept.text);
	ck_assert(reconciler_finish(reconciler, NULL, -EAGAIN, now));
	assert_logged("<5> ens1: sriov_numvfs = 0 has returned after 60 s\n"
		      "<4> ens1: the pass over it failed: Resource temporarily "
		      "unavailable\n");
	assert_shown(STATE_RETRYING, "the pass over it failed: Resource temporarily unavailable");
	ck_assert_uint_eq(run_when_due(), RECONCILER_DEBOUNCE_MS);
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(a_pass_goes_on_after_a_call_that_was_stuck)
{
	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	(void)reconciler_start(reconciler, now);
	begin_call("sriov_numvfs = 0", 10000);
	watch_when_due();
	watch_when_due();
	now += 500;
	begin_call("sriov_numvfs = 2", 10000);
	watch_when_due();
	assert_shown(STATE_APPLYING, "sriov_numvfs = 2, for 0 s");
	assert_logged("<5> ens1: sriov_numvfs = 0 has returned after 11 s\n");
	watch_when_due();
	assert_shown(STATE_STUCK, "sriov_numvfs = 2 has not returned for 10 s");
	call_note_end(reconciler_call_note(reconciler));
	watch_when_due();
	assert_shown(STATE_APPLYING, "");
}
END_TEST

START_TEST(events_start_no_second_pass_beside_one_that_is_stuck)
{
	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	(void)reconciler_start(reconciler, now);
	begin_call("sriov_numvfs = 0", 10000);
	watch_when_due();
	watch_when_due();
	reconciler_poke(reconciler, now);
	ck_assert_uint_eq(reconciler_due(reconciler), now + SHOWING_STUCK_WATCH_MS);
	ck_assert(reconciler_is_running(reconciler));
}
END_TEST

START_TEST(a_boot_waits_for_a_pass_and_not_for_one_that_is_stuck)
{
	struct reconcilers reconcilers = { &reconciler, 1, 1 };

	policy = fixture_policy(RULE "  vfs: 2\n");
	(void)reconciler_start(reconciler, now);
	begin_call("waiting for the lock, held by process 7", 10000);
	watch_when_due();
	ck_assert(!reconcilers_are_idle(&reconcilers, now));
	ck_assert(!reconcilers_have_settled(&reconcilers, policy));
	watch_when_due();
	ck_assert(reconcilers_are_idle(&reconcilers, now));
	ck_assert(reconcilers_have_settled(&reconcilers, policy));
	ck_assert(!reconcilers_are_seen(&reconcilers));
	ck_assert_int_eq(reconcilers_worst(&reconcilers), STATE_STUCK);
	assert_logged("<3> 0000:01:00.0: stuck: waiting for the lock, held by process 7 has "
		      "not returned for 10 s\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stuck");
	TCase *tests = tcase_create("stuck");

	tcase_add_checked_fixture(tests, one_reconciler_set_up, one_reconciler_tear_down);
	tcase_add_test(tests, a_call_that_lasts_is_shown_and_one_that_lasts_too_long_is_stuck);
	tcase_add_test(tests, a_first_pass_that_is_stuck_is_told_by_the_name_that_it_has_seen);
	tcase_add_test(tests, a_call_after_one_that_may_take_long_is_stuck_in_its_own_time);
	tcase_add_test(tests, what_was_stuck_is_looked_at_afresh_when_the_call_returns);
	tcase_add_test(tests, a_pass_goes_on_after_a_call_that_was_stuck);
	tcase_add_test(tests, events_start_no_second_pass_beside_one_that_is_stuck);
	tcase_add_test(tests, a_boot_waits_for_a_pass_and_not_for_one_that_is_stuck);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
