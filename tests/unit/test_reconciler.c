/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When passes are due, over a kernel in memory and a clock of our own. */

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "one_reconciler.h"
#include "pf/log_quota.h"
#include "pf/pass_log.h"
#include "pf/reconciler.h"
#include "pf/reconcilers.h"
#include "pf/retries.h"
#include "pf/showing.h"
#include "runner.h"

/* A pass whose run found these rivals, or did not find out: NULL. Whether it was to. */
static bool run_pass_with_rivals(const char *const *rivals, size_t count)
{
	const struct pass_options options = { 0 };
	struct knowledge *knowledge = reconciler_start(reconciler, now);
	bool wanted = reconciler_wants_rivals(reconciler);
	struct pass *pass;

	text_clear(&kept.text);
	ck_assert_int_eq(
		pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge, &options, &pass),
		0);
	pass->has_rivals = rivals;
	pass->rivals = (struct names){ (const char **)rivals, count };
	ck_assert(reconciler_finish(reconciler, pass, 0, now));
	return wanted;
}

START_TEST(who_else_sets_up_the_pf_is_logged_once)
{
	static const char *const rivals[] = { "a sets up VFs", "b sets up VFs" };

	policy = fixture_policy(RULE "  vfs: 0\n");
	ck_assert_ptr_null(reconciler_rivals(reconciler));
	ck_assert(run_pass_with_rivals(NULL, 0));
	ck_assert(run_pass_with_rivals(rivals, 1));
	assert_logged("<4> ens1: a sets up VFs\n");
	ck_assert_uint_eq(reconciler_rivals(reconciler)->count, 1);
	ck_assert(!run_pass_with_rivals(NULL, 0));
	reconciler_ask_rivals(reconciler);
	ck_assert(run_pass_with_rivals(rivals, 2));
	assert_logged("<4> ens1: b sets up VFs\n");
	ck_assert_str_eq(reconciler_rivals(reconciler)->items[1], rivals[1]);
	reconciler_ask_rivals(reconciler);
	ck_assert(run_pass_with_rivals(rivals, 2));
	assert_logged("");
	ck_assert(!run_pass_with_rivals(NULL, 0));
	ck_assert_uint_eq(reconciler_rivals(reconciler)->count, 2);
}
END_TEST

START_TEST(who_else_sets_up_the_pf_is_asked_again_after_a_pass_that_had_begun_or_failed)
{
	policy = fixture_policy(RULE "  vfs: 0\n");
	(void)reconciler_start(reconciler, now);
	ck_assert(reconciler_wants_rivals(reconciler));
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	ck_assert(run_pass_with_rivals((const char *const[]){ "a" }, 1));
	reconciler_ask_rivals(reconciler);
	(void)reconciler_start(reconciler, now);
	reconciler_ask_rivals(reconciler);
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	ck_assert(run_pass_with_rivals((const char *const[]){ "a" }, 1));
	ck_assert(!run_pass_with_rivals(NULL, 0));
}
END_TEST

START_TEST(a_new_pf_is_looked_at_at_once_and_then_rests)
{
	policy = fixture_policy(RULE "  vfs: 2\n  vf-defaults: {trust: true}\n");
	ck_assert_uint_eq(run_when_due(), 0);
	assert_logged("<6> ens1: create 2 VFs: done\n"
		      "<6> ens1: VF 0-1: set trust to true VF=0-1\n"
		      "<6> ens1: in-sync\n");
	ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
	assert_idle();
}
END_TEST

START_TEST(a_burst_of_events_is_one_pass)
{
	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	for (int i = 0; i < 100; i++)
		reconciler_poke(reconciler, now);
	ck_assert_uint_eq(run_when_due(), RECONCILER_DEBOUNCE_MS);
	assert_logged("");
	assert_idle();
}
END_TEST

START_TEST(an_event_during_a_pass_leads_to_another)
{
	policy = fixture_policy(RULE "  vfs: 2\n");
	(void)reconciler_start(reconciler, now);
	reconciler_poke(reconciler, now);
	ck_assert_uint_eq(reconciler_due(reconciler), now + SHOWING_AFTER_MS);
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	ck_assert_uint_eq(reconciler_due(reconciler), now + RECONCILER_DEBOUNCE_MS);
}
END_TEST

