/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When passes are due, over a kernel in memory and a clock of our own. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "one_reconciler.h"
#include "pf/log_quota.h"
#include "pf/pass_log.h"
#include "pf/reconciler.h"
#include "pf/reconcilers.h"
#include "pf/retries.h"
#include "runner.h"

/* A pass whose run found these rivals, or did not find out: NULL. Whether it was to. */
static bool run_pass_with_rivals(const char *const *rivals, size_t count)
{
	const struct pass_options options = { 0 };
	struct knowledge *knowledge = reconciler_start(reconciler, now);
	bool wanted = reconciler_wants_rivals(reconciler);
	struct pass *pass;

	text_clear(&kept.text);
	ck_assert_int_eq(
		pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge, &options, &pass),
		0);
	pass->has_rivals = rivals;
	pass->rivals = (struct names){ (const char **)rivals, count };
	ck_assert(reconciler_finish(reconciler, pass, 0, now));
	return wanted;
}

START_TEST(who_else_sets_up_the_pf_is_logged_once)
{
	static const char *const rivals[] = { "a sets up VFs", "b sets up VFs" };

	policy = fixture_policy(RULE "  vfs: 0\n");
	ck_assert_ptr_null(reconciler_rivals(reconciler));
	ck_assert(run_pass_with_rivals(NULL, 0));
	ck_assert(run_pass_with_rivals(rivals, 1));
	assert_logged("<4> ens1: a sets up VFs\n");
	ck_assert_uint_eq(reconciler_rivals(reconciler)->count, 1);
	ck_assert(!run_pass_with_rivals(NULL, 0));
	reconciler_ask_rivals(reconciler);
	ck_assert(run_pass_with_rivals(rivals, 2));
	assert_logged("<4> ens1: b sets up VFs\n");
	ck_assert_str_eq(reconciler_rivals(reconciler)->items[1], rivals[1]);
	reconciler_ask_rivals(reconciler);
	ck_assert(run_pass_with_rivals(rivals, 2));
	assert_logged("");
	ck_assert(!run_pass_with_rivals(NULL, 0));
	ck_assert_uint_eq(reconciler_rivals(reconciler)->count, 2);
}
END_TEST

START_TEST(who_else_sets_up_the_pf_is_asked_again_after_a_pass_that_had_begun_or_failed)
{
	policy = fixture_policy(RULE "  vfs: 0\n");
	(void)reconciler_start(reconciler, now);
	ck_assert(reconciler_wants_rivals(reconciler));
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	ck_assert(run_pass_with_rivals((const char *const[]){ "a" }, 1));
	reconciler_ask_rivals(reconciler);
	(void)reconciler_start(reconciler, now);
	reconciler_ask_rivals(reconciler);
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	ck_assert(run_pass_with_rivals((const char *const[]){ "a" }, 1));
	ck_assert(!run_pass_with_rivals(NULL, 0));
}
END_TEST

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
	ck_assert_uint_eq(reconciler_due(reconciler), now + RECONCILER_SHOW_MS);
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	ck_assert_uint_eq(reconciler_due(reconciler), now + RECONCILER_DEBOUNCE_MS);
}
END_TEST

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

/* No event comes when the time is over. */
START_TEST(a_driver_of_somebody_else_is_looked_at_again_when_its_time_of_grace_is_over)
{
	struct value driver = { .name = "fakevf" };

	ck_assert_int_eq(pf_alloc_vfs(fake.pf, 1), 0);
	VALUES_SET(&fake.pf->settings, PF_VFS, (struct value){ .number = 1 });
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, driver);
	policy = fixture_policy(RULE "  vf-defaults: {driver: fakevf}\n");
	ck_assert(run_pass());
	assert_idle();
	driver.name = "vfio-pci";
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, driver);
	now += 5000;
	ck_assert(run_pass());
	ck_assert_int_eq(reconciler_state(reconciler), STATE_BLOCKED);
	ck_assert_uint_eq(run_when_due(), TAKEOVER_GRACE_MS);
	ck_assert_str_eq(text_string(&fake.calls), "vf 0:driver\n");
	assert_idle();
}
END_TEST

