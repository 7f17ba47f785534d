/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/capture/capture.h"

#include <string.h>

#include "fixture.h"
#include "runner.h"

static struct inventory inventory;
static struct arena *arena;
static struct text text;

static void tear_down(void)
{
	inventory_clear(&inventory);
	arena_free(arena);
	text_clear(&text);
	arena = NULL;
}

/* What is made of all PFs, with comments. */
static const char *capture_with(const char *pfs, bool what_differs)
{
	struct capture captures[3] = { 0 };

	tear_down();
	ck_assert_int_eq(arena_new(&arena), 0);
	fixture_inventory(pfs, &inventory);
	ck_assert_uint_le(inventory.pfs.count, ARRAY_SIZE(captures));
	for (size_t i = 0; i < inventory.pfs.count; i++)
		ck_assert_int_eq(capture_pf(inventory.pfs.items[i], &inventory.pfs, what_differs,
					    arena, &captures[i]),
				 0);
	capture_write((const struct pf *const *)inventory.pfs.items, captures, inventory.pfs.count,
		      &text);
	return text_string(&text);
}

static const char *capture(const char *pfs)
{
	return capture_with(pfs, false);
}

#define CARD                                                                                       \
	"- handle: pci/0000:3b:00.0\n"                                                             \
	"  driver: netdevsim\n"                                                                    \
	"  interface: ens1f0\n"                                                                    \
	"  ifindex: 3\n"                                                                           \
	"  mac: 52:54:00:aa:00:01\n"                                                               \
	"  virtual-functions:\n"

/* What is written behind the number of VFs. */
static const char *rule_of(const char *vfs)
{
	CLEANUP_TEXT struct text pf = { 0 };
	const char *rule;

	text_printf(&pf, CARD "%s", vfs);
	rule = strstr(capture(text_string(&pf)), "    vfs: ");
	ck_assert_ptr_nonnull(rule);
	return strchr(rule, '\n') + 1;
}

static const struct {
	const char *vfs, *rule;
} folds[] = {
	/* All have the same. */
	{ "  - {index: 0, trust: true}\n  - {index: 1, trust: true}\n",
	  "    vf-defaults:\n      trust: true\n" },
	/* Most do. */
	{ "  - {index: 0, vlan: 7}\n  - {index: 1, vlan: 7}\n  - {index: 2, vlan: none}\n",
	  "    vf-defaults:\n      vlan: 7\n"
	  "    virtual-functions:\n      - index: 2\n        vlan: none\n" },
	/* Half of them do, which makes no default. */
	{ "  - {index: 0, vlan: 7}\n  - {index: 1, vlan: 9}\n  - {index: 2, vlan: 7}\n"
	  "  - {index: 3, vlan: 9}\n",
	  "    virtual-functions:\n      - index: \"0,2\"\n        vlan: 7\n"
	  "      - index: \"1,3\"\n        vlan: 9\n" },
	/* A default cannot be taken from a VF that has none. */
	{ "  - {index: 0, trust: true}\n  - {index: 1, trust: true}\n  - {index: 2}\n",
	  "    virtual-functions:\n      - index: \"0-1\"\n        trust: true\n" },
	/* VFs that differ in the same way share an entry. */
	{ "  - {index: 0, vlan: 7, trust: false}\n  - {index: 1, vlan: 7, trust: false}\n"
	  "  - {index: 2, vlan: 7, trust: false}\n  - {index: 3, vlan: 8, trust: true}\n"
	  "  - {index: 4, vlan: 8, trust: true}\n",
	  "    vf-defaults:\n      vlan: 7\n      trust: false\n"
	  "    virtual-functions:\n      - index: \"3-4\"\n        vlan: 8\n"
	  "        trust: true\n" },
	/* They count, and one does not. */
	{ "  - {index: 0, mac: 02:00:00:00:00:fe}\n  - {index: 1, mac: 02:00:00:00:00:ff}\n"
	  "  - {index: 2, mac: 02:00:00:00:01:00}\n  - {index: 3, mac: none}\n",
	  "    vf-defaults:\n      mac: {from: \"02:00:00:00:00:fe\"}\n"
	  "    virtual-functions:\n      - index: 3\n        mac: none\n" },
	{ "  - {index: 0, vlan: {id: 5, qos: 3}}\n  - {index: 1, vlan: {id: 6, qos: 3}}\n"
	  "  - {index: 2, vlan: {id: 7, qos: 3}}\n",
	  "    vf-defaults:\n      vlan: {from: 5, qos: 3}\n" },
	/* Not where the priorities differ. */
	{ "  - {index: 0, vlan: {id: 5, qos: 3}}\n  - {index: 1, vlan: {id: 6, qos: 2}}\n",
	  "    virtual-functions:\n      - index: 0\n        vlan: {id: 5, qos: 3}\n"
	  "      - index: 1\n        vlan: {id: 6, qos: 2}\n" },
	/* Halves that count are fewer entries than values that are shared. */
	{ "  - {index: 0, vlan: 1}\n  - {index: 1, vlan: 2}\n  - {index: 2, vlan: 3}\n"
	  "  - {index: 3, vlan: 1}\n  - {index: 4, vlan: 2}\n  - {index: 5, vlan: 3}\n",
	  "    virtual-functions:\n      - index: \"0-2\"\n        vlan: {from: 1}\n"
	  "      - index: \"3-5\"\n        vlan: {from: 1}\n" },
	/* VF 0 would begin before the first VLAN there is. */
	{ "  - {index: 0, vlan: none}\n  - {index: 1, vlan: 1}\n  - {index: 2, vlan: 2}\n"
	  "  - {index: 3, vlan: 3}\n",
	  "    virtual-functions:\n      - index: 0\n        vlan: none\n"
	  "      - index: \"1-3\"\n        vlan: {from: 1}\n" },
	/* The last VF would have 4095. */
	{ "  - {index: 0, vlan: 4092}\n  - {index: 1, vlan: 4093}\n  - {index: 2, vlan: 4094}\n"
	  "  - {index: 3, vlan: 5}\n",
	  "    virtual-functions:\n      - index: \"0-2\"\n        vlan: {from: 4092}\n"
	  "      - index: 3\n        vlan: 5\n" },
	/* Addresses count in their last three bytes only. */
	{ "  - {index: 0, mac: 02:00:00:ff:ff:ff}\n  - {index: 1, mac: 02:00:01:00:00:00}\n",
	  "    virtual-functions:\n      - index: 0\n        mac: \"02:00:00:ff:ff:ff\"\n"
	  "      - index: 1\n        mac: \"02:00:01:00:00:00\"\n" },
	{ "  - {index: 0, max-tx-rate: 10000}\n  - {index: 1, max-tx-rate: 500}\n",
	  "    virtual-functions:\n      - index: 0\n        max-tx-rate: 10Gbit/s\n"
	  "      - index: 1\n        max-tx-rate: 500Mbit/s\n" },
	{ "  - {index: 0, max-tx-rate: 0}\n", "    vf-defaults:\n      max-tx-rate: 0\n" },
};

