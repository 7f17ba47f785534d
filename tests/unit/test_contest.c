/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What becomes of a PF that somebody else insists on having otherwise: contests, and what is put
 * back and logged of them. */

#include "pf/contest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "one_reconciler.h"
#include "pf/destructions.h"
#include "pf/log_quota.h"
#include "pf/retries.h"
#include "runner.h"

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
	run_contest(CONTEST_CORRECTIONS - 1);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
	run_contest(1);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_CONTESTED);
	assert_logged(
		"<6> ens1: VF 0: set vlan to 5 VF=0\n"
		"<5> ens1: contested: something else keeps changing settings: put back 20 times in "
		"the last minute, the latest: VF 0: vlan 9 -> 5\n");
	ck_assert_uint_eq(run_contest(1), CONTEST_PAUSE_MIN_MS);
	assert_logged("");
	ck_assert_uint_eq(run_contest(1), CONTEST_PAUSE_MIN_MS * 2);
	for (int i = 0; i < 20; i++) {
		ck_assert_uint_le(run_contest(1), CONTEST_PAUSE_MAX_MS);
		assert_logged("");
	}
	ck_assert_uint_eq(run_contest(1), CONTEST_PAUSE_MAX_MS);
}
END_TEST

START_TEST(the_last_minute_is_what_counts)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	ck_assert_uint_eq(reconciler_corrections(reconciler, now), 0);
	run_contest(CONTEST_CORRECTIONS + 3);
	ck_assert_uint_eq(reconciler_corrections(reconciler, now), CONTEST_CORRECTIONS + 3);
	run_contest(2 * CONTEST_MEMORY);
	/* One at each pause, which is the longest by now. */
	ck_assert_uint_eq(reconciler_corrections(reconciler, now),
			  CONTEST_RECENT_MS / CONTEST_PAUSE_MAX_MS + 1);
	assert_shown(STATE_CONTESTED,
		     "something else keeps changing settings: put back 8 times in the last minute, "
		     "the latest: VF 0: vlan 9 -> 5");
	ck_assert_uint_eq(reconciler_corrections(reconciler, now + CONTEST_RECENT_MS + 1), 0);
}
END_TEST

START_TEST(a_rival_is_corrected_ever_more_seldom_also_where_something_is_blocked)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	policy_free(TAKE(policy));
	policy = fixture_policy(RULE "  vfs: 2\n  on-resize: refuse\n  vf-defaults: {vlan: 5}\n");
	reconciler_policy_changed(reconciler, now);
	run_when_due();
	run_contest(CONTEST_CORRECTIONS);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_BLOCKED);
	ck_assert_uint_eq(run_contest(1), CONTEST_PAUSE_MIN_MS);
}
END_TEST

START_TEST(a_rival_is_corrected_ever_more_seldom_also_where_something_is_busy)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5, trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EBUSY });
	run_when_due();
	run_contest(CONTEST_CORRECTIONS);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_CONTESTED);
	ck_assert_uint_ge(reconciler_due(reconciler), now);
}
END_TEST

START_TEST(a_contest_that_is_over_settles_by_itself)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	run_contest(CONTEST_CORRECTIONS + 2);
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
		now += CONTEST_WINDOW_MS / 3;
	}
}
END_TEST

START_TEST(different_values_are_logged_in_one_line)
{
	policy = fixture_policy(RULE "  vfs: 3\n  vf-defaults: {mac: stable}\n");
	run_when_due();
	assert_logged("<6> ens1: create 3 VFs: done\n"
		      "<6> ens1: VF 0-2: set mac, each to its own VF=0-2\n"
		      "<6> ens1: in-sync\n");
}
END_TEST

START_TEST(what_is_taken_in_vain_again_and_again_is_logged_once)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	fake.forgotten = SETTING_BIT(VF_TRUST);
	run_when_due();
	assert_logged("<6> ens1: create 1 VF: done\n"
		      "<6> ens1: VF 0: set trust to true VF=0\n"
		      "<4> ens1: VF 0: trust true: accepted by the driver, but it reads back "
		      "otherwise VF=0\n"
		      "<5> ens1: degraded: VF 0: trust true: accepted by the driver, but "
		      "it reads back otherwise\n");
	for (int i = 0; i < 3; i++) {
		run_when_due();
		ck_assert_str_eq(text_string(&fake.calls), "vfs 0:trust\n");
		assert_logged("");
	}
}
END_TEST