/* Who uses the VF is another by and by. */
START_TEST(what_blocks_a_pf_is_logged_when_it_is_something_else)
{
	static const char *const names[] = { "qemu (pid 7)", "qemu (pid 8)" };
	unsigned lines = 0;

	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 1), 0);
	fake.holder = names[0];
	policy = fixture_policy(RULE "  vfs: 2\n");
	ck_assert(run_pass());
	assert_logged("<5> ens1: blocked: destroy 1 VF: VF 0 is in use: qemu (pid 7), and 1 more "
		      "step\n");
	ck_assert(run_pass());
	assert_logged("");
	fake.holder = names[1];
	ck_assert(run_pass());
	assert_logged("<5> ens1: blocked: destroy 1 VF: VF 0 is in use: qemu (pid 8), and 1 more "
		      "step\n");
	for (unsigned i = 0; i < 1000; i++) {
		now += 1000;
		fake.holder = names[i % 2];
		ck_assert(run_pass());
		lines += kept.text.length ? 1 : 0;
	}
	ck_assert_uint_lt(lines, LOG_QUOTA_ENTRIES);
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

/* Another round writes what did not last from one to the next. */
START_TEST(what_two_rounds_of_a_pass_wrote_is_logged_of_each_vf_once)
{
	const struct action trusted = { .step = { .target = { STEP_VF_SETTING, 0, VF_TRUST },
						  .to = { .number = 1 } },
					.done = true };
	struct action actions[7];
	struct pass pass;

	policy = fixture_policy(RULE "  vfs: 4\n");
	run_when_due();
	for (uint32_t i = 0; i < ARRAY_SIZE(actions); i++) {
		actions[i] = trusted;
		actions[i].step.target.vf = (i + 2) % 5 == 3 ? 2 : (i + 2) % 5;
	}
	pass = *reconciler_pass(reconciler);
	pass.actions = (struct actions){ .items = actions, .count = ARRAY_SIZE(actions) };
	text_clear(&kept.text);
	pass_log_ended(&kept.log, &pass, reconciler_knowledge(reconciler), false, false);
	assert_logged("<6> ens1: VF 0-2,4: set trust to true VF=0-2,4\n");
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

START_TEST(one_more_is_told_in_the_singular)
{
	policy = fixture_policy(RULE "  vfs: 2\n  vf-defaults: {link-state: enable}\n");
	fake_kernel_refuse(&fake,
			   (struct fake_refusal){ VF_LINK_STATE, FAKE_EVERY_VF, -EOPNOTSUPP });
	run_when_due();
	ck_assert_ptr_nonnull(strstr(text_string(&kept.text), ", and so for 1 more VF VF=0\n"));
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

/* A VF may be gone before its PF is known to have had it. */
START_TEST(an_event_of_an_unknown_device_pokes_a_pf_that_is_being_looked_at)
{
	struct reconcilers reconcilers = { &reconciler, 1, 1 };

	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	reconcilers_poke_unsure(&reconcilers, now);
	assert_idle();
	(void)reconciler_start(reconciler, now);
	reconcilers_poke_unsure(&reconcilers, now);
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	ck_assert_uint_eq(reconciler_due(reconciler), now + RECONCILER_DEBOUNCE_MS);
}
END_TEST

START_TEST(passes_that_follow_each_other_without_end_come_slower)
{
	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	for (unsigned i = 2; i < 2 * RECONCILER_ROW; i++) {
		reconciler_poke(reconciler, now);
		ck_assert_uint_eq(run_when_due(), i <= RECONCILER_ROW ? RECONCILER_DEBOUNCE_MS
								      : RECONCILER_ROW_DEBOUNCE_MS);
	}
	now += RECONCILER_ROW_GAP_MS;
	reconciler_poke(reconciler, now);
	run_when_due();
	reconciler_poke(reconciler, now);
	ck_assert_uint_eq(run_when_due(), RECONCILER_DEBOUNCE_MS);
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

#define BY_ADDRESS                                                                                 \
	"physical-functions:\n- name: r\n  match: {pci: '*'}\n  mtu: 9000\n"                       \
	"  vf-defaults: {vlan: 5}\n"

static void take_netdev_away(uint32_t class)
{
	fake.pf->ifname = NULL;
	fake.pf->ifindex = 0;
	fake.pf->settings.present &= ~(SETTING_BIT(PF_MTU) | SETTING_BIT(PF_UP));
	fake.pf->has_class = true;
	fake.pf->class = class;
}

/* No boot waits for what cannot come (PCI_CLASS_STORAGE_EXPRESS in linux/pci_ids.h). */
START_TEST(nothing_waits_for_the_network_device_of_a_drive)
{
	policy = fixture_policy(BY_ADDRESS);
	take_netdev_away(0x010802);
	fake.pf->driver = "nvme";
	run_when_due();
	assert_shown(STATE_DEGRADED, "'mtu' is for network cards, and this is none (its PCI class "
				     "is 0x010802)");
	ck_assert(!reconciler_is_unfinished(reconciler));
	assert_idle();
}
END_TEST

START_TEST(a_network_card_may_still_get_its_network_device)
{
	policy = fixture_policy(BY_ADDRESS);
	take_netdev_away(0x020000);
	run_when_due();
	assert_shown(STATE_WAITING, "it has no network device in this network namespace");
	ck_assert(reconciler_is_unfinished(reconciler));
}
END_TEST

/* Nobody brings it back, for however long: a driver that came now would find its VF without the
 * VLAN that the rules give it. */
START_TEST(drivers_are_kept_off_vfs_until_their_vlan_can_be_written)
{
	policy = fixture_policy("physical-functions:\n- name: r\n  match: {pci: '*'}\n  vfs: 1\n"
				"  vf-defaults: {vlan: 55}\n");
	take_netdev_away(0x020000);
	VALUES_SET(&fake.pf->settings, PF_DRIVERS_AUTOPROBE, (struct value){ .number = 1 });
	run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "hold\nnumvfs 1\n");
	for (int i = 0; i < 100; i++) {
		assert_shown(STATE_WAITING,
			     "it has no network device in this network namespace; no driver is let "
			     "at its VFs until they can be set up by it");
		reconciler_poke(reconciler, now += 1000);
		run_when_due();
		ck_assert_str_eq(text_string(&fake.calls), "");
	}
	fake.pf->ifname = "ens1";
	fake.pf->ifindex = 2;
	fake.pf->vfs[0].reported = true;
	reconciler_poke(reconciler, now);
	run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "vfs 0:vlan\nrelease\n");
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

/* It is made of the address that the PF has by its network device. */
START_TEST(drivers_are_kept_off_vfs_until_their_stable_address_is_known)
{
	policy = fixture_policy("physical-functions:\n- name: r\n  match: {pci: '*'}\n  vfs: 1\n"
				"  vf-defaults: {mac: stable}\n");
	take_netdev_away(0x020000);
	fake.pf->has_permanent_mac = false;
	VALUES_SET(&fake.pf->settings, PF_DRIVERS_AUTOPROBE, (struct value){ .number = 1 });
	run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "hold\nnumvfs 1\n");
	assert_shown(STATE_WAITING,
		     "it has no network device in this network namespace; no driver is let at its "
		     "VFs until they can be set up by it");
	reconciler_poke(reconciler, now += 100000);
	run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "");
	fake.pf->ifname = "ens1";
	fake.pf->ifindex = 2;
	fake.pf->has_permanent_mac = true;
	fake.pf->vfs[0].reported = true;
	reconciler_poke(reconciler, now);
	run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "vfs 0:mac\nrelease\n");
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

