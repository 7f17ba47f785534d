/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/match.h"

#include <string.h>

#include "fixture.h"
#include "runner.h"

static const char card[] = "- handle: pci/0000:3b:00.0\n"
			   "  address: 0000:3b:00.0\n"
			   "  driver: ice\n"
			   "  interface: ens1f0np0\n"
			   "  ifindex: 3\n"
			   "  altnames: [ens1f0, enp59s0f0]\n"
			   "  mac: 52:54:00:aa:00:01\n"
			   "  path: pci-0000:3b:00.0\n"
			   "  port: p0\n"
			   "  device: 8086:1592\n"
			   "  class: 0x020000\n"
			   "  firmware: 4.20 0x8001778b\n"
			   "  serial: b4-96-91-ff-ff-aa-00-00\n"
			   "  numa-node: 1\n";

/* A device that has next to nothing. */
static const char simulated[] = "- handle: netdevsim/netdevsim10\n"
				"  address: netdevsim10\n";

static enum match_answer answer(const char *match, const char *pf_text, struct match_failure *ret)
{
	CLEANUP(pf_free_cleanup) struct pf *pf = fixture_pf(pf_text);
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "physical-functions:\n  - name: a\n    match: {%s}\n", match);
	policy = fixture_policy(text_string(&text));
	return rule_answer(&policy->rules[0], pf, ret);
}

static bool matches(const char *match, const char *pf_text)
{
	return answer(match, pf_text, NULL) == MATCH_YES;
}

static const struct {
	const char *match;
	bool holds;
	enum match_key failed;
} cases[] = {
	{ "interface: ens1f0np0", true },
	{ "interface: ens1f0", true },
	{ "interface: enp59s0f0", true },
	{ "interface: \"ens1f*\"", true },
	{ "interface: \"ens?f0\"", true },
	{ "interface: \"enp[0-9]*\"", true },
	{ "interface: [eth0, ens1f0]", true },
	{ "interface: ens1", false, MATCH_INTERFACE },
	{ "interface: ENS1F0", false, MATCH_INTERFACE },
	{ "interface: [eth0, eth1]", false, MATCH_INTERFACE },
	{ "mac: 52:54:00:AA:00:01", true },
	{ "mac: 52-54-00-aa-00-01", true },
	{ "mac: [52:54:00:aa:00:02, 52:54:00:aa:00:01]", true },
	{ "mac: 52:54:00:aa:00:02", false, MATCH_MAC },
	{ "pci: \"0000:3b:00.0\"", true },
	{ "pci: \"0000:3B:00.0\"", true },
	{ "pci: \"0000:3b:00.*\"", true },
	{ "pci: \"*\"", true },
	{ "pci: \"0000:3b:00.1\"", false, MATCH_PCI },
	{ "path: \"pci-0000:3b:00.0\"", true },
	{ "path: \"pci-0000:3b:*\"", true },
	{ "path: \"pci-0000:3c:*\"", false, MATCH_PATH },
	{ "driver: ice", true },
	{ "driver: [i40e, ice]", true },
	{ "driver: \"i?e\"", true },
	{ "driver: i40e", false, MATCH_DRIVER },
	{ "device: \"8086:1592\"", true },
	{ "device: \"8086:1593\"", false, MATCH_DEVICE },
	{ "device: \"8087:1592\"", false, MATCH_DEVICE },
	{ "device: \"8086:*\"", true },
	{ "device: \"*:1592\"", true },
	{ "device: \"8086:15[89]?\"", true },
	{ "device: \"8086:15[!9]?\"", false, MATCH_DEVICE },
	{ "device: \"15B3:*\"", false, MATCH_DEVICE },
	{ "class: network", true },
	{ "class: ethernet", true },
	{ "class: [nvme, network]", true },
	{ "class: infiniband", false, MATCH_CLASS },
	{ "class: nvme", false, MATCH_CLASS },
	{ "serial: \"b4-96-91-*\"", true },
	{ "serial: B4-96-91-FF-FF-AA-00-00", true },
	{ "serial: [a, b4-96-91-ff-ff-aa-00-01]", false, MATCH_SERIAL },
	{ "firmware: \"4.*\"", true },
	{ "firmware: \"3.*\"", false, MATCH_FIRMWARE },
	{ "port: p0", true },
	{ "port: \"p*\"", true },
	{ "port: p1", false, MATCH_PORT },
	{ "numa-node: 1", true },
	{ "numa-node: [0, 1]", true },
	{ "numa-node: 0", false, MATCH_NUMA_NODE },
	{ "interface: ens1f0, driver: ice, numa-node: 1", true },
	{ "numa-node: 0, driver: ice, interface: ens1f0", false, MATCH_NUMA_NODE },
	{ "numa-node: 0, driver: i40e, interface: ens1f0", false, MATCH_DRIVER },
	{ "numa-node: 0, interface: eth0", false, MATCH_INTERFACE },
};

