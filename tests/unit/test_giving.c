/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Passes over VFs that are given values once: what is noted around each write, and what is left to
 * others after it. */

#include <errno.h>
#include <string.h>

#include "one_pass.h"
#include "runner.h"

#define ONCE	 RULE "  vf-defaults: {enforce: at-creation, vlan: 5}\n"
#define NEW	 RULE "  vfs: 1\n  vf-defaults: {enforce: at-creation, vlan: 5}\n"
#define VF(rest) PF("virtual-functions: [{index: 0, reported: true, vlan: 7" rest "}]")
#define VLAN(vf) fake.pf->vfs[vf].settings.value[VF_VLAN].vlan.id

/* Somebody sets another VLAN. */
static void change(uint16_t vlan)
{
	VALUES_SET(&fake.pf->vfs[0].settings, VF_VLAN,
		   (struct value){ .vlan = { .id = vlan, .protocol = 0x8100 } });
}

/* The process dies with all that it knows. */
static void restart(void)
{
	knowledge_free(knowledge);
	ck_assert_int_eq(knowledge_new(&knowledge), 0);
}

START_TEST(new_vfs_are_given_their_values_once)
{
	given(PF("vfs: 0"), NEW);
	run_pass();
	assert_calls("numvfs 1\nnote 0: -vlan\nnote 0: ?vlan\nvfs 0:vlan\nnote 0: +vlan\n");
	assert_state(STATE_IN_SYNC, "");
	change(200);
	run_pass();
	assert_calls("");
	assert_state(STATE_IN_SYNC, "");
	restart();
	run_pass();
	assert_calls("");
	ck_assert_uint_eq(VLAN(0), 200);
}
END_TEST

START_TEST(vfs_that_are_made_anew_are_given_them_again)
{
	given(PF("vfs: 0"), NEW);
	run_pass();
	change(200);
	now_given(RULE "  vfs: 2\n  vf-defaults: {enforce: at-creation, vlan: 5}\n");
	run_pass();
	ck_assert_uint_eq(fake.pf->n_vfs, 2);
	ck_assert_uint_eq(VLAN(0), 5);
	ck_assert_uint_eq(VLAN(1), 5);
}
END_TEST

START_TEST(another_policy_does_not_give_a_value_again)
{
	given(PF("vfs: 0"), NEW);
	run_pass();
	now_given(RULE "  vfs: 1\n  vf-defaults: {enforce: at-creation, vlan: 6}\n");
	run_pass();
	assert_calls("");
	assert_state(STATE_IN_SYNC, "");
	now_given(RULE "  vfs: 1\n  vf-defaults: {vlan: 6}\n");
	run_pass();
	assert_calls("vfs 0:vlan\n");
}
END_TEST

START_TEST(values_of_other_entries_are_enforced)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n  vf-defaults: {enforce: at-creation, vlan: 5, trust: "
				 "true}\n  virtual-functions: [{index: 0, trust: true}]\n");
	run_pass();
	assert_calls("numvfs 1\nnote 0: -vlan\nnote 0: ?vlan\nvfs 0:vlan,trust\nnote 0: +vlan\n");
	change(200);
	fake.pf->vfs[0].settings.value[VF_TRUST].number = 0;
	run_pass();
	assert_calls("vfs 0:trust\n");
}
END_TEST