START_TEST(vfs_are_folded_as_a_person_would_write_them)
{
	ck_assert_str_eq(rule_of(folds[_i].vfs), folds[_i].rule);
}
END_TEST

START_TEST(values_that_alternate_take_as_many_entries_as_their_ranges)
{
	CLEANUP_TEXT struct text vfs = { 0 };
	unsigned entries = 0;

	for (unsigned i = 0; i < 3 * INDEX_SET_RANGES_MAX; i++)
		text_printf(&vfs, "  - {index: %u, link-state: %s}\n", i,
			    i % 3 == 0	 ? "auto"
			    : i % 3 == 1 ? "enable"
					 : "disable");
	text_append(&vfs, "  - {index: 12288, link-state: auto}\n");
	for (const char *p = rule_of(text_string(&vfs)); (p = strstr(p, "- index:")); p++)
		entries++;
	/* One of the three has a range too many. */
	ck_assert_uint_eq(entries, 4);
	policy_free(fixture_policy(strchr(text_string(&text), '\n') + 1));
}
END_TEST

/* A VF with an interface called eth9. */
#define NAMED(index, names)                                                                        \
	"  - {index: " index ", interface: eth" index ", ifindex: 1" index ", altnames: [" names   \
	"]}\n"

static const struct {
	const char *vfs, *rule;
} names[] = {
	{ NAMED("0", "up-vf0") NAMED("1", "up-vf1"),
	  "    vf-defaults:\n      altname: \"up-vf{index}\"\n" },
	/* The last number that is the VF's. */
	{ NAMED("0", "a0b0c") NAMED("1", "a0b1c"),
	  "    vf-defaults:\n      altname: \"a0b{index}c\"\n" },
	{ NAMED("0", "router") NAMED("1", "up-vf1"),
	  "    virtual-functions:\n      - index: 0\n        altname: router\n"
	  "      - index: 1\n        altname: up-vf1\n" },
	{ NAMED("0", "vf00") NAMED("1", "vf01"),
	  "    virtual-functions:\n      - index: 0\n        altname: vf00\n"
	  "      - index: 1\n        altname: vf01\n" },
	/* Numbers of other things. */
	{ NAMED("0", "p3") NAMED("1", "p4"),
	  "    virtual-functions:\n      - index: 0\n        altname: p3\n"
	  "      - index: 1\n        altname: p4\n" },
	/* What udev gives by itself is nobody's wish. */
	{ NAMED("0", "enp1s0v0, router"), "    vf-defaults:\n      altname: router\n" },
	{ NAMED("0", "enp1s0v0"), "" },
	{ NAMED("0", "\"a{b\""), "" },
};

