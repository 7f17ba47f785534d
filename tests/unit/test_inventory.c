/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/inventory.h"

#include <check.h>
#include <errno.h>
#include <json-c/json_object.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/inventory_pf.h"
#include "runner.h"

static struct diagnostics diagnostics;
static struct inventory inventory;

static void teardown(void)
{
	inventory_clear(&inventory);
	diagnostics_clear(&diagnostics);
}

static int read_text(const char *text)
{
	const struct document document = { "<test>", text, strlen(text) };

	inventory_clear(&inventory);
	diagnostics_clear(&diagnostics);
	return inventory_read(&document, &diagnostics, &inventory);
}

static void assert_reads(const char *text)
{
	int r = read_text(text);

	ck_assert_msg(r == 0, "%s: %s", text,
		      diagnostics.count ? diagnostics.items[0].message : "no message");
	ck_assert_uint_eq(diagnostics.count, 0);
}

/* text is refused with one error: at this place, saying this. */
static void assert_refused(const char *text, unsigned line, unsigned column, const char *message)
{
	ck_assert_int_eq(read_text(text), -EINVAL);
	ck_assert_uint_eq(diagnostics.errors, 1);
	ck_assert_str_eq(diagnostics.items[0].message, message);
	ck_assert_uint_eq(diagnostics.items[0].origin.line, line);
	ck_assert_uint_eq(diagnostics.items[0].origin.column, column);
}

static const char whole[] = "inventory: 1\n"
			    "host:\n"
			    "  hostname: compute-1\n"
			    "  machine-id: 0123456789abcdef0123456789abcdef\n"
			    "  kernel-command-line: quiet sriov=on\n"
			    "  product-name: PowerEdge R750\n"
			    "physical-functions:\n"
			    "- handle: pci/0000:3b:00.1\n"
			    "  driver: ice\n"
			    "- handle: pci/0000:3b:00.0\n"
			    "  address: 0000:3b:00.0\n"
			    "  driver: ice\n"
			    "  interface: ens1f0\n"
			    "  ifindex: 4\n"
			    "  altnames: [enp59s0f0, uplink0]\n"
			    "  mac: 52:54:00:AA:00:01\n"
			    "  path: pci-0000:3b:00.0\n"
			    "  port: p0\n"
			    "  device: 8086:1592\n"
			    "  class: 0x02007f\n"
			    "  serial: b4-96-91-ff-ff-aa-00-00\n"
			    "  numa-node: 1\n"
			    "  totalvfs: 128\n"
			    "  carrier: true\n"
			    "  speed: 25000\n"
			    "  settling: true\n"
			    "  drivers-held: true\n"
			    "  earlier: {interface: ens1, altnames: [up], mac: "
			    "52:54:00:aa:00:02, port: p1, firmware: \"2\"}\n"
			    "  paused: {until: \"2026-01-31T23:59:59Z\", until-in-words: "
			    "2026-01-31 23:59:59 UTC}\n"
			    "  owes-vfs: true\n"
			    "  owes-vfs-in-mode: switchdev\n"
			    "  owes-vfs-untold: a note is void\n"
			    "  vfs: 2\n"
			    "  pf-up: false\n"
			    "  mtu: 0\n"
			    "  drivers-autoprobe: yes\n"
			    "  eswitch: {mode: switchdev, encap-mode: basic}\n"
			    "  virtual-functions:\n"
			    "  - index: 1\n"
			    "    reported: false\n"
			    "    driver: none\n"
			    "  - index: 0\n"
			    "    address: 0000:3b:01.0\n"
			    "    interface: ens1f0v0\n"
			    "    ifindex: 9\n"
			    "    use: another network namespace\n"
			    "    remark: a record is void\n"
			    "    holder: network namespace /run/netns/a\n"
			    "    mac: none\n"
			    "    vlan: {id: 100, qos: 3, protocol: 802.1ad}\n"
			    "    min-tx-rate: 0\n"
			    "    max-tx-rate: 1000\n"
			    "    spoof-check: false\n"
			    "    link-state: auto\n"
			    "    query-rss: true\n"
			    "    trust: true\n"
			    "    taken-mac: 52:54:00:00:00:01\n"
			    "    taken-node-guid: 00:11:22:33:44:55:66:78\n"
			    "    taken-port-guid: 00:11:22:33:44:55:66:79\n"
			    "    node-guid: 00:11:22:33:44:55:66:77\n"
			    "    msix-vectors: 4\n"
			    "    driver: iavf\n"
			    "    mtu: 1500\n";