START_TEST(a_vf_that_is_as_wanted_counts_as_given)
{
	given(VF(""), RULE "  vf-defaults: {enforce: at-creation, vlan: 7}\n");
	run_pass();
	assert_calls("note 0: +vlan\n");
	change(200);
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(a_vf_that_was_there_before_is_given_them_while_nobody_uses_it)
{
	given(VF(""), ONCE);
	run_pass();
	assert_calls("note 0: ?vlan\nvfs 0:vlan\nnote 0: +vlan\n");
}
END_TEST

START_TEST(a_vf_that_somebody_uses_counts_as_given_also_once_he_has_gone)
{
	given(VF(""), ONCE);
	fake.holder = "a guest";
	knowledge_set_time(knowledge, 1);
	run_pass();
	assert_calls("");
	assert_state(STATE_WAITING, "VF 0: vlan 7 -> 5: the VF is in use, or its driver has only "
				    "begun: that is seen in 10 s");
	knowledge_set_time(knowledge, 2);
	ck_assert_uint_eq(knowledge_users_at(knowledge), 2 + TAKEOVER_GRACE_MS);
	knowledge_set_time(knowledge, 2 + TAKEOVER_GRACE_MS);
	run_pass();
	assert_calls("note 0: +vlan\n");
	assert_state(STATE_IN_SYNC, "");
	fake.holder = NULL;
	restart();
	run_pass();
	assert_calls("");
	ck_assert_uint_eq(VLAN(0), 7);
}
END_TEST

/* A driver that has not made its network device yet looks as if that were elsewhere. */
START_TEST(a_vf_whose_driver_has_only_begun_is_given_its_values_then)
{
	given(VF(""), ONCE);
	fake.holder = "its network device is elsewhere";
	knowledge_set_time(knowledge, 1);
	run_pass();
	assert_calls("");
	fake.holder = NULL;
	knowledge_set_time(knowledge, 300);
	run_pass();
	assert_calls("note 0: ?vlan\nvfs 0:vlan\nnote 0: +vlan\n");
}
END_TEST

START_TEST(vfs_that_another_makes_anew_are_given_them_whoever_has_them_by_then)
{
	given(PF("vfs: 0"), RULE "  vf-defaults: {enforce: at-creation, vlan: 5}\n");
	run_pass();
	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 1), 0);
	fake.holder = "its network device is elsewhere";
	run_pass();
	assert_calls("note 0: -vlan\nnote 0: ?vlan\nvfs 0:vlan\nnote 0: +vlan\n");
}
END_TEST

/* Who made them died before he could note it; and who uses them cannot be told. */
START_TEST(vfs_that_drivers_are_still_kept_off_are_new)
{
	given(VF(""), ONCE);
	fake.pf->drivers_held = true;
	fake.holder = "unknown";
	knowledge_set_time(knowledge, 1);
	run_pass();
	assert_calls("note 0: -vlan\nnote 0: ?vlan\nvfs 0:vlan\nnote 0: +vlan\nrelease\n");
}
END_TEST