START_TEST(names_of_interfaces_become_templates)
{
	ck_assert_str_eq(rule_of(names[_i].vfs), names[_i].rule);
}
END_TEST

#define PF(driver, more)                                                                           \
	"- handle: pci/0000:3b:00.0\n  interface: ens1f0\n  ifindex: 3\n"                          \
	"  mac: 52:54:00:aa:00:01\n  driver: " driver "\n" more

/* What is told, and why it is not said. */
static const struct {
	const char *pf, *note, *said;
} notes[] = {
	{ PF("be2net", "  virtual-functions: [{index: 0, vlan: 3}]\n"),
	  "  # - VF 0: mac, max-tx-rate, spoof-check, link-state: be2net does not report it\n",
	  "vlan: 3" },
	{ PF("bnx2x", "  virtual-functions: [{index: 0, max-tx-rate: 10000}]\n"), "max-tx-rate",
	  NULL },
	{ PF("ice", "  virtual-functions: [{index: 0, reported: false, driver: iavf}]\n"),
	  "trust:\n  #   nothing is reported of the VF now\n", NULL },
	{ PF("netdevsim", "  virtual-functions: [{index: 0, mac: 02:00:00:00:00:01},\n"
			  "    {index: 1, mac: 02:00:00:00:00:01}]\n"),
	  "# - VF 1: mac 02:00:00:00:00:01: another VF has the same\n", "mac: \"02" },
	{ PF("netdevsim", "  virtual-functions: [{index: 0, min-tx-rate: 9, max-tx-rate: 5}]\n"),
	  "# - VF 0: min-tx-rate 9 Mbit/s: it is over max-tx-rate\n", "max-tx-rate: 5Mbit/s" },
	{ PF("ixgbe", "  virtual-functions: [{index: 0, link-state: enable}]\n"),
	  "# - VF 0: link-state enable: ixgbe accepts it and does nothing\n", NULL },
	{ PF("igb", "  virtual-functions: [{index: 0, link-state: auto}]\n"),
	  "# - VF 0: link-state auto: igb is known to refuse it\n", NULL },
	{ PF("mlx5_core", "  eswitch: {mode: switchdev}\n"
			  "  virtual-functions: [{index: 0, trust: true}]\n"),
	  "# - VF 0: trust true: not in force in switchdev mode of mlx5_core\n",
	  "mode: switchdev" },
	{ PF("igb", "  pf-up: false\n  virtual-functions: [{index: 0, mac: 02:00:00:00:00:01}]\n"),
	  "gets it while the\n  #   PF is down; it can be asked for beside 'pf-up: true'\n", NULL },
	{ PF("igb", "  virtual-functions: [{index: 0, mac: 02:00:00:00:00:01, driver: igbvf,\n"
		    "    taken-mac: 02:00:00:00:00:02}]\n"),
	  "the VF's driver goes on with another until it\n", NULL },
	{ PF("igb", "  virtual-functions: [{index: 0, mac: 02:00:00:00:00:01, driver: igbvf,\n"
		    "    taken-mac: 02:00:00:00:00:01}]\n"),
	  "Not in this rule", "mac: \"02" },
	{ PF("bnxt_en", "  virtual-functions: [{index: 0, vlan: 3}]\n"),
	  "# - VF 0: vlan 3: bnxt_en does not tell 802.1ad from 802.1q", "vlan: 3" },
	{ PF("ice", "  eswitch: {mode: switchdev-inactive}\n"),
	  "# - eswitch.mode switchdev-inactive: no policy can ask for that\n", NULL },
	{ PF("mlx5_core",
	     "  vf-msix-vectors: 15\n  virtual-functions: [{index: 0, msix-vectors: 8},\n"
	     "    {index: 1, msix-vectors: 8}]\n"),
	  "# - all VFs: msix-vectors 8: all VFs together have more than the card is said\n", NULL },
	{ PF("pci-pf-stub",
	     "  drivers-autoprobe: true\n  virtual-functions: [{index: 0, driver: none}]\n"),
	  "# - VF 0: driver none: it is not reserved, and gets the next driver that takes\n",
	  NULL },
	{ PF("bnx2x", "  pf-up: false\n  virtual-functions: [{index: 0, vlan: 5}]\n"),
	  "mac, spoof-check, link-state", "pf-up: false" },
	{ PF("ice", "  pf-up: false\n"), "# - the PF is down, which no policy can ask for\n",
	  NULL },
	{ PF("ice", "  totalvfs: 1\n  virtual-functions: [{index: 0}, {index: 1}]\n"),
	  "# - vfs 2 VFs: no policy can ask for that\n", NULL },
	{ PF("ice", "  drivers-held: true\n"), "# - sriovd keeps drivers off its VFs now", NULL },
	{ PF("ice", "  eswitch-silent: true\n"), "# - devlink does not say now", NULL },
	{ "- handle: pci/0000:3b:00.0\n", "# No rule:\n  # - it has no driver", NULL },
};