START_TEST(every_fact_of_the_host_is_read)
{
	assert_reads(whole);
	ck_assert_str_eq(inventory.host.hostname, "compute-1");
	ck_assert_str_eq(inventory.host.machine_id, "0123456789abcdef0123456789abcdef");
	ck_assert_str_eq(inventory.host.kernel_command_line, "quiet sriov=on");
	ck_assert_str_eq(inventory.host.product_name, "PowerEdge R750");
}
END_TEST

START_TEST(pfs_come_in_order_of_handle)
{
	assert_reads(whole);
	ck_assert_uint_eq(inventory.pfs.count, 2);
	ck_assert_str_eq(inventory.pfs.items[0]->handle, "pci/0000:3b:00.0");
	ck_assert_str_eq(inventory.pfs.items[1]->handle, "pci/0000:3b:00.1");
}
END_TEST

/* The PF of whole that has everything. */
static void assert_pf_is_whole(void)
{
	const struct pf *pf = inventory.pfs.items[0];

	ck_assert_str_eq(pf->address, "0000:3b:00.0");
	ck_assert_str_eq(pf->driver, "ice");
	ck_assert_str_eq(pf->ifname, "ens1f0");
	ck_assert_uint_eq(pf->ifindex, 4);
	ck_assert_uint_eq(pf->altnames.count, 2);
	ck_assert_str_eq(pf->altnames.items[0], "enp59s0f0");
	ck_assert_str_eq(pf->altnames.items[1], "uplink0");
	ck_assert(pf->has_permanent_mac);
	ck_assert_uint_eq(pf->permanent_mac.bytes[3], 0xaa);
	ck_assert_str_eq(pf->id_path, "pci-0000:3b:00.0");
	ck_assert_str_eq(pf->port, "p0");
	ck_assert(pf->has_device_id);
	ck_assert_uint_eq(pf->vendor_id, 0x8086);
	ck_assert_uint_eq(pf->device_id, 0x1592);
	ck_assert(pf->has_class);
	ck_assert_uint_eq(pf->class, 0x02007f);
	ck_assert_int_eq(pf->numa_node, 1);
	ck_assert_uint_eq(pf->totalvfs, 128);
	ck_assert(pf->carrier);
	ck_assert_uint_eq(pf->speed, 25000);
	ck_assert(pf->settling);
	ck_assert(pf->drivers_held);
	ck_assert(pf_is_paused(pf));
	ck_assert_str_eq(pf->pause.iso, "2026-01-31T23:59:59Z");
	ck_assert_str_eq(pf->pause.words, "2026-01-31 23:59:59 UTC");
	ck_assert(pf->owed_vfs.owed && pf->owed_vfs.with_mode);
	ck_assert_uint_eq(pf->owed_vfs.mode, 1);
	ck_assert_str_eq(pf->owed_vfs.doubtful, "a note is void");
}

START_TEST(every_fact_of_a_pf_is_read)
{
	assert_reads(whole);
	assert_pf_is_whole();
}
END_TEST

