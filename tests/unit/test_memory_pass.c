/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Memory that runs out at any allocation of a pass, and of what is around it: -ENOMEM, no leak, and
 * what was known before is known after. */

#include <errno.h>
#include <json-c/json_object.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "apply/refusal.h"
#include "fake_kernel.h"
#include "files/policy_source.h"
#include "fixture.h"
#include "kernel/netlink/link.h"
#include "memory.h"
#include "message.h"
#include "pf/reconciler.h"
#include "pf/reconcilers.h"
#include "runner.h"

#define HANDLE "pci/0000:01:00.0"

#define PF(rest)                                                                                   \
	"- {handle: " HANDLE ", address: '0000:01:00.0', interface: ens1, ifindex: 2, "            \
	"driver: igb, totalvfs: 512, carrier: true, mtu: 1500, pf-up: true, "                      \
	"mac: 52:54:00:00:01:01, drivers-autoprobe: true, " rest "}\n"

#define RULE                                                                                       \
	"physical-functions:\n"                                                                    \
	"- name: r\n"                                                                              \
	"  match: {interface: ens1}\n"

#define HELD_VF "vfs: 1, virtual-functions: [{index: 0, holder: vfio, trust: false}]"

/* A PF, a policy for it, and what the driver does. */
static const struct scene {
	const char *pf, *rules;
	struct fake_refusal refusal; /* error 0: none */
	uint32_t unreported, forgotten;
	const char *holder;
	uint32_t vfs_created_at_most; /* 0: any number */
} scenes[] = {
	{ .pf = PF("vfs: 0"),
	  .rules = RULE "  vfs: 3\n  mtu: 9000\n  vf-defaults: {mac: stable, vlan: 5, trust: true, "
			"altname: '{rule}-{index}'}\n" },
	{ .pf = PF("vfs: 1, virtual-functions: [{index: 0}]"),
	  .rules = RULE "  vfs: 2\n  on-resize: force\n  vf-defaults: {max-tx-rate: 100}\n" },
	{ .pf = PF(HELD_VF), .rules = RULE "  vfs: 2\n", .holder = "a virtual machine" },
	{ .pf = PF("vfs: 0"),
	  .rules = RULE "  vfs: 3\n  vf-defaults: {spoof-check: true, trust: true, "
			"min-tx-rate: 10, max-tx-rate: 100}\n",
	  .refusal = { VF_TRUST, FAKE_EVERY_VF, -EOPNOTSUPP, false } },
	{ .pf = PF("vfs: 0"),
	  .rules = RULE "  vfs: 2\n  vf-defaults: {spoof-check: true, trust: true}\n",
	  .refusal = { VF_TRUST, 1, -EBUSY, false } },
	{ .pf = PF("vfs: 0"),
	  .rules = RULE "  vfs: 2\n  vf-defaults: {query-rss: true, trust: true}\n",
	  .unreported = SETTING_BIT(VF_QUERY_RSS),
	  .forgotten = SETTING_BIT(VF_TRUST) },
	{ .pf = PF("vfs: 0"), .rules = RULE "  vfs: 4\n", .vfs_created_at_most = 2 },
	{ .pf = PF("vfs: 0"), .rules = RULE "  vfs: 600\n  mode: observe\n" },
	{ .pf = PF("vfs: 0"), .rules = "settings: {resync: 0}\n" },
};

static void say_nothing(struct log *log, int level, const struct log_fields *fields,
			const char *message)
{
	(void)log;
	(void)level;
	(void)fields;
	(void)message;
}

static struct log silence = { say_nothing };
static struct fake_kernel fake;

static void given(const struct scene *scene)
{
	fake_kernel_init(&fake, fixture_pf(scene->pf));
	if (scene->refusal.error)
		fake_kernel_refuse(&fake, scene->refusal);
	fake.unreported = scene->unreported;
	fake.forgotten = scene->forgotten;
	fake.holder = scene->holder;
	if (scene->vfs_created_at_most)
		fake.vfs_created_at_most = scene->vfs_created_at_most;
	/* The account of the calls is the test's own matter, and has room enough. */
	text_printf(&fake.calls, "%*s", 100000, "");
	fake.calls.length = 0;
}

