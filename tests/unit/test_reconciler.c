/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When passes are due, over a kernel in memory and a clock of our own. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake_kernel.h"
#include "fixture.h"
#include "reconciler.h"
#include "runner.h"

#define HANDLE "pci/0000:01:00.0"

#define PF                                                                                         \
	"- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "      \
	"driver: igb, totalvfs: 512, carrier: true, mtu: 1500, pf-up: true, vfs: 0, "              \
	"mac: 52:54:00:00:01:01}\n"

#define RULE                                                                                       \
	"physical-functions:\n"                                                                    \
	"- name: r\n"                                                                              \
	"  match: {interface: ens1}\n"

/* A log that keeps its lines. */
struct kept_log {
	struct log log;
	struct text text;
};

static struct kept_log kept;
static struct fake_kernel fake;
static struct policy *policy;
static struct reconciler *reconciler;
static uint64_t now;

static void keep(struct log *log, int level, const struct log_fields *fields, const char *message)
{
	struct kept_log *self = (struct kept_log *)log;

	text_printf(&self->text, "<%d> %s%s%s\n", level, message, fields->vf ? " VF=" : "",
		    fields->vf ? fields->vf : "");
}

static void set_up(void)
{
	kept = (struct kept_log){ .log = { keep } };
	now = 1000000;
	ck_assert_int_eq(reconciler_new(HANDLE, &kept.log, 42, &reconciler), 0);
	fake_kernel_init(&fake, fixture_pf(PF));
}

static void tear_down(void)
{
	reconciler_free(reconciler);
	policy_free(policy);
	fake_kernel_clear(&fake);
	text_clear(&kept.text);
}

static bool run_pass(void)
{
	const struct pass_options options = { 0 };
	struct pass *pass = NULL;
	struct knowledge *knowledge = reconciler_start(reconciler, now);
	int r;

	text_clear(&fake.calls);
	text_clear(&kept.text);
	r = pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge, &options, &pass);
	return reconciler_finish(reconciler, pass, r, now);
}

/* Lets time pass until the next pass is due, runs it, and says how long that was. */
static uint64_t run_when_due(void)
{
	uint64_t due = reconciler_due(reconciler), waited = due > now ? due - now : 0;

	ck_assert_uint_ne(due, RECONCILER_NEVER);
	now += waited;
	ck_assert(run_pass());
	return waited;
}

static void assert_idle(void)
{
	ck_assert_uint_eq(reconciler_due(reconciler), RECONCILER_NEVER);
}

static void assert_logged(const char *expected)
{
	ck_assert_str_eq(text_string(&kept.text), expected);
}

START_TEST(a_new_pf_is_looked_at_at_once_and_then_rests)
{
	policy = fixture_policy(RULE "  vfs: 2\n  vf-defaults: {trust: true}\n");
	ck_assert_uint_eq(run_when_due(), 0);
	assert_logged("<6> ens1: create 2 VFs: done\n"
		      "<6> ens1: VF 0-1: set trust to true VF=0-1\n"
		      "<6> ens1: in-sync\n");
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
	assert_idle();
}
END_TEST

START_TEST(a_burst_of_events_is_one_pass)
{
	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	for (int i = 0; i < 100; i++)
		reconciler_poke(reconciler, now);
	ck_assert_uint_eq(run_when_due(), RECONCILER_DEBOUNCE_MS);
	assert_logged("");
	assert_idle();
}
END_TEST

START_TEST(an_event_during_a_pass_leads_to_another)
{
	policy = fixture_policy(RULE "  vfs: 2\n");
	(void)reconciler_start(reconciler, now);
	reconciler_poke(reconciler, now);
	assert_idle();
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	ck_assert_uint_eq(reconciler_due(reconciler), now + RECONCILER_DEBOUNCE_MS);
}
END_TEST

START_TEST(a_busy_driver_is_asked_ever_more_seldom_and_told_of_once)
{
	uint64_t first, second, later = 0;

	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EBUSY });
	run_when_due();
	assert_logged("<6> ens1: create 1 VF: done\n"
		      "<5> ens1: VF 0: trust true: the driver is busy (EBUSY) VF=0\n"
		      "<5> ens1: retrying: VF 0: trust true: the driver is busy (EBUSY)\n");
	first = run_when_due();
	assert_logged("");
	second = run_when_due();
	ck_assert_uint_ge(first, RECONCILER_RETRY_MIN_MS * 3 / 4);
	ck_assert_uint_le(first, RECONCILER_RETRY_MIN_MS * 5 / 4);
	ck_assert_uint_ge(second, RECONCILER_RETRY_MIN_MS * 2 * 3 / 4);
	for (int i = 0; i < 20; i++)
		later = run_when_due();
	ck_assert_uint_ge(later, RECONCILER_RETRY_MAX_MS * 3 / 4);
	ck_assert_uint_le(later, RECONCILER_RETRY_MAX_MS * 5 / 4);
	fake.n_refusals = 0;
	run_when_due();
	assert_logged("<6> ens1: VF 0: set trust to true VF=0\n<6> ens1: in-sync\n");
	assert_idle();
}
END_TEST

