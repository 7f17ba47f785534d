/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When what failed is tried again, over a kernel in memory and a clock of our own. */

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "one_reconciler.h"
#include "pf/reconciler.h"
#include "pf/retries.h"
#include "runner.h"

START_TEST(a_busy_driver_is_asked_ever_more_seldom_and_logged_once)
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
	ck_assert_uint_ge(first, RETRIES_MIN_MS * 3 / 4);
	ck_assert_uint_le(first, RETRIES_MIN_MS * 5 / 4);
	ck_assert_uint_ge(second, RETRIES_MIN_MS * 2 * 3 / 4);
	for (int i = 0; i < 20; i++)
		later = run_when_due();
	ck_assert_uint_ge(later, RETRIES_MAX_MS * 3 / 4);
	ck_assert_uint_le(later, RETRIES_MAX_MS * 5 / 4);
	fake.n_refusals = 0;
	run_when_due();
	assert_logged("<6> ens1: VF 0: set trust to true VF=0\n<6> ens1: in-sync\n");
	assert_idle();
}
END_TEST

/* As a driver that there is not. */
START_TEST(what_may_never_come_is_asked_for_quickly_at_first_and_seldom_in_the_end)
{
	uint64_t first, later = 0;

	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {driver: nosuch}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_DRIVER, 0, -ENOENT });
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_WAITING);
	ck_assert(reconciler_is_unfinished(reconciler));
	first = run_when_due();
	ck_assert_uint_le(first, RETRIES_MIN_MS * 5 / 4);
	for (int i = 0; i < 30; i++)
		later = run_when_due();
	ck_assert_uint_ge(later, RETRIES_REJECTED_MAX_MS * 3 / 4);
	fake.n_refusals = 0;
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
	ck_assert(!reconciler_is_unfinished(reconciler));
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
	ck_assert_uint_ge(first, RETRIES_REJECTED_MIN_MS * 3 / 4);
	ck_assert_uint_ge(second, RETRIES_REJECTED_MIN_MS * 2 * 3 / 4);
	assert_logged("");
}
END_TEST

START_TEST(what_is_unsupported_is_logged_once_for_all_vfs_and_tried_once_an_hour)
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
		"(EOPNOTSUPP), and 6 more steps\n");
	ck_assert_uint_ge(reconciler_due(reconciler), now + RETRIES_REJECTED_MAX_MS * 3 / 4);
	reconciler_poke(reconciler, now);
	text_clear(&fake.calls);
	run_when_due();
	assert_logged("");
	ck_assert_str_eq(text_string(&fake.calls), "");
	ck_assert_uint_ge(run_when_due(), RETRIES_REJECTED_MAX_MS * 3 / 5);
	assert_logged("");
	/* On the first alone. */
	ck_assert_str_eq(text_string(&fake.calls),
			 "vfs 0:link-state 1:link-state 2:link-state 3:link-state 4:link-state "
			 "5:link-state 6:link-state\nvfs 0:link-state\n");
}
END_TEST

START_TEST(what_is_supported_again_is_there_within_the_hour)
{
	policy = fixture_policy(RULE "  vfs: 2\n  vf-defaults: {link-state: enable}\n");
	fake_kernel_refuse(&fake,
			   (struct fake_refusal){ VF_LINK_STATE, FAKE_EVERY_VF, -EOPNOTSUPP });
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_DEGRADED);
	fake.n_refusals = 0;
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
}
END_TEST

/* Each VF's refusal goes with the VF; that the driver has no such thing stays, and has to end. */
START_TEST(what_is_supported_again_is_there_within_the_hour_on_new_vfs_too)
{
	policy = fixture_policy(RULE "  vfs: 2\n  vf-defaults: {link-state: enable}\n");
	fake_kernel_refuse(&fake,
			   (struct fake_refusal){ VF_LINK_STATE, FAKE_EVERY_VF, -EOPNOTSUPP });
	run_when_due();
	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 0), 0);
	reconciler_poke(reconciler, now);
	run_when_due();
	ck_assert_uint_eq(fake.pf->n_vfs, 2);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_DEGRADED);
	fake.n_refusals = 0;
	ck_assert_uint_le(run_when_due(), RETRIES_REJECTED_MAX_MS * 5 / 4);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
}
END_TEST

START_TEST(a_new_policy_tries_what_is_not_supported_too)
{
	policy = fixture_policy(RULE "  vfs: 2\n  vf-defaults: {link-state: enable}\n");
	fake_kernel_refuse(&fake,
			   (struct fake_refusal){ VF_LINK_STATE, FAKE_EVERY_VF, -EOPNOTSUPP });
	run_when_due();
	fake.n_refusals = 0;
	reconciler_policy_changed(reconciler, now);
	ck_assert_uint_le(run_when_due(), RECONCILER_DEBOUNCE_MS);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
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

START_TEST(a_failed_look_is_retried)
{
	(void)reconciler_start(reconciler, now);
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	assert_logged("<4> 0000:01:00.0: the pass over it failed: Input/output error\n");
	ck_assert_int_eq(reconciler_state(reconciler), STATE_RETRYING);
	policy = fixture_policy(RULE "  vfs: 1\n");
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
}
END_TEST

/* What takes the driver off a VF and does not help: with each try its user loses it for a moment.
 */
static void assert_tried_ever_more_seldom(const char *call)
{
	uint64_t end, last = 0, longest = 0;
	unsigned tries = 0;

	for (end = now + 24 * 3600 * 1000ull; now < end;) {
		run_when_due();
		if (!strstr(text_string(&fake.calls), call))
			continue;
		/* Each pause may be a quarter shorter than it would be. */
		ck_assert_uint_ge((now - last) * 5, tries > 1 ? longest * 2 : 0);
		longest = tries && now - last > longest ? now - last : longest;
		last = now;
		tries++;
	}
	ck_assert_uint_ge(tries, 20);
	ck_assert_uint_le(tries, 50);
	ck_assert_uint_ge(longest, 3000000);
}

START_TEST(interrupts_that_are_not_taken_are_tried_ever_more_seldom)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {msix-vectors: 9}\n");
	fake.forgotten = SETTING_BIT(VF_MSIX_VECTORS);
	fake.vfs_have_netdevs = true;
	fake.pf->msix_vectors = 64;
	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 1), 0);
	VALUES_SET(&fake.pf->vfs[0].settings, VF_MSIX_VECTORS, (struct value){ .number = 8 });
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, (struct value){ .name = "igbvf" });
	assert_tried_ever_more_seldom("vf 0:msix-vectors");
}
END_TEST

