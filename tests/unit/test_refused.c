/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Passes in which steps are refused, or taken and not kept: what else is done, and what is tried
 * again. */

#include <errno.h>

#include "apply/refusal.h"
#include "one_pass.h"
#include "runner.h"

START_TEST(a_driver_waits_for_a_vf_that_is_refused_a_setting_for_now)
{
	given(PF("drivers-autoprobe: false, vfs: 0"),
	      RULE "  vfs: 1\n  vf-defaults: {trust: true, driver: vfio-pci}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, FAKE_EVERY_VF, -EBUSY });
	run_pass();
	assert_calls("numvfs 1\nvfs 0:trust\n");
	ck_assert(pass->remaining->holds_back);
	fake.n_refusals = 0;
	knowledge_retry(knowledge, REFUSAL_ALL);
	run_pass();
	assert_calls("vfs 0:trust\nvf 0:driver\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(a_driver_that_is_not_there_keeps_no_vf_back)
{
	given(PF("drivers-autoprobe: true, vfs: 0"),
	      RULE "  vfs: 2\n  virtual-functions: [{index: all, driver: vfio-pci}]\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_DRIVER, 0, -ENOENT });
	run_pass();
	assert_calls("hold\nnumvfs 2\nvf 0:driver\nvf 1:driver\nrelease\n");
	assert_state(STATE_WAITING,
		     "VF 0: driver vfio-pci: there is no such VF or no driver yet (ENOENT)");
	ck_assert(!pass->remaining->holds_back);
}
END_TEST

START_TEST(a_refused_setting_of_one_device_keeps_no_other_back)
{
	given(PF("drivers-autoprobe: true, virtual-functions: [{index: 0}, {index: 1}]"),
	      RULE "  vf-defaults: {msix-vectors: 4, driver: vfio-pci}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_MSIX_VECTORS, 0, -EINVAL });
	run_pass();
	assert_calls("vf 0:msix-vectors\nvf 0:driver\nvf 1:msix-vectors\nvf 1:driver\n");
	assert_state(STATE_DEGRADED, "VF 0: msix-vectors 4: rejected by the driver (EINVAL)");
}
END_TEST

/* The names of what is wanted go with each look, of which one comes after the refusal. */
START_TEST(a_refused_name_is_described_after_the_next_look)
{
	CLEANUP_TEXT struct text text = { 0 };

	given(PF("virtual-functions: [{index: 0}]"), RULE "  vf-defaults: {driver: vfio-pci}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_DRIVER, 0, -EINVAL });
	run_pass();
	ck_assert_uint_eq(pass->actions.count, 1);
	refusal_describe(pass->actions.items[0].refusal, &text);
	ck_assert_str_eq(text_string(&text),
			 "VF 0: driver vfio-pci: rejected by the driver (EINVAL)");
}
END_TEST

START_TEST(an_eswitch_that_is_refused_is_not_built_on)
{
	given("- {handle: pci/0000:01:00.0, interface: ens1, ifindex: 2, driver: ice, carrier: "
	      "true, drivers-autoprobe: true, eswitch: {mode: legacy}, vfs: 0}\n",
	      RULE "  vfs: 1\n  eswitch: {mode: switchdev}\n");
	fake.pf_refused = SETTING_BIT(PF_ESWITCH_MODE);
	run_pass();
	assert_calls("eswitch.mode switchdev\n");
	assert_state(STATE_DEGRADED,
		     "eswitch.mode switchdev: rejected by the driver (EIO), and 1 more step");
}
END_TEST

START_TEST(an_unsupported_setting_is_found_by_name_and_keeps_no_other_back)
{
	given(PF("vfs: 0"),
	      RULE "  vfs: 3\n  vf-defaults: {trust: true, vlan: 5, link-state: enable}\n");
	fake_kernel_refuse(&fake,
			   (struct fake_refusal){ VF_LINK_STATE, FAKE_EVERY_VF, -EOPNOTSUPP });
	run_pass();
	assert_calls("numvfs 3\n"
		     "vfs 0:vlan,link-state,trust 1:vlan,link-state,trust 2:vlan,link-state,trust\n"
		     "vfs 0:link-state\n"
		     "vfs 0:trust\n"
		     "vfs 1:vlan\n"
		     "vfs 1:trust\n"
		     "vfs 2:vlan\n"
		     "vfs 2:trust\n");
	assert_state(STATE_DEGRADED,
		     "VF 0: link-state enable: not supported by the driver (EOPNOTSUPP), "
		     "and 2 more steps");
	for (uint32_t i = 0; i < 3; i++)
		ck_assert_uint_eq(fake.pf->vfs[i].settings.value[VF_TRUST].number, 1);
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(what_is_refused_on_one_vf_is_set_on_the_others)
{
	given(PF("vfs: 0"), RULE "  vfs: 200\n  vf-defaults: {vlan: 5}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_VLAN, 130, -EINVAL });
	run_pass();
	assert_state(STATE_DEGRADED, "VF 130: vlan 5: rejected by the driver (EINVAL)");
	for (uint32_t i = 0; i < 200; i++)
		ck_assert_uint_eq(fake.pf->vfs[i].settings.value[VF_VLAN].vlan.id,
				  i == 130 ? 0 : 5);
}
END_TEST

START_TEST(a_setting_is_not_written_twice_when_its_message_failed)
{
	given(PF("vfs: 0"),
	      RULE "  vfs: 1\n  vf-defaults: {mac: 02:00:00:00:00:01, trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EPERM });
	run_pass();
	assert_calls("numvfs 1\nvfs 0:mac,trust\nvfs 0:trust\n");
}
END_TEST

START_TEST(a_rate_refused_for_want_of_a_link_waits_for_it)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n  vf-defaults: {max-tx-rate: 100}\n");
	fake.pf->carrier = false;
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_MAX_TX_RATE, FAKE_EVERY_VF, -EINVAL,
							 .only_without_carrier = true });
	run_pass();
	assert_state(STATE_WAITING,
		     "VF 0: max-tx-rate 100 Mbit/s: refused while the link is down (EINVAL)");
	run_pass();
	assert_calls("");
	fake.pf->carrier = true;
	fake.pf->carrier_ups++;
	run_pass();
	assert_calls("vfs 0:max-tx-rate\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(what_is_accepted_and_not_kept_is_not_tried_for_ever)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	fake.forgotten = SETTING_BIT(VF_TRUST);
	run_pass();
	assert_calls("numvfs 1\nvfs 0:trust\n");
	assert_state(STATE_DEGRADED,
		     "VF 0: trust true: accepted by the driver, but it reads back otherwise");
	run_pass();
	assert_calls("");
}
END_TEST

/* What a card may have lost with its link reads back as if it had not. */
START_TEST(what_is_in_doubt_is_written_also_when_its_message_failed)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n  vf-defaults: {max-tx-rate: 5, spoof-check: false}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_MAX_TX_RATE, 0, -EINVAL });
	run_pass();
	knowledge_doubt(knowledge);
	knowledge_retry(knowledge, REFUSAL_ALL);
	run_pass();
	assert_calls("vfs 0:max-tx-rate,spoof-check\nvfs 0:max-tx-rate\nvfs 0:spoof-check\n");
}
END_TEST

/* Looks of a pass over a PF without VFs that refuses these of its settings. */
static size_t count_looks(uint64_t refused, const char *calls)
{
	given("- {handle: pci/0000:01:00.0, interface: ens1, ifindex: 2, driver: igb, carrier: "
	      "true, mtu: 1500, pf-up: false, drivers-autoprobe: true, vfs: 0}\n",
	      RULE "  vfs: 1\n  mtu: 9000\n  pf-up: true\n  drivers-autoprobe: false\n");
	fake.pf_refused = refused;
	run_pass();
	assert_calls(calls);
	return fake.n_observations;
}

static void tear_down_pf(void)
{
	one_pass_tear_down();
	one_pass_set_up();
}

START_TEST(a_refused_setting_of_the_pf_costs_no_look)
{
	size_t looks = count_looks(0, "mtu 9000\npf-up true\ndrivers-autoprobe false\nnumvfs 1\n");

	tear_down_pf();
	ck_assert_uint_eq(count_looks(SETTING_BIT(PF_MTU), "mtu 9000\npf-up true\n"
							   "drivers-autoprobe false\nnumvfs 1\n"),
			  looks);
	assert_state(STATE_DEGRADED, "mtu 9000: rejected by the driver (EIO)");
}
END_TEST

START_TEST(a_setting_of_the_pf_that_others_build_on_is_looked_at_first)
{
	size_t looks = count_looks(0, "mtu 9000\npf-up true\ndrivers-autoprobe false\nnumvfs 1\n");

	tear_down_pf();
	ck_assert_uint_eq(count_looks(SETTING_BIT(PF_DRIVERS_AUTOPROBE),
				      "mtu 9000\npf-up true\ndrivers-autoprobe false\n"
				      "hold\nnumvfs 1\nrelease\n"),
			  looks + 2);
	assert_state(STATE_DEGRADED, "drivers-autoprobe false: rejected by the kernel (EIO)");
}
END_TEST

START_TEST(rates_are_written_together_when_their_message_failed)
{
	given(PF("vfs: 0"), RULE "  vfs: 2\n  vf-defaults: {min-tx-rate: 100, max-tx-rate: 1000, "
				 "link-state: enable}\n");
	fake_kernel_refuse(&fake,
			   (struct fake_refusal){ VF_LINK_STATE, FAKE_EVERY_VF, -EOPNOTSUPP });
	run_pass();
	for (uint32_t i = 0; i < 2; i++) {
		ck_assert_uint_eq(fake.pf->vfs[i].settings.value[VF_MIN_TX_RATE].number, 100);
		ck_assert_uint_eq(fake.pf->vfs[i].settings.value[VF_MAX_TX_RATE].number, 1000);
	}
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(a_refused_rate_leaves_the_other_one_set)
{
	given(PF("vfs: 0"),
	      RULE "  vfs: 1\n  vf-defaults: {min-tx-rate: 100, max-tx-rate: 1000}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_MIN_TX_RATE, FAKE_EVERY_VF, -EINVAL });
	run_pass();
	assert_state(STATE_DEGRADED,
		     "VF 0: min-tx-rate 100 Mbit/s: rejected by the driver (EINVAL)");
	ck_assert_uint_eq(fake.pf->vfs[0].settings.value[VF_MAX_TX_RATE].number, 1000);
}
END_TEST

START_TEST(drivers_wait_for_a_vf_whose_settings_are_refused_for_now)
{
	given(PF("drivers-autoprobe: true, vfs: 0"),
	      RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EBUSY });
	run_pass();
	assert_calls("hold\nnumvfs 1\nvfs 0:trust\n");
	fake.n_refusals = 0;
	knowledge_retry(knowledge, REFUSAL_ALL);
	run_pass();
	assert_calls("vfs 0:trust\nrelease\n");
}
END_TEST

/* Its settings come before its driver, also where that is one that the policy names. */
START_TEST(a_named_driver_waits_for_a_vf_that_is_not_ready)
{
	given(PF("vfs: 2, virtual-functions: [{index: 0, reported: true, trust: false, driver: "
		 "none}, "
		 "{index: 1, reported: true, trust: false, driver: none}]"),
	      RULE "  vf-defaults: {trust: true, driver: vfio-pci}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EBUSY });
	fake.pf->vfs[1].reported = false;
	run_pass();
	assert_calls("vfs 0:trust\n");
	ck_assert(pass->remaining->holds_back);
	fake.pf->vfs[1].reported = true;
	run_pass();
	assert_calls("vfs 1:trust\nvf 1:driver\n");
	knowledge_set_patient(knowledge, false);
	run_pass();
	assert_calls("vf 0:driver\n");
	ck_assert(!pass->remaining->holds_back);
}
END_TEST

/* Of all that is to be tried again it is named what drivers wait for, all VFs' drivers. */
START_TEST(what_keeps_drivers_off_all_vfs_is_named_before_a_rate)
{
	given(PF("drivers-autoprobe: true, vfs: 0"), RULE
	      "  vfs: 2\n  virtual-functions: [{index: 0, max-tx-rate: 5}, {index: 1, vlan: 5}]\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_MAX_TX_RATE, 0, -EBUSY });
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_VLAN, 1, -EBUSY });
	run_pass();
	assert_state(STATE_RETRYING,
		     "VF 1: vlan 5: the driver is busy (EBUSY), and 1 more step; no driver is let "
		     "at its VFs meanwhile");
	knowledge_set_patient(knowledge, false);
	run_pass();
	assert_state(STATE_RETRYING,
		     "VF 0: max-tx-rate 5 Mbit/s: the driver is busy (EBUSY), and 1 more step");
}
END_TEST

/* The rate is what is more urgent; that drivers wait for another thing is said beside it. */
START_TEST(a_rate_that_waits_for_the_link_does_not_hide_what_keeps_drivers_off)
{
	given("- {handle: pci/0000:01:00.0, interface: ens1, ifindex: 2, driver: igb, pf-up: "
	      "false, "
	      "carrier: false, drivers-autoprobe: true, vfs: 0}\n",
	      RULE "  vfs: 1\n  vf-defaults: {mac: '02:00:00:00:00:01', max-tx-rate: 5}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_MAX_TX_RATE, 0, -ENETDOWN });
	run_pass();
	assert_state(STATE_WAITING,
		     "VF 0: max-tx-rate 5 Mbit/s: refused while the link is down (ENETDOWN); "
		     "no driver is let at its VFs until the PF is up, by which those "
		     "get their addresses");
}
END_TEST

START_TEST(a_driver_that_does_not_take_its_vf_keeps_none_off_new_ones)
{
	given(PF("drivers-autoprobe: true, virtual-functions: [{index: 0, driver: none, "
		 "owed-driver: igbvf}]"),
	      RULE "  vfs: 1\n");
	fake.release_error = -ENXIO;
	run_pass();
	assert_calls("release\n");
	assert_state(STATE_DEGRADED, "let drivers bind the VFs: rejected by the driver (ENXIO)");
	run_pass();
	assert_calls("");
	fake.release_error = 0;
	now_given(RULE "  vfs: 2\n");
	run_pass();
	assert_calls("numvfs 0\nhold\nnumvfs 2\nrelease\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("refused");
	TCase *tests = tcase_create("refused");

	tcase_add_checked_fixture(tests, one_pass_set_up, one_pass_tear_down);
	tcase_add_test(tests, a_driver_waits_for_a_vf_that_is_refused_a_setting_for_now);
	tcase_add_test(tests, a_driver_that_is_not_there_keeps_no_vf_back);
	tcase_add_test(tests, a_refused_setting_of_one_device_keeps_no_other_back);
	tcase_add_test(tests, a_refused_name_is_described_after_the_next_look);
	tcase_add_test(tests, an_eswitch_that_is_refused_is_not_built_on);
	tcase_add_test(tests, an_unsupported_setting_is_found_by_name_and_keeps_no_other_back);
	tcase_add_test(tests, what_is_refused_on_one_vf_is_set_on_the_others);
	tcase_add_test(tests, a_setting_is_not_written_twice_when_its_message_failed);
	tcase_add_test(tests, a_rate_refused_for_want_of_a_link_waits_for_it);
	tcase_add_test(tests, what_is_accepted_and_not_kept_is_not_tried_for_ever);
	tcase_add_test(tests, what_is_in_doubt_is_written_also_when_its_message_failed);
	tcase_add_test(tests, a_refused_setting_of_the_pf_costs_no_look);
	tcase_add_test(tests, a_setting_of_the_pf_that_others_build_on_is_looked_at_first);
	tcase_add_test(tests, rates_are_written_together_when_their_message_failed);
	tcase_add_test(tests, a_refused_rate_leaves_the_other_one_set);
	tcase_add_test(tests, drivers_wait_for_a_vf_whose_settings_are_refused_for_now);
	tcase_add_test(tests, a_named_driver_waits_for_a_vf_that_is_not_ready);
	tcase_add_test(tests, what_keeps_drivers_off_all_vfs_is_named_before_a_rate);
	tcase_add_test(tests, a_rate_that_waits_for_the_link_does_not_hide_what_keeps_drivers_off);
	tcase_add_test(tests, a_driver_that_does_not_take_its_vf_keeps_none_off_new_ones);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