START_TEST(vfs_that_are_new_are_no_contest)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	policy_free(TAKE(policy));
	policy = fixture_policy(RULE "  vfs: 2\n  vf-defaults: {vlan: 5}\n");
	fake.holder = "a guest";
	reconciler_policy_changed(reconciler, now);
	run_when_due();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_BLOCKED);
	fake.holder = NULL;
	reconciler_poke(reconciler, now);
	run_when_due();
	assert_shown(STATE_IN_SYNC, "");
	ck_assert_uint_eq(fake.pf->n_vfs, 2);
	ck_assert_uint_eq(reconciler_corrections(reconciler, now), 0);
}
END_TEST

START_TEST(after_a_contest_an_event_is_answered_at_once)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	run_contest(CONTEST_CORRECTIONS + 2);
	now += CONTEST_WINDOW_MS + RECONCILER_ROW_GAP_MS;
	run_when_due();
	assert_shown(STATE_IN_SYNC, "");
	reconciler_poke(reconciler, now);
	ck_assert_uint_eq(run_when_due(), RECONCILER_DEBOUNCE_MS);
}
END_TEST

static void change_mtu(void)
{
	VALUES_SET(&fake.pf->settings, PF_MTU, (struct value){ .number = 1400 });
}

static void change_autoprobe(void)
{
	VALUES_SET(&fake.pf->settings, PF_DRIVERS_AUTOPROBE, (struct value){ .number = 1 });
}

static void take_down(void)
{
	VALUES_SET(&fake.pf->settings, PF_UP, (struct value){ .number = 0 });
}

static void make_other_vfs(uint32_t n)
{
	struct kernel *kernel = &fake.kernel;

	ck_assert_int_eq(kernel->write_numvfs(kernel, fake.pf, 0), 0);
	ck_assert_int_eq(kernel->write_numvfs(kernel, fake.pf, n), 0);
}

static void destroy_vfs(void)
{
	make_other_vfs(0);
}

static void make_more_vfs(void)
{
	make_other_vfs(5);
}

static void change_mode(void)
{
	VALUES_SET(&fake.pf->settings, PF_ESWITCH_MODE, (struct value){ .number = 0 });
}

static void change_vlan(void)
{
	fake.pf->vfs[0].settings.value[VF_VLAN].vlan.id = 9;
}

/* One that gives it another is not put back at once anyway. */
static void take_driver_off(void)
{
	fake.pf->vfs[0].driver_override = NULL;
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, (struct value){ .form = VALUE_NONE });
}

static const struct {
	const char *what;
	void (*meddle)(void);
} insisting[] = {
	{ "mtu", change_mtu },
	{ "drivers-autoprobe", change_autoprobe },
	{ "pf-up", take_down },
	{ "eswitch.mode", change_mode },
	{ "no VFs", destroy_vfs },
	{ "vlan of a VF", change_vlan },
	{ "driver of a VF", take_driver_off },
};

#define INSISTED                                                                                   \
	RULE "  vfs: 2\n  mtu: 9000\n  drivers-autoprobe: false\n  pf-up: true\n"                  \
	     "  eswitch: {mode: switchdev}\n  vf-defaults: {vlan: 5, driver: vfio-pci}\n"

static unsigned count_lines(void)
{
	unsigned lines = 0;

	for (const char *line = text_string(&kept.text); *line; line++)
		lines += *line == '\n';
	return lines;
}

/* Somebody who undoes whatever is done, so many ms after it, for that long. Returns how many passes
 * had something to do, and in *ret_lines how many lines were logged. */
static unsigned insist(void (*meddle)(void), uint64_t pause, uint64_t time, unsigned *ret_lines)
{
	const uint64_t end = now + time;
	unsigned busy = 0;

	*ret_lines = 0;
	while (now < end) {
		now += pause;
		meddle();
		reconciler_poke(reconciler, now);
		run_when_due();
		busy += fake.calls.length != 0;
		*ret_lines += count_lines();
	}
	return busy;
}

static void begin_insisted(void)
{
	change_mode();
	change_autoprobe();
	policy = fixture_policy(INSISTED);
	run_when_due();
	assert_shown(STATE_IN_SYNC, "");
}

