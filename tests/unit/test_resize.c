/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Passes that change the number of VFs: whom they ask first, in whose turn, and what becomes of
 * numbers that the driver does not make. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "apply/ending.h"
#include "apply/refusal.h"
#include "apply/turn.h"
#include "one_pass.h"
#include "runner.h"

START_TEST(another_number_goes_over_zero)
{
	given(PF("vfs: 0"), RULE "  vfs: 3\n");
	run_pass();
	now_given(RULE "  vfs: 1\n");
	run_pass();
	assert_calls("numvfs 0\nnumvfs 1\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(a_driver_that_creates_fewer_vfs_is_not_believed_and_not_asked_again)
{
	given(PF("vfs: 0"), RULE "  vfs: 4\n  vf-defaults: {trust: true}\n");
	fake.vfs_created_at_most = 2;
	run_pass();
	assert_calls("numvfs 4\nvfs 0:trust 1:trust\n");
	assert_state(STATE_DEGRADED,
		     "create 4 VFs: not supported by the driver: it makes 2, and 1 more step");
}
END_TEST

/* bnxt_en of Linux 6.1 leaves switchdev mode when its VFs go (bnxt_vfr.c). */
START_TEST(how_many_vfs_a_driver_creates_is_known_in_another_eswitch_mode)
{
	given(PF("vfs: 0"), RULE "  vfs: 4\n");
	VALUES_SET(&fake.pf->settings, PF_ESWITCH_MODE, (struct value){ .number = 1 });
	fake.vfs_created_at_most = 2;
	run_pass();
	assert_calls("numvfs 4\n");
	VALUES_SET(&fake.pf->settings, PF_ESWITCH_MODE, (struct value){ .number = 0 });
	run_pass();
	assert_calls("");
	assert_state(STATE_DEGRADED,
		     "create 4 VFs: not supported by the driver: it makes 2, and 1 more step");
}
END_TEST

START_TEST(what_a_driver_refused_to_create_is_tried_again_in_another_eswitch_mode)
{
	given(PF("vfs: 0"), RULE "  vfs: 4\n");
	VALUES_SET(&fake.pf->settings, PF_ESWITCH_MODE, (struct value){ .number = 1 });
	fake.numvfs_error = -EPERM;
	run_pass();
	assert_calls("numvfs 4\n");
	VALUES_SET(&fake.pf->settings, PF_ESWITCH_MODE, (struct value){ .number = 0 });
	fake.numvfs_error = 0;
	run_pass();
	assert_calls("numvfs 4\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

/* intel/qatlib#69 */
START_TEST(a_driver_that_makes_more_vfs_than_asked_loses_none_of_them_for_it)
{
	given(PF("vfs: 0"), RULE "  vfs: 4\n  vf-defaults: {trust: true}\n");
	fake.vfs_created_at_least = 16;
	run_pass();
	assert_calls("numvfs 4\nvfs 0:trust 1:trust 2:trust 3:trust\n");
	assert_state(STATE_DEGRADED, "create 4 VFs: not supported by the driver: it makes 16 "
				     "whatever is asked, and 1 more step");
	knowledge_retry(knowledge, REFUSAL_ALL & ~REFUSAL_BIT(REFUSAL_UNSUPPORTED));
	run_pass();
	assert_calls("");
	now_given(RULE "  vfs: 8\n");
	run_pass();
	assert_calls("");
	assert_state(STATE_DEGRADED, "create 8 VFs: not supported by the driver: it makes 16 "
				     "whatever is asked, and 1 more step");
}
END_TEST

START_TEST(how_many_vfs_a_driver_makes_is_learnt_also_while_they_are_in_use)
{
	given(PF("vfs: 0"), RULE "  vfs: 4\n");
	fake.vfs_created_at_least = 16;
	fake.holder = "qemu (4242)";
	run_pass();
	assert_state(STATE_DEGRADED, "create 4 VFs: not supported by the driver: it makes 16 "
				     "whatever is asked, and 1 more step");
	fake.holder = NULL;
	knowledge_retry(knowledge, REFUSAL_ALL & ~REFUSAL_BIT(REFUSAL_UNSUPPORTED));
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(drivers_that_were_kept_off_more_vfs_than_asked_are_kept_off_the_next)
{
	given(PF("drivers-autoprobe: true, vfs: 0"), RULE "  vfs: 4\n");
	fake.vfs_created_at_least = 16;
	run_pass();
	assert_calls("hold\nnumvfs 4\nrelease\n");
	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 0), 0);
	run_pass();
	assert_calls("hold\nnumvfs 4\nrelease\n");
}
END_TEST

/* adf_sriov_configure() of Linux 6.1 answers any number with EINVAL while there are VFs. */
START_TEST(a_driver_that_refuses_to_destroy_its_vfs_is_not_said_to_have_made_none)
{
	given(PF("vfs: 0"), RULE "  vfs: 4\n");
	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 16), 0);
	fake.numvfs_error = -EINVAL;
	run_pass();
	assert_calls("numvfs 0\n");
	assert_state(STATE_DEGRADED,
		     "destroy the VFs: rejected by the driver (EINVAL), and 1 more step");
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(a_refused_creation_ends_the_pass_there)
{
	given(PF("vfs: 0"), RULE "  vfs: 4\n  vf-defaults: {trust: true}\n");
	fake.numvfs_error = -EPERM;
	run_pass();
	assert_calls("numvfs 4\n");
	assert_state(STATE_DEGRADED, "create 4 VFs: rejected by the driver (EPERM)");
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(vfs_that_are_not_destroyed_are_not_created_either)
{
	given(PF("vfs: 0"), RULE "  vfs: 2\n");
	run_pass();
	fake.numvfs_error = -EPERM;
	now_given(RULE "  vfs: 4\n");
	run_pass();
	assert_calls("numvfs 0\n");
	ck_assert_uint_eq(pass->observed->n_vfs, 2);
	assert_state(STATE_DEGRADED,
		     "destroy the VFs: rejected by the driver (EPERM), and 1 more step");
}
END_TEST

START_TEST(a_blocked_resize_leaves_settings_to_be_done)
{
	given(PF("vfs: 0"), RULE "  vfs: 2\n");
	run_pass();
	now_given(RULE "  vfs: 4\n  on-resize: refuse\n  vf-defaults: {trust: true}\n");
	run_pass();
	assert_calls("vfs 0:trust 1:trust\n");
	assert_state(STATE_BLOCKED, "destroy 2 VFs: on-resize: refuse protects the VFs that exist, "
				    "and 1 more step");
}
END_TEST

START_TEST(a_held_vf_blocks_a_resize_until_it_is_let_go)
{
	given(PF("vfs: 0"), RULE "  vfs: 2\n");
	run_pass();
	fake.held_vf = 1;
	fake.holder = "vfio, by qemu (pid 7)";
	now_given(RULE "  vfs: 4\n  vf-defaults: {trust: true}\n");
	run_pass();
	assert_calls("vfs 0:trust 1:trust\n");
	assert_state(STATE_BLOCKED,
		     "destroy 2 VFs: VF 1 is in use: vfio, by qemu (pid 7), and 1 more step");
	fake.holder = NULL;
	run_pass();
	assert_calls("numvfs 0\nnumvfs 4\nvfs 0:trust 1:trust 2:trust 3:trust\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

static int (*real_write_pf)(struct kernel *kernel, const struct pf *pf, enum pf_setting setting,
			    const struct value *value, struct kernel_error *ret_error);

static int write_pf_while_a_vf_is_taken(struct kernel *kernel, const struct pf *pf,
					enum pf_setting setting, const struct value *value,
					struct kernel_error *ret_error)
{
	fake.held_vf = 0;
	fake.holder = "a container";
	return real_write_pf(kernel, pf, setting, value, ret_error);
}

static int write_pf_while_vfs_are_added(struct kernel *kernel, const struct pf *pf,
					enum pf_setting setting, const struct value *value,
					struct kernel_error *ret_error)
{
	ck_assert_int_eq(kernel->write_numvfs(kernel, pf, 0), 0);
	ck_assert_int_eq(kernel->write_numvfs(kernel, pf, 4), 0);
	fake.held_vf = 3;
	fake.holder = "a container";
	return real_write_pf(kernel, pf, setting, value, ret_error);
}

/* A pass over two VFs to another policy, in which something happens when the PF is written to. */
static void run_while(int (*write_pf)(struct kernel *kernel, const struct pf *pf,
				      enum pf_setting setting, const struct value *value,
				      struct kernel_error *ret_error),
		      const char *rules)
{
	given(PF("vfs: 0"), RULE "  vfs: 2\n");
	run_pass();
	real_write_pf = fake.kernel.write_pf;
	fake.kernel.write_pf = write_pf;
	now_given(rules);
	run_pass();
}

START_TEST(vfs_that_came_after_the_plan_was_made_are_not_destroyed_unasked)
{
	run_while(write_pf_while_vfs_are_added, RULE "  vfs: 3\n  mtu: 9000\n");
	assert_calls("numvfs 0\nnumvfs 4\nmtu 9000\n");
	assert_state(STATE_BLOCKED, "destroy 4 VFs: VF 3 is in use: a container, and 1 more step");
}
END_TEST

START_TEST(a_vf_that_is_taken_after_the_plan_was_made_is_not_destroyed)
{
	run_while(write_pf_while_a_vf_is_taken, RULE "  vfs: 4\n  mtu: 9000\n");
	assert_calls("mtu 9000\n");
	assert_state(STATE_BLOCKED, "destroy 2 VFs: VF 0 is in use: a container, and 1 more step");
}
END_TEST

static void resize_held(const char *driver, const char *on_resize)
{
	char rules[256];

	given(PF("vfs: 0"), RULE "  vfs: 2\n");
	run_pass();
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, (struct value){ .name = driver });
	fake.holder = "a container";
	(void)snprintf(rules, sizeof(rules), RULE "  vfs: 4\n  on-resize: %s\n", on_resize);
	now_given(rules);
	knowledge_free(TAKE(knowledge));
	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	run_pass();
}

START_TEST(force_takes_a_held_vf)
{
	resize_held("igbvf", "force");
	assert_calls("numvfs 0\nnumvfs 4\n");
}
END_TEST

START_TEST(force_does_not_take_a_vf_that_is_open_in_vfio)
{
	resize_held("vfio-pci", "force");
	assert_calls("");
	assert_state(STATE_BLOCKED,
		     "destroy 2 VFs: VF 0 may be open: a container; the kernel would wait for its "
		     "end, with all changes of numbers of VFs on this host, which on-resize: "
		     "force-open allows, and 1 more step");
	fake.holder = NULL;
	run_pass();
	assert_calls("numvfs 0\nnumvfs 4\n");
}
END_TEST

/* By the guest that it was given to. */
START_TEST(force_does_not_take_a_vf_that_is_opened_after_the_plan_was_made)
{
	given(PF("virtual-functions: [{index: 0, driver: vfio-pci}]"),
	      RULE "  vfs: 2\n  on-resize: force\n  mtu: 9000\n");
	real_write_pf = fake.kernel.write_pf;
	fake.kernel.write_pf = write_pf_while_a_vf_is_taken;
	run_pass();
	assert_calls("mtu 9000\n");
	assert_state(STATE_BLOCKED,
		     "destroy 1 VF: VF 0 may be open: a container; the kernel would wait for its "
		     "end, with all changes of numbers of VFs on this host, which on-resize: "
		     "force-open allows, and 1 more step");
}
END_TEST

START_TEST(force_open_takes_a_vf_that_is_open_in_vfio)
{
	resize_held("vfio-pci", "force-open");
	assert_calls("numvfs 0\nnumvfs 4\n");
}
END_TEST

/* Of another PF on the host. */
static int refuse_turn(struct turns *turns, const struct pf *of, struct kernel_error *ret_error)
{
	(void)turns;
	(void)of;
	(void)snprintf(ret_error->message, sizeof(ret_error->message), "ens2");
	return -EINPROGRESS;
}

static void end_turn(struct turns *turns)
{
	(void)turns;
}

START_TEST(a_number_of_vfs_waits_for_that_of_another_pf_and_the_rest_does_not)
{
	struct turns turns = { refuse_turn, end_turn };
	const struct pass_options options = { .turns = &turns };

	given(PF("vfs: 0"), RULE "  vfs: 2\n");
	run_pass();
	now_given(RULE "  vfs: 4\n  vf-defaults: {trust: true}\n");
	ck_assert_int_eq(try_pass(&options), 0);
	assert_calls("vfs 0:trust 1:trust\n");
	assert_state(STATE_WAITING, "destroy the VFs: waits for the VFs of ens2, and 1 more step");
	knowledge_retry(knowledge, REFUSAL_BIT(REFUSAL_WAITS_TURN));
	run_pass();
	assert_calls("numvfs 0\nnumvfs 4\nvfs 0:trust 1:trust 2:trust 3:trust\n");
}
END_TEST

static struct ending ending;
static uint32_t ends_at; /* the number of VFs that is written when the process is to end */
static int (*real_write_numvfs)(struct kernel *kernel, const struct pf *of, uint32_t n);
static int (*real_release_drivers)(struct kernel *kernel, const struct pf *of);

static int write_numvfs_and_end(struct kernel *kernel, const struct pf *of, uint32_t n)
{
	if (n == ends_at)
		atomic_store(&ending.wanted, true);
	ck_assert_uint_eq(atomic_load(&ending.owed), 1);
	return real_write_numvfs(kernel, of, n);
}

/* Drivers are let at the VFs in a run of its own. */
static int release_drivers_and_owe(struct kernel *kernel, const struct pf *of)
{
	ck_assert_uint_eq(atomic_load(&ending.owed), 1);
	return real_release_drivers(kernel, of);
}

static int write_pf_and_end(struct kernel *kernel, const struct pf *of, enum pf_setting setting,
			    const struct value *value, struct kernel_error *ret_error)
{
	atomic_store(&ending.wanted, true);
	return real_write_pf(kernel, of, setting, value, ret_error);
}

/* A pass to four VFs and another MTU. */
static void run_ending(void)
{
	const struct pass_options options = { .ending = &ending };

	atomic_store(&ending.wanted, false);
	now_given(RULE "  vfs: 4\n  mtu: 9000\n  vf-defaults: {trust: true}\n");
	ck_assert_int_eq(try_pass(&options), 0);
	ck_assert_uint_eq(atomic_load(&ending.owed), 0);
}

START_TEST(a_process_that_is_to_end_makes_the_vfs_that_follow_those_it_has_destroyed)
{
	given(PF("drivers-autoprobe: true, vfs: 0"), RULE "  vfs: 2\n");
	run_pass();
	real_write_numvfs = fake.kernel.write_numvfs;
	fake.kernel.write_numvfs = write_numvfs_and_end;
	real_release_drivers = fake.kernel.release_drivers;
	fake.kernel.release_drivers = release_drivers_and_owe;
	ends_at = 0;
	run_ending();
	assert_calls("mtu 9000\nnumvfs 0\nhold\nnumvfs 4\n"
		     "vfs 0:trust 1:trust 2:trust 3:trust\nrelease\n");
}
END_TEST

START_TEST(a_process_that_is_to_end_destroys_no_vfs)
{
	given(PF("vfs: 0"), RULE "  vfs: 2\n");
	run_pass();
	real_write_pf = fake.kernel.write_pf;
	fake.kernel.write_pf = write_pf_and_end;
	run_ending();
	assert_calls("mtu 9000\n");
}
END_TEST

START_TEST(a_kernel_without_room_for_vfs_refuses_as_any_other)
{
	given(PF("drivers-autoprobe: true, vfs: 0"), RULE "  vfs: 4\n");
	fake.numvfs_error = -ENOMEM;
	run_pass();
	assert_calls("hold\nnumvfs 4\nrelease\n");
	assert_state(STATE_DEGRADED,
		     "create 4 VFs: rejected by the driver (ENOMEM): there is no room for so many "
		     "(PCI memory windows, bus numbers); 'sriovctl doctor' tells which");
}
END_TEST

START_TEST(vfs_that_somebody_made_anew_are_new)
{
	given(PF("vfs: 0"), RULE "  vf-defaults: {query-rss: true}\n");
	fake.unreported = SETTING_BIT(VF_QUERY_RSS);
	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 2), 0);
	run_pass();
	assert_calls("vfs 0:query-rss 1:query-rss\n");
	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 0), 0);
	run_pass();
	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 2), 0);
	run_pass();
	assert_calls("vfs 0:query-rss 1:query-rss\n");
}
END_TEST