/* No event comes when the time is over. */
START_TEST(a_driver_of_somebody_else_is_looked_at_again_when_its_time_of_grace_is_over)
{
	struct value driver = { .name = "fakevf" };

	ck_assert_int_eq(pf_alloc_vfs(fake.pf, 1), 0);
	VALUES_SET(&fake.pf->settings, PF_VFS, (struct value){ .number = 1 });
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, driver);
	policy = fixture_policy(RULE "  vf-defaults: {driver: fakevf}\n");
	ck_assert(run_pass());
	assert_idle();
	driver.name = "vfio-pci";
	VALUES_SET(&fake.pf->vfs[0].settings, VF_DRIVER, driver);
	now += 5000;
	ck_assert(run_pass());
	ck_assert_int_eq(reconciler_state(reconciler), STATE_BLOCKED);
	ck_assert_uint_eq(run_when_due(), TAKEOVER_GRACE_MS);
	ck_assert_str_eq(text_string(&fake.calls), "vf 0:driver\n");
	assert_idle();
}
END_TEST

/* Who uses the VF is another by and by. */
START_TEST(what_blocks_a_pf_is_logged_when_it_is_something_else)
{
	static const char *const names[] = { "qemu (pid 7)", "qemu (pid 8)" };
	unsigned lines = 0;

	ck_assert_int_eq(fake.kernel.write_numvfs(&fake.kernel, fake.pf, 1), 0);
	fake.holder = names[0];
	policy = fixture_policy(RULE "  vfs: 2\n");
	ck_assert(run_pass());
	assert_logged("<5> ens1: blocked: destroy 1 VF: VF 0 is in use: qemu (pid 7), and 1 more "
		      "step\n");
	ck_assert(run_pass());
	assert_logged("");
	fake.holder = names[1];
	ck_assert(run_pass());
	assert_logged("<5> ens1: blocked: destroy 1 VF: VF 0 is in use: qemu (pid 8), and 1 more "
		      "step\n");
	for (unsigned i = 0; i < 1000; i++) {
		now += 1000;
		fake.holder = names[i % 2];
		ck_assert(run_pass());
		lines += kept.text.length ? 1 : 0;
	}
	ck_assert_uint_lt(lines, LOG_QUOTA_ENTRIES);
}
END_TEST

/* Another round writes what did not last from one to the next. */
START_TEST(what_two_rounds_of_a_pass_wrote_is_logged_of_each_vf_once)
{
	const struct action trusted = { .step = { .target = { STEP_VF_SETTING, 0, VF_TRUST },
						  .to = { .number = 1 } },
					.done = true };
	struct action actions[7];
	struct pass pass;

	policy = fixture_policy(RULE "  vfs: 4\n");
	run_when_due();
	for (uint32_t i = 0; i < ARRAY_SIZE(actions); i++) {
		actions[i] = trusted;
		actions[i].step.target.vf = (i + 2) % 5 == 3 ? 2 : (i + 2) % 5;
	}
	pass = *reconciler_pass(reconciler);
	pass.actions = (struct actions){ .items = actions, .count = ARRAY_SIZE(actions) };
	text_clear(&kept.text);
	pass_log_ended(&kept.log, &pass, reconciler_knowledge(reconciler), false, false, false);
	assert_logged("<6> ens1: VF 0-2,4: set trust to true VF=0-2,4\n");
}
END_TEST

START_TEST(messages_say_what_kind_of_thing_has_happened)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {vlan: 5, link-state: enable}\n");
	fake_kernel_refuse(&fake,
			   (struct fake_refusal){ VF_LINK_STATE, FAKE_EVERY_VF, -EOPNOTSUPP });
	run_when_due();
	ck_assert_str_eq(kept.events, "done done refused state");
	fake.pf->vfs[0].settings.value[VF_VLAN].vlan.id = 9;
	ck_assert(run_pass());
	ck_assert_str_eq(kept.events, "repaired");
}
END_TEST

START_TEST(one_more_is_told_in_the_singular)
{
	policy = fixture_policy(RULE "  vfs: 2\n  vf-defaults: {link-state: enable}\n");
	fake_kernel_refuse(&fake,
			   (struct fake_refusal){ VF_LINK_STATE, FAKE_EVERY_VF, -EOPNOTSUPP });
	run_when_due();
	ck_assert_ptr_nonnull(strstr(text_string(&kept.text), ", and so for 1 more VF VF=0\n"));
}
END_TEST

START_TEST(a_pf_that_is_gone_ends_its_reconciler)
{
	policy = fixture_policy(RULE "  vfs: 1\n");
	fake.gone = true;
	ck_assert(!run_pass());
}
END_TEST