START_TEST(every_key_must_hold_and_the_first_that_does_not_is_reported)
{
	struct match_failure failure = { MATCH_KEY_COUNT };

	ck_assert_int_eq(answer(cases[_i].match, card, &failure) == MATCH_YES, cases[_i].holds);
	ck_assert_int_eq(failure.key, cases[_i].holds ? MATCH_KEY_COUNT : cases[_i].failed);
	ck_assert(!failure.of_not && !failure.untold);
	ck_assert_int_eq(matches(cases[_i].match, card), cases[_i].holds);
}
END_TEST

/* Before its network device is there. */
static const char early[] = "- handle: pci/0000:3b:00.0\n"
			    "  driver: ice\n"
			    "  device: 8086:1592\n"
			    "  class: 0x020000\n"
			    "  numa-node: 1\n";

/* An accelerator, which will never have one. */
static const char accelerator[] = "- handle: pci/0000:6b:00.0\n"
				  "  driver: 4xxx\n"
				  "  device: 8086:4940\n"
				  "  class: 0x0b4000\n"
				  "  path: pci-0000:6b:00.0\n";

static const struct {
	const char *match, *pf;
	enum match_answer answer;
	const char *why; /* NULL: it matches */
} exclusions[] = {
	{ "driver: ice, not: {interface: \"mgmt*\"}", card, MATCH_YES, NULL },
	{ "driver: ice, not: {interface: [mgmt0, \"enp59*\"]}", card, MATCH_NO,
	  "interface is ens1f0np0, ens1f0, enp59s0f0, and 'not' excludes 'mgmt0' or 'enp59*'" },
	/* Any that holds excludes. */
	{ "driver: ice, not: {port: p7, numa-node: 1}", card, MATCH_NO,
	  "numa-node is 1, and 'not' excludes '1'" },
	/* What is meant comes before what is not. */
	{ "driver: igb, not: {numa-node: 1}", card, MATCH_NO, "driver is ice, wanted 'igb'" },
	{ "driver: ice, not: {interface: \"mgmt*\"}", early, MATCH_UNTOLD,
	  "interface is nothing (it has no network device here), and 'not' cannot tell yet whether "
	  "it is 'mgmt*'" },
	{ "driver: ice, not: {mac: 52:54:00:aa:00:01}", early, MATCH_UNTOLD,
	  "mac is nothing (it has no network device here), and 'not' cannot tell yet whether it is "
	  "'52:54:00:aa:00:01'" },
	{ "driver: ice, not: {firmware: \"1.*\"}", early, MATCH_UNTOLD,
	  "firmware is nothing, and 'not' cannot tell yet whether it is '1.*'" },
	{ "driver: ice, not: {path: \"*\"}", early, MATCH_UNTOLD,
	  "path is nothing, and 'not' cannot tell yet whether it is '*'" },
	{ "numa-node: 1, not: {driver: igb}", "- handle: pci/0000:3b:00.0\n  numa-node: 1\n",
	  MATCH_UNTOLD, "driver is nothing, and 'not' cannot tell yet whether it is 'igb'" },
	/* That it is excluded is known all the same. */
	{ "driver: ice, not: {interface: \"mgmt*\", numa-node: 1}", early, MATCH_NO,
	  "numa-node is 1, and 'not' excludes '1'" },
	{ "driver: ice, not: {serial: b4-96-91-ff-ff-aa-00-00}", early, MATCH_UNTOLD,
	  "serial is nothing, and 'not' cannot tell yet whether it is 'b4-96-91-ff-ff-aa-00-00'" },
	/* It may be meant, and it may not. */
	{ "interface: \"ens*\", not: {port: p0}", early, MATCH_UNTOLD,
	  "interface is nothing (it has no network device here), wanted 'ens*'" },
	{ "interface: \"ens*\", driver: igb", early, MATCH_NO, "driver is ice, wanted 'igb'" },
	/* Of what will never have a network device it is known that none has such a name. */
	{ "class: coprocessor, not: {interface: \"mgmt*\", mac: 52:54:00:aa:00:01}", accelerator,
	  MATCH_YES, NULL },
	{ "device: \"8086:*\", not: {class: [network, coprocessor]}", accelerator, MATCH_NO,
	  "class is coprocessor (0x0b4000), and 'not' excludes 'network' or 'coprocessor'" },
	{ "device: \"8086:*\", not: {class: network}", accelerator, MATCH_YES, NULL },
	{ "driver: ice, not: {device: \"8086:*\"}", "- handle: pci/0000:3b:00.0\n  driver: ice\n",
	  MATCH_UNTOLD, "device is nothing, and 'not' cannot tell yet whether it is '8086:*'" },
	{ "driver: ice, not: {class: nvme}", "- handle: pci/0000:3b:00.0\n  driver: ice\n",
	  MATCH_UNTOLD, "class is nothing, and 'not' cannot tell yet whether it is 'nvme'" },
	/* One without NUMA nodes, or that is no PCI device, is known to be none. */
	{ "driver: ice, not: {pci: \"*\", device: \"*:*\", class: network, numa-node: 0}",
	  "- handle: netdevsim/netdevsim10\n  driver: ice\n", MATCH_YES, NULL },
};

