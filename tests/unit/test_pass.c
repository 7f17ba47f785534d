/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Passes over a kernel in memory: what is written, in which messages, and what is made of refusals.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "apply/refusal.h"
#include "one_pass.h"
#include "runner.h"

#define MLX5(vf)                                                                                   \
	"- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "      \
	"driver: mlx5_core, totalvfs: 8, carrier: true, drivers-autoprobe: true, "                 \
	"eswitch: {mode: legacy}, vfs: 1, virtual-functions: [{index: 0, reported: true, " vf      \
	"}]}\n"

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

START_TEST(a_driver_is_not_taken_from_a_vf_that_somebody_took_meanwhile)
{
	given(PF("virtual-functions: [{index: 0}, {index: 1}]"),
	      RULE "  vf-defaults: {driver: vfio-pci}\n");
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, (struct value){ .name = "fakevf" });
	VALUES_SET(&fake.pf->vfs[1].settings, VF_DRIVER, (struct value){ .name = "fakevf" });
	fake.holder = "qemu";
	fake.held_vf = 1;
	run_pass();
	assert_calls("vf 0:driver\n");
	assert_state(STATE_BLOCKED, "VF 1: driver fakevf -> vfio-pci: VF 1 is in use: qemu");
	fake.holder = NULL;
	run_pass();
	assert_calls("vf 1:driver\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

/* Another process may have written it, or nobody. */
START_TEST(what_cannot_be_read_of_a_vf_in_use_is_blocked_and_said_to_be_perhaps_there)
{
	given(PF("virtual-functions: [{index: 0}]"), RULE "  vf-defaults: {msix-vectors: 4}\n");
	fake.pf->driver = "mlx5_core";
	VALUES_SET(&fake.pf->vfs[0].settings, VF_MSIX_VECTORS, (struct value){ .number = 4 });
	fake.unreported = SETTING_BIT(VF_MSIX_VECTORS);
	fake.holder = "qemu";
	run_pass();
	assert_calls("");
	assert_state(STATE_BLOCKED, "VF 0: msix-vectors 4, which it may have already (that cannot "
				    "be read): VF 0 is in use: qemu");
	fake.holder = NULL;
	run_pass();
	assert_calls("vf 0:msix-vectors\n");
	assert_state(STATE_IN_SYNC, "");
	fake.holder = "qemu";
	run_pass();
	assert_calls("");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

static int (*real_write_vf)(struct kernel *kernel, const struct pf *pf, uint32_t vf,
			    enum vf_setting setting, const struct value *value,
			    struct kernel_error *ret_error);
static int (*real_find_holders)(struct kernel *kernel, struct pf *pf, uint32_t vf);
static const char *taker; /* who has VF 1 once VF 0 was written, for people; NULL: nobody yet */

/* As libvirt does it for a guest. */
static int write_vf_while_another_is_taken(struct kernel *kernel, const struct pf *pf, uint32_t vf,
					   enum vf_setting setting, const struct value *value,
					   struct kernel_error *ret_error)
{
	int r = real_write_vf(kernel, pf, vf, setting, value, ret_error);

	if (vf != 0)
		return r;
	VALUES_SET(&fake.pf->vfs[1].settings, VF_DRIVER, (struct value){ .name = "vfio-pci" });
	fake.pf->vfs[1].driver_override = "vfio-pci";
	fake.held_vf = 1;
	fake.holder = taker;
	return r;
}

static void run_while_a_vf_is_taken(const char *vf, const char *who)
{
	char text[512];

	(void)snprintf(text, sizeof(text),
		       PF("virtual-functions: [{index: 0, %s}, {index: 1, %s}]"), vf, vf);
	given(text, RULE "  vf-defaults: {driver: igbvf}\n");
	real_write_vf = fake.kernel.write_vf;
	fake.kernel.write_vf = write_vf_while_another_is_taken;
	taker = who;
	run_pass();
}

#define LEFT_ALONE                                                                                 \
	"VF 1: driver vfio-pci -> igbvf: VF 1 is left alone for 10 s: something else has just "    \
	"bound vfio-pci to it, perhaps to use it"

START_TEST(a_vf_that_is_idle_when_it_is_seen_and_taken_before_its_step_keeps_its_driver)
{
	run_while_a_vf_is_taken("driver: none", "vfio, by qemu (pid 7)");
	assert_calls("vf 0:driver\n");
	assert_state(STATE_BLOCKED, LEFT_ALONE);
	knowledge_set_time(knowledge, TAKEOVER_GRACE_MS);
	run_pass();
	assert_calls("");
	assert_state(STATE_BLOCKED,
		     "VF 1: driver vfio-pci -> igbvf: VF 1 is in use: vfio, by qemu (pid 7)");
}
END_TEST

/* The one who has bound it may use it in a moment, and leaves no other trace before that. */
START_TEST(a_driver_that_somebody_else_has_just_bound_is_left_alone_for_a_while)
{
	run_while_a_vf_is_taken("driver: fakevf", NULL);
	assert_calls("vf 0:driver\n");
	assert_state(STATE_BLOCKED, LEFT_ALONE);
	knowledge_set_time(knowledge, TAKEOVER_GRACE_MS - 1);
	run_pass();
	assert_calls("");
	knowledge_set_time(knowledge, TAKEOVER_GRACE_MS);
	run_pass();
	assert_calls("vf 1:driver\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(vfs_are_not_destroyed_while_a_driver_has_just_been_bound_to_one)
{
	given(PF("vfs: 1, virtual-functions: [{index: 0, driver: fakevf}]"), RULE "  vfs: 1\n");
	run_pass();
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, (struct value){ .name = "vfio-pci" });
	now_given(RULE "  vfs: 2\n");
	run_pass();
	assert_calls("");
	assert_state(STATE_BLOCKED,
		     "destroy 1 VF: VF 0 is left alone for 10 s: something else has "
		     "just bound vfio-pci to it, perhaps to use it, and 1 more step");
	knowledge_set_time(knowledge, TAKEOVER_GRACE_MS);
	run_pass();
	assert_calls("numvfs 0\nnumvfs 2\n");
}
END_TEST

/* Of a PF that a setting is written to, or whose VFs drivers are let at: neither has given the VF
 * its driver. */
START_TEST(a_time_of_grace_does_not_end_with_a_step_that_leaves_drivers_as_they_are)
{
	given(PF("virtual-functions: [{index: 0, driver: fakevf},"
		 " {index: 1, driver: fakevf}]"),
	      RULE "  vf-defaults: {driver: fakevf}\n");
	run_pass();
	VALUES_SET(&fake.pf->vfs[1].settings, VF_DRIVER, (struct value){ .name = "vfio-pci" });
	fake.pf->drivers_held = true;
	now_given(RULE "  mtu: 9000\n  vf-defaults: {driver: fakevf}\n");
	run_pass();
	assert_calls("mtu 9000\nrelease\n");
	knowledge_set_time(knowledge, TAKEOVER_GRACE_MS);
	run_pass();
	assert_calls("vf 1:driver\n");
}
END_TEST

START_TEST(a_driver_that_comes_by_our_own_doing_has_no_time_of_grace)
{
	given(PF("drivers-held: true, virtual-functions: [{index: 0, driver: none}]"),
	      RULE "  vf-defaults: {driver: default}\n");
	fake.vfs_have_netdevs = true;
	run_pass();
	assert_calls("release\n");
	now_given(RULE "  vf-defaults: {driver: vfio-pci}\n");
	run_pass();
	assert_calls("vf 0:driver\n");
}
END_TEST

/* Between the last look and the write. */
static int find_holders_and_let_take(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	int r = real_find_holders(kernel, pf, vf);

	if (vf < fake.pf->n_vfs)
		VALUES_SET(&fake.pf->vfs[vf].settings, VF_DRIVER,
			   (struct value){ .name = "vfio-pci" });
	return r;
}

START_TEST(a_vf_whose_driver_is_not_the_one_that_was_seen_is_left_for_the_next_look)
{
	given(PF("virtual-functions: [{index: 0, driver: fakevf}]"),
	      RULE "  vf-defaults: {driver: igbvf}\n");
	real_find_holders = fake.kernel.find_holders;
	fake.kernel.find_holders = find_holders_and_let_take;
	run_pass();
	assert_calls("vf 0:driver\n");
	ck_assert_str_eq(VALUES_GET(&fake.pf->vfs[0].settings, VF_DRIVER)->name, "vfio-pci");
	assert_state(STATE_RETRYING, "VF 0: driver igbvf: the driver is busy (EAGAIN)");
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

static int load_driver_anew(struct kernel *kernel, const struct pf *pf,
			    const struct vf_change *changes, size_t n_changes,
			    struct kernel_error *ret_error)
{
	(void)kernel;
	(void)pf;
	(void)changes;
	(void)n_changes;
	(void)ret_error;
	text_append(&fake.calls, "vfs\n");
	fake.pf->ifindex++;
	return -EBUSY;
}

START_TEST(settings_are_not_for_the_device_that_has_come_meanwhile)
{
	given(PF("vfs: 0"), RULE "  vfs: 1\n  vf-defaults: {trust: true, spoof-check: true}\n");
	fake.kernel.write_vfs = load_driver_anew;
	ck_assert_int_eq(try_pass(&(struct pass_options){ 0 }), -ENODEV);
	assert_calls("numvfs 1\nvfs\n");
}
END_TEST

static int (*write_vfs_as_ever)(struct kernel *kernel, const struct pf *pf,
				const struct vf_change *changes, size_t n_changes,
				struct kernel_error *ret_error);

static int change_mode_meanwhile(struct kernel *kernel, const struct pf *pf,
				 const struct vf_change *changes, size_t n_changes,
				 struct kernel_error *ret_error)
{
	(void)pf;
	(void)changes;
	(void)n_changes;
	(void)ret_error;
	text_append(&fake.calls, "vfs\n");
	VALUES_SET(&fake.pf->settings, PF_ESWITCH_MODE, (struct value){ .number = 1 });
	kernel->write_vfs = write_vfs_as_ever;
	return -EOPNOTSUPP;
}

/* In switchdev mode mlx5_eswitch_set_vport_vlan() refuses: it is neither asked, nor taken for the
 * driver's answer in legacy mode. */
START_TEST(settings_are_not_for_the_eswitch_mode_that_has_come_meanwhile)
{
	given(MLX5("mac: none, vlan: none"),
	      RULE "  virtual-functions:\n  - {index: 0, mac: \"02:00:00:00:00:01\", vlan: 5}\n");
	write_vfs_as_ever = fake.kernel.write_vfs;
	fake.kernel.write_vfs = change_mode_meanwhile;
	run_pass();
	assert_calls("vfs\nvfs 0:mac\n");
	assert_state(STATE_DEGRADED, "'vlan' cannot be changed in switchdev mode of mlx5_core");
}
END_TEST

static int start_over(struct kernel *kernel, const struct pf *pf, const struct vf_change *changes,
		      size_t n_changes, struct kernel_error *ret_error)
{
	(void)kernel;
	(void)pf;
	(void)changes;
	(void)n_changes;
	(void)ret_error;
	text_append(&fake.calls, "vfs\n");
	fake.pf->vfs[0].reported = false;
	return -EBUSY;
}

/* Its other rate, which is written beside this one, is not known. */
START_TEST(a_vf_that_starts_over_while_it_is_written_is_left_for_later)
{
	given(PF("vfs: 1, virtual-functions: [{index: 0, reported: true, trust: false, "
		 "min-tx-rate: 10, max-tx-rate: 0}]"),
	      RULE "  vf-defaults: {max-tx-rate: 50, trust: true}\n");
	fake.kernel.write_vfs = start_over;
	run_pass();
	assert_calls("vfs\n");
	assert_state(STATE_WAITING, "the driver does not report all of its VFs");
}
END_TEST

static int refuse_and_start_over(struct kernel *kernel, const struct pf *pf,
				 const struct vf_change *changes, size_t n_changes,
				 struct kernel_error *ret_error)
{
	int r = start_over(kernel, pf, changes, n_changes, ret_error);

	return r ? -EINVAL : r;
}

START_TEST(a_vf_that_starts_over_has_not_said_that_the_value_is_wrong)
{
	given(PF("vfs: 1, virtual-functions: [{index: 0, reported: true, trust: false}]"),
	      RULE "  vf-defaults: {trust: true}\n");
	fake.pf->driver = "ice";
	fake.kernel.write_vfs = refuse_and_start_over;
	run_pass();
	assert_calls("vfs\n");
	ck_assert_uint_eq(pass->actions.count, 1);
	ck_assert_int_eq(pass->actions.items[0].refusal->kind, REFUSAL_RETRY);
	assert_state(STATE_WAITING, "the driver does not report all of its VFs");
}
END_TEST

START_TEST(a_driver_that_goes_on_with_another_address_is_bound_anew)
{
	given(MLX5("driver: mlx5_core, mac: none, taken-mac: '02:00:00:00:00:99'"),
	      RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n");
	run_pass();
	assert_calls("vfs 0:mac\nvf 0:mac\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

/* The driver's network device comes a while after it, with another address again. */
static int bind_anew_in_vain(struct kernel *kernel, const struct pf *pf, uint32_t vf,
			     enum vf_setting setting, const struct value *value,
			     struct kernel_error *ret_error)
{
	(void)kernel;
	(void)pf;
	(void)value;
	(void)ret_error;
	text_printf(&fake.calls, "vf %u:%s\n", vf, vf_settings[setting].key);
	fake.pf->vfs[vf].taken.known = 0;
	return 0;
}

/* A PF that reports none of its VFs may have been told another address since. */
START_TEST(a_driver_that_was_bound_anew_in_vain_is_not_at_once_bound_again)
{
	given(MLX5("driver: mlx5_core, taken-mac: '02:00:00:00:00:99'"),
	      RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n");
	fake.unreported = SETTING_BIT(VF_MAC);
	fake.kernel.write_vf = bind_anew_in_vain;
	run_pass();
	assert_calls("vfs 0:mac\nvf 0:mac\n");
	assert_state(STATE_IN_SYNC, "");
	fake.pf->vfs[0].taken.known = SETTING_BIT(VF_MAC);
	run_pass();
	assert_calls("vfs 0:mac\n");
	assert_state(STATE_DEGRADED, "VF 0: bind its driver anew for mac 02:00:00:00:00:01: "
				     "accepted by the driver, but it reads back otherwise");
	knowledge_retry(knowledge, REFUSAL_BIT(REFUSAL_NOT_TAKEN));
	run_pass();
	assert_calls("vf 0:mac\n");
}
END_TEST

START_TEST(nor_is_one_that_was_bound_anew_for_its_guid_in_vain)
{
	const struct value guid = { .number = 8 };

	given(MLX5("driver: mlx5_core, node-guid: '00:00:00:00:00:00:00:01', "
		   "taken-node-guid: '00:00:00:00:00:00:00:08'"),
	      RULE "  virtual-functions: [{index: 0, node-guid: '00:00:00:00:00:00:00:01'}]\n");
	fake.kernel.write_vf = bind_anew_in_vain;
	run_pass();
	assert_calls("vf 0:node-guid\n");
	taken_set(&fake.pf->vfs[0].taken, VF_NODE_GUID, &guid);
	run_pass();
	assert_calls("");
	assert_state(STATE_DEGRADED,
		     "VF 0: bind its driver anew for node-guid 00:00:00:00:00:00:00:01: "
		     "accepted by the driver, but it reads back otherwise");
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

START_TEST(a_driver_that_goes_on_with_other_guids_is_bound_anew_once)
{
	given(MLX5("driver: mlx5_core, node-guid: '00:00:00:00:00:00:00:08', port-guid: "
		   "'00:00:00:00:00:00:00:09', taken-node-guid: '00:00:00:00:00:00:00:08', "
		   "taken-port-guid: '00:00:00:00:00:00:00:02'"),
	      RULE "  virtual-functions: [{index: 0, node-guid: '00:00:00:00:00:00:00:01', "
		   "port-guid: '00:00:00:00:00:00:00:02'}]\n");
	run_pass();
	assert_calls("vfs 0:node-guid,port-guid\nvf 0:node-guid\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(guids_that_a_driver_may_not_have_taken_up_are_not_in_sync)
{
	given(MLX5("driver: mlx5_core, node-guid: '00:00:00:00:00:00:00:01'"),
	      RULE "  virtual-functions: [{index: 0, node-guid: '00:00:00:00:00:00:00:01'}]\n");
	run_pass();
	assert_calls("");
	assert_state(
		STATE_WAITING,
		"VF 0: bind its driver anew for node-guid 00:00:00:00:00:00:00:01: the VF has no "
		"RDMA device here, which would tell what its driver goes on with");
}
END_TEST

START_TEST(who_uses_a_vf_with_another_address_keeps_it_and_the_pf_is_not_in_sync)
{
	given(MLX5("driver: mlx5_core, mac: none, taken-mac: '02:00:00:00:00:99'"),
	      RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n");
	fake.holder = "pod";
	run_pass();
	assert_calls("vfs 0:mac\n");
	assert_state(STATE_BLOCKED,
		     "VF 0: bind its driver anew for mac 02:00:00:00:00:01: VF 0 is in use: pod");
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

START_TEST(a_hold_that_a_rule_left_behind_is_taken_back)
{
	given(PF("drivers-autoprobe: true, vfs: 0"),
	      "physical-functions:\n- {name: r, match: {interface: other}, vfs: 2}\n");
	fake.pf->drivers_held = true;
	run_pass();
	assert_calls("release\n");
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

static int let_go_later(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	(void)kernel;
	if (vf == KERNEL_PF)
		return 0;
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		pf->vfs[i].holder.details = fake.holder;
	fake.holder = NULL;
	return 0;
}

/* Its user goes while the settings of the VFs that there are get written. */
START_TEST(a_new_vf_gets_what_the_one_before_it_got_in_the_same_pass)
{
	given(PF("drivers-autoprobe: true, vfs: 1, virtual-functions: "
		 "[{index: 0, reported: true, trust: false}]"),
	      RULE "  vfs: 2\n  vf-defaults: {trust: true}\n");
	fake.holder = "qemu";
	fake.kernel.find_holders = let_go_later;
	run_pass();
	assert_calls("vfs 0:trust\nnumvfs 0\nhold\nnumvfs 2\nvfs 0:trust 1:trust\nrelease\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

static int fail_to_find_holders(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	(void)kernel;
	(void)pf;
	(void)vf;
	return -EINTR;
}

START_TEST(vfs_of_which_nobody_knows_who_holds_them_stay)
{
	given(PF("vfs: 0"), RULE "  vfs: 2\n");
	run_pass();
	fake.kernel.find_holders = fail_to_find_holders;
	now_given(RULE "  vfs: 4\n  vf-defaults: {trust: true}\n");
	run_pass();
	assert_calls("vfs 0:trust 1:trust\n");
	assert_state(STATE_BLOCKED,
		     "destroy 2 VFs: VF 0 is in use: who uses the VFs cannot be told now "
		     "(EINTR), and 1 more step");
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

START_TEST(an_eswitch_stays_as_it_is_while_somebody_holds_a_vf)
{
	given(MLX5("driver: none"), RULE "  eswitch: {mode: switchdev}\n");
	fake.holder = "qemu";
	run_pass();
	assert_calls("");
	assert_state(STATE_BLOCKED, "eswitch.mode legacy -> switchdev: VF 0 is in use: qemu");
}
END_TEST

/* kubevirt/kubevirtci#139. */
START_TEST(an_eswitch_stays_as_it_is_while_the_host_uses_the_pf)
{
	given(MLX5("driver: mlx5_core"), RULE "  eswitch: {mode: switchdev}\n");
	fake.user = "ens1 is up and has the host's default route";
	run_pass();
	assert_calls("");
	assert_state(STATE_BLOCKED, "eswitch.mode legacy -> switchdev: the PF's own network device "
				    "may go for it, and is in use: ens1 is up and has the host's "
				    "default route");
	fake.user = NULL;
	run_pass();
	assert_calls("hold\nunbind\neswitch.mode switchdev\nrelease\n");
}
END_TEST

static unsigned looks_at_netdev;

/* The second look is the one right before drivers leave the VFs. */
static int take_netdev_then(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	int r = real_find_holders(kernel, pf, vf);

	if (vf == KERNEL_PF && looks_at_netdev++)
		pf->holder.details = "ens1 is up and has an address";
	return r;
}

START_TEST(the_host_that_comes_to_use_the_pf_keeps_it)
{
	given(MLX5("driver: none"), RULE "  eswitch: {mode: switchdev}\n");
	real_find_holders = fake.kernel.find_holders;
	fake.kernel.find_holders = take_netdev_then;
	looks_at_netdev = 0;
	run_pass();
	assert_calls("");
}
END_TEST

static int fail_to_find_user(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	return vf == KERNEL_PF ? -EACCES : real_find_holders(kernel, pf, vf);
}

START_TEST(an_eswitch_stays_where_nobody_knows_who_uses_the_pf)
{
	given(MLX5("driver: none"), RULE "  eswitch: {mode: switchdev}\n");
	real_find_holders = fake.kernel.find_holders;
	fake.kernel.find_holders = fail_to_find_user;
	run_pass();
	assert_calls("");
	assert_state(STATE_BLOCKED, "eswitch.mode legacy -> switchdev: the PF's own network device "
				    "may go for it, and is in use: who uses it cannot be told now "
				    "(EACCES)");
}
END_TEST

/* They come between the look and the write: the kernel would end them with the VFs. */
static int make_rates_then(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	int r = real_find_holders(kernel, pf, vf);

	if (vf == KERNEL_PF && looks_at_netdev++)
		pf->shared_rates = "devlink rate node gold";
	return r;
}

START_TEST(rates_that_vfs_share_keep_them)
{
	given(MLX5("driver: none"), RULE "  vfs: 0\n");
	VALUES_SET(&fake.pf->settings, PF_ESWITCH_MODE, (struct value){ .number = 1 });
	fake.rates = "devlink rate node gold";
	run_pass();
	assert_calls("");
	assert_state(STATE_BLOCKED, "destroy 1 VF: rates that VFs share would end: devlink rate "
				    "node gold; 'devlink port function rate del' ends them");
	fake.rates = NULL;
	real_find_holders = fake.kernel.find_holders;
	fake.kernel.find_holders = make_rates_then;
	looks_at_netdev = 0;
	run_pass();
	assert_calls("");
	fake.kernel.find_holders = real_find_holders;
	run_pass();
	assert_calls("numvfs 0\n");
}
END_TEST

/* It is for whoever looks for what has become of his link. */
START_TEST(what_disrupts_the_link_is_done_and_says_who_is_on_it)
{
	given(PF("vfs: 0"), RULE "  mtu: 9000\n");
	fake.user = "ens1 is up and has a master: bond0";
	run_pass();
	assert_calls("mtu 9000\n");
	ck_assert_str_eq(pass->actions.items[0].step.users, fake.user);
}
END_TEST

static int fail_to_look_again(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	return vf == KERNEL_ALL_VFS ? real_find_holders(kernel, pf, vf) : -EACCES;
}

START_TEST(a_look_right_before_a_write_that_fails_leaves_the_vf_alone)
{
	given(PF("virtual-functions: [{index: 0, driver: iavf}, {index: 1, driver: iavf}]"),
	      RULE "  virtual-functions: [{index: 1, driver: vfio-pci}]\n");
	real_find_holders = fake.kernel.find_holders;
	fake.kernel.find_holders = fail_to_look_again;
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(a_driver_stays_where_nobody_knows_who_holds_vfs)
{
	given(PF("virtual-functions: [{index: 0, driver: iavf}, {index: 1, driver: iavf}]"),
	      RULE "  virtual-functions: [{index: 1, driver: vfio-pci}]\n");
	fake.kernel.find_holders = fail_to_find_holders;
	run_pass();
	assert_calls("");
	assert_state(STATE_BLOCKED, "VF 1: driver iavf -> vfio-pci: VF 1 is in use: who uses "
				    "the VFs cannot be told now (EINTR)");
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

/* The rest of the pass is lost with the PF, or so it seems. */
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
	tcase_add_test(tests, a_driver_waits_for_a_vf_that_is_refused_a_setting_for_now);
	tcase_add_test(tests, a_driver_that_is_not_there_keeps_no_vf_back);
	tcase_add_test(tests, a_refused_setting_of_one_device_keeps_no_other_back);
	tcase_add_test(tests, a_refused_name_is_described_after_the_next_look);
	tcase_add_test(tests, a_driver_is_not_taken_from_a_vf_that_somebody_took_meanwhile);
	tcase_add_test(tests,
		       what_cannot_be_read_of_a_vf_in_use_is_blocked_and_said_to_be_perhaps_there);
	tcase_add_test(
		tests,
		a_vf_that_is_idle_when_it_is_seen_and_taken_before_its_step_keeps_its_driver);
	tcase_add_test(tests, a_driver_that_somebody_else_has_just_bound_is_left_alone_for_a_while);
	tcase_add_test(tests, vfs_are_not_destroyed_while_a_driver_has_just_been_bound_to_one);
	tcase_add_test(tests,
		       a_time_of_grace_does_not_end_with_a_step_that_leaves_drivers_as_they_are);
	tcase_add_test(tests, a_driver_that_comes_by_our_own_doing_has_no_time_of_grace);
	tcase_add_test(tests,
		       a_vf_whose_driver_is_not_the_one_that_was_seen_is_left_for_the_next_look);
	tcase_add_test(tests, the_eswitch_changes_with_vfs_that_no_driver_has);
	tcase_add_test(tests, drivers_are_let_again_when_creating_vfs_fails);
	tcase_add_test(tests, a_dry_pass_writes_nothing_and_says_what_it_would);
	tcase_add_test(tests, mode_observe_writes_nothing);
	tcase_add_test(tests, a_pf_without_a_rule_is_left_alone);
	tcase_add_test(tests, an_eswitch_that_is_refused_is_not_built_on);
	tcase_add_test(tests, an_unsupported_setting_is_found_by_name_and_keeps_no_other_back);
	tcase_add_test(tests, what_is_refused_on_one_vf_is_set_on_the_others);
	tcase_add_test(tests, a_setting_is_not_written_twice_when_its_message_failed);
	tcase_add_test(tests, one_rate_is_written_with_the_other_as_it_is);
	tcase_add_test(tests, what_some_give_up_is_there_before_others_get_it);
	tcase_add_test(tests, a_vf_that_starts_over_has_not_said_that_the_value_is_wrong);
	tcase_add_test(tests, drivers_are_kept_off_for_an_address_that_is_only_to_be_tried_again);
	tcase_add_test(tests, a_driver_that_goes_on_with_another_address_is_bound_anew);
	tcase_add_test(tests, a_driver_that_was_bound_anew_in_vain_is_not_at_once_bound_again);
	tcase_add_test(tests, nor_is_one_that_was_bound_anew_for_its_guid_in_vain);
	tcase_add_test(tests, a_driver_that_goes_on_with_other_guids_is_bound_anew_once);
	tcase_add_test(tests, guids_that_a_driver_may_not_have_taken_up_are_not_in_sync);
	tcase_add_test(tests,
		       who_uses_a_vf_with_another_address_keeps_it_and_the_pf_is_not_in_sync);
	tcase_add_test(tests, the_speed_of_a_link_is_not_made_a_limit);
	tcase_add_test(tests, a_rate_refused_for_want_of_a_link_waits_for_it);
	tcase_add_test(tests, what_is_accepted_and_not_kept_is_not_tried_for_ever);
	tcase_add_test(tests, what_cannot_be_read_back_is_written_once);
	tcase_add_test(tests, what_is_in_doubt_is_written_also_when_its_message_failed);
	tcase_add_test(tests, settings_are_not_for_the_device_that_has_come_meanwhile);
	tcase_add_test(tests, settings_are_not_for_the_eswitch_mode_that_has_come_meanwhile);
	tcase_add_test(tests, a_vf_that_starts_over_while_it_is_written_is_left_for_later);
	tcase_add_test(tests, what_a_link_may_have_undone_is_written_once);
	tcase_add_test(tests,
		       what_the_card_may_lose_meanwhile_is_written_again_and_not_called_refused);
	tcase_add_test(tests, drift_is_written_and_nothing_else);
	tcase_add_test(tests, the_pf_is_set_before_its_vfs);
	tcase_add_test(tests, a_refused_setting_of_the_pf_costs_no_look);
	tcase_add_test(tests, a_setting_of_the_pf_that_others_build_on_is_looked_at_first);
	tcase_add_test(tests, a_pf_without_a_driver_waits);
	tcase_add_test(tests, a_pf_whose_name_may_change_is_left_alone);
	tcase_add_test(tests, a_pf_that_is_gone_is_said_to_be);
	tcase_add_test(tests, rates_are_written_together_when_their_message_failed);
	tcase_add_test(tests, a_refused_rate_leaves_the_other_one_set);
	tcase_add_test(tests, drivers_wait_for_a_vf_whose_settings_are_refused_for_now);
	tcase_add_test(tests, a_named_driver_waits_for_a_vf_that_is_not_ready);
	tcase_add_test(tests, a_hold_that_a_rule_left_behind_is_taken_back);
	tcase_add_test(tests, a_hold_stays_while_udev_may_give_the_pf_the_name_that_a_rule_has);
	tcase_add_test(tests, a_driver_that_left_for_a_moment_comes_back_also_where_no_rule_is);
	tcase_add_test(tests, a_driver_that_does_not_take_its_vf_keeps_none_off_new_ones);
	tcase_add_test(tests, what_was_done_before_an_error_is_learnt);
	tcase_add_test(tests, a_new_vf_gets_what_the_one_before_it_got_in_the_same_pass);
	tcase_add_test(tests, vfs_of_which_nobody_knows_who_holds_them_stay);
	tcase_add_test(tests, a_driver_stays_where_nobody_knows_who_holds_vfs);
	tcase_add_test(tests, a_look_right_before_a_write_that_fails_leaves_the_vf_alone);
	tcase_add_test(tests, an_eswitch_that_changes_without_drivers_changes_and_they_come_back);
	tcase_add_test(tests, an_eswitch_whose_vfs_have_no_drivers_just_changes);
	tcase_add_test(tests, an_eswitch_stays_as_it_is_while_somebody_holds_a_vf);
	tcase_add_test(tests, an_eswitch_stays_as_it_is_while_the_host_uses_the_pf);
	tcase_add_test(tests, the_host_that_comes_to_use_the_pf_keeps_it);
	tcase_add_test(tests, an_eswitch_stays_where_nobody_knows_who_uses_the_pf);
	tcase_add_test(tests, rates_that_vfs_share_keep_them);
	tcase_add_test(tests, what_disrupts_the_link_is_done_and_says_who_is_on_it);
	tcase_add_test(tests, without_its_lock_a_pass_does_nothing);
	tcase_add_loop_test(tests,
			    who_else_sets_up_a_pf_matters_where_it_is_enforced_and_can_be_found, 0,
			    ARRAY_SIZE(rivals));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
