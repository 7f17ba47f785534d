/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Passes over PFs that somebody uses, or whose VFs somebody uses, or where nobody can tell: what is
 * left alone, and until when. */

#include <errno.h>
#include <stdio.h>

#include "one_pass.h"
#include "runner.h"

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

/* When the pass has ended that sees who has just bound a driver: ms, as the time is told. */
#define ENDED 1

#define LEFT_ALONE                                                                                 \
	"VF 1: driver vfio-pci -> igbvf: VF 1 is left alone for 10 s: something else has just "    \
	"bound vfio-pci to it, perhaps to use it"

START_TEST(a_vf_that_is_idle_when_it_is_seen_and_taken_before_its_step_keeps_its_driver)
{
	run_while_a_vf_is_taken("driver: none", "vfio, by qemu (pid 7)");
	assert_calls("vf 0:driver\n");
	assert_state(STATE_BLOCKED, LEFT_ALONE);
	knowledge_set_time(knowledge, ENDED);
	knowledge_set_time(knowledge, ENDED + TAKEOVER_GRACE_MS);
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
	knowledge_set_time(knowledge, ENDED);
	knowledge_set_time(knowledge, ENDED + TAKEOVER_GRACE_MS - 1);
	run_pass();
	assert_calls("");
	knowledge_set_time(knowledge, ENDED + TAKEOVER_GRACE_MS);
	run_pass();
	assert_calls("vf 1:driver\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

/* It waits for others who work on the PF, and sees what they have left. */
START_TEST(a_time_of_grace_begins_when_the_pass_that_has_seen_it_ends)
{
	run_while_a_vf_is_taken("driver: fakevf", NULL);
	knowledge_set_time(knowledge, 10 * TAKEOVER_GRACE_MS);
	run_pass();
	assert_calls("");
	assert_state(STATE_BLOCKED, LEFT_ALONE);
	knowledge_set_time(knowledge, 11 * TAKEOVER_GRACE_MS - 1);
	run_pass();
	assert_calls("");
	knowledge_set_time(knowledge, 11 * TAKEOVER_GRACE_MS);
	run_pass();
	assert_calls("vf 1:driver\n");
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
	knowledge_set_time(knowledge, ENDED);
	knowledge_set_time(knowledge, ENDED + TAKEOVER_GRACE_MS);
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
	knowledge_set_time(knowledge, ENDED);
	knowledge_set_time(knowledge, ENDED + TAKEOVER_GRACE_MS);
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

int main(void)
{
	Suite *suite = suite_create("users");
	TCase *tests = tcase_create("users");

	tcase_add_checked_fixture(tests, one_pass_set_up, one_pass_tear_down);
	tcase_add_test(tests, a_driver_is_not_taken_from_a_vf_that_somebody_took_meanwhile);
	tcase_add_test(tests,
		       what_cannot_be_read_of_a_vf_in_use_is_blocked_and_said_to_be_perhaps_there);
	tcase_add_test(
		tests,
		a_vf_that_is_idle_when_it_is_seen_and_taken_before_its_step_keeps_its_driver);
	tcase_add_test(tests, a_driver_that_somebody_else_has_just_bound_is_left_alone_for_a_while);
	tcase_add_test(tests, a_time_of_grace_begins_when_the_pass_that_has_seen_it_ends);
	tcase_add_test(tests, vfs_are_not_destroyed_while_a_driver_has_just_been_bound_to_one);
	tcase_add_test(tests,
		       a_time_of_grace_does_not_end_with_a_step_that_leaves_drivers_as_they_are);
	tcase_add_test(tests, a_driver_that_comes_by_our_own_doing_has_no_time_of_grace);
	tcase_add_test(tests,
		       a_vf_whose_driver_is_not_the_one_that_was_seen_is_left_for_the_next_look);
	tcase_add_test(tests, a_new_vf_gets_what_the_one_before_it_got_in_the_same_pass);
	tcase_add_test(tests, vfs_of_which_nobody_knows_who_holds_them_stay);
	tcase_add_test(tests, a_driver_stays_where_nobody_knows_who_holds_vfs);
	tcase_add_test(tests, a_look_right_before_a_write_that_fails_leaves_the_vf_alone);
	tcase_add_test(tests, an_eswitch_stays_as_it_is_while_somebody_holds_a_vf);
	tcase_add_test(tests, an_eswitch_stays_as_it_is_while_the_host_uses_the_pf);
	tcase_add_test(tests, the_host_that_comes_to_use_the_pf_keeps_it);
	tcase_add_test(tests, an_eswitch_stays_where_nobody_knows_who_uses_the_pf);
	tcase_add_test(tests, rates_that_vfs_share_keep_them);
	tcase_add_test(tests, what_disrupts_the_link_is_done_and_says_who_is_on_it);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