START_TEST(whatever_somebody_insists_on_is_put_back_seldom_in_the_end)
{
	unsigned lines;

	begin_insisted();
	ck_assert_uint_le(insist(insisting[_i].meddle, 0, 60000, &lines),
			  CONTEST_CORRECTIONS + 60000 / CONTEST_PAUSE_MAX_MS + 5);
	ck_assert_msg(reconciler_state(reconciler) == STATE_CONTESTED, "%s: %s", insisting[_i].what,
		      pf_state_name(reconciler_state(reconciler)));
}
END_TEST

/* As a guest that changes its address whenever it was put back: one in half a second is too seldom
 * for one window, and too often for a day. */
START_TEST(what_is_changed_back_slowly_all_day_is_a_contest_too)
{
	const uint64_t day = UINT64_C(86400000);
	unsigned lines;

	begin_insisted();
	ck_assert_uint_le(insist(change_vlan, 540, day, &lines),
			  CONTEST_SLOW_CORRECTIONS + day / CONTEST_SLOW_PAUSE_MAX_MS + 10);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_CONTESTED);
	ck_assert_uint_le(lines, LOG_QUOTA_ENTRIES + 30);
}
END_TEST

/* Each time with all of their settings. */
START_TEST(vfs_that_somebody_insists_on_destroying_are_made_ever_more_seldom)
{
	unsigned lines;

	begin_insisted();
	ck_assert_uint_le(insist(destroy_vfs, 0, 60000, &lines),
			  CONTEST_CORRECTIONS / CONTEST_WEIGHT_OF_VFS + 5 +
				  60000 / CONTEST_PAUSE_OF_VFS_MAX_MS);
}
END_TEST

static void make_vfs_anew(void)
{
	make_other_vfs(12);
	fake.pf->vfs[0].instance = now;
}

/* In a minute, where each correction is of VFs that were made anew. */
#define SELDOM_AS_NEW_VFS                                                                          \
	(CONTEST_CORRECTIONS / CONTEST_WEIGHT_OF_VFS + 5 + 60000 / CONTEST_PAUSE_OF_VFS_MAX_MS)

/* What somebody has tried anew each time, so many ms after it was, is refused: in a minute it is
 * tried so often at the most. */
static void assert_tried_seldom(int error, void (*meddle)(void), uint64_t pause, unsigned most)
{
	unsigned lines;

	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, FAKE_EVERY_VF, error });
	run_when_due();
	ck_assert_uint_le(insist(meddle, pause, 60000, &lines), most);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_CONTESTED);
}

/* Their number is nobody's but his; what rules want of them is tried on each anew, also what is
 * refused. */
START_TEST(vfs_that_somebody_insists_on_making_anew_are_set_up_ever_more_seldom)
{
	policy = fixture_policy(RULE "  vf-defaults: {trust: true}\n");
	assert_tried_seldom(-EINVAL, make_vfs_anew, 540, SELDOM_AS_NEW_VFS);
}
END_TEST

static void flip_mode(void)
{
	struct value *mode = &fake.pf->settings.value[PF_ESWITCH_MODE];

	VALUES_SET(&fake.pf->settings, PF_ESWITCH_MODE, (struct value){ .number = !mode->number });
}

/* What another eswitch mode brings is not known to be refused there. */
START_TEST(what_is_refused_in_each_of_two_modes_is_not_tried_at_each_change)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	assert_tried_seldom(-EPERM, flip_mode, 100,
			    CONTEST_CORRECTIONS + 60000 / CONTEST_PAUSE_MAX_MS + 5);
}
END_TEST

/* Whoever changes it more slowly has as much tried as who makes VFs anew. */
START_TEST(what_a_mode_brings_again_and_again_is_tried_as_seldom_as_new_vfs_are_set_up)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	assert_tried_seldom(-EPERM, flip_mode, 600, SELDOM_AS_NEW_VFS);
}
END_TEST

/* It reads back otherwise: somebody may be quicker than a pass, or the driver takes it no more. */
START_TEST(a_contest_lasts_a_minute_where_what_was_put_back_is_not_taken_any_more)
{
	uint64_t since;

	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	run_contest(CONTEST_CORRECTIONS);
	fake.forgotten = SETTING_BIT(VF_VLAN);
	run_contest(1);
	since = now;
	while (reconciler_state(reconciler) == STATE_CONTESTED && now < since + 3600000)
		run_when_due();
	ck_assert_uint_ge(now, since + CONTEST_RECENT_MS);
	ck_assert_uint_le(now, since + CONTEST_RECENT_MS + CONTEST_PAUSE_MAX_MS);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_DEGRADED);
}
END_TEST

