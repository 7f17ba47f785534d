/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Nothing is written to a PF that is paused; but VFs that somebody has left half made are made
 * whole. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel/note/pause_note.h"
#include "one_pass.h"
#include "runner.h"

#define UNTIL "paused until 2026-01-31 23:59:59 UTC"

static const struct pause an_hour = {
	.left = 3600000,
	.until = 1769903999,
	.words = "2026-01-31 23:59:59 UTC",
	.iso = "2026-01-31T23:59:59Z",
};

START_TEST(nothing_is_written_to_a_pf_that_is_paused)
{
	given(PF("drivers-autoprobe: true, vfs: 0"), RULE "  vfs: 2\n  mtu: 9000\n");
	fake.pf->pause = an_hour;
	run_pass();
	assert_calls("");
	assert_state(STATE_DRIFTED, UNTIL "; mtu 1500 -> 9000, and 1 more step");
	ck_assert(pass_only_looks(pass));
	fake.pf->pause = (struct pause){ 0 };
	run_pass();
	assert_state(STATE_IN_SYNC, "");
	ck_assert(!pass_only_looks(pass));
}
END_TEST

START_TEST(a_pf_that_is_paused_can_be_in_sync)
{
	given(PF("vfs: 0"), RULE "  vfs: 0\n");
	fake.pf->pause = an_hour;
	run_pass();
	assert_state(STATE_IN_SYNC, UNTIL);
}
END_TEST

START_TEST(what_cannot_be_told_counts_as_paused)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n");
	fake.pf->pause = (struct pause){ .left = 60000, .doubtful = "/run/x: this is no note" };
	run_pass();
	assert_calls("");
	assert_state(STATE_DRIFTED,
		     "it cannot be told whether it is paused (/run/x: this is no note), and so "
		     "nothing is written to it: 'sriovctl pause PF off' ends that; create 1 VF");
}
END_TEST

/* What failed before is not tried again, whatever the state says of it otherwise. */
START_TEST(nothing_is_called_tried_again_while_it_is_paused)
{
	given(PF("vfs: 1, virtual-functions: [{index: 0, trust: false}]"),
	      RULE "  vf-defaults: {trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EBUSY });
	run_pass();
	ck_assert_int_eq(pass->state, STATE_RETRYING);
	fake.pf->pause = an_hour;
	run_pass();
	assert_calls("");
	ck_assert_int_eq(pass->state, STATE_DRIFTED);
}
END_TEST

/* By a process that was killed right after it had made them. */
START_TEST(vfs_that_are_half_made_are_finished_first)
{
	given(PF("drivers-autoprobe: true, vfs: 1, "
		 "virtual-functions: [{index: 0, trust: false}]"),
	      RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	fake.pf->drivers_held = true;
	fake.pf->pause = an_hour;
	run_pass();
	assert_calls("vfs 0:trust\nrelease\n");
	assert_state(STATE_IN_SYNC, UNTIL);
	VALUES_SET(&fake.pf->vfs[0].settings, VF_TRUST, (struct value){ .number = 0 });
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(vfs_that_are_half_made_are_not_destroyed_for_others)
{
	given(PF("drivers-autoprobe: true, vfs: 1, virtual-functions: [{index: 0, driver: none, "
		 "owed-driver: igbvf}]"),
	      RULE "  vfs: 3\n");
	fake.pf->pause = an_hour;
	run_pass();
	assert_calls("release\n");
	assert_state(STATE_DRIFTED, UNTIL "; destroy 1 VF, and 1 more step");
}
END_TEST

START_TEST(what_a_rule_that_is_gone_has_left_half_made_is_finished_too)
{
	given(PF("drivers-autoprobe: true, vfs: 0"), "");
	fake.pf->drivers_held = true;
	fake.pf->pause = an_hour;
	run_pass();
	assert_calls("release\n");
	assert_state(STATE_UNMANAGED, "");
	run_pass();
	assert_calls("");
}
END_TEST

static int (*observe)(struct kernel *kernel, const char *handle, struct pf **ret);

/* It is paused right after the first look. */
static int observe_and_pause(struct kernel *kernel, const char *handle, struct pf **ret)
{
	int r = observe(kernel, handle, ret);

	fake.pf->pause = an_hour;
	return r;
}

START_TEST(a_pass_that_has_begun_is_not_left_in_its_midst)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	observe = fake.kernel.observe;
	fake.kernel.observe = observe_and_pause;
	run_pass();
	assert_calls("numvfs 1\nvfs 0:trust\n");
	ck_assert(!pass->paused);
	now_given(RULE "  vfs: 1\n  vf-defaults: {trust: false}\n");
	run_pass();
	assert_calls("");
	ck_assert(pass->paused);
}
END_TEST

START_TEST(the_note_says_what_was_written_and_nothing_where_it_was_cut_off)
{
	const struct pause_note note = { .over_at = UINT64_MAX, .until = 1769903999 };
	char bytes[PAUSE_NOTE_LENGTH];
	struct pause_note back;

	pause_note_write(&note, bytes);
	ck_assert_int_eq(
		memcmp(bytes, "18446744073709551615 00000000001769903999\n", PAUSE_NOTE_LENGTH), 0);
	ck_assert_int_eq(pause_note_read(bytes, sizeof(bytes), &back), 0);
	ck_assert(back.over_at == note.over_at && back.until == note.until);
	for (size_t length = 0; length < sizeof(bytes); length++)
		ck_assert_int_eq(pause_note_read(bytes, length, &back), -EBADMSG);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		char before = bytes[i];

		bytes[i] = 'x';
		ck_assert_int_eq(pause_note_read(bytes, sizeof(bytes), &back), -EBADMSG);
		bytes[i] = before;
	}
	bytes[19] = '6';
	ck_assert_int_eq(pause_note_read(bytes, sizeof(bytes), &back), -EBADMSG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pause");
	TCase *tests = tcase_create("pause"), *notes = tcase_create("notes");

	tcase_add_checked_fixture(tests, one_pass_set_up, one_pass_tear_down);
	tcase_add_test(tests, nothing_is_written_to_a_pf_that_is_paused);
	tcase_add_test(tests, a_pf_that_is_paused_can_be_in_sync);
	tcase_add_test(tests, what_cannot_be_told_counts_as_paused);
	tcase_add_test(tests, nothing_is_called_tried_again_while_it_is_paused);
	tcase_add_test(tests, vfs_that_are_half_made_are_finished_first);
	tcase_add_test(tests, vfs_that_are_half_made_are_not_destroyed_for_others);
	tcase_add_test(tests, what_a_rule_that_is_gone_has_left_half_made_is_finished_too);
	tcase_add_test(tests, a_pass_that_has_begun_is_not_left_in_its_midst);
	tcase_add_test(notes, the_note_says_what_was_written_and_nothing_where_it_was_cut_off);
	suite_add_tcase(suite, tests);
	suite_add_tcase(suite, notes);
	return run_suite(suite);
}