/* What limits a VF can come later. */
START_TEST(drivers_are_kept_off_vfs_for_a_while_only_for_what_can_come_later)
{
	const uint64_t start = now;

	policy = fixture_policy("physical-functions:\n- name: r\n  match: {pci: '*'}\n  vfs: 1\n"
				"  vf-defaults: {max-tx-rate: 100}\n");
	take_netdev_away(0x020000);
	VALUES_SET(&fake.pf->settings, PF_DRIVERS_AUTOPROBE, (struct value){ .number = 1 });
	run_when_due();
	while (fake.pf->drivers_held) {
		ck_assert_uint_le(now, start + 10000);
		reconciler_poke(reconciler, now);
		run_when_due();
	}
	ck_assert_uint_ge(now, start + 5000);
}
END_TEST

#define IN_SWITCHDEV RULE "  vfs: 1\n  eswitch: {mode: switchdev}\n"

static void tell_mode(void)
{
	VALUES_SET(&fake.pf->settings, PF_ESWITCH_MODE, (struct value){ .number = 0 });
}

START_TEST(vfs_are_made_once_devlink_knows_the_mode)
{
	policy = fixture_policy(IN_SWITCHDEV);
	fake.pf->eswitch_silent = true;
	run_when_due();
	assert_shown(STATE_WAITING, "devlink does not know its eswitch yet");
	ck_assert(reconciler_is_unfinished(reconciler));
	fake.pf->eswitch_silent = false;
	tell_mode();
	ck_assert_uint_le(run_when_due(), 2 * RETRIES_MIN_MS);
	ck_assert_str_eq(text_string(&fake.calls), "numvfs 1\neswitch.mode switchdev\n");
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

/* It has no eswitch, say, and nobody says so. */
START_TEST(vfs_are_made_after_a_while_though_devlink_says_nothing)
{
	const uint64_t start = now;

	policy = fixture_policy(IN_SWITCHDEV);
	fake.pf->eswitch_silent = true;
	while (fake.pf->n_vfs == 0) {
		ck_assert_uint_le(now, start + 10000);
		run_when_due();
	}
	ck_assert_uint_ge(now, start + 5000);
	for (int i = 0; i < 100; i++) {
		assert_shown(STATE_DEGRADED,
			     "eswitch.mode switchdev: not supported by the driver (ENODEV): "
			     "devlink says nothing of this PF's eswitch");
		reconciler_poke(reconciler, now += 1000);
		run_when_due();
		ck_assert_str_eq(text_string(&fake.calls), "");
	}
	assert_idle();
	/* It may come all the same. */
	fake.pf->eswitch_silent = false;
	tell_mode();
	reconciler_poke(reconciler, now);
	run_when_due();
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

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
	ck_assert_uint_eq(now, began + RECONCILER_SHOW_MS);
	assert_shown(STATE_APPLYING, "sriov_numvfs = 0, for 1 s");
	assert_logged("");
	watch_when_due();
	ck_assert_uint_eq(now, began + 10000);
	assert_shown(STATE_STUCK, "sriov_numvfs = 0 has not returned for 10 s");
	assert_logged("<3> ens1: stuck: sriov_numvfs = 0 has not returned for 10 s\n");
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
	ck_assert_uint_eq(reconciler_due(reconciler), now + RECONCILER_STUCK_WATCH_MS);
	ck_assert(reconciler_is_running(reconciler));
}
END_TEST

static size_t count_unmatched(const struct reconcilers *reconcilers)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct unmatched_list list;

	ck_assert_int_eq(arena_new(&arena), 0);
	ck_assert_int_eq(reconcilers_unmatched(reconcilers, policy, arena, &list), 0);
	return list.count;
}