START_TEST(settings_of_a_pf_are_observed_values)
{
	const struct pf_values *settings;

	assert_reads(whole);
	settings = &inventory.pfs.items[0]->settings;
	ck_assert_uint_eq(VALUES_GET(settings, PF_VFS)->number, 2);
	ck_assert_uint_eq(VALUES_GET(settings, PF_UP)->number, 0);
	/* less than a policy may ask for, but it is what the kernel says */
	ck_assert_uint_eq(VALUES_GET(settings, PF_MTU)->number, 0);
	ck_assert_uint_eq(VALUES_GET(settings, PF_DRIVERS_AUTOPROBE)->number, 1);
	ck_assert_uint_eq(VALUES_GET(settings, PF_ESWITCH_MODE)->number, 1);
	ck_assert_uint_eq(VALUES_GET(settings, PF_ESWITCH_ENCAP_MODE)->number, 1);
	ck_assert_ptr_null(VALUES_GET(settings, PF_ESWITCH_INLINE_MODE));
	ck_assert_ptr_null(VALUES_GET(settings, PF_VFS)->origin);
}
END_TEST

START_TEST(vfs_are_placed_by_their_index)
{
	const struct pf *pf;

	assert_reads(whole);
	pf = inventory.pfs.items[0];
	ck_assert_uint_eq(pf->n_vfs, 2);
	ck_assert_uint_eq(pf->vfs[0].index, 0);
	ck_assert(pf->vfs[0].reported);
	ck_assert_str_eq(pf->vfs[0].address, "0000:3b:01.0");
	ck_assert_str_eq(pf->vfs[0].ifname, "ens1f0v0");
	ck_assert_uint_eq(pf->vfs[0].ifindex, 9);
	ck_assert_str_eq(pf->vfs[0].holder.remark, "a record is void");
	ck_assert_str_eq(pf->vfs[0].holder.use, "another network namespace");
	ck_assert_str_eq(pf->vfs[0].holder.details, "network namespace /run/netns/a");
	ck_assert_uint_eq(pf->vfs[1].index, 1);
	ck_assert(!pf->vfs[1].reported);
	ck_assert_ptr_null(pf->vfs[1].holder.details);
}
END_TEST

START_TEST(settings_of_a_vf_are_observed_values)
{
	const struct vf_values *settings;

	assert_reads(whole);
	settings = &inventory.pfs.items[0]->vfs[0].settings;
	ck_assert(mac_is_zero(&VALUES_GET(settings, VF_MAC)->mac));
	ck_assert_uint_eq(VALUES_GET(settings, VF_VLAN)->vlan.id, 100);
	ck_assert_uint_eq(VALUES_GET(settings, VF_VLAN)->vlan.qos, 3);
	ck_assert_uint_eq(VALUES_GET(settings, VF_VLAN)->vlan.protocol, ETH_P_8021AD);
	ck_assert_uint_eq(VALUES_GET(settings, VF_MAX_TX_RATE)->number, 1000);
	ck_assert_uint_eq(VALUES_GET(settings, VF_NODE_GUID)->number, 0x0011223344556677);
	ck_assert_str_eq(VALUES_GET(settings, VF_DRIVER)->name, "iavf");
	ck_assert_ptr_null(VALUES_GET(settings, VF_DRIVER)->origin);
	ck_assert_ptr_null(VALUES_GET(settings, VF_PORT_GUID));
	settings = &inventory.pfs.items[0]->vfs[1].settings;
	ck_assert_int_eq(VALUES_GET(settings, VF_DRIVER)->form, VALUE_NONE);
	ck_assert_ptr_null(VALUES_GET(settings, VF_TRUST));
}
END_TEST

START_TEST(what_is_left_out_is_not_there)
{
	const struct pf *pf;

	assert_reads("inventory: 1\nphysical-functions: [{handle: netdevsim/netdevsim1}]\n");
	pf = inventory.pfs.items[0];
	ck_assert_str_eq(pf->address, "netdevsim1");
	ck_assert_ptr_null(pf->driver);
	ck_assert_ptr_null(pf->ifname);
	ck_assert_uint_eq(pf->ifindex, 0);
	ck_assert(!pf->has_permanent_mac);
	ck_assert(!pf->has_device_id);
	ck_assert_int_eq(pf->numa_node, -1);
	ck_assert_uint_eq(pf->totalvfs, 0);
	ck_assert(!pf->carrier);
	ck_assert_uint_eq(pf->speed, 0);
	ck_assert(!pf->settling);
	ck_assert(!pf->drivers_held);
	ck_assert_uint_eq(pf->n_vfs, 0);
	ck_assert_ptr_null(inventory.host.hostname);
}
END_TEST

