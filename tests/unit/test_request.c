/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is done on request only (disruption: on-request): by whose request, and for how long; and
 * the note that ends the boot, at which nobody needs to ask. */

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "boot_note.h"
#include "fixture.h"
#include "one_reconciler.h"
#include "pf/reconcilers.h"
#include "runner.h"
#include "scratch.h"

#define ON_REQUEST RULE "  disruption: on-request\n"
#define GOES_ON	   "; 'sriovctl apply --disruptive ens1' goes on"

static struct reconciler_request request, another;

static void run(void)
{
	now += 1000;
	ck_assert(run_pass());
}

static void assert_wrote(const char *calls)
{
	ck_assert_str_eq(text_string(&fake.calls), calls);
}

START_TEST(what_disrupts_waits_and_is_told_once)
{
	policy = fixture_policy(ON_REQUEST "  mtu: 9000\n");
	run();
	assert_wrote("");
	assert_logged("<5> ens1: blocked: mtu 1500 -> 9000: waits for request" GOES_ON "\n");
	assert_shown(STATE_BLOCKED, "mtu 1500 -> 9000: waits for request" GOES_ON);
	ck_assert_int_eq(plan_blocker(reconciler_pass(reconciler)->remaining), BLOCKED_BY_REQUEST);
	assert_idle();
	run();
	assert_wrote("");
	assert_logged("");
}
END_TEST

START_TEST(it_is_done_by_the_passes_that_begin_while_somebody_asks)
{
	policy = fixture_policy(ON_REQUEST "  mtu: 9000\n");
	run();
	reconciler_begin_request(reconciler, &request);
	reconciler_begin_request(reconciler, &another);
	reconciler_end_request(&request);
	run();
	assert_wrote("mtu 9000\n");
	assert_shown(STATE_IN_SYNC, "");
	reconciler_end_request(&another);
	VALUES_SET(&fake.pf->settings, PF_MTU, (struct value){ .number = 1500 });
	run();
	assert_wrote("");
	assert_shown(STATE_BLOCKED, "mtu 1500 -> 9000: waits for request" GOES_ON);
}
END_TEST

START_TEST(a_pass_goes_on_with_what_it_began_with)
{
	const struct pass_options options = { 0 };
	struct pass *pass = NULL;
	struct knowledge *knowledge;

	policy = fixture_policy(ON_REQUEST "  vfs: 1\n  mtu: 9000\n");
	reconciler_begin_request(reconciler, &request);
	knowledge = reconciler_start(reconciler, now);
	reconciler_end_request(&request);
	ck_assert(knowledge_is_requested(knowledge));
	ck_assert_int_eq(
		pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge, &options, &pass),
		0);
	ck_assert(reconciler_finish(reconciler, pass, 0, now));
	assert_shown(STATE_IN_SYNC, "");
	ck_assert(!knowledge_is_requested(knowledge));
}
END_TEST

START_TEST(the_boot_is_a_request_for_all_pfs_that_come_until_it_ends)
{
	struct reconcilers reconcilers = { 0 };
	struct reconciler *early, *late;

	reconcilers_begin_boot(&reconcilers);
	ck_assert_int_eq(reconcilers_get(&reconcilers, "pci/a", &kept.log, &early), 0);
	ck_assert(knowledge_is_requested(reconciler_knowledge(early)));
	reconcilers_end_boot(&reconcilers);
	ck_assert(!knowledge_is_requested(reconciler_knowledge(early)));
	ck_assert_int_eq(reconcilers_get(&reconcilers, "pci/b", &kept.log, &late), 0);
	ck_assert(!knowledge_is_requested(reconciler_knowledge(late)));
	reconciler_begin_request(late, &request);
	reconcilers_end_boot(&reconcilers);
	ck_assert(knowledge_is_requested(reconciler_knowledge(late)));
	reconcilers_clear(&reconcilers);
}
END_TEST

/* Whoever asked for the one that was there before has not asked for it, and takes nothing back. */
START_TEST(a_pf_in_the_place_of_one_that_is_gone_has_its_own_requests)
{
	struct reconcilers reconcilers = { 0 };
	struct reconciler *gone, *other;

	ck_assert_int_eq(reconcilers_get(&reconcilers, "pci/a", &kept.log, &gone), 0);
	reconciler_begin_request(gone, &request);
	reconcilers_remove(&reconcilers, gone);
	ck_assert_int_eq(reconcilers_get(&reconcilers, "pci/a", &kept.log, &other), 0);
	ck_assert(!knowledge_is_requested(reconciler_knowledge(other)));
	reconciler_begin_request(other, &another);
	reconciler_end_request(&request);
	ck_assert(knowledge_is_requested(reconciler_knowledge(other)));
	reconciler_end_request(&another);
	ck_assert(!knowledge_is_requested(reconciler_knowledge(other)));
	reconcilers_clear(&reconcilers);
}
END_TEST

/* To ask again and again would not help. */
START_TEST(what_was_refused_for_good_does_not_wait_for_another_request)
{
	policy = fixture_policy(ON_REQUEST "  mtu: 9000\n");
	fake.pf_refused = SETTING_BIT(PF_MTU);
	reconciler_begin_request(reconciler, &request);
	run();
	reconciler_end_request(&request);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_DEGRADED);
	knowledge_retry(reconciler_knowledge(reconciler), REFUSAL_ALL);
	fake.pf_refused = 0;
	run();
	assert_wrote("");
	ck_assert_int_eq(reconciler_state(reconciler), STATE_DEGRADED);
	reconciler_begin_request(reconciler, &request);
	knowledge_forgive(reconciler_knowledge(reconciler));
	run();
	assert_wrote("mtu 9000\n");
}
END_TEST