START_TEST(what_is_busy_in_a_contest_waits_as_long_as_what_is_put_back)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5, trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, FAKE_EVERY_VF, -EBUSY });
	run_when_due();
	run_contest(CONTEST_CORRECTIONS);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_CONTESTED);
	ck_assert_uint_ge(run_contest(1), CONTEST_PAUSE_MIN_MS);
}
END_TEST

/* A driver that is busy for a moment whenever its VF is put right, as i40e. */
/* Whatever it is that is looked for. */
START_TEST(a_look_amid_a_pause_does_not_try_what_is_busy)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5, trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EBUSY });
	run_when_due();
	run_contest(CONTEST_CORRECTIONS + 3);
	now += CONTEST_PAUSE_MAX_MS / 2;
	reconciler_pause_changed(reconciler, now);
	ck_assert(run_pass());
	ck_assert_str_eq(text_string(&fake.calls), "");
	for (int i = 0; i < 5 && !fake.calls.length; i++)
		run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "vfs 0:trust\n");
}
END_TEST

START_TEST(what_comes_of_corrections_is_logged_no_more_often_than_they_are)
{
	unsigned lines = 0;

	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	for (const uint64_t end = now + LOG_QUOTA_MS - 10000; now < end; now += 4000) {
		change_vlan();
		fake_kernel_refuse(&fake, (struct fake_refusal){ VF_VLAN, 0, -EAGAIN });
		reconciler_poke(reconciler, now);
		run_when_due();
		lines += count_lines();
		fake.n_refusals = 0;
		run_when_due();
		lines += count_lines();
		ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
	}
	ck_assert_uint_le(lines, 5 * LOG_QUOTA_ENTRIES);
}
END_TEST

/* Too seldom for any window. */
START_TEST(the_first_corrections_of_an_hour_are_logged_and_then_their_number)
{
	unsigned lines;

	begin_insisted();
	ck_assert_uint_ge(insist(change_vlan, 4000, LOG_QUOTA_MS - 1000, &lines), 800);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
	ck_assert_uint_eq(lines, LOG_QUOTA_ENTRIES);
	now += 10000;
	reconciler_poke(reconciler, now);
	run_when_due();
	assert_logged("<5> ens1: something else keeps changing settings: put back 878 times more "
		      "in the last hour\n");
}
END_TEST

static unsigned count_destructions(uint64_t time)
{
	const uint64_t end = now + time;
	unsigned count = 0;

	while (now < end) {
		if (fake.pf->n_vfs == 2)
			make_more_vfs();
		now += 1000;
		reconciler_poke(reconciler, now);
		run_when_due();
		count += strstr(text_string(&fake.calls), "numvfs 0\n") != NULL;
	}
	return count;
}

START_TEST(what_a_new_policy_does_is_logged_whatever_was_not_before)
{
	unsigned lines;

	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_when_due();
	(void)insist(change_vlan, 4000, (LOG_QUOTA_ENTRIES + 2) * UINT64_C(4000), &lines);
	ck_assert_uint_eq(lines, LOG_QUOTA_ENTRIES);
	policy_free(TAKE(policy));
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 6}\n");
	reconciler_policy_changed(reconciler, now);
	run_when_due();
	assert_logged("<6> ens1: VF 0: set vlan to 6 VF=0\n");
}
END_TEST

/* However long one that has begun would go on. */
START_TEST(what_is_put_back_now_and_then_and_undone_is_no_contest)
{
	struct contest contest = { 0 };

	for (uint64_t at = 1; at < 3 * CONTEST_RECENT_MS; at += CONTEST_RECENT_MS / 25)
		ck_assert(!contest_judge(&contest, 1, true, at));
}
END_TEST

START_TEST(vfs_are_destroyed_three_times_in_ten_minutes_and_then_left)
{
	begin_insisted();
	ck_assert_uint_eq(count_destructions(300000), DESTRUCTIONS_MAX);
	assert_shown(STATE_CONTESTED,
		     "destroy the VFs: that was done three times within ten minutes, and something "
		     "else keeps undoing what it is for, and 1 more step");
	ck_assert_uint_eq(count_destructions(86400000 - 300000),
			  (86400000 / DESTRUCTIONS_WINDOW_MS - 1) * DESTRUCTIONS_MAX);
}
END_TEST

