/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A request (disruption: on-request) that has destroyed VFs leaves no PF without them, though it
 * ends with the program that it was made to. */

#include <errno.h>

#include "one_pass.h"
#include "runner.h"

#define ON_REQUEST RULE "  disruption: on-request\n"
#define GOES_ON	   "; 'sriovctl apply --disruptive ens1' goes on"
#define TWO_VFS	   "vfs: 2, virtual-functions: [{index: 0}, {index: 1}]"

static const struct owed_vfs owed = { .noted = true, .owed = true };

static void ask(void)
{
	knowledge_set_requested(knowledge, true);
}

START_TEST(vfs_that_are_destroyed_on_request_are_noted_as_owed_until_there_are_others)
{
	given(PF(TWO_VFS), ON_REQUEST "  vfs: 3\n");
	ask();
	run_pass();
	assert_calls("owe\nnumvfs 0\nnumvfs 3\nowe nothing\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(none_are_owed_where_nobody_had_to_ask_or_none_are_to_come)
{
	given(PF(TWO_VFS), RULE "  vfs: 3\n");
	run_pass();
	assert_calls("numvfs 0\nnumvfs 3\n");
	now_given(ON_REQUEST "  vfs: 0\n");
	ask();
	run_pass();
	assert_calls("numvfs 0\n");
}
END_TEST

START_TEST(vfs_that_are_owed_are_made_without_another_request)
{
	given(PF("vfs: 0"), ON_REQUEST "  vfs: 3\n  mtu: 9000\n");
	run_pass();
	assert_calls("");
	fake.pf->owed_vfs = owed;
	run_pass();
	assert_calls("numvfs 3\nowe nothing\n");
	assert_state(STATE_BLOCKED, "mtu 1500 -> 9000: waits for request" GOES_ON);
}
END_TEST

/* They are what the policy wants by then. */
START_TEST(vfs_that_are_owed_are_as_many_as_are_wanted_now)
{
	given(PF("vfs: 0"), ON_REQUEST "  vfs: 0\n");
	fake.pf->owed_vfs = owed;
	run_pass();
	assert_calls("owe nothing\n");
	now_given(RULE "  mode: observe\n  vfs: 0\n");
	fake.pf->owed_vfs = owed;
	run_pass();
	assert_calls("");
	now_given("physical-functions:\n- name: r\n  match: {interface: ens2}\n  vfs: 2\n");
	run_pass();
	assert_calls("owe nothing\n");
}
END_TEST

START_TEST(that_vfs_are_owed_is_no_request_to_destroy_any)
{
	given(PF(TWO_VFS), ON_REQUEST "  vfs: 3\n");
	fake.pf->owed_vfs = owed;
	run_pass();
	assert_calls("owe nothing\n");
	assert_state(STATE_BLOCKED, "destroy 2 VFs: waits for request, and 1 more step" GOES_ON);
}
END_TEST

START_TEST(vfs_that_cannot_be_made_yet_stay_owed)
{
	given(PF("vfs: 0"), ON_REQUEST "  vfs: 3\n");
	fake.pf->owed_vfs = owed;
	fake.numvfs_error = -EBUSY;
	run_pass();
	assert_calls("numvfs 3\n");
	fake.numvfs_error = 0;
	knowledge_retry(knowledge, REFUSAL_ALL);
	run_pass();
	assert_calls("numvfs 3\nowe nothing\n");
}
END_TEST

START_TEST(nothing_is_destroyed_where_that_cannot_be_noted)
{
	given(PF(TWO_VFS), ON_REQUEST "  vfs: 3\n");
	ask();
	fake.note_error = -ENOSPC;
	run_pass();
	assert_calls("owe\n");
	assert_state(STATE_RETRYING,
		     "destroy the VFs: the driver is busy (EAGAIN): that others are to follow "
		     "cannot be noted in /run/sriovd: No space left on device, and 1 more step");
}
END_TEST

START_TEST(who_takes_a_vf_while_others_are_noted_as_owed_keeps_it)
{
	given(PF(TWO_VFS), ON_REQUEST "  vfs: 3\n");
	ask();
	fake.held_vf = 1;
	fake.noted_holder = "qemu";
	run_pass();
	assert_calls("owe\nowe nothing\n");
	ck_assert_int_eq(pass->state, STATE_BLOCKED);
}
END_TEST

/* They may have been somebody else's, who has no use for others. */
START_TEST(vfs_of_which_it_cannot_be_told_wait_for_request)
{
	given(PF("vfs: 0"), ON_REQUEST "  vfs: 3\n");
	fake.pf->owed_vfs = (struct owed_vfs){ .noted = true, .doubtful = "/run/x: Bad" };
	run_pass();
	assert_calls("");
	assert_state(STATE_BLOCKED,
		     "create 3 VFs: waits for request, since it cannot be told whether it belongs "
		     "to an earlier one (/run/x: Bad)" GOES_ON);
}
END_TEST

#define ICE(rest)                                                                                  \
	"- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "      \
	"driver: ice, totalvfs: 8, carrier: true, pf-up: true, eswitch: {mode: legacy}, " rest     \
	"}\n"

/* ice changes the mode only while there are no VFs. */
START_TEST(vfs_that_are_owed_come_in_the_mode_that_was_asked_for)
{
	given(ICE(TWO_VFS), ON_REQUEST "  vfs: 3\n  eswitch: {mode: switchdev}\n");
	ask();
	run_pass();
	assert_calls("owe in mode 1\nnumvfs 0\neswitch.mode switchdev\nnumvfs 3\nowe nothing\n");
}
END_TEST

START_TEST(another_mode_that_comes_first_takes_another_request)
{
	given(ICE("vfs: 0"), ON_REQUEST "  vfs: 3\n  eswitch: {mode: switchdev}\n");
	fake.pf->owed_vfs = owed;
	run_pass();
	assert_calls("");
	assert_state(STATE_BLOCKED, "eswitch.mode legacy -> switchdev: waits for request, and 1 "
				    "more step" GOES_ON);
	fake.pf->owed_vfs.with_mode = true;
	fake.pf->owed_vfs.mode = 1;
	run_pass();
	assert_calls("eswitch.mode switchdev\nnumvfs 3\nowe nothing\n");
}
END_TEST

/* mlx5_core changes it once there are VFs without drivers: who died in between has left those. */
START_TEST(vfs_that_are_half_made_get_the_mode_that_was_asked_for)
{
	given(MLX5("driver: none"), ON_REQUEST "  vfs: 1\n  eswitch: {mode: switchdev}\n");
	fake.pf->owed_vfs = (struct owed_vfs){ true, true, true, 1 };
	fake.pf->drivers_held = true;
	run_pass();
	assert_calls("eswitch.mode switchdev\nrelease\nowe nothing\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("owed_vfs");
	TCase *tests = tcase_create("owed_vfs");

	tcase_add_checked_fixture(tests, one_pass_set_up, one_pass_tear_down);
	tcase_add_test(tests,
		       vfs_that_are_destroyed_on_request_are_noted_as_owed_until_there_are_others);
	tcase_add_test(tests, none_are_owed_where_nobody_had_to_ask_or_none_are_to_come);
	tcase_add_test(tests, vfs_that_are_owed_are_made_without_another_request);
	tcase_add_test(tests, vfs_that_are_owed_are_as_many_as_are_wanted_now);
	tcase_add_test(tests, that_vfs_are_owed_is_no_request_to_destroy_any);
	tcase_add_test(tests, vfs_that_cannot_be_made_yet_stay_owed);
	tcase_add_test(tests, nothing_is_destroyed_where_that_cannot_be_noted);
	tcase_add_test(tests, who_takes_a_vf_while_others_are_noted_as_owed_keeps_it);
	tcase_add_test(tests, vfs_of_which_it_cannot_be_told_wait_for_request);
	tcase_add_test(tests, vfs_that_are_owed_come_in_the_mode_that_was_asked_for);
	tcase_add_test(tests, another_mode_that_comes_first_takes_another_request);
	tcase_add_test(tests, vfs_that_are_half_made_get_the_mode_that_was_asked_for);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