START_TEST(what_not_names_is_excluded_and_what_cannot_be_told_does_not_match_yet)
{
	const char *match = exclusions[_i].match;
	CLEANUP(pf_free_cleanup) struct pf *pf = fixture_pf(exclusions[_i].pf);
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	CLEANUP_TEXT struct text text = { 0 }, why = { 0 };
	struct match_failure failure;

	text_printf(&text, "physical-functions:\n  - name: a\n    match: {%s}\n", match);
	policy = fixture_policy(text_string(&text));
	ck_assert_int_eq(rule_answer(&policy->rules[0], pf, &failure), exclusions[_i].answer);
	ck_assert_int_eq(rule_matches(&policy->rules[0], pf, NULL),
			 exclusions[_i].answer == MATCH_YES);
	if (!exclusions[_i].why)
		return;
	ck_assert_int_eq(failure.untold, exclusions[_i].answer == MATCH_UNTOLD);
	match_failure_describe(&failure, &policy->rules[0], pf, &why);
	ck_assert_str_eq(text_string(&why), exclusions[_i].why);
}
END_TEST

/* Drivers are kept off its VFs, and its network device is away for a moment. */
static const char without_netdev[] = "- handle: pci/0000:3b:00.0\n"
				     "  driver: ice\n"
				     "  numa-node: 1\n"
				     "  drivers-held: true\n"
				     "  earlier:\n"
				     "    interface: ens1f0np0\n"
				     "    altnames: [ens1f0]\n"
				     "    other-names: [enp59s0f0]\n"
				     "    mac: 52:54:00:aa:00:01\n"
				     "    port: p0\n"
				     "    firmware: 4.20 x\n";