/* A VF may be gone before its PF is known to have had it. */
START_TEST(an_event_of_an_unknown_device_pokes_a_pf_that_is_being_looked_at)
{
	struct reconcilers reconcilers = { &reconciler, 1, 1 };

	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	reconcilers_poke_unsure(&reconcilers, now);
	assert_idle();
	(void)reconciler_start(reconciler, now);
	reconcilers_poke_unsure(&reconcilers, now);
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	ck_assert_uint_eq(reconciler_due(reconciler), now + RECONCILER_DEBOUNCE_MS);
}
END_TEST

START_TEST(passes_that_follow_each_other_without_end_come_slower)
{
	policy = fixture_policy(RULE "  vfs: 2\n");
	run_when_due();
	for (unsigned i = 2; i < 2 * RECONCILER_ROW; i++) {
		reconciler_poke(reconciler, now);
		ck_assert_uint_eq(run_when_due(), i <= RECONCILER_ROW ? RECONCILER_DEBOUNCE_MS
								      : RECONCILER_ROW_DEBOUNCE_MS);
	}
	now += RECONCILER_ROW_GAP_MS;
	reconciler_poke(reconciler, now);
	run_when_due();
	reconciler_poke(reconciler, now);
	ck_assert_uint_eq(run_when_due(), RECONCILER_DEBOUNCE_MS);
}
END_TEST

/* However many events come meanwhile. */
START_TEST(drivers_wait_for_vfs_that_are_not_ready_but_not_for_ever)
{
	uint64_t start;

	policy = fixture_policy(RULE "  vfs: 1\n  drivers-autoprobe: true\n"
				     "  vf-defaults: {trust: true}\n");
	VALUES_SET(&fake.pf->settings, PF_DRIVERS_AUTOPROBE, (struct value){ .number = 1 });
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EBUSY });
	run_when_due();
	start = now;
	while (fake.pf->drivers_held) {
		ck_assert_uint_le(now, start + 10000);
		reconciler_poke(reconciler, now);
		run_when_due();
	}
	ck_assert_uint_ge(now, start + 5000);
}
END_TEST

#define BY_ADDRESS                                                                                 \
	"physical-functions:\n- name: r\n  match: {pci: '*'}\n  mtu: 9000\n"                       \
	"  vf-defaults: {vlan: 5}\n"

static void take_netdev_away(uint32_t class)
{
	fake.pf->ifname = NULL;
	fake.pf->ifindex = 0;
	fake.pf->settings.present &= ~(SETTING_BIT(PF_MTU) | SETTING_BIT(PF_UP));
	fake.pf->has_class = true;
	fake.pf->class = class;
}

/* No boot waits for what cannot come (PCI_CLASS_STORAGE_EXPRESS in linux/pci_ids.h). */
START_TEST(nothing_waits_for_the_network_device_of_a_drive)
{
	policy = fixture_policy(BY_ADDRESS);
	take_netdev_away(0x010802);
	fake.pf->driver = "nvme";
	run_when_due();
	assert_shown(STATE_DEGRADED, "'mtu' is for network cards, and this is none (its PCI class "
				     "is 0x010802)");
	ck_assert(!reconciler_is_unfinished(reconciler));
	assert_idle();
}
END_TEST

START_TEST(a_network_card_may_still_get_its_network_device)
{
	policy = fixture_policy(BY_ADDRESS);
	take_netdev_away(0x020000);
	run_when_due();
	assert_shown(STATE_WAITING, "it has no network device in this network namespace");
	ck_assert(reconciler_is_unfinished(reconciler));
}
END_TEST

/* Nobody brings it back, for however long: a driver that came now would find its VF without the
 * VLAN that the rules give it. */
START_TEST(drivers_are_kept_off_vfs_until_their_vlan_can_be_written)
{
	policy = fixture_policy("physical-functions:\n- name: r\n  match: {pci: '*'}\n  vfs: 1\n"
				"  vf-defaults: {vlan: 55}\n");
	take_netdev_away(0x020000);
	VALUES_SET(&fake.pf->settings, PF_DRIVERS_AUTOPROBE, (struct value){ .number = 1 });
	run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "hold\nnumvfs 1\n");
	for (int i = 0; i < 100; i++) {
		assert_shown(STATE_WAITING,
			     "it has no network device in this network namespace; no driver is let "
			     "at its VFs until they can be set up by its network device");
		reconciler_poke(reconciler, now += 1000);
		run_when_due();
		ck_assert_str_eq(text_string(&fake.calls), "");
	}
	fake.pf->ifname = "ens1";
	fake.pf->ifindex = 2;
	fake.pf->vfs[0].reported = true;
	reconciler_poke(reconciler, now);
	run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "vfs 0:vlan\nrelease\n");
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