/* Whether it was the kernel that had too little memory, which is one refusal among others. */
static bool kernel_ran_out(const struct pass *pass)
{
	for (size_t i = 0; i < pass->actions.count; i++)
		if (!pass->actions.items[i].done &&
		    pass->actions.items[i].refusal->error == -ENOMEM)
			return true;
	return false;
}

/* One pass with memory for n allocations, then one with enough: whatever the first left undone, the
 * second does, and the outcome is as if nothing had been. Returns whether memory ran out. */
static bool pass_survives(const struct scene *scene, struct policy *policy, size_t n,
			  struct text *ret_outcome)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	CLEANUP(pass_free_cleanup) struct pass *pass = NULL, *second = NULL;
	const struct pass_options options = { 0 };
	bool ran_out;
	int r;

	given(scene);
	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	memory_lasts_for(n);
	r = pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge, &options, &pass);
	memory_lasts();
	ran_out = memory_ran_out();
	ck_assert_msg(r == (ran_out ? -ENOMEM : 0) || (r == 0 && kernel_ran_out(pass)),
		      "allocation %zu: %d", n, r);
	knowledge_retry(knowledge, REFUSAL_BIT(REFUSAL_RETRY) | REFUSAL_BIT(REFUSAL_REJECTED));
	ck_assert_int_eq(
		pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge, &options, &second),
		0);
	text_printf(ret_outcome, "%s: %s; %u VFs%s", pf_state_name(second->state), second->reason,
		    fake.pf->n_vfs, fake.pf->drivers_held ? ", held" : "");
	fake_kernel_clear(&fake);
	return ran_out;
}

START_TEST(a_pass_survives)
{
	const struct scene *scene = &scenes[_i];
	CLEANUP(policy_free_cleanup) struct policy *policy = fixture_policy(scene->rules);
	CLEANUP_TEXT struct text expected = { 0 };
	bool ran_out = true;

	(void)pass_survives(scene, policy, 1000000, &expected);
	for (size_t n = 0; ran_out; n++) {
		CLEANUP_TEXT struct text outcome = { 0 };

		ran_out = pass_survives(scene, policy, n, &outcome);
		ck_assert_msg(!strcmp(text_string(&outcome), text_string(&expected)),
			      "allocation %zu: %s, not %s", n, text_string(&outcome),
			      text_string(&expected));
	}
}
END_TEST

/* The reconciler of a PF whose first pass had too little memory comes back and finishes it. */
START_TEST(the_reconciler_comes_back_when_memory_does)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = fixture_policy(scenes[0].rules);
	const struct pass_options options = { 0 };
	bool ran_out = true, stays;

	for (size_t n = 0; ran_out; n++) {
		CLEANUP(reconciler_free_cleanup) struct reconciler *reconciler = NULL;
		struct pass *pass = NULL;
		struct knowledge *knowledge;
		uint64_t now;
		int r;

		given(&scenes[0]);
		ck_assert_int_eq(reconciler_new(HANDLE, &silence, 1, &reconciler), 0);
		knowledge = reconciler_start(reconciler, 0);
		memory_lasts_for(n);
		r = pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge, &options,
			     &pass);
		/* Whether there is memory or not, it takes note of how the pass ended. */
		stays = reconciler_finish(reconciler, pass, r, 0);
		memory_lasts();
		ran_out = memory_ran_out();
		ck_assert(stays);
		for (unsigned i = 0; reconciler_due(reconciler) != RECONCILER_NEVER; i++) {
			ck_assert_uint_lt(i, 5);
			now = reconciler_due(reconciler);
			knowledge = reconciler_start(reconciler, now);
			pass = NULL;
			r = pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge,
				     &options, &pass);
			ck_assert(reconciler_finish(reconciler, pass, r, now));
		}
		ck_assert_int_eq(reconciler_state(reconciler), STATE_IN_SYNC);
		fake_kernel_clear(&fake);
	}
}
END_TEST

static int make_reconciler(void *context)
{
	CLEANUP(reconciler_free_cleanup) struct reconciler *reconciler = NULL;

	(void)context;
	return reconciler_new(HANDLE, &silence, 1, &reconciler);
}