START_TEST(vfs_that_were_left_are_destroyed_once_they_may_be_without_an_event)
{
	begin_insisted();
	ck_assert_uint_eq(count_destructions(300000), DESTRUCTIONS_MAX);
	ck_assert_uint_eq(fake.pf->n_vfs, 5);
	for (unsigned i = 0; i < 5 && fake.pf->n_vfs == 5; i++)
		run_when_due();
	ck_assert_uint_eq(fake.pf->n_vfs, 2);
}
END_TEST

START_TEST(with_a_new_policy_vfs_may_be_destroyed_again)
{
	begin_insisted();
	ck_assert_uint_eq(count_destructions(300000), DESTRUCTIONS_MAX);
	reconciler_policy_changed(reconciler, now);
	run_when_due();
	ck_assert_uint_eq(fake.pf->n_vfs, 2);
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

/* What a new policy does is no correction, nor is what VFs get that are new for it. */
START_TEST(what_a_new_policy_changes_was_not_put_back)
{
	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	for (unsigned i = 0; i < 2 * CONTEST_CORRECTIONS; i++) {
		policy_free(policy);
		policy = fixture_policy(i % 2 ? RULE "  vfs: 2\n  mtu: 9000\n"
					      : RULE "  vfs: 3\n  mtu: 1500\n");
		reconciler_policy_changed(reconciler, now);
		run_when_due();
		ck_assert_uint_eq(reconciler_corrections(reconciler, now), 0);
	}
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("contest");
	TCase *tests = tcase_create("contest");

	tcase_add_checked_fixture(tests, one_reconciler_set_up, one_reconciler_tear_down);
	tcase_add_test(tests, a_rival_is_named_and_corrected_ever_more_seldom);
	tcase_add_test(tests, the_last_minute_is_what_counts);
	tcase_add_test(tests,
		       a_rival_is_corrected_ever_more_seldom_also_where_something_is_blocked);
	tcase_add_test(tests, a_rival_is_corrected_ever_more_seldom_also_where_something_is_busy);
	tcase_add_test(tests, a_contest_that_is_over_settles_by_itself);
	tcase_add_test(tests, drift_now_and_then_is_no_contest);
	tcase_add_test(tests, different_values_are_logged_in_one_line);
	tcase_add_test(tests, what_is_taken_in_vain_again_and_again_is_logged_once);
	tcase_add_test(tests, vfs_that_are_new_are_no_contest);
	tcase_add_test(tests, after_a_contest_an_event_is_answered_at_once);
	tcase_add_loop_test(tests, whatever_somebody_insists_on_is_put_back_seldom_in_the_end, 0,
			    ARRAY_SIZE(insisting));
	tcase_add_test(tests, what_is_changed_back_slowly_all_day_is_a_contest_too);
	tcase_add_test(tests, vfs_that_somebody_insists_on_destroying_are_made_ever_more_seldom);
	tcase_add_test(tests, vfs_that_somebody_insists_on_making_anew_are_set_up_ever_more_seldom);
	tcase_add_test(tests, what_is_refused_in_each_of_two_modes_is_not_tried_at_each_change);
	tcase_add_test(tests,
		       what_a_mode_brings_again_and_again_is_tried_as_seldom_as_new_vfs_are_set_up);
	tcase_add_test(tests,
		       a_contest_lasts_a_minute_where_what_was_put_back_is_not_taken_any_more);
	tcase_add_test(tests, what_is_busy_in_a_contest_waits_as_long_as_what_is_put_back);
	tcase_add_test(tests, a_look_amid_a_pause_does_not_try_what_is_busy);
	tcase_add_test(tests, what_comes_of_corrections_is_logged_no_more_often_than_they_are);
	tcase_add_test(tests, the_first_corrections_of_an_hour_are_logged_and_then_their_number);
	tcase_add_test(tests, what_a_new_policy_does_is_logged_whatever_was_not_before);
	tcase_add_test(tests, what_is_put_back_now_and_then_and_undone_is_no_contest);
	tcase_add_test(tests, vfs_are_destroyed_three_times_in_ten_minutes_and_then_left);
	tcase_add_test(tests, vfs_that_were_left_are_destroyed_once_they_may_be_without_an_event);
	tcase_add_test(tests, with_a_new_policy_vfs_may_be_destroyed_again);
	tcase_add_test(tests, what_a_new_policy_changes_was_not_put_back);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