/* It is made of the address that the PF has by its network device. */
START_TEST(drivers_are_kept_off_vfs_until_their_stable_address_is_known)
{
	policy = fixture_policy("physical-functions:\n- name: r\n  match: {pci: '*'}\n  vfs: 1\n"
				"  vf-defaults: {mac: stable}\n");
	take_netdev_away(0x020000);
	fake.pf->has_permanent_mac = false;
	VALUES_SET(&fake.pf->settings, PF_DRIVERS_AUTOPROBE, (struct value){ .number = 1 });
	run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "hold\nnumvfs 1\n");
	assert_shown(STATE_WAITING,
		     "it has no network device in this network namespace; no driver is let at its "
		     "VFs until they can be set up by its network device");
	reconciler_poke(reconciler, now += 100000);
	run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "");
	fake.pf->ifname = "ens1";
	fake.pf->ifindex = 2;
	fake.pf->has_permanent_mac = true;
	fake.pf->vfs[0].reported = true;
	reconciler_poke(reconciler, now);
	run_when_due();
	ck_assert_str_eq(text_string(&fake.calls), "vfs 0:mac\nrelease\n");
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

/* What limits a VF can come later. */
START_TEST(drivers_are_kept_off_vfs_for_a_while_only_for_what_can_come_later)
{
	const uint64_t start = now;

	policy = fixture_policy("physical-functions:\n- name: r\n  match: {pci: '*'}\n  vfs: 1\n"
				"  vf-defaults: {max-tx-rate: 100}\n");
	take_netdev_away(0x020000);
	VALUES_SET(&fake.pf->settings, PF_DRIVERS_AUTOPROBE, (struct value){ .number = 1 });
	run_when_due();
	while (fake.pf->drivers_held) {
		ck_assert_uint_le(now, start + 10000);
		reconciler_poke(reconciler, now);
		run_when_due();
	}
	ck_assert_uint_ge(now, start + 5000);
}
END_TEST

#define IN_SWITCHDEV RULE "  vfs: 1\n  eswitch: {mode: switchdev}\n"

static void tell_mode(void)
{
	VALUES_SET(&fake.pf->settings, PF_ESWITCH_MODE, (struct value){ .number = 0 });
}

START_TEST(vfs_are_made_once_devlink_knows_the_mode)
{
	policy = fixture_policy(IN_SWITCHDEV);
	fake.pf->eswitch_silent = true;
	run_when_due();
	assert_shown(STATE_WAITING, "devlink does not know its eswitch yet");
	ck_assert(reconciler_is_unfinished(reconciler));
	fake.pf->eswitch_silent = false;
	tell_mode();
	ck_assert_uint_le(run_when_due(), 2 * RETRIES_MIN_MS);
	ck_assert_str_eq(text_string(&fake.calls), "numvfs 1\neswitch.mode switchdev\n");
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

/* It has no eswitch, say, and nobody says so. */
START_TEST(vfs_are_made_after_a_while_though_devlink_says_nothing)
{
	const uint64_t start = now;

	policy = fixture_policy(IN_SWITCHDEV);
	fake.pf->eswitch_silent = true;
	while (fake.pf->n_vfs == 0) {
		ck_assert_uint_le(now, start + 10000);
		run_when_due();
	}
	ck_assert_uint_ge(now, start + 5000);
	for (int i = 0; i < 100; i++) {
		assert_shown(STATE_DEGRADED,
			     "eswitch.mode switchdev: not supported by the driver (ENODEV): "
			     "devlink says nothing of this PF's eswitch");
		reconciler_poke(reconciler, now += 1000);
		run_when_due();
		ck_assert_str_eq(text_string(&fake.calls), "");
	}
	assert_idle();
	/* It may come all the same. */
	fake.pf->eswitch_silent = false;
	tell_mode();
	reconciler_poke(reconciler, now);
	run_when_due();
	assert_shown(STATE_IN_SYNC, "");
}
END_TEST

static size_t count_unmatched(const struct reconcilers *reconcilers)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct unmatched_list list;

	ck_assert_int_eq(arena_new(&arena), 0);
	ck_assert_int_eq(reconcilers_unmatched(reconcilers, policy, arena, &list), 0);
	return list.count;
}

START_TEST(a_rule_is_unmatched_once_all_pfs_are_seen_whatever_policy_their_pass_was_of)
{
	struct reconcilers reconcilers = { &reconciler, 1, 1 };

	policy = fixture_policy(RULE "- name: other\n  match: {interface: ens9}\n");
	ck_assert_uint_eq(count_unmatched(&reconcilers), 0);
	run_when_due();
	ck_assert_uint_eq(count_unmatched(&reconcilers), 1);
	policy_free(TAKE(policy));
	policy = fixture_policy(RULE "  vfs: 3\n");
	ck_assert_uint_eq(count_unmatched(&reconcilers), 0);
}
END_TEST