START_TEST(the_count_of_vfs_may_be_left_to_their_list)
{
	assert_reads("inventory: 1\n"
		     "physical-functions:\n"
		     "- handle: pci/0000:01:00.0\n"
		     "  virtual-functions: [{index: 0}, {index: 1}]\n");
	ck_assert_uint_eq(VALUES_GET(&inventory.pfs.items[0]->settings, PF_VFS)->number, 2);
}
END_TEST

/* What could not be read is left out, and comes back as that. */
START_TEST(facts_are_written_as_they_are_read)
{
	static const char text[] =
		"inventory: 1\nfacts: {kernel: \"6.1\", iommu: false, vfio: true, "
		"isolated-cpus: '', hugepages: 0, managers: [libvirt], functions: [{address: a, "
		"class: '0x020000', iommu-group: 0, speed: 2500, module: false}]}\n";
	const struct pci_function *function;
	struct json_object *json;

	assert_reads("inventory: 1\n");
	ck_assert_ptr_null(inventory.facts);
	assert_reads(text);
	json = inventory_json(&inventory);
	ck_assert_str_eq(
		json_object_to_json_string_ext(json_object_object_get(json, "facts"),
					       JSON_C_TO_STRING_PLAIN),
		"{\"kernel\":\"6.1\",\"iommu\":false,\"vfio\":true,\"isolated-cpus\":\"\","
		"\"hugepages\":0,\"managers\":[\"libvirt\"],\"functions\":[{\"address\":\"a\","
		"\"class\":\"0x020000\",\"iommu-group\":0,\"speed\":2500,\"module\":false}]}");
	json_object_put(json);
	ck_assert_int_eq(inventory.facts->iommu, TOLD_NO);
	ck_assert_int_eq(inventory.facts->iommu_in_firmware, UNTOLD);
	ck_assert_int_eq(inventory.facts->idle_latency_us, -1);
	function = facts_function(inventory.facts, "a");
	ck_assert_int_eq(function->iommu_group, 0);
	ck_assert_int_eq(function->numa_node, -1);
	ck_assert_ptr_null(facts_function(inventory.facts, NULL));
}
END_TEST

START_TEST(an_inventory_without_pfs_is_one)
{
	assert_reads("inventory: 1\n");
	ck_assert_uint_eq(inventory.pfs.count, 0);
}
END_TEST

START_TEST(one_of_an_earlier_version_is_read)
{
	for (unsigned version = 1; version <= 2; version++) {
		char text[] = "inventory: 0";

		text[sizeof(text) - 2] = (char)('0' + version);
		assert_reads(text);
	}
}
END_TEST

/* The text of what was read. */
static char *written(void)
{
	struct json_object *json = inventory_json(&inventory);
	char *text;

	ck_assert_ptr_nonnull(json);
	text = strdup(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PRETTY));
	ck_assert_ptr_nonnull(text);
	json_object_put(json);
	return text;
}

START_TEST(what_is_written_reads_the_same_again)
{
	char *first, *second;

	assert_reads(whole);
	first = written();
	assert_reads(first);
	second = written();
	ck_assert_str_eq(first, second);
	/* and nothing was lost on the way to the first */
	assert_pf_is_whole();
	free(first);
	free(second);
}
END_TEST

START_TEST(one_pf_can_be_written)
{
	struct json_object *json, *member;

	assert_reads(whole);
	json = inventory_pf_json(inventory.pfs.items[1]);
	ck_assert(json_object_object_get_ex(json, "handle", &member));
	ck_assert_str_eq(json_object_get_string(member), "pci/0000:3b:00.1");
	ck_assert(json_object_object_get_ex(json, "virtual-functions", &member));
	ck_assert(!json_object_object_get_ex(json, "numa-node", &member));
	json_object_put(json);
}
END_TEST