static void give_vf(void)
{
	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 1), 0);
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, (struct value){ .name = "igbvf" });
	VALUES_SET(&fake.pf->vfs[0].settings, VF_VLAN, (struct value){ 0 });
}

START_TEST(what_was_busy_waits_for_another_request)
{
	policy = fixture_policy(ON_REQUEST "  vf-defaults: {vlan: 5}\n");
	give_vf();
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_VLAN, 0, -EBUSY });
	reconciler_begin_request(reconciler, &request);
	run();
	reconciler_end_request(&request);
	ck_assert_int_eq(reconciler_state(reconciler), STATE_RETRYING);
	run();
	assert_wrote("");
	assert_shown(STATE_BLOCKED, "VF 0: vlan none -> 5: waits for request" GOES_ON);
}
END_TEST

/* What was taken in vain once, and kept then, is no reason to leave it as somebody else has made
 * it.
 */
START_TEST(what_was_overcome_is_asked_for_again)
{
	const struct step_target target = { STEP_VF_SETTING, 0, VF_VLAN };
	struct knowledge *knowledge = reconciler_knowledge(reconciler);

	policy = fixture_policy(ON_REQUEST "  vf-defaults: {vlan: 5}\n");
	give_vf();
	run();
	ck_assert_int_eq(
		knowledge_refuse(knowledge, &(struct refusal){ .target = target,
							       .value.vlan = { 5, 0, 0x8100 },
							       .kind = REFUSAL_NOT_TAKEN }),
		0);
	run();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_DEGRADED);
	knowledge_succeed(knowledge, &target);
	run();
	ck_assert_int_eq(reconciler_state(reconciler), STATE_BLOCKED);
}
END_TEST

/* Drivers are let at it without the VLAN otherwise, whoever is noted as its user. */
START_TEST(a_vf_that_drivers_are_kept_off_is_set_up_before_them)
{
	policy = fixture_policy(ON_REQUEST "  vfs: 2\n  vf-defaults: {vlan: 5}\n");
	give_vf();
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, (struct value){ .form = VALUE_NONE });
	fake.holder = "libvirt has noted it";
	run();
	assert_wrote("");
	fake.pf->drivers_held = true;
	run();
	assert_wrote("vfs 0:vlan\nrelease\n");
	ck_assert_int_eq(reconciler_state(reconciler), STATE_BLOCKED);
}
END_TEST

/* As a VF that libvirt takes from one driver to give it another. */
START_TEST(who_uses_a_vf_between_two_drivers_is_looked_for_and_not_disturbed)
{
	policy = fixture_policy(ON_REQUEST "  vfs: 1\n  vf-defaults: {vlan: 5}\n");
	give_vf();
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, (struct value){ .form = VALUE_NONE });
	fake.holder = "libvirt has noted it";
	run();
	assert_wrote("");
	ck_assert_int_eq(reconciler_state(reconciler), STATE_BLOCKED);
	fake.holder = NULL;
	run();
	assert_wrote("vfs 0:vlan\n");
}
END_TEST

START_TEST(the_boot_is_over_once_it_is_noted)
{
	char directory[] = "/tmp/sriovd-boot-XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(directory));
	ck_assert(boot_note_is_missing(directory));
	ck_assert(boot_note_is_missing(directory));
	ck_assert_int_eq(boot_note_write(directory), 0);
	ck_assert(!boot_note_is_missing(directory));
	ck_assert_int_eq(boot_note_write(directory), 0);
	scratch_remove(directory);
}
END_TEST

/* A file stands where the directory should: whether there is a note in it nobody can tell. */
START_TEST(what_cannot_be_told_is_no_boot)
{
	char path[] = "/tmp/sriovd-boot-XXXXXX";
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert(!boot_note_is_missing(path));
	ck_assert_int_eq(boot_note_write(path), -ENOTDIR);
	(void)close(fd);
	(void)unlink(path);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("request");
	TCase *tests = tcase_create("request");

	tcase_add_checked_fixture(tests, one_reconciler_set_up, one_reconciler_tear_down);
	tcase_add_test(tests, what_disrupts_waits_and_is_told_once);
	tcase_add_test(tests, it_is_done_by_the_passes_that_begin_while_somebody_asks);
	tcase_add_test(tests, a_pass_goes_on_with_what_it_began_with);
	tcase_add_test(tests, the_boot_is_a_request_for_all_pfs_that_come_until_it_ends);
	tcase_add_test(tests, a_pf_in_the_place_of_one_that_is_gone_has_its_own_requests);
	tcase_add_test(tests, what_was_refused_for_good_does_not_wait_for_another_request);
	tcase_add_test(tests, what_was_busy_waits_for_another_request);
	tcase_add_test(tests, what_was_overcome_is_asked_for_again);
	tcase_add_test(tests, a_vf_that_drivers_are_kept_off_is_set_up_before_them);
	tcase_add_test(tests, who_uses_a_vf_between_two_drivers_is_looked_for_and_not_disturbed);
	tcase_add_test(tests, the_boot_is_over_once_it_is_noted);
	tcase_add_test(tests, what_cannot_be_told_is_no_boot);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