START_TEST(events_do_not_hasten_what_is_backed_off)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EBUSY });
	run_when_due();
	reconciler_poke(reconciler, now);
	run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "");
}
END_TEST

START_TEST(a_rejected_value_is_tried_again_after_a_minute_and_then_more_seldom)
{
	uint64_t first, second;

	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EPERM });
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_DEGRADED);
	first = run_when_due();
	second = run_when_due();
	ck_assert_uint_ge(first, RECONCILER_REJECTED_MIN_MS * 3 / 4);
	ck_assert_uint_ge(second, RECONCILER_REJECTED_MIN_MS * 2 * 3 / 4);
	assert_logged("");
}
END_TEST

START_TEST(what_is_unsupported_is_told_once_for_all_vfs_and_never_tried_again)
{
	policy = fixture_policy(RULE "  vfs: 7\n  vf-defaults: {link-state: enable}\n");
	fake_kernel_refuse(&fake,
			   (struct fake_refusal){ VF_LINK_STATE, FAKE_EVERY_VF, -EOPNOTSUPP });
	run_when_due();
	assert_logged(
		"<6> ens1: create 7 VFs: done\n"
		"<4> ens1: VF 0: link-state enable: not supported by the driver (EOPNOTSUPP), "
		"and so for 6 more VFs VF=0\n"
		"<5> ens1: degraded: VF 0: link-state enable: not supported by the driver "
		"(EOPNOTSUPP), and 6 more\n");
	assert_idle();
	reconciler_poke(reconciler, now);
	run_when_due();
	assert_logged("");
	assert_idle();
}
END_TEST

START_TEST(a_new_policy_tries_what_was_rejected_at_once)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EPERM });
	run_when_due();
	fake.n_refusals = 0;
	reconciler_policy_changed(reconciler, now);
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
}
END_TEST

START_TEST(a_vf_that_is_not_ready_is_looked_for_again)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	run_when_due();
	fake.pf->vfs[0].reported = false;
	reconciler_poke(reconciler, now);
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_WAITING);
	fake.pf->vfs[0].reported = true;
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
}
END_TEST

START_TEST(a_pf_that_is_gone_ends_its_reconciler)
{
	policy = fixture_policy(RULE "  vfs: 1\n");
	fake.gone = true;
	ck_assert(!run_pass());
}
END_TEST

START_TEST(a_failed_look_is_retried)
{
	(void)reconciler_start(reconciler, now);
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	assert_logged("<4> pci/0000:01:00.0: the pass over it failed: Input/output error\n");
	ck_assert_int_eq(reconciler_state(reconciler), STATE_RETRYING);
	policy = fixture_policy(RULE "  vfs: 1\n");
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
}
END_TEST

/* A rival that changes a VLAN whenever it was put back. */
static uint64_t run_contest(int rounds)
{
	uint64_t waited = 0;

	for (int i = 0; i < rounds; i++) {
		fake.pf->vfs[0].settings.value[VF_VLAN].vlan.id = 9;
		reconciler_poke(reconciler, now);
		waited = run_when_due();
	}
	return waited;
}

START_TEST(a_rival_is_named_and_corrected_ever_more_seldom)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	run_contest(RECONCILER_CONTEST_CORRECTIONS - 1);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
	run_contest(1);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_CONTESTED);
	assert_logged(
		"<6> ens1: VF 0: set vlan to 5 VF=0\n"
		"<5> ens1: contested: something else keeps changing settings, the latest put back: "
		"VF 0: vlan 9 -> 5\n");
	ck_assert_uint_eq(run_contest(1), RECONCILER_CONTEST_PAUSE_MIN_MS);
	assert_logged("");
	ck_assert_uint_eq(run_contest(1), RECONCILER_CONTEST_PAUSE_MIN_MS * 2);
	for (int i = 0; i < 20; i++) {
		ck_assert_uint_le(run_contest(1), RECONCILER_CONTEST_PAUSE_MAX_MS);
		assert_logged("");
	}
	ck_assert_uint_eq(run_contest(1), RECONCILER_CONTEST_PAUSE_MAX_MS);
}
END_TEST

START_TEST(a_rival_is_corrected_ever_more_seldom_also_where_something_is_blocked)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	policy_free(policy);
	policy = fixture_policy(RULE "  vfs: 2\n  on-resize: refuse\n  vf-defaults: {vlan: 5}\n");
	reconciler_policy_changed(reconciler, now);
	run_when_due();
	run_contest(RECONCILER_CONTEST_CORRECTIONS);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_BLOCKED);
	ck_assert_uint_eq(run_contest(1), RECONCILER_CONTEST_PAUSE_MIN_MS);
}
END_TEST