START_TEST(names_that_are_no_text_are_written_escaped)
{
	struct json_object *json, *member;
	struct pf *pf;

	ck_assert_int_eq(pf_new(&pf), 0);
	pf->handle = "pci/0000:01:00.0";
	pf->ifname = "e\033[31m\377";
	json = inventory_pf_json(pf);
	ck_assert(json_object_object_get_ex(json, "interface", &member));
	ck_assert_str_eq(json_object_get_string(member), "e\\x1b[31m\\xff");
	json_object_put(json);
	pf_free(pf);
}
END_TEST

/* How an inventory goes wrong; the place is the start of a node, in a document of one PF. */
static const struct {
	const char *text;
	unsigned line, column;
	const char *message;
} refused[] = {
	{ "", 1, 1, "an empty inventory" },
	{ "[]", 1, 1, "an inventory must be a mapping" },
	{ "host: {}", 1, 1, "an inventory without 'inventory'" },
	{ "inventory: 3", 1, 12, "an inventory of version 3; this program reads versions 1 to 2" },
	{ "inventory: 1\nhots: {}", 2, 7, "unknown key 'hots' in an inventory" },
	{ "inventory: 1\nhost: []", 2, 7, "a host must be a mapping" },
	{ "inventory: 1\nhost: {hostname: [a]}", 2, 18, "'hostname' must be one value" },
	{ "inventory: 1\nhost: {hostname: ~}", 2, 18, "'hostname' must be one value" },
	{ "inventory: 1\nphysical-functions: [{handle: pci/a, class: '020000'}]", 2, 45,
	  "'class' must be a class of PCI devices, in hexadecimal" },
	{ "inventory: 1\nphysical-functions: [{handle: pci/a, class: '0x02000g'}]", 2, 45,
	  "'class' must be a class of PCI devices, in hexadecimal" },
	{ "inventory: 1\nphysical-functions: [{handle: pci/a, class: [0x020000]}]", 2, 45,
	  "'class' must be one value" },
	{ "inventory: 1\nfacts: {iommu: maybe}", 2, 16,
	  "'iommu' must be true or false, not 'maybe'" },
	{ "inventory: 1\nfacts: {functions: [{driver: a}]}", 2, 21,
	  "a PCI function without 'address'" },
	{ "inventory: 1\nfacts: {functions: 1}", 2, 20, "'functions' must be a list" },
	{ "inventory: 1\nfacts: []", 2, 8, "the facts of a host must be a mapping" },
	{ "inventory: 1\nphysical-functions: 3", 2, 21, "'physical-functions' must be a list" },
	{ "inventory: 1\nphysical-functions: [3]", 2, 22, "a physical function must be a mapping" },
	{ "inventory: 1\nphysical-functions:\n- driver: ice", 3, 3,
	  "a physical function without 'handle'" },
	{ "inventory: 1\nphysical-functions:\n- handle: eth0", 3, 11,
	  "'handle' must be bus/device" },
	{ "inventory: 1\nphysical-functions:\n- handle: /a", 3, 11, "'handle' must be bus/device" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/", 3, 11, "'handle' must be bus/device" },
	{ "inventory: 1\nphysical-functions:\n- {handle: a/b, totalvfs: 8192}\n"
	  "- {handle: a/c, totalvfs: 8192}\n- {handle: a/d, virtual-functions: [{index: 0}]}",
	  3, 1,
	  "the PFs of this inventory can have 16385 VFs together, and no more than 16384 are "
	  "planned for" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n- handle: a/b", 4, 3,
	  "a/b is listed twice" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  interface: eth0", 4, 14,
	  "'interface' without 'ifindex'" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  altnames: x", 4, 13,
	  "'altnames' must be a list" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  altnames: [[]]", 4, 14,
	  "'altnames' must be one value" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  device: 80861592", 4, 11,
	  "'device' must be vendor and device in hexadecimal" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  device: 8086:159x", 4, 11,
	  "'device' must be vendor and device in hexadecimal" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  device: []", 4, 11,
	  "'device' must be one value" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  mode: observe", 4, 9,
	  "unknown key 'mode' in a physical function" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  eswitch: switchdev", 4, 12,
	  "'eswitch' must be a mapping" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  eswitch: {mood: legacy}", 4, 19,
	  "unknown key 'mood' in a physical function" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  paused: {until-in-words: then}", 4,
	  11, "'paused' without 'until' or 'untold'" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  paused: true", 4, 11,
	  "a pause must be a mapping" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  vfs: 2", 4, 8,
	  "'vfs' is not the number of 'virtual-functions'" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  virtual-functions: {}", 4, 22,
	  "'virtual-functions' must be a list" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  virtual-functions: [x]", 4, 23,
	  "a virtual function must be a mapping" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  virtual-functions: [{}]", 4, 23,
	  "a virtual function without 'index'" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n  virtual-functions: [{index: 1}]", 4,
	  23, "VF 1, but lower ones are missing" },
	{ "inventory: 1\nphysical-functions:\n- handle: a/b\n"
	  "  virtual-functions: [{index: 0}, {index: 0}]",
	  4, 35, "VF 0 is listed twice" },
};

START_TEST(what_makes_no_sense_is_refused_with_its_place)
{
	assert_refused(refused[_i].text, refused[_i].line, refused[_i].column, refused[_i].message);
	ck_assert_uint_eq(inventory.pfs.count, 0);
}
END_TEST

/* The wording of these is the reader's of single values. */
static const char *const bad_values[] = {
	"ifindex: -1",
	"ifindex: 4294967296",
	"numa-node: 2147483648",
	"totalvfs: many",
	"carrier: perhaps",
	"settling: []",
	"mac: 52:54:00",
	"mac: stable",
	"vfs: 50%",
	"vfs: max",
	"vfs: 65536",
	"pf-up: 2",
	"eswitch: {mode: odd}",
	"mtu: []",
};

START_TEST(a_value_that_cannot_be_observed_is_refused)
{
	char text[200];

	(void)snprintf(text, sizeof(text), "inventory: 1\nphysical-functions:\n- handle: a/b\n  %s",
		       bad_values[_i]);
	ck_assert_int_eq(read_text(text), -EINVAL);
	ck_assert_uint_ge(diagnostics.errors, 1);
	ck_assert_uint_eq(diagnostics.items[0].origin.line, 4);
}
END_TEST

static const char *const bad_vf_values[] = {
	"index: 70000", "reported: 3",	 "mac: stable",	    "vlan: 5000",
	"trust: none",	"link-state: x", "min-tx-rate: -1", "unknown: 1",
};

START_TEST(a_value_of_a_vf_that_cannot_be_observed_is_refused)
{
	char text[200];

	(void)snprintf(text, sizeof(text),
		       "inventory: 1\nphysical-functions:\n- handle: a/b\n"
		       "  virtual-functions:\n  - {index: 0}\n  - {%s%s}",
		       strncmp(bad_vf_values[_i], "index", 5) == 0 ? "" : "index: 1, ",
		       bad_vf_values[_i]);
	ck_assert_int_eq(read_text(text), -EINVAL);
	ck_assert_uint_ge(diagnostics.errors, 1);
	ck_assert_uint_eq(diagnostics.items[0].origin.line, 6);
}
END_TEST

START_TEST(all_errors_are_reported_at_once)
{
	ck_assert_int_eq(read_text("inventory: 1\n"
				   "host: {hostnam: a}\n"
				   "physical-functions:\n"
				   "- handle: a/b\n"
				   "  drivr: ice\n"
				   "  carrier: perhaps\n"
				   "- handle: nothing\n"),
			 -EINVAL);
	ck_assert_uint_eq(diagnostics.errors, 4);
	ck_assert_str_eq(diagnostics.items[0].hint, "did you mean 'hostname'?");
	ck_assert_str_eq(diagnostics.items[1].hint, "did you mean 'driver'?");
}
END_TEST

START_TEST(a_merge_key_gets_no_advice_that_is_for_policies)
{
	assert_refused("inventory: 1\nhost: {<<: {hostname: a}}", 2, 8,
		       "merge keys are not supported");
	ck_assert_str_eq(diagnostics.items[0].hint, "repeat the keys");
}
END_TEST

START_TEST(more_vfs_than_a_pf_can_have_are_refused)
{
	struct text text = { 0 };

	text_append(&text, "inventory: 1\nphysical-functions: [{handle: a/b, virtual-functions: [");
	for (unsigned i = 0; i <= PF_VFS_MAX; i++)
		text_printf(&text, "{index: %u},", i);
	text_append(&text, "]}]");
	assert_refused(text_string(&text), 2, 55, "more than 65535 virtual functions");
	text_clear(&text);
}
END_TEST

START_TEST(json_text_is_read_as_yaml)
{
	assert_reads("{\"inventory\": 1, \"host\": {\"hostname\": \"a\\u00e9\\\"b\"},\n"
		     " \"physical-functions\": [{\"handle\":\"pci/0000:01:00.0\", \"vfs\":1,\n"
		     " \"virtual-functions\": [{\"index\":0,\"vlan\":7,\"trust\":true}]}]}");
	ck_assert_str_eq(inventory.host.hostname, "a\303\251\"b");
	ck_assert_uint_eq(VALUES_GET(&inventory.pfs.items[0]->vfs[0].settings, VF_VLAN)->vlan.id,
			  7);
}
END_TEST

int main(void)
{
	Suite *all = suite_create("inventory");
	TCase *reading = tcase_create("reading");
	TCase *writing = tcase_create("writing");
	TCase *errors = tcase_create("errors");

	tcase_add_checked_fixture(reading, NULL, teardown);
	tcase_add_test(reading, every_fact_of_the_host_is_read);
	tcase_add_test(reading, pfs_come_in_order_of_handle);
	tcase_add_test(reading, every_fact_of_a_pf_is_read);
	tcase_add_test(reading, settings_of_a_pf_are_observed_values);
	tcase_add_test(reading, vfs_are_placed_by_their_index);
	tcase_add_test(reading, settings_of_a_vf_are_observed_values);
	tcase_add_test(reading, what_is_left_out_is_not_there);
	tcase_add_test(reading, the_count_of_vfs_may_be_left_to_their_list);
	tcase_add_test(reading, facts_are_written_as_they_are_read);
	tcase_add_test(reading, an_inventory_without_pfs_is_one);
	tcase_add_test(reading, one_of_an_earlier_version_is_read);
	tcase_add_test(reading, json_text_is_read_as_yaml);
	suite_add_tcase(all, reading);

	tcase_add_checked_fixture(writing, NULL, teardown);
	tcase_add_test(writing, what_is_written_reads_the_same_again);
	tcase_add_test(writing, one_pf_can_be_written);
	tcase_add_test(writing, names_that_are_no_text_are_written_escaped);
	suite_add_tcase(all, writing);

	tcase_add_checked_fixture(errors, NULL, teardown);
	tcase_add_loop_test(errors, what_makes_no_sense_is_refused_with_its_place, 0,
			    ARRAY_SIZE(refused));
	tcase_add_loop_test(errors, a_value_that_cannot_be_observed_is_refused, 0,
			    ARRAY_SIZE(bad_values));
	tcase_add_loop_test(errors, a_value_of_a_vf_that_cannot_be_observed_is_refused, 0,
			    ARRAY_SIZE(bad_vf_values));
	tcase_add_test(errors, all_errors_are_reported_at_once);
	tcase_add_test(errors, a_merge_key_gets_no_advice_that_is_for_policies);
	tcase_add_test(errors, more_vfs_than_a_pf_can_have_are_refused);
	suite_add_tcase(all, errors);
	return run_suite(all);
}
