/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Passes over a kernel in memory: what is written, in which messages and in which order. */

#include <errno.h>
#include <linux/if_ether.h>

#include "apply/refusal.h"
#include "one_pass.h"
#include "runner.h"

START_TEST(vfs_are_created_and_then_set_in_one_message)
{
	given(PF("vfs: 0"), RULE "  vfs: 2\n  vf-defaults: {trust: true, vlan: 5}\n");
	run_pass();
	assert_calls("numvfs 2\nvfs 0:vlan,trust 1:vlan,trust\n");
	assert_state(STATE_IN_SYNC, "");
	ck_assert_uint_eq(pass->actions.count, 5);
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(drivers_see_new_vfs_only_once_they_are_configured)
{
	given(PF("drivers-autoprobe: true, vfs: 0"),
	      RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	run_pass();
	assert_calls("hold\nnumvfs 1\nvfs 0:trust\nrelease\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(a_vf_is_made_from_its_function_over_its_driver_to_its_network_device)
{
	given(PF("drivers-autoprobe: true, vfs: 0"), RULE
	      "  vfs: 3\n  vf-defaults: {trust: true, unmanaged: true, altname: 'a{index}', "
	      "mtu: 9000}\n"
	      "  virtual-functions: [{index: 1, driver: vfio-pci}, {index: 2, driver: none}]\n");
	fake.vfs_have_netdevs = true;
	run_pass();
	assert_calls("hold\nnumvfs 3\nvfs 0:trust 1:trust 2:trust\n"
		     "vf 0:unmanaged\nvf 1:unmanaged\nvf 1:driver\nvf 2:unmanaged\nvf 2:driver\n"
		     "release\nvf 0:altname\nvf 0:mtu\n");
	assert_state(STATE_IN_SYNC, "");
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(the_eswitch_changes_with_vfs_that_no_driver_has)
{
	given("- {handle: pci/0000:01:00.0, interface: ens1, ifindex: 2, driver: mlx5_core, "
	      "carrier: true, drivers-autoprobe: true, eswitch: {mode: legacy, encap-mode: none}, "
	      "virtual-functions: [{index: 0, driver: mlx5_core}]}\n",
	      RULE "  eswitch: {mode: switchdev, encap-mode: basic}\n");
	run_pass();
	assert_calls("hold\nunbind\neswitch.mode switchdev\neswitch.encap-mode basic\nrelease\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(drivers_are_let_again_when_creating_vfs_fails)
{
	given(PF("drivers-autoprobe: true, vfs: 0"), RULE "  vfs: 1\n");
	fake.numvfs_error = -EPERM;
	run_pass();
	assert_calls("hold\nnumvfs 1\nrelease\n");
	ck_assert(!fake.pf->drivers_held);
}
END_TEST

START_TEST(a_dry_pass_writes_nothing_and_says_what_it_would)
{
	given(PF("drivers-autoprobe: true, vfs: 0"), RULE "  vfs: 2\n");
	ck_assert_int_eq(try_pass(&(struct pass_options){ .dry = true }), 0);
	assert_calls("");
	assert_state(STATE_DRIFTED, "create 2 VFs");
}
END_TEST

START_TEST(mode_observe_writes_nothing)
{
	given(PF("vfs: 0"), RULE "  vfs: 2\n  mode: observe\n");
	run_pass();
	assert_calls("");
	assert_state(STATE_DRIFTED, "create 2 VFs");
}
END_TEST

START_TEST(a_pf_without_a_rule_is_left_alone)
{
	given(PF("vfs: 0"),
	      "physical-functions:\n- {name: r, match: {interface: other}, vfs: 2}\n");
	run_pass();
	assert_calls("");
	assert_state(STATE_UNMANAGED, "");
}
END_TEST

#define IGNORED RULE "  vfs: 2\n- {name: no, match: {driver: igb}, mode: ignore}\n"

/* What an earlier policy has left of drivers is taken back. */
START_TEST(mode_ignore_writes_nothing_but_what_gives_drivers_back)
{
	given(PF("drivers-autoprobe: true, vfs: 0"), IGNORED);
	run_pass();
	assert_calls("");
	assert_state(STATE_UNMANAGED, "rule 'no' ignores it (fixture:6)");
	ck_assert(!pass_asks_rivals(pass));
	fake.pf->drivers_held = true;
	run_pass();
	assert_calls("release\n");
	assert_state(STATE_UNMANAGED, "rule 'no' ignores it (fixture:6)");
}
END_TEST

START_TEST(a_pf_that_may_be_ignored_is_not_touched_and_keeps_its_hold)
{
	given("- {handle: pci/0000:01:00.0, driver: igb, vfs: 0}\n",
	      "physical-functions:\n- {name: r, match: {driver: igb}, vfs: 2}\n"
	      "- {name: no, match: {interface: mgmt}, mode: ignore}\n");
	fake.pf->drivers_held = true;
	run_pass();
	assert_calls("");
	assert_state(STATE_WAITING,
		     "it cannot be told yet whether rule 'no' ignores it: interface is nothing (it "
		     "has no network device here), wanted 'mgmt'");
}
END_TEST

START_TEST(one_rate_is_written_with_the_other_as_it_is)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n  vf-defaults: {min-tx-rate: 10, max-tx-rate: 20}\n");
	run_pass();
	now_given(RULE "  vfs: 1\n  vf-defaults: {max-tx-rate: 30}\n");
	run_pass();
	assert_calls("vfs 0:max-tx-rate\n");
	ck_assert_uint_eq(fake.pf->vfs[0].settings.value[VF_MIN_TX_RATE].number, 10);
	ck_assert_uint_eq(fake.pf->vfs[0].settings.value[VF_MAX_TX_RATE].number, 30);
}
END_TEST

/* ice_min_tx_rate_oversubscribed() refuses more than the link has, at any moment. */
START_TEST(what_some_give_up_is_there_before_others_get_it)
{
	given(PF("virtual-functions: [{index: 0, reported: true, min-tx-rate: 5000, max-tx-rate: "
		 "0}, {index: 1, reported: true, min-tx-rate: 5000, max-tx-rate: 0}]"),
	      RULE "  virtual-functions: [{index: 0, min-tx-rate: 8000, trust: true}, {index: 1, "
		   "min-tx-rate: 2000, trust: true}]\n");
	fake.pf->driver = "ice";
	run_pass();
	assert_calls("vfs 1:min-tx-rate 0:min-tx-rate,trust 1:trust\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

/* qed_set_vf_rate() makes a limit of what qed_get_vf_config() says where there is none, and passes
 * over 0. */
START_TEST(the_speed_of_a_link_is_not_made_a_limit)
{
	given(PF("virtual-functions: [{index: 0, reported: true, min-tx-rate: 0, "
		 "max-tx-rate: 25000}]"),
	      RULE "  vf-defaults: {min-tx-rate: 10}\n");
	fake.pf->driver = "qede";
	run_pass();
	assert_calls("vfs 0:min-tx-rate\n");
	ck_assert_uint_eq(fake.pf->vfs[0].settings.value[VF_MAX_TX_RATE].number, 0);
}
END_TEST

static void given_qede(const char *max_tx_rate, uint32_t speed)
{
	CLEANUP_TEXT struct text pf = { 0 };

	text_printf(&pf,
		    PF("virtual-functions: [{index: 0, reported: true, min-tx-rate: 0, "
		       "max-tx-rate: %s}]"),
		    max_tx_rate);
	given(text_string(&pf), RULE "  vf-defaults: {max-tx-rate: 0}\n");
	fake.pf->driver = "qede";
	fake.pf->speed = speed;
	fake.forgotten = SETTING_BIT(VF_MAX_TX_RATE);
	run_pass();
}

/* qed_get_vf_config() says the speed of the link where there is no limit. */
START_TEST(a_limit_that_reads_as_the_speed_of_the_link_is_none)
{
	given_qede("25000", 25000);
	assert_calls("");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(a_limit_that_the_driver_does_not_lift_is_not_in_sync)
{
	given_qede("5000", 25000);
	assert_calls("vfs 0:max-tx-rate\n");
	assert_state(STATE_DEGRADED, "VF 0: max-tx-rate 0 Mbit/s: accepted by the driver, but it "
				     "reads back otherwise");
}
END_TEST

START_TEST(what_may_be_a_limit_or_an_old_speed_is_lifted_once)
{
	given_qede("5000", 0);
	assert_calls("vfs 0:max-tx-rate\n");
	assert_state(STATE_IN_SYNC, "");
	run_pass();
	assert_calls("");
}
END_TEST

/* It waits for the link, by name, and holds nothing else up; the link's coming is an event. */
START_TEST(a_share_of_the_link_waits_for_it_and_goes_with_its_speed)
{
	given(PF("vfs: 0, drivers-autoprobe: true"),
	      RULE "  vfs: 1\n  vf-defaults: {vlan: 5, max-tx-rate: 50%}\n");
	fake.pf->carrier = false;
	run_pass();
	assert_calls("hold\nnumvfs 1\nvfs 0:vlan\nrelease\n");
	assert_state(STATE_WAITING, "VF 0: max-tx-rate 0 Mbit/s -> 50%: it is a share of the "
				    "link's speed, and there is no link");
	ck_assert_uint_eq(pass->remaining->n_waiting, 0);
	fake.pf->carrier = true;
	fake.pf->speed = 1000;
	run_pass();
	assert_calls("vfs 0:max-tx-rate\n");
	assert_state(STATE_IN_SYNC, "");
	ck_assert_uint_eq(fake.pf->vfs[0].settings.value[VF_MAX_TX_RATE].number, 500);
	fake.pf->speed = 100;
	run_pass();
	assert_calls("vfs 0:max-tx-rate\n");
	ck_assert_uint_eq(fake.pf->vfs[0].settings.value[VF_MAX_TX_RATE].number, 50);
}
END_TEST

/* mlx4_valid_vf_state_change() refuses to take a VF off its VLAN while it has a limit. */
START_TEST(a_limit_is_lifted_before_the_vlan_that_it_holds_goes)
{
	given(PF("virtual-functions: [{index: 0, reported: true, vlan: 5, min-tx-rate: 0, "
		 "max-tx-rate: 200}]"),
	      RULE "  vf-defaults: {vlan: none, max-tx-rate: 0}\n");
	fake.pf->driver = "mlx4_core";
	run_pass();
	assert_calls("vfs 0:max-tx-rate 0:vlan\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

#define BNXT_HAS_VLAN_5                                                                            \
	PF("virtual-functions: [{index: 0, reported: true, mac: none, vlan: 5, trust: false}]")

static void now_tells_no_protocol(void)
{
	fake.pf->vfs[0].settings.value[VF_VLAN].vlan.protocol = ETH_P_8021Q;
}

/* bnxt_get_vf_config() tells no protocol, and bnxt_set_vf_vlan() does nothing for the tag that the
 * VF has: of 802.1Q and 802.1ad with the same id the one does not become the other but by way of
 * another priority. */
START_TEST(a_vlan_gets_another_protocol_by_way_of_another_priority)
{
	given(BNXT_HAS_VLAN_5, RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01', "
				    "vlan: {id: 5, protocol: 802.1ad}, trust: true}]\n");
	fake.pf->driver = "bnxt_en";
	run_pass();
	assert_calls("vfs 0:mac 0:vlan 0:vlan,trust\n");
	now_tells_no_protocol();
	run_pass();
	assert_calls("");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

/* It reads as wanted, and this process knows better. */
START_TEST(a_vlan_gets_back_the_protocol_that_is_not_told)
{
	given(BNXT_HAS_VLAN_5, RULE "  vf-defaults: {vlan: {id: 5, protocol: 802.1ad}}\n");
	fake.pf->driver = "bnxt_en";
	run_pass();
	now_tells_no_protocol();
	now_given(RULE "  vf-defaults: {vlan: 5}\n");
	run_pass();
	assert_calls("vfs 0:vlan 0:vlan\n");
	assert_state(STATE_IN_SYNC, "");
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(a_new_vlan_is_written_once_though_its_protocol_is_not_told)
{
	given(BNXT_HAS_VLAN_5, RULE "  vf-defaults: {vlan: {id: 7, protocol: 802.1ad}}\n");
	fake.pf->driver = "bnxt_en";
	run_pass();
	assert_calls("vfs 0:vlan\n");
	now_tells_no_protocol();
	run_pass();
	assert_calls("");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(a_share_of_vfs_that_are_still_to_be_made_is_not_what_the_pf_waits_for)
{
	given(PF("vfs: 0"), RULE "  mode: observe\n  vfs: 1\n  vf-defaults: {max-tx-rate: 50%}\n");
	fake.pf->carrier = false;
	run_pass();
	assert_state(STATE_DRIFTED, "create 1 VF, and 1 more step");
}
END_TEST

START_TEST(what_cannot_be_read_back_is_written_once)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n  vf-defaults: {query-rss: true}\n");
	fake.unreported = SETTING_BIT(VF_QUERY_RSS);
	run_pass();
	assert_calls("numvfs 1\nvfs 0:query-rss\n");
	assert_state(STATE_IN_SYNC, "");
	run_pass();
	assert_calls("");
}
END_TEST

/* What happens while a call is under way. */
static void (*meanwhile)(void);

static int (*write_vfs_as_ever)(struct kernel *kernel, const struct pf *pf,
				const struct vf_change *changes, size_t n_changes,
				struct kernel_error *ret_error);
static int write_error;

static int write_in_vain(struct kernel *kernel, const struct pf *pf,
			 const struct vf_change *changes, size_t n_changes,
			 struct kernel_error *ret_error)
{
	(void)pf;
	(void)changes;
	(void)n_changes;
	(void)ret_error;
	text_append(&fake.calls, "vfs\n");
	meanwhile();
	kernel->write_vfs = write_vfs_as_ever;
	return write_error;
}

/* The next write of VFs' settings answers that, after something has happened. */
static void refuse_next(void (*happening)(void), int error)
{
	meanwhile = happening;
	write_error = error;
	write_vfs_as_ever = fake.kernel.write_vfs;
	fake.kernel.write_vfs = write_in_vain;
}

static void load_driver_anew(void)
{
	fake.pf->ifindex++;
}

START_TEST(settings_are_not_for_the_device_that_has_come_meanwhile)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n  vf-defaults: {trust: true, spoof-check: true}\n");
	refuse_next(load_driver_anew, -EBUSY);
	ck_assert_int_eq(try_pass(&(struct pass_options){ 0 }), -ENODEV);
	assert_calls("numvfs 1\nvfs\n");
}
END_TEST

static int (*observe_as_ever)(struct kernel *kernel, const char *handle, struct pf **ret);

static void become_another_pf(void)
{
	fake.pf->instance++;
	VALUES_SET(&fake.pf->settings, PF_MTU, (struct value){ .number = 1500 });
}

static void get_other_vfs(void)
{
	fake.pf->vfs[0].instance++;
	VALUES_SET(&fake.pf->vfs[0].settings, VF_TRUST, (struct value){ .number = 0 });
}

static int look_late(struct kernel *kernel, const char *handle, struct pf **ret)
{
	if (fake.n_observations == 1)
		meanwhile();
	return observe_as_ever(kernel, handle, ret);
}

/* The second look hangs until something else is in its place. */
START_TEST(what_was_done_to_another_is_not_said_to_have_been_done_in_vain)
{
	static const struct {
		void (*meanwhile)(void);
		const char *rule, *calls;
	} others[] = {
		{ become_another_pf, RULE "  mtu: 9000\n", "mtu 9000\nmtu 9000\n" },
		{ get_other_vfs, RULE "  vf-defaults: {trust: true}\n",
		  "vfs 0:trust\nvfs 0:trust\n" },
	};

	given(PF("virtual-functions: [{index: 0, reported: true, trust: false}]"), others[_i].rule);
	fake.pf->instance = fake.pf->vfs[0].instance = 7;
	meanwhile = others[_i].meanwhile;
	observe_as_ever = fake.kernel.observe;
	fake.kernel.observe = look_late;
	run_pass();
	assert_calls(others[_i].calls);
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

static void change_mode(void)
{
	VALUES_SET(&fake.pf->settings, PF_ESWITCH_MODE, (struct value){ .number = 1 });
}

/* In switchdev mode mlx5_eswitch_set_vport_vlan() refuses: it is neither asked, nor taken for the
 * driver's answer in legacy mode. */
START_TEST(settings_are_not_for_the_eswitch_mode_that_has_come_meanwhile)
{
	given(MLX5("mac: none, vlan: none"),
	      RULE "  virtual-functions:\n  - {index: 0, mac: \"02:00:00:00:00:01\", vlan: 5}\n");
	refuse_next(change_mode, -EOPNOTSUPP);
	run_pass();
	assert_calls("vfs\nvfs 0:mac\n");
	assert_state(STATE_DEGRADED, "'vlan' cannot be changed in switchdev mode of mlx5_core");
}
END_TEST

static void lose_link(void)
{
	fake.pf->carrier = false;
	fake.pf->speed = 0;
}

START_TEST(shares_are_not_of_a_link_that_is_gone_meanwhile)
{
	given(PF("vfs: 2, virtual-functions: [{index: 0, reported: true, max-tx-rate: 0}, "
		 "{index: 1, reported: true, max-tx-rate: 0}]"),
	      RULE "  vf-defaults: {max-tx-rate: 10%}\n");
	fake.pf->speed = 1000;
	refuse_next(lose_link, -EINVAL);
	run_pass();
	assert_calls("vfs\n");
	ck_assert_int_eq(pass->state, STATE_WAITING);
}
END_TEST

static void start_over(void)
{
	fake.pf->vfs[0].reported = false;
}

/* Its other rate, which is written beside this one, is not known. */
START_TEST(a_vf_that_starts_over_while_it_is_written_is_left_for_later)
{
	given(PF("vfs: 1, virtual-functions: [{index: 0, reported: true, trust: false, "
		 "min-tx-rate: 10, max-tx-rate: 0}]"),
	      RULE "  vf-defaults: {max-tx-rate: 50, trust: true}\n");
	refuse_next(start_over, -EBUSY);
	run_pass();
	assert_calls("vfs\n");
	assert_state(STATE_WAITING, "the driver does not report all of its VFs");
}
END_TEST

START_TEST(a_vf_that_starts_over_has_not_said_that_the_value_is_wrong)
{
	given(PF("vfs: 1, virtual-functions: [{index: 0, reported: true, trust: false}]"),
	      RULE "  vf-defaults: {trust: true}\n");
	fake.pf->driver = "ice";
	refuse_next(start_over, -EINVAL);
	run_pass();
	assert_calls("vfs\n");
	ck_assert_uint_eq(pass->actions.count, 1);
	ck_assert_int_eq(pass->actions.items[0].refusal->kind, REFUSAL_RETRY);
	assert_state(STATE_WAITING, "the driver does not report all of its VFs");
}
END_TEST

/* While the PF is down, however long drivers were held before: igbvf would make an address up. */
START_TEST(drivers_are_kept_off_for_an_address_that_is_only_to_be_tried_again)
{
	given("- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "
	      "driver: igb, totalvfs: 7, pf-up: false, drivers-autoprobe: true, "
	      "drivers-held: true, vfs: 1, virtual-functions: [{index: 0, reported: true, "
	      "driver: none, mac: none}]}\n",
	      RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_MAC, 0, -EBUSY });
	knowledge_set_patient(knowledge, false);
	run_pass();
	assert_calls("vfs 0:mac\n");
	ck_assert(fake.pf->drivers_held);
}
END_TEST

START_TEST(what_a_link_may_have_undone_is_written_once)
{
	given(PF("vfs: 0"), RULE "  vfs: 2\n  vf-defaults: {spoof-check: true, trust: true}\n");
	knowledge_doubt(knowledge);
	run_pass();
	assert_calls("numvfs 2\nvfs 0:spoof-check,trust 1:spoof-check,trust\n");
	assert_state(STATE_IN_SYNC, "");
	run_pass();
	assert_calls("");
	fake.pf->carrier_ups++;
	run_pass();
	assert_calls("vfs 0:spoof-check 1:spoof-check\n");
	assert_state(STATE_IN_SYNC, "");
	run_pass();
	assert_calls("");
}
END_TEST

/* The kernel's own write_vfs(), after which the link comes up: once. */
static int (*write_vfs)(struct kernel *kernel, const struct pf *pf, const struct vf_change *changes,
			size_t n_changes, struct kernel_error *ret_error);

static int write_vfs_and_bounce(struct kernel *kernel, const struct pf *pf,
				const struct vf_change *changes, size_t n_changes,
				struct kernel_error *ret_error)
{
	int r = write_vfs(kernel, pf, changes, n_changes, ret_error);

	fake.pf->carrier_ups++;
	kernel->write_vfs = write_vfs;
	return r;
}

/* Making VFs makes the link of an igb go down and come up again, any time later. */
START_TEST(what_the_card_may_lose_meanwhile_is_written_again_and_not_called_refused)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n  vf-defaults: {spoof-check: true, vlan: 5}\n");
	write_vfs = fake.kernel.write_vfs;
	fake.kernel.write_vfs = write_vfs_and_bounce;
	run_pass();
	assert_calls("numvfs 1\nvfs 0:vlan,spoof-check\nvfs 0:spoof-check\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(drift_is_written_and_nothing_else)
{
	given(PF("vfs: 0"), RULE "  vfs: 100\n  vf-defaults: {trust: true, vlan: 5}\n");
	run_pass();
	fake.pf->vfs[77].settings.value[VF_VLAN].vlan.id = 9;
	run_pass();
	assert_calls("vfs 77:vlan\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(the_pf_is_set_before_its_vfs)
{
	given("- {handle: pci/0000:01:00.0, interface: ens1, ifindex: 2, driver: igb, carrier: "
	      "true, "
	      "mtu: 1500, pf-up: false, drivers-autoprobe: true, vfs: 0}\n",
	      RULE "  vfs: 1\n  mtu: 9000\n  pf-up: true\n  drivers-autoprobe: false\n");
	run_pass();
	assert_calls("mtu 9000\npf-up true\ndrivers-autoprobe false\nnumvfs 1\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(a_pf_without_a_driver_waits)
{
	given("- {handle: pci/0000:01:00.0, vfs: 0}\n",
	      "physical-functions:\n- {name: r, match: {pci: '0000:01:00.0'}, vfs: 1}\n");
	fake.pf->address = "0000:01:00.0";
	fake.numvfs_error = -ENOENT;
	run_pass();
	assert_state(STATE_WAITING, "no driver is bound to it");
}
END_TEST

#define AFTER_BOND  RULE "  vfs: 1\n  driver-after: {bond: bond0}\n"
#define BOND(rest)  PF("drivers-autoprobe: true, vfs: 0, " rest)
#define BEFORE_THAT "; no driver is let at its VFs before that"

static const struct {
	const char *pf, *reason; /* "": drivers are let at VFs */
} bonds[] = {
	{ PF("drivers-autoprobe: true, vfs: 0"), "it is not in bond bond0" BEFORE_THAT },
	{ BOND("bond: bond1, bond-up: true"), "it is not in bond bond0" BEFORE_THAT },
	{ BOND("bond: bond0"), "its bond bond0 is not up" BEFORE_THAT },
	{ BOND("bond: bond0, bond-up: true"), "" },
};

START_TEST(drivers_wait_for_the_bond_that_the_pf_is_to_be_in)
{
	bool waits = *bonds[_i].reason;

	given(bonds[_i].pf, AFTER_BOND);
	run_pass();
	assert_calls(waits ? "hold\nnumvfs 1\n" : "hold\nnumvfs 1\nrelease\n");
	assert_state(waits ? STATE_WAITING : STATE_IN_SYNC, bonds[_i].reason);
	run_pass();
	assert_calls("");
	fake.pf->bond = (struct bond){ "bond0", 9, true };
	run_pass();
	assert_calls(waits ? "release\n" : "");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(a_driver_that_a_rule_names_waits_for_the_bond_and_one_that_is_there_stays)
{
	given(PF("drivers-autoprobe: true, virtual-functions: [{index: 0, driver: none}, "
		 "{index: 1, driver: igbvf}]"),
	      RULE "  driver-after: {bond: bond0}\n  vf-defaults: {driver: igbvf}\n");
	run_pass();
	assert_calls("");
	assert_state(STATE_WAITING, "it is not in bond bond0" BEFORE_THAT);
	fake.pf->bond = (struct bond){ "bond0", 9, true };
	run_pass();
	assert_calls("vf 0:driver\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(no_driver_takes_the_place_of_another_before_the_bond_is_up)
{
	given(PF("drivers-autoprobe: true, virtual-functions: [{index: 0, driver: vfio-pci}]"),
	      RULE "  driver-after: {bond: bond0}\n  vf-defaults: {driver: igbvf}\n");
	run_pass();
	assert_calls("");
	assert_state(STATE_WAITING, "it is not in bond bond0" BEFORE_THAT);
}
END_TEST

START_TEST(a_pf_whose_name_may_change_is_left_alone)
{
	given(PF("settling: true, vfs: 0"), RULE "  vfs: 1\n");
	run_pass();
	assert_calls("");
	assert_state(STATE_WAITING, "udev has not finished with its network device");
}
END_TEST

START_TEST(a_pf_that_is_gone_is_said_to_be)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n");
	fake.gone = true;
	ck_assert_int_eq(try_pass(&(struct pass_options){ 0 }), -ENODEV);
	ck_assert_ptr_null(pass);
}
END_TEST

START_TEST(a_hold_that_a_rule_left_behind_is_taken_back)
{
	given(PF("drivers-autoprobe: true, vfs: 0"),
	      "physical-functions:\n- {name: r, match: {interface: other}, vfs: 2}\n");
	fake.pf->drivers_held = true;
	run_pass();
	assert_calls("release\n");
}
END_TEST

/* The rule has the PF's name, which is away with its network device. */
START_TEST(a_hold_stays_while_the_netdev_by_which_the_rule_matches_is_away)
{
	given("- {handle: pci/0000:01:00.0, driver: igb, drivers-autoprobe: true, drivers-held: "
	      "true, earlier: {interface: ens1}, vfs: 1, virtual-functions: [{index: 0, reported: "
	      "false}]}\n",
	      RULE "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	run_pass();
	assert_calls("");
	assert_state(STATE_WAITING,
		     "it has no network device in this network namespace; no driver "
		     "is let at its VFs until they can be set up by its network device");
	now_given("");
	run_pass();
	assert_calls("release\n");
	assert_state(STATE_UNMANAGED, "");
}
END_TEST

/* Whoever asks only to look does not ask for drivers at VFs that are not what he wants. */
START_TEST(a_hold_stays_in_mode_observe_until_vfs_are_as_the_rules_say)
{
	given(PF("drivers-autoprobe: true, drivers-held: true, vfs: 1, virtual-functions: "
		 "[{index: 0, reported: true, vlan: none}]"),
	      RULE "  mode: observe\n  vf-defaults: {vlan: 5}\n");
	run_pass();
	assert_calls("");
	assert_state(STATE_DRIFTED, "VF 0: vlan none -> 5; no driver is let at its VFs "
				    "until they are as the rules say");
	fake.pf->ifindex = 0;
	fake.pf->vfs[0].reported = false;
	run_pass();
	assert_calls("");
	fake.pf->ifindex = 2;
	fake.pf->vfs[0].reported = true;
	fake.pf->vfs[0].settings.value[VF_VLAN].vlan.id = 5;
	run_pass();
	assert_calls("release\n");
}
END_TEST

/* What it has of a VLAN by now cannot be told, and the one that is wanted not be given. */
START_TEST(a_vf_keeps_its_driver_while_the_pfs_netdev_is_away)
{
	given("- {handle: pci/0000:01:00.0, address: '0000:01:00.0', driver: igb, "
	      "drivers-autoprobe: "
	      "true, vfs: 1, virtual-functions: [{index: 0, address: '0000:01:10.0', reported: "
	      "false, "
	      "driver: igbvf}]}\n",
	      "physical-functions:\n- {name: r, match: {pci: '*'}, vf-defaults: {vlan: 5, driver: "
	      "vfio-pci}}\n");
	knowledge_set_patient(knowledge, false);
	run_pass();
	assert_calls("");
	ck_assert_str_eq(pf_state_name(pass->state), "waiting");
	fake.pf->ifindex = 2;
	fake.pf->vfs[0].reported = true;
	run_pass();
	assert_calls("vfs 0:vlan\nvf 0:driver\n");
}
END_TEST

/* After a change of the eswitch mode, say, which has made it anew. */
START_TEST(a_hold_stays_while_udev_may_give_the_pf_the_name_that_a_rule_has)
{
	given(PF("drivers-autoprobe: true, settling: true, vfs: 2, virtual-functions: "
		 "[{index: 0}, {index: 1}]"),
	      "physical-functions:\n- {name: r, match: {interface: other}, vfs: 2}\n");
	fake.pf->drivers_held = true;
	run_pass();
	assert_calls("");
	fake.pf->settling = false;
	run_pass();
	assert_calls("release\n");
}
END_TEST

/* The kernel takes the mode with the drivers off, and one round cannot see that they are. */
START_TEST(an_eswitch_that_changes_without_drivers_changes_and_they_come_back)
{
	given(MLX5("driver: mlx5_core"), RULE "  eswitch: {mode: switchdev}\n");
	run_pass();
	assert_calls("hold\nunbind\neswitch.mode switchdev\nrelease\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(an_eswitch_whose_vfs_have_no_drivers_just_changes)
{
	given(MLX5("driver: none"), RULE "  eswitch: {mode: switchdev}\n");
	run_pass();
	assert_calls("eswitch.mode switchdev\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(without_its_lock_a_pass_does_nothing)
{
	const struct pass_options options = { .lock_dir = "/proc/self/nothing/sriovd" };

	given(PF("vfs: 0"), RULE "  vfs: 2\n");
	ck_assert_int_eq(try_pass(&options), -ENOENT);
	assert_calls("");
	ck_assert_ptr_null(pass);
}
END_TEST

/* Whether a pass over the PF asks who else sets it up. */
static const struct {
	const char *pf, *policy;
	bool asks;
} rivals[] = {
	{ PF("vfs: 0"), RULE "  vfs: 0\n", true },
	{ PF("vfs: 0, settling: true"), RULE "  vfs: 0\n", false },
	{ PF("vfs: 0"), RULE "  mode: observe\n  vfs: 0\n", false },
	{ PF("vfs: 0"), "physical-functions:\n- {name: r, match: {interface: other}, vfs: 0}\n",
	  false },
	{ "- {handle: pci/0000:01:00.0, address: '0000:01:00.0', driver: igb, vfs: 0}\n",
	  "physical-functions:\n- {name: r, match: {driver: igb}, vfs: 0}\n", false },
};

START_TEST(who_else_sets_up_a_pf_matters_where_it_is_enforced_and_can_be_found)
{
	given(rivals[_i].pf, rivals[_i].policy);
	run_pass();
	ck_assert_int_eq(pass_asks_rivals(pass), rivals[_i].asks);
}
END_TEST

/* A program died, or a driver did not take its VF. */
START_TEST(a_driver_that_left_for_a_moment_comes_back_also_where_no_rule_is)
{
	given(PF("virtual-functions: [{index: 0, driver: none, owed-driver: igbvf}]"),
	      RULE "  vfs: 1\n");
	run_pass();
	assert_calls("release\n");
	assert_state(STATE_IN_SYNC, "");
	fake.pf->vfs[0].owed_driver = "igbvf";
	now_given("physical-functions:\n- {name: b, match: {interface: ens9}}\n");
	run_pass();
	assert_calls("release\n");
}
END_TEST

/* The rest of the pass is lost with the PF, or so it seems. */
START_TEST(what_was_done_before_an_error_is_learnt)
{
	given(MLX5("mac: none"), RULE "  vf-defaults: {unmanaged: true, driver: vfio-pci}\n");
	fake.unreported = SETTING_BIT(VF_UNMANAGED);
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_DRIVER, 0, -ENODEV });
	ck_assert_int_eq(try_pass(&(struct pass_options){ 0 }), -ENODEV);
	assert_calls("vf 0:unmanaged\nvf 0:driver\n");
	fake.n_refusals = 0;
	run_pass();
	assert_calls("vf 0:driver\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pass");
	TCase *tests = tcase_create("pass");

	tcase_add_checked_fixture(tests, one_pass_set_up, one_pass_tear_down);
	tcase_add_test(tests, vfs_are_created_and_then_set_in_one_message);
	tcase_add_test(tests, drivers_see_new_vfs_only_once_they_are_configured);
	tcase_add_test(tests, a_vf_is_made_from_its_function_over_its_driver_to_its_network_device);
	tcase_add_test(tests, the_eswitch_changes_with_vfs_that_no_driver_has);
	tcase_add_test(tests, drivers_are_let_again_when_creating_vfs_fails);
	tcase_add_test(tests, a_dry_pass_writes_nothing_and_says_what_it_would);
	tcase_add_test(tests, mode_observe_writes_nothing);
	tcase_add_test(tests, a_pf_without_a_rule_is_left_alone);
	tcase_add_test(tests, mode_ignore_writes_nothing_but_what_gives_drivers_back);
	tcase_add_test(tests, a_pf_that_may_be_ignored_is_not_touched_and_keeps_its_hold);
	tcase_add_test(tests, one_rate_is_written_with_the_other_as_it_is);
	tcase_add_test(tests, what_some_give_up_is_there_before_others_get_it);
	tcase_add_test(tests, a_vf_that_starts_over_has_not_said_that_the_value_is_wrong);
	tcase_add_test(tests, drivers_are_kept_off_for_an_address_that_is_only_to_be_tried_again);
	tcase_add_test(tests, the_speed_of_a_link_is_not_made_a_limit);
	tcase_add_test(tests, a_limit_that_reads_as_the_speed_of_the_link_is_none);
	tcase_add_test(tests, a_limit_that_the_driver_does_not_lift_is_not_in_sync);
	tcase_add_test(tests, what_may_be_a_limit_or_an_old_speed_is_lifted_once);
	tcase_add_test(tests, a_share_of_the_link_waits_for_it_and_goes_with_its_speed);
	tcase_add_test(tests, a_limit_is_lifted_before_the_vlan_that_it_holds_goes);
	tcase_add_test(tests, a_vlan_gets_another_protocol_by_way_of_another_priority);
	tcase_add_test(tests, a_vlan_gets_back_the_protocol_that_is_not_told);
	tcase_add_test(tests, a_new_vlan_is_written_once_though_its_protocol_is_not_told);
	tcase_add_test(tests,
		       a_share_of_vfs_that_are_still_to_be_made_is_not_what_the_pf_waits_for);
	tcase_add_test(tests, what_cannot_be_read_back_is_written_once);
	tcase_add_test(tests, settings_are_not_for_the_device_that_has_come_meanwhile);
	tcase_add_loop_test(tests, what_was_done_to_another_is_not_said_to_have_been_done_in_vain,
			    0, 2);
	tcase_add_test(tests, settings_are_not_for_the_eswitch_mode_that_has_come_meanwhile);
	tcase_add_test(tests, shares_are_not_of_a_link_that_is_gone_meanwhile);
	tcase_add_test(tests, a_vf_that_starts_over_while_it_is_written_is_left_for_later);
	tcase_add_test(tests, what_a_link_may_have_undone_is_written_once);
	tcase_add_test(tests,
		       what_the_card_may_lose_meanwhile_is_written_again_and_not_called_refused);
	tcase_add_test(tests, drift_is_written_and_nothing_else);
	tcase_add_test(tests, the_pf_is_set_before_its_vfs);
	tcase_add_test(tests, a_pf_without_a_driver_waits);
	tcase_add_loop_test(tests, drivers_wait_for_the_bond_that_the_pf_is_to_be_in, 0,
			    ARRAY_SIZE(bonds));
	tcase_add_test(tests,
		       a_driver_that_a_rule_names_waits_for_the_bond_and_one_that_is_there_stays);
	tcase_add_test(tests, no_driver_takes_the_place_of_another_before_the_bond_is_up);
	tcase_add_test(tests, a_pf_whose_name_may_change_is_left_alone);
	tcase_add_test(tests, a_pf_that_is_gone_is_said_to_be);
	tcase_add_test(tests, a_hold_that_a_rule_left_behind_is_taken_back);
	tcase_add_test(tests, a_hold_stays_while_the_netdev_by_which_the_rule_matches_is_away);
	tcase_add_test(tests, a_hold_stays_in_mode_observe_until_vfs_are_as_the_rules_say);
	tcase_add_test(tests, a_vf_keeps_its_driver_while_the_pfs_netdev_is_away);
	tcase_add_test(tests, a_hold_stays_while_udev_may_give_the_pf_the_name_that_a_rule_has);
	tcase_add_test(tests, a_driver_that_left_for_a_moment_comes_back_also_where_no_rule_is);
	tcase_add_test(tests, what_was_done_before_an_error_is_learnt);
	tcase_add_test(tests, an_eswitch_that_changes_without_drivers_changes_and_they_come_back);
	tcase_add_test(tests, an_eswitch_whose_vfs_have_no_drivers_just_changes);
	tcase_add_test(tests, without_its_lock_a_pass_does_nothing);
	tcase_add_loop_test(tests,
			    who_else_sets_up_a_pf_matters_where_it_is_enforced_and_can_be_found, 0,
			    ARRAY_SIZE(rivals));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