START_TEST(an_address_that_no_bind_takes_up_is_tried_ever_more_seldom)
{
	const struct value none = { 0 };

	policy = fixture_policy(RULE "  vfs: 1\n  virtual-functions: [{index: 0, mac: "
				     "'02:00:00:00:00:01'}]\n");
	fake.vfs_have_netdevs = true;
	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 1), 0);
	VALUES_SET(&fake.pf->vfs[0].settings, VF_MAC,
		   (struct value){ .mac = { { 2, 0, 0, 0, 0, 1 } } });
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, (struct value){ .name = "igbvf" });
	taken_set(&fake.pf->vfs[0].taken, VF_MAC, &none);
	fake.forgotten = SETTING_BIT(VF_MAC);
	assert_tried_ever_more_seldom("vf 0:mac");
}
END_TEST

START_TEST(a_policy_that_comes_during_a_pass_tries_what_was_rejected_at_once)
{
	const struct pass_options options = { 0 };
	struct knowledge *knowledge;
	struct pass *pass;

	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EPERM });
	run_when_due();
	fake.n_refusals = 0;
	knowledge = reconciler_start(reconciler, now);
	reconciler_policy_changed(reconciler, now);
	ck_assert_int_eq(
		pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge, &options, &pass),
		0);
	ck_assert(reconciler_finish(reconciler, pass, 0, now));
	assert_shown(STATE_DEGRADED, "VF 0: trust true: rejected by the driver (EPERM)");
	ck_assert_uint_eq(run_when_due(), RECONCILER_DEBOUNCE_MS);
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

/* Those that came because nobody uses the ones before any more. */
START_TEST(retries_of_many_pfs_are_spread)
{
	uint64_t first = RETRIES_NEVER, last = 0;

	for (uint32_t seed = 1; seed <= 100; seed++) {
		struct retries retries;
		uint64_t due;

		retries_init(&retries, seed * 7919);
		retries_schedule(&retries, REFUSAL_BIT(REFUSAL_RETRY), false, now);
		due = retries_due(&retries);
		first = due < first ? due : first;
		last = due > last ? due : last;
	}
	ck_assert_uint_ge(last - first, RETRIES_MIN_MS / 4);
}
END_TEST

/* The kernel reports a change after each refused message as well, and looks see the carrier. */
START_TEST(what_is_refused_as_if_the_link_were_down_is_not_tried_again_because_it_is_up)
{
	unsigned tries = 0;

	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {max-tx-rate: 5}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_MAX_TX_RATE, 0, -ENETDOWN });
	for (const uint64_t end = now + 50000; now < end;) {
		run_when_due();
		tries += strstr(text_string(&fake.calls), "vfs") != NULL;
		reconciler_poke(reconciler, now);
	}
	ck_assert_uint_le(tries, 3);
	fake.n_refusals = 0;
	fake.pf->carrier_ups++;
	run_when_due();
	assert_shown(STATE_IN_SYNC, "");
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
	ck_assert_uint_ge(run_when_due(), RETRIES_REJECTED_MIN_MS / 2);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("retries");
	TCase *tests = tcase_create("retries");

	tcase_add_checked_fixture(tests, one_reconciler_set_up, one_reconciler_tear_down);
	tcase_add_test(tests, a_busy_driver_is_asked_ever_more_seldom_and_logged_once);
	tcase_add_test(tests,
		       what_may_never_come_is_asked_for_quickly_at_first_and_seldom_in_the_end);
	tcase_add_test(tests, events_do_not_hasten_what_is_backed_off);
	tcase_add_test(tests, a_rejected_value_is_tried_again_after_a_minute_and_then_more_seldom);
	tcase_add_test(tests,
		       what_is_unsupported_is_logged_once_for_all_vfs_and_tried_once_an_hour);
	tcase_add_test(tests, what_is_supported_again_is_there_within_the_hour);
	tcase_add_test(tests, what_is_supported_again_is_there_within_the_hour_on_new_vfs_too);
	tcase_add_test(tests, a_new_policy_tries_what_is_not_supported_too);
	tcase_add_test(tests, a_new_policy_tries_what_was_rejected_at_once);
	tcase_add_test(tests, a_vf_that_is_not_ready_is_looked_for_again);
	tcase_add_test(tests, a_failed_look_is_retried);
	tcase_add_test(tests, a_rate_that_seems_to_wait_for_the_link_is_tried_again_without_it_too);
	tcase_add_test(tests, interrupts_that_are_not_taken_are_tried_ever_more_seldom);
	tcase_add_test(tests, an_address_that_no_bind_takes_up_is_tried_ever_more_seldom);
	tcase_add_test(tests, a_policy_that_comes_during_a_pass_tries_what_was_rejected_at_once);
	tcase_add_test(tests, retries_of_many_pfs_are_spread);
	tcase_add_test(
		tests,
		what_is_refused_as_if_the_link_were_down_is_not_tried_again_because_it_is_up);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