START_TEST(who_never_looks_again_leaves_a_vf_that_is_used_alone)
{
	given(VF(""), ONCE);
	fake.holder = "a guest";
	run_pass();
	assert_calls("");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

/* He comes between the look and the write. */
START_TEST(a_driver_is_not_given_to_a_vf_that_somebody_has_come_to_use)
{
	given(PF("virtual-functions: [{index: 0, reported: true, driver: none}]"),
	      RULE "  vf-defaults: {enforce: at-creation, driver: vfio-pci}\n");
	fake.holder_after = 1;
	fake.holder = "a guest";
	run_pass();
	assert_calls("note 0: ?driver\nnote 0: =driver\n");
}
END_TEST

START_TEST(what_was_refused_is_tried_until_it_was_given)
{
	given(PF("vfs: 0"), NEW);
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_VLAN, FAKE_EVERY_VF, -EBUSY });
	run_pass();
	assert_calls("numvfs 1\nnote 0: -vlan\nnote 0: ?vlan\nvfs 0:vlan\nnote 0: -vlan\n");
	fake.n_refusals = 0;
	fake.holder = "a guest";
	restart();
	run_pass();
	assert_calls("note 0: ?vlan\nvfs 0:vlan\nnote 0: +vlan\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(nothing_is_given_that_cannot_be_noted)
{
	given(VF(""), ONCE);
	fake.note_error = -ENOSPC;
	run_pass();
	assert_calls("note 0: ?vlan\n");
	ck_assert_str_eq(pf_state_name(pass->state), "retrying");
	ck_assert(strstr(pass->reason, "that it is given cannot be noted in /run/sriovd: No space "
				       "left on device"));
}
END_TEST

START_TEST(where_it_cannot_be_told_nothing_is_given)
{
	given(VF(", given-untold: true"), ONCE);
	run_pass();
	assert_calls("");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(a_passive_pass_notes_nothing)
{
	given(VF(""), RULE "  mode: observe\n  vf-defaults: {enforce: at-creation, vlan: 7}\n");
	run_pass();
	assert_calls("");
}
END_TEST

/* What a process that died has left of a value that it was about to give. */
static void leave_tried(uint16_t vlan)
{
	const struct given_note note = { .tried = SETTING_BIT(VF_VLAN) };

	given_record_note(&fake.given[0].record, &note, fake.pf);
	fake.given[0].noted = true;
	change(vlan);
}

START_TEST(what_a_process_that_died_has_not_written_is_given_also_to_who_came_since)
{
	given(VF(""), ONCE);
	leave_tried(7);
	fake.holder = "a guest";
	run_pass();
	assert_calls("note 0: ?vlan\nvfs 0:vlan\nnote 0: +vlan\n");
}
END_TEST

START_TEST(what_a_process_that_died_has_written_is_not_taken_from_who_changed_it)
{
	given(VF(""), ONCE);
	leave_tried(5);
	run_pass();
	assert_calls("note 0: +vlan\n");
	leave_tried(200);
	run_pass();
	assert_calls("note 0: +vlan\n");
	/* As it was before it was tried: that is somebody's by now. */
	change(5);
	restart();
	run_pass();
	assert_calls("");
}
END_TEST

/* What is not reported cannot tell whether it was written: it counts so, unless drivers are kept
 * off the VF still. */
START_TEST(what_cannot_be_read_counts_as_given_once_drivers_may_have_the_vf)
{
	given(PF("virtual-functions: [{index: 0, reported: true}]"), ONCE);
	leave_tried(7);
	fake.unreported = SETTING_BIT(VF_VLAN);
	fake.given[0].record.told = 0;
	run_pass();
	assert_calls("note 0: +vlan\n");
	fake.given[0].record = (struct given_record){ .tried = SETTING_BIT(VF_VLAN) };
	fake.pf->drivers_held = true;
	run_pass();
	assert_calls("note 0: -vlan\nnote 0: ?vlan\nvfs 0:vlan\nnote 0: +vlan\nrelease\n");
}
END_TEST

/* qed_get_vf_config() reports the speed of the link where there is no limit. */
START_TEST(no_limit_is_as_before_also_once_there_is_a_link)
{
	const struct given_note note = { .tried = SETTING_BIT(VF_MAX_TX_RATE) };

	given("- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "
	      "driver: qede, totalvfs: 7, pf-up: true, "
	      "virtual-functions: [{index: 0, reported: true, max-tx-rate: 0}]}\n",
	      RULE "  vf-defaults: {enforce: at-creation, max-tx-rate: 500}\n");
	given_record_note(&fake.given[0].record, &note, fake.pf);
	fake.given[0].noted = true;
	fake.pf->carrier = true;
	fake.pf->speed = 10000;
	VALUES_SET(&fake.pf->vfs[0].settings, VF_MAX_TX_RATE, (struct value){ .number = 10000 });
	run_pass();
	assert_calls("note 0: ?max-tx-rate\nvfs 0:max-tx-rate\nnote 0: +max-tx-rate\n");
}
END_TEST

/* It starts over for what was written with it: no driver gets it meanwhile without that, or what
 * somebody has made of it. */
START_TEST(of_a_vf_that_is_not_reported_it_is_seen_later_what_was_written)
{
	given(VF(""), ONCE);
	leave_tried(7);
	fake.pf->drivers_held = true;
	fake.pf->vfs[0].reported = false;
	fake.unreported = SETTING_BIT(VF_VLAN);
	run_pass();
	assert_calls("");
	assert_state(STATE_WAITING, "the driver does not report all of its VFs; "
				    "no driver is let at its VFs meanwhile");
	fake.pf->vfs[0].reported = true;
	fake.unreported = 0;
	run_pass();
	assert_calls("note 0: -vlan\nnote 0: ?vlan\nvfs 0:vlan\nnote 0: +vlan\nrelease\n");
}
END_TEST

/* The VF's driver would get none, and go on with another (igb, ixgbe): that it was written is not
 * enough. */
START_TEST(a_given_address_keeps_drivers_off_as_long_as_the_pf_is_down)
{
	given("- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "
	      "driver: igb, totalvfs: 7, pf-up: false, drivers-autoprobe: true, vfs: 0}\n",
	      RULE "  vfs: 1\n"
		   "  vf-defaults: {enforce: at-creation, mac: '02:00:00:00:00:01'}\n");
	run_pass();
	assert_calls("hold\nnumvfs 1\nnote 0: -mac\nnote 0: ?mac\nvfs 0:mac\nnote 0: +mac\n");
	restart();
	run_pass();
	assert_calls("");
	fake.unreported = SETTING_BIT(VF_MAC);
	run_pass();
	assert_calls("");
	fake.unreported = 0;
	/* Somebody else's: the driver is to find what he has set. */
	fake.pf->vfs[0].settings.value[VF_MAC].mac.bytes[5] = 2;
	run_pass();
	assert_calls("release\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("giving");
	TCase *tests = tcase_create("giving");

	tcase_add_checked_fixture(tests, one_pass_set_up, one_pass_tear_down);
	tcase_add_test(tests, new_vfs_are_given_their_values_once);
	tcase_add_test(tests, vfs_that_are_made_anew_are_given_them_again);
	tcase_add_test(tests, another_policy_does_not_give_a_value_again);
	tcase_add_test(tests, values_of_other_entries_are_enforced);
	tcase_add_test(tests, a_vf_that_is_as_wanted_counts_as_given);
	tcase_add_test(tests, a_vf_that_was_there_before_is_given_them_while_nobody_uses_it);
	tcase_add_test(tests, a_vf_that_somebody_uses_counts_as_given_also_once_he_has_gone);
	tcase_add_test(tests, a_vf_whose_driver_has_only_begun_is_given_its_values_then);
	tcase_add_test(tests, vfs_that_another_makes_anew_are_given_them_whoever_has_them_by_then);
	tcase_add_test(tests, vfs_that_drivers_are_still_kept_off_are_new);
	tcase_add_test(tests, who_never_looks_again_leaves_a_vf_that_is_used_alone);
	tcase_add_test(tests, a_driver_is_not_given_to_a_vf_that_somebody_has_come_to_use);
	tcase_add_test(tests, what_was_refused_is_tried_until_it_was_given);
	tcase_add_test(tests, nothing_is_given_that_cannot_be_noted);
	tcase_add_test(tests, where_it_cannot_be_told_nothing_is_given);
	tcase_add_test(tests, a_passive_pass_notes_nothing);
	tcase_add_test(tests,
		       what_a_process_that_died_has_not_written_is_given_also_to_who_came_since);
	tcase_add_test(tests,
		       what_a_process_that_died_has_written_is_not_taken_from_who_changed_it);
	tcase_add_test(tests, what_cannot_be_read_counts_as_given_once_drivers_may_have_the_vf);
	tcase_add_test(tests, of_a_vf_that_is_not_reported_it_is_seen_later_what_was_written);
	tcase_add_test(tests, a_given_address_keeps_drivers_off_as_long_as_the_pf_is_down);
	tcase_add_test(tests, no_limit_is_as_before_also_once_there_is_a_link);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
