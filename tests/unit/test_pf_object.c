/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the daemon answers to those who ask about a PF, over a kernel in memory. */

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bus/pf_object.h"
#include "fake_kernel.h"
#include "fixture.h"
#include "runner.h"

#define HANDLE "pci/0000:01:00.0"

#define PF                                                                                         \
	"- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "      \
	"driver: igb, totalvfs: 512, carrier: true, mtu: 1500, pf-up: true, vfs: 0, "              \
	"mac: 52:54:00:00:01:01}\n"

#define RULE                                                                                       \
	"physical-functions:\n"                                                                    \
	"- name: r\n"                                                                              \
	"  match: {interface: ens1}\n"                                                             \
	"  vfs: 2\n"                                                                               \
	"  vf-defaults: {trust: true}\n"

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret);

static time_t calendar; /* seconds since 1970 */

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret)
{
	(void)clock;
	*ret = (struct timespec){ .tv_sec = calendar };
	return 0;
}

static void ignore(struct log *log, int level, const struct log_fields *fields, const char *message)
{
	(void)log, (void)level, (void)fields, (void)message;
}

static struct log silent = { ignore };
static struct fake_kernel fake;
static struct policy *policy;
static struct reconciler *reconciler;
static struct pf_object *pf_object;
static uint64_t now;

static void set_up(void)
{
	now = 1000000;
	calendar = 2000000000;
	policy = NULL;
	ck_assert_int_eq(reconciler_new(HANDLE, &silent, 42, &reconciler), 0);
	ck_assert_int_eq(pf_object_new(HANDLE, &pf_object), 0);
	fake_kernel_init(&fake, fixture_pf(PF));
}

static void tear_down(void)
{
	pf_object_free(pf_object);
	reconciler_free(reconciler);
	policy_free(policy);
	fake_kernel_clear(&fake);
}

static void run_pass(void)
{
	const struct pass_options options = { 0 };
	struct knowledge *knowledge = reconciler_start(reconciler, now);
	struct pass *pass = NULL;
	int r = pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge, &options, &pass);

	ck_assert(reconciler_finish(reconciler, pass, r, now));
	pf_object_pass_ended(pf_object);
}

/* As the daemon does when it is asked. */
static void look(void)
{
	struct pf *pf;
	struct pass *pass;

	ck_assert_int_eq(fake.kernel.observe(&fake.kernel, HANDLE, &pf), 0);
	ck_assert_int_eq(fake.kernel.find_holders(&fake.kernel, pf, KERNEL_ALL_VFS), 0);
	ck_assert_int_eq(
		pass_plan(policy, &fixture_host, pf, reconciler_knowledge(reconciler), &pass), 0);
	pf_object_set_look(pf_object, pass);
}

static void assert_state(enum pf_state state, const char *reason)
{
	CLEANUP_TEXT struct text text = { 0 };

	ck_assert_int_eq(pf_object_state(pf_object, reconciler, policy, now, &text), state);
	ck_assert_str_eq(text_string(&text), reason);
}

static void hang(const char *name, uint64_t for_ms)
{
	struct call call = { .since = now, .allowed = 10000 };

	(void)reconciler_start(reconciler, now);
	(void)snprintf(call.name, sizeof(call.name), "%s", name);
	call_note_begin(reconciler_call_note(reconciler), &call);
	now += for_ms;
	reconciler_watch(reconciler, now);
}

START_TEST(nothing_is_known_before_the_first_pass)
{
	assert_state(STATE_UNMANAGED, "no valid policy is in force");
	policy = fixture_policy(RULE);
	assert_state(STATE_APPLYING, "it was not looked at yet");
	ck_assert_ptr_null(pf_object_pass(pf_object, reconciler));
}
END_TEST

START_TEST(what_the_bus_is_told_is_printable_whatever_an_interface_is_called)
{
	policy = fixture_policy(RULE);
	for (int byte = 1; byte < 256; byte++) {
		const char name[] = { 'e', (char)byte, '1', '\0' };
		struct snapshot snapshot;

		fake.pf->ifname = name;
		run_pass();
		ck_assert_int_eq(
			pf_object_take_snapshot(pf_object, reconciler, true, now, &snapshot), 0);
		ck_assert_msg(text_is_printable(snapshot.interface), "%s", snapshot.interface);
		ck_assert_msg(text_is_printable(snapshot.reason), "%s", snapshot.reason);
		ck_assert_int_eq(snapshot.interface[0], 'e');
		snapshot_clear(&snapshot);
	}
}
END_TEST