START_TEST(making_a_reconciler_survives)
{
	ck_assert_uint_ge(memory_try_all(make_reconciler, NULL, 0), 3);
}
END_TEST

static int fill_reconcilers(void *context)
{
	static const char *const handles[] = { "pci/0000:01:00.0", "pci/0000:01:00.1" };
	struct reconcilers reconcilers = { 0 };
	struct reconciler *reconciler;
	int r = 0;

	(void)context;
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(handles); i++)
		r = reconcilers_get(&reconcilers, handles[i], &silence, &reconciler);
	reconcilers_clear(&reconcilers);
	return r;
}

START_TEST(reconcilers_that_do_not_grow_survive)
{
	ck_assert_uint_ge(memory_try_all(fill_reconcilers, NULL, 0), 6);
}
END_TEST

static int read_policy_directories(void *context)
{
	const char *directory = context;
	const struct policy_source_options options = { .directories = &directory,
						       .n_directories = 1 };
	CLEANUP(policy_source_free_cleanup) struct policy_source *source = NULL;
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	int r = policy_source_new(&options, &silence, &source);

	return r < 0 ? r : policy_source_read(source, &fixture_host, &policy);
}

START_TEST(reading_the_policy_directories_survives)
{
	const char *data = getenv("SRIOVD_TEST_DATA");
	CLEANUP_TEXT struct text directory = { 0 };

	text_printf(&directory, "%s/../cli/policy/uplinks", data ? data : "tests/data");
	(void)memory_try_all(read_policy_directories, (char *)text_string(&directory), 0);
}
END_TEST

static int plan_dry(void *context)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = policy_ref(context);
	CLEANUP(pass_free_cleanup) struct pass *pass = NULL;
	struct pf *pf;
	int r;

	r = fake.kernel.observe(&fake.kernel, HANDLE, &pf);
	if (r < 0)
		return r;
	r = pass_plan(policy, &fixture_host, pf, NULL, &pass);
	/* It is the caller's still. */
	if (r < 0)
		pf_free(pf);
	return r;
}

START_TEST(planning_survives)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = fixture_policy(scenes[_i].rules);

	given(&scenes[_i]);
	(void)memory_try_all(plan_dry, policy, 0);
	fake_kernel_clear(&fake);
}
END_TEST

/* Without eswitch: json-c itself loses the key of a member that it has no room for, where it copied
 * the key. */
static const char inventory_text[] =
	"inventory: 1\n"
	"host: {hostname: a, machine-id: b, kernel-command-line: c, product-name: d}\n"
	"physical-functions:\n" PF(
		"altnames: [x, y], device: '8086:1592', numa-node: 0, port: p0, "
		"path: p, vfs: 1, virtual-functions: ["
		"{index: 0, address: '0000:01:10.0', interface: v0, ifindex: 9, "
		"use: u, holder: h, remark: r, mac: none, driver: none, mtu: 1500, "
		"vlan: {id: 2, qos: 3, protocol: 802.1ad}, "
		"node-guid: '00:11:22:33:44:55:66:77'}]");

static int read_inventory(void *context)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_INVENTORY struct inventory inventory = { 0 };
	const char *text = context;
	const struct document document = { "test", text, strlen(text) };

	return inventory_read(&document, &diagnostics, &inventory);
}

START_TEST(reading_an_inventory_survives)
{
	(void)memory_try_all(read_inventory, (char *)inventory_text, 0);
}
END_TEST

static int write_inventory(void *context)
{
	struct json_object *json = inventory_json(context);

	if (!json)
		return -ENOMEM;
	json_object_put(json);
	return 0;
}

START_TEST(writing_an_inventory_survives)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_INVENTORY struct inventory inventory = { 0 };
	const struct document document = { "test", inventory_text, strlen(inventory_text) };

	ck_assert_int_eq(inventory_read(&document, &diagnostics, &inventory), 0);
	(void)memory_try_all(write_inventory, &inventory, 0);
}
END_TEST

static int read_link(void *context)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct link link;
	int r = arena_new(&arena);

	return r < 0 ? r : link_read(context, arena, &link);
}