START_TEST(a_rule_is_unmatched_once_all_pfs_are_seen_whatever_policy_their_pass_was_of)
{
	struct reconcilers reconcilers = { &reconciler, 1, 1 };

	policy = fixture_policy(RULE "- name: other\n  match: {interface: ens9}\n");
	ck_assert_uint_eq(count_unmatched(&reconcilers), 0);
	run_when_due();
	ck_assert_uint_eq(count_unmatched(&reconcilers), 1);
	policy_free(TAKE(policy));
	policy = fixture_policy(RULE "  vfs: 3\n");
	ck_assert_uint_eq(count_unmatched(&reconcilers), 0);
}
END_TEST

START_TEST(a_pf_that_cannot_be_looked_at_does_not_keep_rules_from_being_reported)
{
	struct reconcilers reconcilers = { &reconciler, 1, 1 };

	policy = fixture_policy(RULE "  vfs: 3\n");
	(void)reconciler_start(reconciler, now);
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	ck_assert_uint_eq(count_unmatched(&reconcilers), 1);
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
	Suite *suite = suite_create("reconciler");
	TCase *tests = tcase_create("reconciler");

	tcase_add_checked_fixture(tests, one_reconciler_set_up, one_reconciler_tear_down);
	tcase_add_test(tests, who_else_sets_up_the_pf_is_logged_once);
	tcase_add_test(
		tests,
		who_else_sets_up_the_pf_is_asked_again_after_a_pass_that_had_begun_or_failed);
	tcase_add_test(tests, a_new_pf_is_looked_at_at_once_and_then_rests);
	tcase_add_test(tests, a_burst_of_events_is_one_pass);
	tcase_add_test(tests, an_event_during_a_pass_leads_to_another);
	tcase_add_test(tests, a_busy_driver_is_asked_ever_more_seldom_and_logged_once);
	tcase_add_test(tests,
		       what_may_never_come_is_asked_for_quickly_at_first_and_seldom_in_the_end);
	tcase_add_test(tests,
		       a_driver_of_somebody_else_is_looked_at_again_when_its_time_of_grace_is_over);
	tcase_add_test(tests, what_blocks_a_pf_is_logged_when_it_is_something_else);
	tcase_add_test(tests, events_do_not_hasten_what_is_backed_off);
	tcase_add_test(tests, what_two_rounds_of_a_pass_wrote_is_logged_of_each_vf_once);
	tcase_add_test(tests, a_rejected_value_is_tried_again_after_a_minute_and_then_more_seldom);
	tcase_add_test(tests,
		       what_is_unsupported_is_logged_once_for_all_vfs_and_tried_once_an_hour);
	tcase_add_test(tests, one_more_is_told_in_the_singular);
	tcase_add_test(tests, what_is_supported_again_is_there_within_the_hour);
	tcase_add_test(tests, what_is_supported_again_is_there_within_the_hour_on_new_vfs_too);
	tcase_add_test(tests, a_new_policy_tries_what_is_not_supported_too);
	tcase_add_test(tests, a_new_policy_tries_what_was_rejected_at_once);
	tcase_add_test(tests, a_vf_that_is_not_ready_is_looked_for_again);
	tcase_add_test(tests, a_pf_that_is_gone_ends_its_reconciler);
	tcase_add_test(tests, a_failed_look_is_retried);
	tcase_add_test(tests, drivers_wait_for_vfs_that_are_not_ready_but_not_for_ever);
	tcase_add_test(tests, a_rate_that_seems_to_wait_for_the_link_is_tried_again_without_it_too);
	tcase_add_test(tests, interrupts_that_are_not_taken_are_tried_ever_more_seldom);
	tcase_add_test(tests, an_address_that_no_bind_takes_up_is_tried_ever_more_seldom);
	tcase_add_test(tests, a_policy_that_comes_during_a_pass_tries_what_was_rejected_at_once);
	tcase_add_test(tests, retries_of_many_pfs_are_spread);
	tcase_add_test(tests, an_event_of_an_unknown_device_pokes_a_pf_that_is_being_looked_at);
	tcase_add_test(tests, nothing_waits_for_the_network_device_of_a_drive);
	tcase_add_test(tests, a_network_card_may_still_get_its_network_device);
	tcase_add_test(tests, drivers_are_kept_off_vfs_until_their_vlan_can_be_written);
	tcase_add_test(tests, drivers_are_kept_off_vfs_until_their_stable_address_is_known);
	tcase_add_test(tests, drivers_are_kept_off_vfs_for_a_while_only_for_what_can_come_later);
	tcase_add_test(tests, vfs_are_made_once_devlink_knows_the_mode);
	tcase_add_test(tests, vfs_are_made_after_a_while_though_devlink_says_nothing);
	tcase_add_test(tests, passes_that_follow_each_other_without_end_come_slower);
	tcase_add_test(
		tests,
		what_is_refused_as_if_the_link_were_down_is_not_tried_again_because_it_is_up);
	tcase_add_test(tests, a_call_that_lasts_is_shown_and_one_that_lasts_too_long_is_stuck);
	tcase_add_test(tests, a_first_pass_that_is_stuck_is_told_by_the_name_that_it_has_seen);
	tcase_add_test(tests, a_call_after_one_that_may_take_long_is_stuck_in_its_own_time);
	tcase_add_test(tests, what_was_stuck_is_looked_at_afresh_when_the_call_returns);
	tcase_add_test(tests, a_pass_goes_on_after_a_call_that_was_stuck);
	tcase_add_test(tests, events_start_no_second_pass_beside_one_that_is_stuck);
	tcase_add_test(tests,
		       a_rule_is_unmatched_once_all_pfs_are_seen_whatever_policy_their_pass_was_of);
	tcase_add_test(tests,
		       a_pf_that_cannot_be_looked_at_does_not_keep_rules_from_being_reported);
	tcase_add_test(tests, a_boot_waits_for_a_pass_and_not_for_one_that_is_stuck);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