START_TEST(a_look_that_finds_drift_says_that_it_will_be_put_right)
{
	policy = fixture_policy(RULE);
	run_pass();
	assert_state(STATE_IN_SYNC, "");
	fake.pf->vfs[1].settings.value[VF_TRUST].number = 0;
	look();
	assert_state(STATE_APPLYING, "VF 1: trust false -> true");
	run_pass();
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(drift_that_is_only_observed_stays_drift)
{
	policy = fixture_policy(RULE "  mode: observe\n");
	run_pass();
	look();
	assert_state(STATE_DRIFTED, "create 2 VFs, and 2 more steps");
}
END_TEST

START_TEST(what_was_learnt_is_known_to_a_look)
{
	policy = fixture_policy(RULE);
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EOPNOTSUPP });
	run_pass();
	look();
	assert_state(STATE_DEGRADED,
		     "VF 0: trust true: not supported by the driver (EOPNOTSUPP), and 1 more step");
}
END_TEST

START_TEST(what_only_the_reconciler_knows_wins_over_a_look)
{
	policy = fixture_policy(RULE);
	run_pass();
	look();
	hang("sriov_numvfs = 0", 3000);
	assert_state(STATE_APPLYING, "sriov_numvfs = 0, for 3 s");
	now += 9000;
	reconciler_watch(reconciler, now);
	assert_state(STATE_STUCK, "sriov_numvfs = 0 has not returned for 12 s");
	policy_free(policy);
	policy = NULL;
	assert_state(STATE_STUCK, "sriov_numvfs = 0 has not returned for 12 s");
}
END_TEST

START_TEST(holders_of_the_latest_look_stay_known)
{
	policy = fixture_policy(RULE);
	run_pass();
	ck_assert_ptr_null(pf_object_holder(pf_object, reconciler, 1).details);
	fake.held_vf = 1;
	fake.holder = "vfio, by qemu";
	look();
	ck_assert_str_eq(pf_object_holder(pf_object, reconciler, 1).details, "vfio, by qemu");
	ck_assert_ptr_null(pf_object_holder(pf_object, reconciler, 0).details);
	ck_assert_ptr_null(pf_object_holder(pf_object, reconciler, 7).details);
	run_pass();
	ck_assert_str_eq(pf_object_holder(pf_object, reconciler, 1).details, "vfio, by qemu");
	fake.holder = NULL;
	look();
	ck_assert_ptr_null(pf_object_holder(pf_object, reconciler, 1).details);
}
END_TEST

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *found = NULL;

	ck_assert_msg(json_object_object_get_ex(object, key, &found), "no %s in %s", key,
		      json_object_to_json_string(object));
	return found;
}

START_TEST(json_has_what_only_the_daemon_knows)
{
	struct json_object *json;

	policy = fixture_policy(RULE);
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EBUSY });
	run_pass();
	fake.held_vf = 1;
	fake.holder = "vfio, by qemu";
	look();
	run_pass();
	json = pf_object_json(pf_object, reconciler, true, now);
	ck_assert_str_eq(json_object_get_string(member(json, "state")), "retrying");
	ck_assert_str_eq(json_object_get_string(member(json, "last-error")),
			 "VF 0: trust true: the driver is busy (EBUSY)");
	ck_assert_double_gt(json_object_get_double(member(json, "retry-in-seconds")), 0.1);
	ck_assert_uint_eq(strlen(json_object_to_json_string(member(json, "retry-in-seconds"))),
			  strlen("0.123"));
	ck_assert_str_eq(
		json_object_get_string(member(
			json_object_array_get_idx(member(json, "virtual-functions"), 1), "holder")),
		"vfio, by qemu");
	ck_assert_str_eq(
		json_object_get_string(member(
			json_object_array_get_idx(member(json, "virtual-functions"), 1), "use")),
		"vfio");
	json_object_put(json);

	hang("sriov_numvfs = 0", 2500);
	json = pf_object_json(pf_object, reconciler, true, now);
	ck_assert_str_eq(json_object_get_string(member(member(json, "call"), "name")),
			 "sriov_numvfs = 0");
	ck_assert_double_eq(json_object_get_double(member(member(json, "call"), "seconds")), 2.5);
	ck_assert(!json_object_object_get_ex(json, "retry-in-seconds", NULL));
	json_object_put(json);
}
END_TEST

static struct snapshot take(void)
{
	struct snapshot snapshot;

	ck_assert_int_eq(pf_object_take_snapshot(pf_object, reconciler, true, now, &snapshot), 0);
	return snapshot;
}