START_TEST(what_is_not_said_is_a_comment)
{
	const char *captured = capture(notes[_i].pf);
	const char *rule = strstr(captured, "- name:");

	ck_assert_msg(strstr(captured, notes[_i].note), "%s", captured);
	if (notes[_i].said)
		ck_assert_msg(rule && strstr(rule, notes[_i].said), "%s", captured);
	else
		ck_assert_msg(!rule || !strstr(rule, "vf-defaults") || strstr(rule, "driver:"),
			      "%s", captured);
}
END_TEST

static const struct {
	const char *pf, *vf, *said; /* NULL: nothing */
} drivers[] = {
	{ "drivers-autoprobe: true", "driver: iavf", "driver: default" },
	{ "drivers-autoprobe: false", "driver: iavf", "driver: iavf" },
	{ "drivers-autoprobe: true", "driver: iavf, driver-override: iavf", "driver: iavf" },
	{ "drivers-autoprobe: true", "driver: vfio-pci", "driver: vfio-pci" },
	{ "drivers-autoprobe: true", "driver: uio_pci_generic", "driver: uio_pci_generic" },
	{ "drivers-autoprobe: true", "driver: none, driver-override: none", "driver: none" },
	{ "drivers-autoprobe: true", "driver: none, driver-override: vfio-pci", NULL },
	{ "drivers-autoprobe: true", "driver: none", NULL },
	{ "drivers-autoprobe: false", "driver: none", NULL },
	{ "drivers-autoprobe: false", "driver: none, owed-driver: iavf", NULL },
};

START_TEST(a_driver_that_came_by_itself_is_the_default)
{
	CLEANUP_TEXT struct text pf = { 0 };
	const char *rule;

	text_printf(&pf, PF("pci-pf-stub", "  %s\n  virtual-functions: [{index: 0, %s}]\n"),
		    drivers[_i].pf, drivers[_i].vf);
	rule = strstr(strstr(capture(text_string(&pf)), "- name:"), "driver:");
	if (drivers[_i].said)
		ck_assert_msg(rule && !strncmp(rule, drivers[_i].said, strlen(drivers[_i].said)),
			      "%s", text_string(&text));
	else
		ck_assert_msg(!rule, "%s", text_string(&text));
}
END_TEST

static const struct {
	const char *pfs;
	const char *match; /* of the first; NULL: no rule */
} matches[] = {
	{ PF("ice", ""), "mac: \"52:54:00:aa:00:01\"\n" },
	/* Another one has the same address. */
	{ PF("ice", "") "- {handle: pci/0000:3b:00.1, driver: ice, interface: b, ifindex: 4,\n"
			"   mac: 52:54:00:aa:00:01}\n",
	  "pci: \"0000:3b:00.0\"\n" },
	/* It may: its network device is not here yet. */
	{ PF("ice", "") "- {handle: pci/0000:3b:00.1, driver: ice}\n", "pci: \"0000:3b:00.0\"\n" },
	{ PF("cxgb4", ""), "pci: \"0000:3b:00.0\"\n" },
	{ "- {handle: pci/0000:3b:00.0, driver: nvme}\n", "pci: \"0000:3b:00.0\"\n" },
	{ "- {handle: netdevsim/netdevsim1, driver: netdevsim, interface: eth0, ifindex: 3}\n",
	  "interface: eth0\n" },
	{ "- {handle: netdevsim/netdevsim1, driver: netdevsim, interface: eth0, ifindex: 3,\n"
	  "   path: platform-x}\n",
	  "path: platform-x\n" },
	/* A pattern that would mean others too. */
	{ "- {handle: netdevsim/netdevsim1, driver: netdevsim, interface: \"eth*\", ifindex: 3}\n",
	  NULL },
};