START_TEST(a_driver_that_makes_fewer_vfs_is_not_asked_to_destroy_them)
{
	given(PF("vfs: 0"), RULE "  vfs: 4\n");
	fake.vfs_created_at_most = 2;
	run_pass();
	knowledge_retry(knowledge, REFUSAL_ALL & ~REFUSAL_BIT(REFUSAL_UNSUPPORTED));
	run_pass();
	assert_calls("");
}
END_TEST

START_TEST(a_driver_that_makes_fewer_vfs_still_makes_another_number)
{
	given(PF("vfs: 0"), RULE "  vfs: 4\n");
	fake.vfs_created_at_most = 2;
	run_pass();
	now_given(RULE "  vfs: 1\n");
	run_pass();
	assert_calls("numvfs 0\nnumvfs 1\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(a_driver_that_makes_fewer_vfs_makes_those_again_that_somebody_destroyed)
{
	given(PF("vfs: 0"), RULE "  vfs: 4\n");
	fake.vfs_created_at_most = 2;
	run_pass();
	ck_assert_int_eq(pf_alloc_vfs(fake.pf, 1), 0);
	VALUES_SET(&fake.pf->settings, PF_VFS, (struct value){ .number = 1 });
	run_pass();
	assert_calls("numvfs 0\nnumvfs 4\n");
	run_pass();
	assert_calls("");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("resize");
	TCase *tests = tcase_create("resize");

	tcase_add_checked_fixture(tests, one_pass_set_up, one_pass_tear_down);
	tcase_add_test(tests, another_number_goes_over_zero);
	tcase_add_test(tests, a_driver_that_creates_fewer_vfs_is_not_believed_and_not_asked_again);
	tcase_add_test(tests, how_many_vfs_a_driver_creates_is_known_in_another_eswitch_mode);
	tcase_add_test(tests,
		       what_a_driver_refused_to_create_is_tried_again_in_another_eswitch_mode);
	tcase_add_test(tests, a_driver_that_makes_more_vfs_than_asked_loses_none_of_them_for_it);
	tcase_add_test(tests, how_many_vfs_a_driver_makes_is_learnt_also_while_they_are_in_use);
	tcase_add_test(tests, drivers_that_were_kept_off_more_vfs_than_asked_are_kept_off_the_next);
	tcase_add_test(tests,
		       a_driver_that_refuses_to_destroy_its_vfs_is_not_said_to_have_made_none);
	tcase_add_test(tests, a_refused_creation_ends_the_pass_there);
	tcase_add_test(tests, vfs_that_are_not_destroyed_are_not_created_either);
	tcase_add_test(tests, a_blocked_resize_leaves_settings_to_be_done);
	tcase_add_test(tests, a_held_vf_blocks_a_resize_until_it_is_let_go);
	tcase_add_test(tests, vfs_that_came_after_the_plan_was_made_are_not_destroyed_unasked);
	tcase_add_test(tests, a_vf_that_is_taken_after_the_plan_was_made_is_not_destroyed);
	tcase_add_test(tests, force_takes_a_held_vf);
	tcase_add_test(tests, force_does_not_take_a_vf_that_is_open_in_vfio);
	tcase_add_test(tests, force_does_not_take_a_vf_that_is_opened_after_the_plan_was_made);
	tcase_add_test(tests, force_open_takes_a_vf_that_is_open_in_vfio);
	tcase_add_test(tests, a_number_of_vfs_waits_for_that_of_another_pf_and_the_rest_does_not);
	tcase_add_test(tests,
		       a_process_that_is_to_end_makes_the_vfs_that_follow_those_it_has_destroyed);
	tcase_add_test(tests, a_process_that_is_to_end_destroys_no_vfs);
	tcase_add_test(tests, a_kernel_without_room_for_vfs_refuses_as_any_other);
	tcase_add_test(tests, vfs_that_somebody_made_anew_are_new);
	tcase_add_test(tests, a_driver_that_makes_fewer_vfs_is_not_asked_to_destroy_them);
	tcase_add_test(tests, a_driver_that_makes_fewer_vfs_still_makes_another_number);
	tcase_add_test(tests,
		       a_driver_that_makes_fewer_vfs_makes_those_again_that_somebody_destroyed);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