START_TEST(what_a_pf_was_called_when_drivers_were_held_counts_while_its_netdev_is_away)
{
	static const char *const keys[] = {
		"interface: ens1f0np0",	       "interface: ens1f0",
		"interface: \"enp*\"",	       "mac: 52:54:00:aa:00:01",
		"interface: ens1f0, port: p0", "port: p0, driver: ice, numa-node: 1",
		"firmware: \"4.*\"",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		ck_assert_msg(matches(keys[i], without_netdev), "%s", keys[i]);
	ck_assert(!matches("interface: other", without_netdev));
	ck_assert(!matches("mac: 52:54:00:aa:00:02", without_netdev));
	ck_assert(!matches("interface: ens1f0, driver: i40e", without_netdev));
}
END_TEST

static const char *const everything[] = {
	"interface: \"*\"", "mac: 52:54:00:aa:00:01", "pci: \"*\"",	 "path: \"*\"",
	"driver: \"*\"",    "device: \"*:*\"",	      "port: \"*\"",	 "numa-node: 0",
	"class: network",   "serial: \"*\"",	      "firmware: \"*\"",
};

START_TEST(what_a_device_does_not_have_matches_nothing)
{
	ck_assert(!matches(everything[_i], simulated));
}
END_TEST

static void assert_actual(const char *pf_text, enum match_key key, const char *expected)
{
	CLEANUP(pf_free_cleanup) struct pf *pf = fixture_pf(pf_text);
	CLEANUP_TEXT struct text text = { 0 };

	text_append(&text, "has ");
	match_actual(pf, key, &text);
	ck_assert_str_eq(text_string(&text) + strlen("has "), expected);
}

START_TEST(what_a_device_has_is_reported)
{
	static const char *const expected[MATCH_KEY_COUNT] = {
		[MATCH_INTERFACE] = "ens1f0np0, ens1f0, enp59s0f0",
		[MATCH_MAC] = "52:54:00:aa:00:01",
		[MATCH_PCI] = "0000:3b:00.0",
		[MATCH_PATH] = "pci-0000:3b:00.0",
		[MATCH_DRIVER] = "ice",
		[MATCH_DEVICE] = "8086:1592",
		[MATCH_CLASS] = "ethernet (0x020000)",
		[MATCH_SERIAL] = "b4-96-91-ff-ff-aa-00-00",
		[MATCH_FIRMWARE] = "4.20 0x8001778b",
		[MATCH_PORT] = "p0",
		[MATCH_NUMA_NODE] = "1",
	};

	for (enum match_key key = 0; key < MATCH_KEY_COUNT; key++) {
		assert_actual(card, key, expected[key]);
		assert_actual(simulated, key,
			      key == MATCH_INTERFACE || key == MATCH_MAC || key == MATCH_PORT
				      ? "nothing (it has no network device here)"
				      : "nothing");
	}
}
END_TEST

START_TEST(a_device_without_a_name_may_have_others)
{
	assert_actual("- handle: pci/0000:3b:00.0\n  altnames: [a, b]\n", MATCH_INTERFACE, "a, b");
	ck_assert(matches("interface: b", "- handle: pci/0000:3b:00.0\n  altnames: [a, b]\n"));
}
END_TEST

/* One function with two ports has two network devices, and one set of VFs. */
START_TEST(a_device_is_matched_by_the_names_of_all_its_ports)
{
	static const char two_ports[] = "- handle: pci/0000:08:00.0\n"
					"  interface: enp8s0\n"
					"  ifindex: 4\n"
					"  other-names: [enp8s0d1, storage]\n";

	ck_assert(matches("interface: enp8s0", two_ports));
	ck_assert(matches("interface: enp8s0d1", two_ports));
	ck_assert(matches("interface: \"stor*\"", two_ports));
	ck_assert(!matches("interface: enp8s0d2", two_ports));
	assert_actual(two_ports, MATCH_INTERFACE, "enp8s0, enp8s0d1, storage");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("match");
	TCase *tests = tcase_create("match");

	tcase_add_loop_test(tests, every_key_must_hold_and_the_first_that_does_not_is_reported, 0,
			    ARRAY_SIZE(cases));
	tcase_add_loop_test(tests,
			    what_not_names_is_excluded_and_what_cannot_be_told_does_not_match_yet,
			    0, ARRAY_SIZE(exclusions));
	tcase_add_test(tests,
		       what_a_pf_was_called_when_drivers_were_held_counts_while_its_netdev_is_away);
	tcase_add_loop_test(tests, what_a_device_does_not_have_matches_nothing, 0,
			    ARRAY_SIZE(everything));
	tcase_add_test(tests, what_a_device_has_is_reported);
	tcase_add_test(tests, a_device_is_matched_by_the_names_of_all_its_ports);
	tcase_add_test(tests, a_device_without_a_name_may_have_others);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