START_TEST(a_rule_matches_its_pf_alone)
{
	const char *rule = strstr(capture(matches[_i].pfs), "- name:");
	const char *match;

	if (!matches[_i].match) {
		ck_assert_ptr_null(rule);
		ck_assert_ptr_nonnull(strstr(text_string(&text), "tells it from the other PFs"));
		return;
	}
	ck_assert_ptr_nonnull(rule);
	match = strstr(rule, "match:\n      ");
	ck_assert_ptr_nonnull(match);
	match += strlen("match:\n      ");
	ck_assert_msg(!strncmp(match, matches[_i].match, strlen(matches[_i].match)), "%s", match);
}
END_TEST

static const struct {
	const char *pf, *rule; /* NULL: none */
} differences[] = {
	{ PF("igb", "  pf-up: false\n  mtu: 1500\n  drivers-autoprobe: true\n  vfs: 0\n"), NULL },
	{ PF("igb", "  pf-up: true\n  mtu: 1501\n  drivers-autoprobe: false\n"
		    "  eswitch: {mode: switchdev}\n"),
	  "    mtu: 1501\n    pf-up: true\n    drivers-autoprobe: false\n"
	  "    eswitch:\n      mode: switchdev\n" },
	/* Each VF is as new ones are. */
	{ PF("igb", "  drivers-autoprobe: true\n  virtual-functions:\n"
		    "  - {index: 0, mac: none, vlan: none, max-tx-rate: 0, spoof-check: true,\n"
		    "     trust: false, unmanaged: false, driver: igbvf}\n"),
	  "    vfs: 1\n" },
	{ PF("igb",
	     "  virtual-functions:\n"
	     "  - {index: 0, mac: 02:00:00:00:00:01, vlan: {id: 0, qos: 1}, max-tx-rate: 1,\n"
	     "     spoof-check: false, trust: true}\n"),
	  "    vfs: 1\n    vf-defaults:\n      mac: \"02:00:00:00:00:01\"\n"
	  "      vlan: {id: 0, qos: 1}\n      max-tx-rate: 1Mbit/s\n"
	  "      spoof-check: false\n      trust: true\n" },
	/* Nobody knows what a new VF of that driver has. */
	{ PF("x", "  virtual-functions: [{index: 0, spoof-check: true, trust: false}]\n"),
	  "    vfs: 1\n    vf-defaults:\n      spoof-check: true\n      trust: false\n" },
};

START_TEST(what_a_driver_begins_with_is_left_out)
{
	const char *captured = capture_with(differences[_i].pf, true);
	const char *rule = strstr(captured, "52:54:00:aa:00:01\"\n");

	if (differences[_i].rule)
		ck_assert_str_eq(strchr(rule, '\n') + 1, differences[_i].rule);
	else
		ck_assert_msg(strstr(captured, "# - nothing is known to differ"), "%s", captured);
}
END_TEST

START_TEST(names_cannot_break_out_of_a_comment)
{
	const char *captured =
		capture("- {handle: pci/0000:3b:00.0, interface: \"a\\nversion: 2\", ifindex: 3,\n"
			"   driver: \"x\\ny\"}\n");

	ck_assert_msg(!strstr(captured, "\nversion: 2"), "%s", captured);
	ck_assert_ptr_nonnull(strstr(captured, "a\\x0aversion: 2"));
	ck_assert_ptr_nonnull(strstr(captured, "- name: \"0000:3b:00.0\"\n"));
	policy_free(fixture_policy(strstr(captured, "physical-functions:")));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("capture");
	TCase *tests = tcase_create("capture");

	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_loop_test(tests, vfs_are_folded_as_a_person_would_write_them, 0,
			    ARRAY_SIZE(folds));
	tcase_add_test(tests, values_that_alternate_take_as_many_entries_as_their_ranges);
	tcase_add_loop_test(tests, names_of_interfaces_become_templates, 0, ARRAY_SIZE(names));
	tcase_add_loop_test(tests, what_is_not_said_is_a_comment, 0, ARRAY_SIZE(notes));
	tcase_add_loop_test(tests, a_driver_that_came_by_itself_is_the_default, 0,
			    ARRAY_SIZE(drivers));
	tcase_add_loop_test(tests, a_rule_matches_its_pf_alone, 0, ARRAY_SIZE(matches));
	tcase_add_loop_test(tests, what_a_driver_begins_with_is_left_out, 0,
			    ARRAY_SIZE(differences));
	tcase_add_test(tests, names_cannot_break_out_of_a_comment);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