static void assert_count(struct json_object *pf, const char *name, int64_t expected)
{
	ck_assert_int_eq(json_object_get_int64(member(member(pf, "counts"), name)), expected);
}

START_TEST(everybody_is_told_of_as_many_steps_as_root)
{
	struct snapshot snapshot;
	const struct plan *left;

	policy = fixture_policy(RULE);
	run_pass();
	policy_free(TAKE(policy));
	policy = fixture_policy("physical-functions:\n- {name: r, match: {driver: igb}, vfs: 1, "
				"vf-defaults: {trust: true}}\n");
	/* Then drivers are kept off new VFs. */
	fake.pf->settings.value[PF_DRIVERS_AUTOPROBE].number = 1;
	fake.pf->settings.present |= SETTING_BIT(PF_DRIVERS_AUTOPROBE);
	fake.held_vf = 1;
	fake.holder = "vfio, by qemu";
	run_pass();
	left = reconciler_pass(reconciler)->remaining;
	ck_assert_uint_eq(left->n_steps, 3);
	ck_assert_ptr_nonnull(strstr(reconciler_pass(reconciler)->reason, ", and 1 more step"));
	snapshot = take();
	ck_assert_str_eq(snapshot.reason,
			 "a guard forbids what the policy says; 2 steps are left, 2 blocked");
	snapshot_clear(&snapshot);
}
END_TEST

START_TEST(a_snapshot_tells_one_setting_from_another)
{
	struct snapshot before, after;

	policy = fixture_policy(RULE);
	run_pass();
	before = take();
	after = take();
	ck_assert_uint_eq(before.settings, after.settings);
	ck_assert_str_eq(before.interface, "ens1");
	snapshot_clear(&after);

	fake.held_vf = 0;
	fake.holder = "vfio, by qemu";
	look();
	after = take();
	ck_assert_uint_ne(before.settings, after.settings);
	ck_assert_uint_ne(before.uses, after.uses);
	ck_assert_uint_ne(before.details, after.details);
	/* Of what was signalled. */
	pf_object->snapshot = before;
	snapshot_clear(&after);
	after = take();
	ck_assert_uint_ne(before.revision, after.revision);
	pf_object->snapshot = (struct snapshot){ 0 };
	snapshot_clear(&after);
	snapshot_clear(&before);
}
END_TEST

/* Of what a rule says and a holder is called there is nothing in what everybody is told. */
START_TEST(everybody_is_told_of_states_counts_and_uses)
{
	static const char *const secrets[] = {
		"qemu", "trust", "true", "\"r\"", "r.yaml", "secret"
	};
	struct snapshot snapshot;
	struct json_object *json;
	const char *text;

	policy = fixture_policy(RULE "- {name: secret, match: {driver: igb}, pf-up: false}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 0, -EOPNOTSUPP });
	run_pass();
	fake.held_vf = 1;
	fake.holder = "vfio, by qemu";
	look();
	snapshot = take();
	ck_assert_str_eq(snapshot.state, "degraded");
	ck_assert_str_eq(snapshot.reason,
			 "not all that the policy says can be had; 2 steps are left");
	ck_assert_uint_eq(snapshot.n_vfs, 2);
	snapshot_clear(&snapshot);
	json = pf_object_public_json(pf_object, reconciler, true, now);
	ck_assert_str_eq(json_object_get_string(member(json, "state")), "degraded");
	ck_assert_str_eq(json_object_get_string(member(json, "reason")),
			 "not all that the policy says can be had; 2 steps are left");
	assert_count(json, "passes", 1);
	assert_count(json, "steps-refused", 2);
	assert_count(json, "steps-left", 2);
	assert_count(json, "steps-blocked", 0);
	ck_assert_str_eq(
		json_object_get_string(member(
			json_object_array_get_idx(member(json, "virtual-functions"), 1), "use")),
		"vfio");
	json_object_object_del(json_object_array_get_idx(member(json, "virtual-functions"), 0),
			       "reported");
	json_object_object_del(json_object_array_get_idx(member(json, "virtual-functions"), 1),
			       "reported");
	text = json_object_to_json_string(json);
	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++)
		ck_assert_msg(!strstr(text, secrets[i]), "%s in %s", secrets[i], text);
	json_object_put(json);
}
END_TEST

START_TEST(what_is_left_of_a_pf_that_nobody_has_looked_at_is_not_known)
{
	struct json_object *json;

	policy = fixture_policy(RULE);
	json = pf_object_public_json(pf_object, reconciler, true, now);
	assert_count(json, "passes", 0);
	ck_assert(!json_object_object_get_ex(member(json, "counts"), "steps-left", NULL));
	ck_assert(!json_object_object_get_ex(member(json, "counts"), "steps-blocked", NULL));
	json_object_put(json);
}
END_TEST