START_TEST(a_rival_is_corrected_ever_more_seldom_also_where_something_is_busy)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5, trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EBUSY });
	run_when_due();
	run_contest(RECONCILER_CONTEST_CORRECTIONS);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_CONTESTED);
	ck_assert_uint_ge(reconciler_due(reconciler), now);
}
END_TEST

START_TEST(a_contest_that_is_over_settles_by_itself)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	run_contest(RECONCILER_CONTEST_CORRECTIONS + 2);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_CONTESTED);
	for (int i = 0; i < 50 && reconciler_state(reconciler) == STATE_CONTESTED; i++)
		run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
	assert_idle();
}
END_TEST

START_TEST(drift_now_and_then_is_no_contest)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	for (int i = 0; i < 20; i++) {
		run_contest(1);
		ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
		now += RECONCILER_CONTEST_WINDOW_MS / 3;
	}
}
END_TEST

START_TEST(different_values_are_told_of_in_one_line)
{
	policy = fixture_policy(RULE "  vfs: 3\n  vf-defaults: {mac: stable}\n");
	run_when_due();
	assert_logged("<6> ens1: create 3 VFs: done\n"
		      "<6> ens1: VF 0-2: set mac, each to its own VF=0-2\n"
		      "<6> ens1: in-sync\n");
}
END_TEST

START_TEST(what_is_taken_in_vain_again_and_again_is_told_once)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	fake.forgotten = SETTING_BIT(VF_TRUST);
	run_when_due();
	for (int i = 0; i < 3; i++) {
		run_when_due();
		assert_logged("<6> ens1: VF 0: set trust to true VF=0\n");
	}
}
END_TEST

/* That a rate is refused for want of a link is a guess: the link may never come. */
START_TEST(a_rate_that_seems_to_wait_for_the_link_is_tried_again_without_it_too)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {max-tx-rate: 5}\n");
	fake.pf->carrier = false;
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_MAX_TX_RATE, 0, -EINVAL });
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_WAITING);
	fake.n_refusals = 0;
	ck_assert_uint_ge(run_when_due(), RECONCILER_REJECTED_MIN_MS / 2);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
}
END_TEST

/* However many events come meanwhile. */
START_TEST(drivers_wait_for_vfs_that_are_not_ready_but_not_for_ever)
{
	uint64_t start;

	policy = fixture_policy(RULE "  vfs: 1\n  drivers-autoprobe: true\n"
				     "  vf-defaults: {trust: true}\n");
	VALUES_SET(&fake.pf->settings, PF_DRIVERS_AUTOPROBE, (struct value){ .number = 1 });
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EBUSY });
	run_when_due();
	start = now;
	while (fake.pf->drivers_held) {
		ck_assert_uint_le(now, start + 10000);
		reconciler_poke(reconciler, now);
		run_when_due();
	}
	ck_assert_uint_ge(now, start + 5000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reconciler");
	TCase *tests = tcase_create("reconciler");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_new_pf_is_looked_at_at_once_and_then_rests);
	tcase_add_test(tests, a_burst_of_events_is_one_pass);
	tcase_add_test(tests, an_event_during_a_pass_leads_to_another);
	tcase_add_test(tests, a_busy_driver_is_asked_ever_more_seldom_and_told_of_once);
	tcase_add_test(tests, events_do_not_hasten_what_is_backed_off);
	tcase_add_test(tests, a_rejected_value_is_tried_again_after_a_minute_and_then_more_seldom);
	tcase_add_test(tests, what_is_unsupported_is_told_once_for_all_vfs_and_never_tried_again);
	tcase_add_test(tests, a_new_policy_tries_what_was_rejected_at_once);
	tcase_add_test(tests, a_vf_that_is_not_ready_is_looked_for_again);
	tcase_add_test(tests, a_pf_that_is_gone_ends_its_reconciler);
	tcase_add_test(tests, a_failed_look_is_retried);
	tcase_add_test(tests, a_rival_is_named_and_corrected_ever_more_seldom);
	tcase_add_test(tests,
		       a_rival_is_corrected_ever_more_seldom_also_where_something_is_blocked);
	tcase_add_test(tests, a_rival_is_corrected_ever_more_seldom_also_where_something_is_busy);
	tcase_add_test(tests, a_contest_that_is_over_settles_by_itself);
	tcase_add_test(tests, drift_now_and_then_is_no_contest);
	tcase_add_test(tests, different_values_are_told_of_in_one_line);
	tcase_add_test(tests, drivers_wait_for_vfs_that_are_not_ready_but_not_for_ever);
	tcase_add_test(tests, what_is_taken_in_vain_again_and_again_is_told_once);
	tcase_add_test(tests, a_rate_that_seems_to_wait_for_the_link_is_tried_again_without_it_too);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