START_TEST(a_pf_that_cannot_be_looked_at_does_not_keep_rules_from_being_reported)
{
	struct reconcilers reconcilers = { &reconciler, 1, 1 };

	policy = fixture_policy(RULE "  vfs: 3\n");
	(void)reconciler_start(reconciler, now);
	ck_assert(reconciler_finish(reconciler, NULL, -EIO, now));
	ck_assert_uint_eq(count_unmatched(&reconcilers), 1);
}
END_TEST

START_TEST(a_pause_is_logged_once_and_ends_by_itself)
{
	policy = fixture_policy(RULE "  mtu: 9000\n");
	fake.pf->pause = (struct pause){ .left = 5000, .until = 7, .words = "noon" };
	ck_assert(run_pass());
	assert_logged("<5> ens1: paused until noon\n"
		      "<5> ens1: drifted: paused until noon; mtu 1500 -> 9000\n");
	fake.pf->pause.left = 4000;
	now += 1000;
	reconciler_poke(reconciler, now);
	ck_assert(run_pass());
	assert_logged("");
	fake.pf->pause.left = 3600000;
	reconciler_poke(reconciler, now);
	ck_assert(run_pass());
	ck_assert_uint_eq(run_when_due(), 60000);
	fake.pf->pause.left = 4000;
	reconciler_poke(reconciler, now);
	ck_assert(run_pass());
	fake.pf->pause = (struct pause){ 0 };
	ck_assert_uint_eq(run_when_due(), 4001);
	assert_shown(STATE_IN_SYNC, "");
	ck_assert_ptr_nonnull(strstr(text_string(&kept.text), "<5> ens1: no longer paused\n"));
	assert_idle();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reconciler");
	TCase *tests = tcase_create("reconciler");

	tcase_add_checked_fixture(tests, one_reconciler_set_up, one_reconciler_tear_down);
	tcase_add_test(tests, who_else_sets_up_the_pf_is_logged_once);
	tcase_add_test(
		tests,
		who_else_sets_up_the_pf_is_asked_again_after_a_pass_that_had_begun_or_failed);
	tcase_add_test(tests, a_new_pf_is_looked_at_at_once_and_then_rests);
	tcase_add_test(tests, a_pause_is_logged_once_and_ends_by_itself);
	tcase_add_test(tests, a_burst_of_events_is_one_pass);
	tcase_add_test(tests, an_event_during_a_pass_leads_to_another);
	tcase_add_test(tests,
		       a_driver_of_somebody_else_is_looked_at_again_when_its_time_of_grace_is_over);
	tcase_add_test(tests, what_blocks_a_pf_is_logged_when_it_is_something_else);
	tcase_add_test(tests, what_two_rounds_of_a_pass_wrote_is_logged_of_each_vf_once);
	tcase_add_test(tests, messages_say_what_kind_of_thing_has_happened);
	tcase_add_test(tests, one_more_is_told_in_the_singular);
	tcase_add_test(tests, a_pf_that_is_gone_ends_its_reconciler);
	tcase_add_test(tests, drivers_wait_for_vfs_that_are_not_ready_but_not_for_ever);
	tcase_add_test(tests, an_event_of_an_unknown_device_pokes_a_pf_that_is_being_looked_at);
	tcase_add_test(tests, nothing_waits_for_the_network_device_of_a_drive);
	tcase_add_test(tests, a_network_card_may_still_get_its_network_device);
	tcase_add_test(tests, drivers_are_kept_off_vfs_until_their_vlan_can_be_written);
	tcase_add_test(tests, drivers_are_kept_off_vfs_until_their_stable_address_is_known);
	tcase_add_test(tests, drivers_are_kept_off_vfs_for_a_while_only_for_what_can_come_later);
	tcase_add_test(tests, vfs_are_made_once_devlink_knows_the_mode);
	tcase_add_test(tests, vfs_are_made_after_a_while_though_devlink_says_nothing);
	tcase_add_test(tests, passes_that_follow_each_other_without_end_come_slower);
	tcase_add_test(tests,
		       a_rule_is_unmatched_once_all_pfs_are_seen_whatever_policy_their_pass_was_of);
	tcase_add_test(tests,
		       a_pf_that_cannot_be_looked_at_does_not_keep_rules_from_being_reported);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