/* Of each kind of value one that changes; and back again it is what it was. */
START_TEST(a_snapshot_tells_each_kind_of_value_from_another)
{
	static const struct {
		enum vf_setting setting;
		struct value value;
	} changes[] = {
		{ VF_MAC, { .mac = { { 2, 0, 0, 0, 0, 1 } } } },
		{ VF_VLAN, { .vlan = { 7, 1, 0x8100 } } },
		{ VF_SPOOF_CHECK, { .number = 1 } },
		{ VF_DRIVER, { .name = "igbvf" } },
	};
	struct snapshot before, after;

	policy = fixture_policy(RULE);
	run_pass();
	before = take();
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct vf_values *values = &fake.pf->vfs[1].settings, kept = *values;

		VALUES_SET(values, changes[i].setting, changes[i].value);
		look();
		after = take();
		ck_assert_msg(before.settings != after.settings, "%zu", i);
		snapshot_clear(&after);
		*values = kept;
		look();
		after = take();
		ck_assert_uint_eq(before.settings, after.settings);
		snapshot_clear(&after);
	}
	snapshot_clear(&before);
}
END_TEST

START_TEST(a_snapshot_of_a_call_does_not_age)
{
	struct snapshot before, after;

	policy = fixture_policy(RULE);
	run_pass();
	hang("sriov_numvfs = 0", 12000);
	before = take();
	now += 5000;
	after = take();
	ck_assert_str_eq(before.state, "stuck");
	ck_assert_str_eq(before.reason, "a call into the kernel has not returned");
	ck_assert_str_eq(before.reason, after.reason);
	ck_assert_uint_eq(before.call_since.ms, after.call_since.ms);
	snapshot_clear(&after);
	snapshot_clear(&before);
}
END_TEST

/* Takes a snapshot, which was signalled by the next time. */
static void signal_snapshot(void)
{
	struct snapshot next = take();

	snapshot_clear(&pf_object->snapshot);
	pf_object->snapshot = next;
}

/* Else a property would be another without a signal. */
START_TEST(times_that_were_signalled_stay_when_somebody_sets_the_clock)
{
	const struct snapshot *snapshot = &pf_object->snapshot;

	policy = fixture_policy(RULE);
	run_pass();
	signal_snapshot();
	ck_assert_uint_eq(snapshot->call_since.usec, 0);
	ck_assert_uint_eq(snapshot->next_retry.usec, 0);
	hang("sriov_numvfs = 0", 12000);
	signal_snapshot();
	ck_assert_uint_eq(snapshot->call_since.usec, UINT64_C(1999999988000000));
	calendar += 1000000;
	signal_snapshot();
	ck_assert_uint_eq(snapshot->call_since.usec, UINT64_C(1999999988000000));
	/* What comes then is told by the clock as it is by then. */
	hang("sriov_numvfs = 2", 5000);
	signal_snapshot();
	ck_assert_uint_eq(snapshot->call_since.usec, UINT64_C(2000999995000000));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pf_object");
	TCase *tests = tcase_create("pf_object");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, nothing_is_known_before_the_first_pass);
	tcase_add_test(tests, what_the_bus_is_told_is_printable_whatever_an_interface_is_called);
	tcase_add_test(tests, a_look_that_finds_drift_says_that_it_will_be_put_right);
	tcase_add_test(tests, drift_that_is_only_observed_stays_drift);
	tcase_add_test(tests, what_was_learnt_is_known_to_a_look);
	tcase_add_test(tests, what_only_the_reconciler_knows_wins_over_a_look);
	tcase_add_test(tests, holders_of_the_latest_look_stay_known);
	tcase_add_test(tests, json_has_what_only_the_daemon_knows);
	tcase_add_test(tests, everybody_is_told_of_as_many_steps_as_root);
	tcase_add_test(tests, a_snapshot_tells_one_setting_from_another);
	tcase_add_test(tests, everybody_is_told_of_states_counts_and_uses);
	tcase_add_test(tests, what_is_left_of_a_pf_that_nobody_has_looked_at_is_not_known);
	tcase_add_test(tests, a_snapshot_tells_each_kind_of_value_from_another);
	tcase_add_test(tests, a_snapshot_of_a_call_does_not_age);
	tcase_add_test(tests, times_that_were_signalled_stay_when_somebody_sets_the_clock);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