START_TEST(reading_a_link_message_survives)
{
	struct message message;
	size_t nest;

	message_begin(&message);
	message_put(&message, IFLA_IFNAME, "ens1", 5);
	nest = message_nest(&message, IFLA_PROP_LIST);
	for (int i = 0; i < 20; i++)
		message_put(&message, IFLA_ALT_IFNAME, "another", 8);
	message_end(&message, nest);
	message_put_u32(&message, IFLA_NUM_VF, 100);
	nest = message_nest(&message, IFLA_VFINFO_LIST);
	for (uint32_t i = 0; i < 100; i++)
		message_put_vf(&message, &(struct message_vf){ i, (uint8_t)i, 0, 0 });
	message_end(&message, nest);
	ck_assert_uint_ge(memory_try_all(read_link, (void *)message_finish(&message), 0), 2);
	message_free(&message);
}
END_TEST

static struct refusal refusal_of(uint32_t vf, enum vf_setting setting, int error)
{
	return (struct refusal){ .target = { STEP_VF_SETTING, vf, setting },
				 .value = { .number = 1 },
				 .kind = refusal_classify(
					 &(struct step_target){ STEP_VF_SETTING, vf, setting },
					 &(struct pf){ 0 }, error),
				 .error = error };
}

/* What cannot be kept is not half known. */
START_TEST(knowledge_that_does_not_fit_changes_nothing)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	const struct refusal refusal = refusal_of(0, VF_TRUST, -EOPNOTSUPP);
	const struct pf igb = { .driver = "igb", .ifindex = 2, .n_vfs = 1 };
	int noted, refused, wrote;

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	memory_lasts_for(0);
	noted = knowledge_note_pf(knowledge, &igb);
	refused = knowledge_refuse(knowledge, &refusal);
	wrote = knowledge_wrote_blind(knowledge, &refusal.target, &refusal.value);
	memory_lasts();
	ck_assert_int_eq(noted, -ENOMEM);
	ck_assert_int_eq(refused, -ENOMEM);
	ck_assert_int_eq(wrote, -ENOMEM);
	ck_assert_uint_eq(knowledge_kinds(knowledge), 0);
	ck_assert_ptr_null(knowledge_refused(knowledge, &refusal.target, &refusal.value));
	ck_assert(!knowledge_is_written(knowledge, &refusal.target, &refusal.value));
}
END_TEST

/* At the moment when its tables are full and must grow. */
START_TEST(knowledge_that_cannot_grow_keeps_what_it_has)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	uint32_t n = 0;

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	for (int r = 0; r == 0; n++) {
		const struct refusal refusal = refusal_of(n, VF_VLAN, -EBUSY);

		memory_lasts_for(n ? 0 : 1);
		r = knowledge_refuse(knowledge, &refusal);
		memory_lasts();
		ck_assert(r == 0 || r == -ENOMEM);
	}
	ck_assert_uint_gt(n, 2);
	for (uint32_t i = 0; i < n; i++) {
		const struct refusal refusal = refusal_of(i, VF_VLAN, -EBUSY);

		ck_assert((knowledge_refused(knowledge, &refusal.target, &refusal.value) != NULL) ==
			  (i < n - 1));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory_pass");
	TCase *tests = tcase_create("memory_pass");

	tcase_set_timeout(tests, 300);
	tcase_add_loop_test(tests, a_pass_survives, 0, ARRAY_SIZE(scenes));
	tcase_add_test(tests, the_reconciler_comes_back_when_memory_does);
	tcase_add_test(tests, making_a_reconciler_survives);
	tcase_add_test(tests, reconcilers_that_do_not_grow_survive);
	tcase_add_test(tests, reading_the_policy_directories_survives);
	tcase_add_loop_test(tests, planning_survives, 0, ARRAY_SIZE(scenes));
	tcase_add_test(tests, reading_an_inventory_survives);
	tcase_add_test(tests, writing_an_inventory_survives);
	tcase_add_test(tests, reading_a_link_message_survives);
	tcase_add_test(tests, knowledge_that_does_not_fit_changes_nothing);
	tcase_add_test(tests, knowledge_that_cannot_grow_keeps_what_it_has);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
