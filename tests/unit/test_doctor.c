/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doctor/doctor.h"

#include <string.h>

#include "apply/pass.h"
#include "fixture.h"
#include "runner.h"

#define POLICY(settings) "physical-functions:\n- name: all\n  match: {pci: '*'}\n" settings
#define IGB		 "- {handle: pci/a, driver: igb, interface: eth0, ifindex: 1, totalvfs: 7"
#define VF0		 "virtual-functions: [{index: 0, "

/* igb with one VF, which has that driver; and facts of its host. */
#define WITH_VF(driver, facts)                                                                     \
	IGB ", pf-up: true, vfs: 1, " VF0 "address: v, driver: " driver "}]}\nfacts: {" facts "}"  \
	    "\n"
#define VM(facts)      WITH_VF("vfio-pci", facts)
#define GROUP(address) "{address: " address ", class: '0x020000', iommu-group: 1}"

/* A PF on bus 1 of a port, with the routing ID of its first VF and the last bus behind the port. */
#define BUSES(offset, last)                                                                        \
	"- {handle: 'pci/0000:01:00.0', totalvfs: 7}\nfacts: {functions: ["                        \
	"{address: '0000:01:00.0', upstream: port, vf-offset: " offset ", vf-stride: 1}, "         \
	"{address: port, class: '0x060400', last-bus: " last "}]}\n"

/* Each check, with a host on which it finds something and one next to it, on which it does not. */
static const struct row {
	const char *check;
	const char *policy, *fires; /* PFs of an inventory */
	const char *near_policy;    /* NULL: the same */
	const char *near;	    /* NULL: the same */
	const char *what, *remedy;  /* parts of what is found */
	const char *rival, *near_rival;
} rows[] = {
	{ .check = "sriov-off",
	  .policy = "",
	  .fires = "- {handle: pci/a}",
	  .near = "- {handle: netdevsim/a}",
	  .what = "SR-IOV is off in its firmware",
	  .remedy = "mlxconfig" },
	{ .check = "sriov-off",
	  .policy = "",
	  .fires = "- {handle: pci/a}",
	  .near = "- {handle: pci/a, totalvfs: 1}",
	  .what = "it can have no VF",
	  .remedy = "turn SR-IOV on in the firmware's setup, of the host and of the card" },
	{ .check = "sriov-off",
	  .policy = "",
	  .fires = "- {handle: pci/a}",
	  .near = "- {handle: pci/a, virtual-functions: [{index: 0}]}",
	  .what = "it can have no VF",
	  .remedy = "turn SR-IOV on in the firmware's setup" },
	{ .check = "pf-down",
	  .policy = POLICY("  vfs: 1\n"),
	  .fires = IGB ", pf-up: false}",
	  .near = IGB ", pf-up: true}",
	  .what = "it is down, and igb gives VFs' drivers their addresses only while it is up",
	  .remedy = "write 'pf-up: true' in rule 'all' (fixture:" },
	{ .check = "pf-down",
	  .policy = POLICY("  vfs: 1\n  pf-up: true\n"),
	  .fires = IGB ", pf-up: false}",
	  .near_policy = POLICY("  pf-up: false\n"),
	  .remedy = "'sriovctl apply eth0' brings it up" },
	{ .check = "pf-down",
	  .policy = "",
	  .fires = IGB ", pf-up: false, vfs: 1, " VF0 "}]}",
	  .near = "- {handle: pci/a, driver: mlx5_core, interface: eth0, ifindex: 1, "
		  "pf-up: false, vfs: 1, " VF0 "}]}",
	  .remedy = "write 'pf-up: true' in a rule that matches eth0, or 'ip link set eth0 up'" },
	{ .check = "vfs-over-total",
	  .policy = POLICY("  vfs: 8\n"),
	  .fires = IGB "}",
	  .near = "- {handle: pci/a, totalvfs: 8}",
	  .what = "8 VFs are asked for, and the card can have 7",
	  .remedy = "write 'vfs: 7', or 'at-most: true'" },
	{ .check = "vfs-over-total",
	  .policy = POLICY("  vfs: 8\n"),
	  .fires = IGB "}",
	  .near_policy = POLICY("  vfs: 8\n  at-most: true\n") },
	{ .check = "rates-over-link",
	  .policy = POLICY("  vfs: 2\n  vf-defaults: {min-tx-rate: 501}\n"),
	  .fires = "- {handle: pci/a, totalvfs: 7, speed: 1000, interface: e, ifindex: 1}",
	  .near_policy = POLICY("  vfs: 2\n  vf-defaults: {min-tx-rate: 500}\n"),
	  .what = "1002 Mbit/s are guaranteed to its VFs together, and its link has 1000" },
	{ .check = "many-vfs",
	  .policy = POLICY("  vfs: 17\n"),
	  .fires = "- {handle: pci/a, totalvfs: 64, interface: e, ifindex: 1}",
	  .near_policy = POLICY("  vfs: 16\n"),
	  .what = "it has, or is to have, 17 VFs, and most stay at 8 to 16 a port" },
	/* A drive. */
	{ .check = "many-vfs",
	  .policy = POLICY("  vfs: 17\n"),
	  .fires = "- {handle: pci/a, totalvfs: 64, interface: e, ifindex: 1}",
	  .near = "- {handle: pci/a, driver: nvme, totalvfs: 64}" },
	{ .check = "one-queue",
	  .policy = "",
	  .fires = WITH_VF("igbvf", "functions: [{address: v, msix: 2}]"),
	  .near = WITH_VF("igbvf", "functions: [{address: v, msix: 3}]"),
	  .what = "VF 0: at most two interrupts, and so one queue",
	  .remedy = "have fewer VFs" },
	/* It has none at all, or nobody could read it. */
	{ .check = "one-queue",
	  .policy = "",
	  .fires = WITH_VF("igbvf", "functions: [{address: v, msix: 1}]"),
	  .near = WITH_VF("igbvf", "functions: [{address: v, msix: 0}]") },
	{ .check = "one-queue",
	  .policy = "",
	  .fires = WITH_VF("igbvf", "functions: [{address: v, msix: 1}]"),
	  .near = WITH_VF("igbvf", "functions: [{address: v}]") },
	{ .check = "rule-unmatched",
	  .policy = "physical-functions:\n- {name: none, match: {interface: eth1}}\n",
	  .fires = IGB "}",
	  .near_policy = "physical-functions:\n- {name: none, match: {interface: eth0}}\n",
	  .what = "rule 'none' matches no PF: no interface matches 'eth1'; PFs here: eth0" },
	{ .check = "rule-unmatched",
	  .policy = "physical-functions:\n- {name: none, match: {interface: eth1}}\n",
	  .fires = "- {handle: pci/a, interface: eth0, ifindex: 1, totalvfs: 1, vfs: 1, " VF0
		   "address: aa}]}\nfacts: {functions: [{address: a, class: '0x020000'}, {address: "
		   "aa, class: '0x020000'}, "
		   "{address: b, class: '0x020000', name: Card}, {address: c, class: "
		   "'0x060400'}]}\n",
	  .near_policy = "",
	  .remedy = "; network cards without SR-IOV, or with it off, are b (Card)" },
	{ .check = "rival",
	  .policy = POLICY("  vfs: 1\n"),
	  .fires = IGB "}",
	  .what = "/etc/rc.local sets it up",
	  .rival = "/etc/rc.local sets it up" },
	{ .check = "vf-dead",
	  .policy = "",
	  .fires = "- {handle: pci/a, driver: nvme, totalvfs: 1, vfs: 1, drivers-autoprobe: "
		   "true, " VF0 "driver: nvme, controller: connecting}]}",
	  .near = "- {handle: pci/a, driver: nvme, totalvfs: 1, vfs: 1, drivers-autoprobe: "
		  "true, " VF0 "driver: nvme, controller: live}]}",
	  .what = "VF 0: dead" },
	{ .check = "vf-dead",
	  .policy = "",
	  .fires = "- {handle: pci/a, driver: nvme, totalvfs: 1, vfs: 1, drivers-autoprobe: "
		   "true, " VF0 "driver: none}]}",
	  .near = "- {handle: pci/a, driver: nvme, totalvfs: 1, vfs: 1, drivers-autoprobe: "
		  "false, " VF0 "driver: none}]}" },
	{ .check = "address-not-taken",
	  .policy = POLICY("  vf-defaults: {mac: {from: '52:54:00:00:00:01'}}\n"),
	  .fires = IGB ", vfs: 1, " VF0 "taken-mac: '52:54:00:00:00:02'}]}",
	  .near = IGB ", vfs: 1, " VF0 "taken-mac: '52:54:00:00:00:01'}]}",
	  .what = "VF 0: the driver goes on with another address" },
	/* A driver without an address of the PF's has made one up. */
	{ .check = "address-not-taken",
	  .policy = POLICY("  vf-defaults: {mac: {from: '52:54:00:00:00:01'}}\n"),
	  .fires = IGB ", vfs: 1, " VF0 "mac: '52:54:00:00:00:01', "
		       "taken-mac: '52:54:00:00:00:02'}]}",
	  .near_policy = POLICY("  vf-defaults: {mac: none}\n") },
	{ .check = "address-not-taken",
	  .policy = POLICY("  vf-defaults: {mac: {from: '52:54:00:00:00:01'}}\n"),
	  .fires = IGB ", vfs: 1, " VF0 "taken-mac: '52:54:00:00:00:02'}]}",
	  .near_policy = "" },
	{ .check = "address-not-taken",
	  .policy = POLICY("  vf-defaults: {node-guid: {from: '00:00:00:00:00:00:00:01'}}\n"),
	  .fires = "- {handle: pci/a, driver: mlx5_core, interface: e, ifindex: 1, totalvfs: 1, "
		   "vfs: 1, " VF0 "taken-node-guid: '00:00:00:00:00:00:00:02'}]}",
	  .near = "- {handle: pci/a, driver: mlx5_core, interface: e, ifindex: 1, totalvfs: 1, "
		  "vfs: 1, " VF0 "taken-node-guid: '00:00:00:00:00:00:00:01'}]}" },
	{ .check = "vf-without-driver",
	  .policy = "",
	  .fires = IGB ", pf-up: true, drivers-autoprobe: true, vfs: 4, virtual-functions: ["
		       "{index: 0, driver: none}, {index: 1, driver: none}, "
		       "{index: 2, driver: igbvf}, {index: 3, driver: none}]}",
	  .near = IGB ", pf-up: true, drivers-autoprobe: false, vfs: 1, " VF0 "driver: none}]}",
	  .what = "VFs 0-1,3: no driver has come" },
	{ .check = "vf-without-driver",
	  .policy = POLICY("  vfs: 1\n"),
	  .fires = IGB ", pf-up: true, drivers-autoprobe: true, vfs: 1, " VF0 "driver: none}]}",
	  .near_policy = POLICY("  vfs: 1\n  vf-defaults: {driver: none}\n"),
	  .remedy = "write 'driver: none' in rule 'all'" },
	{ .check = "spoof-without-mac",
	  .policy = POLICY("  vfs: 1\n  vf-defaults: {spoof-check: true}\n"),
	  .fires = "- {handle: pci/a, driver: ixgbe, totalvfs: 7, interface: e, ifindex: 1}",
	  .near_policy = POLICY("  vfs: 1\n  vf-defaults: {spoof-check: true, "
				"mac: {from: '52:54:00:00:00:01'}}\n"),
	  .what = "VF 0: 'spoof-check' is on without an address" },
	{ .check = "vf-without-driver",
	  .policy = "",
	  .fires = IGB ", drivers-autoprobe: true, vfs: 1, " VF0 "address: v, driver: none}]}\n"
		       "facts: {kernel: 1.2, functions: [{address: v, class: '0x020000', "
		       "module: false}]}\n",
	  .near = IGB ", drivers-autoprobe: true, vfs: 1, " VF0 "address: v, driver: igbvf}]}\n"
		      "facts: {functions: [{address: v, class: '0x020000', module: false}]}\n",
	  .what = "VF 0: no driver, and no module for them is installed",
	  .remedy = "install the package" },
	{ .check = "iommu-off-in-firmware",
	  .policy = "",
	  .fires = WITH_VF("igbvf", "iommu-in-firmware: false, iommu: false"),
	  .near = WITH_VF("igbvf", "iommu-in-firmware: true, iommu: false"),
	  .remedy = "turn it on in the firmware's setup: VT-d of Intel, AMD-Vi or IOMMU of AMD" },
	{ .check = "iommu-off-in-firmware",
	  .policy = POLICY("  vfs: 1\n"),
	  .fires = IGB "}\nfacts: {iommu-in-firmware: false, iommu: false}\n",
	  .near_policy = "" },
	{ .check = "iommu-off",
	  .policy = "",
	  .fires = WITH_VF("igbvf", "iommu-in-firmware: true, iommu: false, distribution: debian, "
				    "cpu-vendor: GenuineIntel"),
	  .near = WITH_VF("igbvf", "iommu-in-firmware: true, iommu: true"),
	  .remedy = "add 'intel_iommu=on iommu=pt' to the kernel's command line, in "
		    "GRUB_CMDLINE_LINUX_DEFAULT of /etc/default/grub, then 'update-grub'" },
	{ .check = "iommu-off",
	  .policy = "",
	  .fires = WITH_VF(
		  "igbvf",
		  "iommu-in-firmware: true, iommu: false, distribution: fedora, "
		  "cpu-vendor: AuthenticAMD") "host: {kernel-command-line: 'a amd_iommu=off b'}\n",
	  .near = WITH_VF("igbvf", "iommu-in-firmware: false, iommu: false"),
	  .remedy = "take 'amd_iommu=off' off the kernel's command line, with 'grubby" },
	{ .check = "iommu-off",
	  .policy = "",
	  .fires = WITH_VF("igbvf", "iommu-in-firmware: true, iommu: false, "
				    "cpu-vendor: AuthenticAMD"),
	  .near = WITH_VF("igbvf", "iommu-in-firmware: true, iommu: true, "
				   "cpu-vendor: AuthenticAMD"),
	  .remedy = "why it does not is in 'journalctl -b -k --grep AMD-Vi'" },
	{ .check = "iommu-off",
	  .policy = "",
	  .fires = WITH_VF("igbvf", "iommu: false"),
	  .near = WITH_VF("igbvf", "iommu: true"),
	  .what = "the kernel uses no IOMMU, whether or not the firmware has one",
	  .remedy = "see that it is on in the firmware's setup; if the processor is one of Intel" },
	{ .check = "interrupts-not-remapped",
	  .policy = "",
	  .fires = WITH_VF("igbvf", "iommu: true, interrupt-remapping: false"),
	  .near = WITH_VF("igbvf", "iommu: true, interrupt-remapping: true") },
	{ .check = "interrupts-not-remapped",
	  .policy = "",
	  .fires = WITH_VF("igbvf", "iommu: true, interrupt-remapping: false, "
				    "unsafe-interrupts: true"),
	  .near = WITH_VF("igbvf", "iommu: true, unsafe-interrupts: false"),
	  .what = "vfio is told to do without" },
	{ .check = "iommu-group-shared",
	  .policy = "",
	  .fires = VM("functions: [" GROUP("v") ", " GROUP("other") "]"),
	  .near = VM("functions: [" GROUP("v") ", {address: port, class: '0x060400', "
					       "iommu-group: 1}]"),
	  .what = "VF 0: not alone in the IOMMU group, but with other",
	  .remedy = "put the card into a slot whose port has ACS, and turn ACS on" },
	{ .check = "iommu-group-shared",
	  .policy = "",
	  .fires = VM("functions: [" GROUP("v") ", " GROUP(
		  "other") ", {address: a, "
			   "class: '0x020000', upstream: p1}, {address: p1, class: '0x060400', "
			   "upstream: p2, acs: true}, {address: p2, class: '0x060400', upstream: "
			   "p1, "
			   "acs: false}]"),
	  .near = VM("functions: [" GROUP("v") "]"),
	  .remedy = "port p2 has no ACS, or it is off: put the card into another slot, and" },
	{ .check = "iommu-group-shared",
	  .policy = "",
	  .fires = VM("functions: [" GROUP("v") ", " GROUP(
		  "other") ", {address: a, "
			   "class: '0x020000', upstream: p1}, {address: p1, class: '0x060400', "
			   "upstream: p1}]"),
	  .near = VM("functions: [" GROUP("v") ", {address: w, class: '0x020000', "
					       "iommu-group: 2}]"),
	  .remedy = "put the card into a slot whose port has ACS" },
	{ .check = "iommu-group-shared",
	  .policy = "",
	  .fires = VM("functions: [" GROUP("v") ", " GROUP("other") "]"),
	  .near = VM("functions: [{address: v, class: '0x020000'}, "
		     "{address: other, class: '0x020000'}]") },
	{ .check = "pcie-link",
	  .policy = "",
	  .fires = IGB "}\nfacts: {functions: [{address: a, class: '0x020000', upstream: port, "
		       "width: 4, width-max: 8, speed: 8000, speed-max: 8000}, {address: port, "
		       "class: '0x060400', width-max: 4, speed-max: 8000}]}\n",
	  .near = IGB "}\nfacts: {functions: [{address: a, class: '0x020000', upstream: port, "
		      "width: 8, width-max: 8, speed: 8000, speed-max: 8000}]}\n",
	  .what = "its link to the host is 8.0 GT/s x4, and the card can have 8.0 GT/s x8",
	  .remedy = "port port can have 8.0 GT/s x4 at most" },
	{ .check = "pcie-link",
	  .policy = "",
	  .fires = IGB "}\nfacts: {functions: [{address: a, class: '0x020000', upstream: port, "
		       "width: 8, width-max: 8, speed: 2500, speed-max: 8000}]}\n",
	  .near = IGB "}\nfacts: {functions: [{address: a, class: '0x020000', width: 4, "
		      "width-max: 8, speed: 2500, speed-max: 8000}]}\n",
	  .remedy = "seat the card anew" },
	{ .check = "vfs-without-space",
	  .policy = POLICY("  vfs: 1\n"),
	  .fires = IGB "}\nfacts: {functions: [{address: a, vf-space: false}]}\n",
	  .near = IGB "}\nfacts: {functions: [{address: a, vf-space: true}]}\n",
	  .remedy = "add 'pci=realloc' to the kernel's command line, in the boot loader's "
		    "configuration, and boot" },
	{ .check = "vfs-without-space",
	  .policy = POLICY("  vfs: 1\n"),
	  .fires = IGB "}\nfacts: {functions: [{address: a, vf-space: false}]}\n",
	  .near_policy = "" },
	/* The last of 3 VFs is 1:00.0 + 254 + 2 = 2:00.0. */
	{ .check = "vfs-without-bus",
	  .policy = POLICY("  vfs: 3\n"),
	  .fires = BUSES("254", "1"),
	  .near = BUSES("254", "2"),
	  .what = "there are bus numbers for 2 of its VFs, and it is to have 3" },
	{ .check = "vfs-without-bus",
	  .policy = POLICY("  vfs: 1\n"),
	  .fires = BUSES("256", "1"),
	  .near = BUSES("255", "1"),
	  .what = "there are bus numbers for 0 of its VFs, and it is to have 1" },
	{ .check = "vfio-missing",
	  .policy = POLICY("  vfs: 1\n  vf-defaults: {driver: vfio-pci}\n"),
	  .fires = IGB "}\nfacts: {vfio: false}\n",
	  .near = IGB "}\nfacts: {vfio: true}\n" },
	{ .check = "vfio-missing",
	  .policy = "",
	  .fires = WITH_VF("mlx5_vfio_pci", "vfio: false"),
	  .near = WITH_VF("igbvf", "vfio: false") },
	{ .check = "virtualization-off",
	  .policy = "",
	  .fires = VM("virtualization: false"),
	  .near = VM("virtualization: true") },
	{ .check = "no-hugepages",
	  .policy = "",
	  .fires = VM("hugepages: 0"),
	  .near = VM("hugepages: 2") },
	{ .check = "deep-sleep",
	  .policy = "",
	  .fires = VM("idle-latency: 51"),
	  .near = VM("idle-latency: 50"),
	  .what = "they take 51 us to wake" },
	{ .check = "deep-sleep",
	  .policy = "",
	  .fires = VM("governor: powersave"),
	  .near = WITH_VF("igbvf", "governor: powersave, idle-latency: 100") },
	{ .check = "deep-sleep",
	  .policy = "",
	  .fires = VM("governor: powersave, frequency-driver: acpi-cpufreq"),
	  .near = VM("governor: powersave, frequency-driver: intel_pstate"),
	  .what = "the governor of the processors is powersave" },
};

/* A host of one PF, examined. */
struct visit {
	struct inventory inventory;
	struct policy *policy;
	struct pass *pass;
	struct names rivals;
	struct examined_pf pf;
	struct unmatched_list unmatched;
	struct examined examined;
	struct arena *arena;
	struct findings findings;
};

static void begin(const char *policy, const char *pfs, const char *rival, struct visit *ret)
{
	struct visit *visit = ret;

	*visit = (struct visit){ .policy = fixture_policy(policy) };
	ck_assert_int_eq(arena_new(&visit->arena), 0);
	fixture_inventory(pfs, &visit->inventory);
	ck_assert_uint_eq(visit->inventory.pfs.count, 1);
	ck_assert_int_eq(unmatched_find(visit->policy, visit->inventory.pfs.items, 1, visit->arena,
					&visit->unmatched),
			 0);
	ck_assert_int_eq(pass_plan(visit->policy, &fixture_host, visit->inventory.pfs.items[0],
				   NULL, &visit->pass),
			 0);
	visit->inventory.pfs.count = 0;
	visit->rivals.items = arena_array(visit->arena, 1, sizeof(*visit->rivals.items));
	ck_assert_ptr_nonnull(visit->rivals.items);
	visit->rivals.items[0] = rival;
	visit->rivals.count = rival ? 1 : 0;
	visit->pf = (struct examined_pf){ visit->pass->observed, visit->pass->desired,
					  visit->pass->remaining, &visit->rivals };
	visit->examined = (struct examined){ &visit->inventory.host, visit->inventory.facts,
					     &visit->unmatched, &visit->pf, 1 };
}

static void examine(enum severity least, struct visit *visit)
{
	ck_assert_int_eq(doctor_examine(&visit->examined, least, visit->arena, &visit->findings),
			 0);
}

static void end(struct visit *visit)
{
	pass_free(visit->pass);
	policy_free(visit->policy);
	inventory_clear(&visit->inventory);
	arena_free(visit->arena);
}

static const struct finding *find(const struct findings *findings, const char *check)
{
	for (size_t i = 0; i < findings->count; i++)
		if (!strcmp(findings->items[i].check, check))
			return &findings->items[i];
	return NULL;
}

static void assert_has(const char *string, const char *part)
{
	if (part && !strstr(string, part))
		ck_abort_msg("no \"%s\" in \"%s\"", part, string);
}

START_TEST(a_check_finds_what_it_is_for)
{
	const struct row *row = &rows[_i];
	const struct finding *finding;
	struct visit visit;

	begin(row->policy, row->fires, row->rival, &visit);
	examine(SEVERITY_NOTE, &visit);
	finding = find(&visit.findings, row->check);
	if (!finding)
		ck_abort_msg("%s finds nothing on %s", row->check, row->fires);
	assert_has(finding->what, row->what);
	assert_has(finding->remedy, row->remedy);
	ck_assert(*finding->read && *finding->why);
	end(&visit);
}
END_TEST

START_TEST(a_check_finds_nothing_next_to_it)
{
	const struct row *row = &rows[_i];
	struct visit visit;

	begin(row->near_policy ? row->near_policy : row->policy, row->near ? row->near : row->fires,
	      row->near_rival, &visit);
	examine(SEVERITY_NOTE, &visit);
	if (find(&visit.findings, row->check))
		ck_abort_msg("%s: %s", row->check, find(&visit.findings, row->check)->what);
	end(&visit);
}
END_TEST

START_TEST(each_check_has_a_row_here)
{
	struct doctor_check check;

	for (size_t i = 0; doctor_check(i, &check); i++) {
		size_t k = 0;

		while (k < ARRAY_SIZE(rows) && strcmp(rows[k].check, check.name) != 0)
			k++;
		if (k == ARRAY_SIZE(rows))
			ck_abort_msg("%s has no inventory where it fires", check.name);
	}
}
END_TEST

START_TEST(checks_are_in_order_of_severity)
{
	struct doctor_check check;
	enum severity last = SEVERITY_ERROR;
	size_t n = 0;

	for (; doctor_check(n, &check); n++) {
		ck_assert_int_ge(check.severity, last);
		last = check.severity;
	}
	ck_assert_uint_ge(n, 9);
}
END_TEST

START_TEST(what_is_less_than_asked_for_is_not_looked_for)
{
	static const char policy[] = "physical-functions:\n- {name: x, match: {interface: x}}\n";
	struct visit visit;

	begin(policy, "- {handle: pci/a}", NULL, &visit);
	examine(SEVERITY_WARNING, &visit);
	ck_assert_uint_eq(visit.findings.count, 2);
	ck_assert_str_eq(visit.findings.items[0].check, "sriov-off");
	ck_assert_str_eq(visit.findings.items[0].pf, "a");
	ck_assert_str_eq(visit.findings.items[1].check, "rule-unmatched");
	ck_assert_ptr_null(visit.findings.items[1].pf);
	examine(SEVERITY_ERROR, &visit);
	ck_assert_uint_eq(visit.findings.count, 1);
	end(&visit);
}
END_TEST

START_TEST(what_cannot_be_told_is_neither_good_nor_found)
{
	struct visit visit;

	begin(POLICY("  vfs: 1\n  vf-defaults: {min-tx-rate: 1}\n"), IGB "}", NULL, &visit);
	examine(SEVERITY_NOTE, &visit);
	ck_assert_uint_eq(visit.findings.count, 0);
	ck_assert_uint_eq(visit.findings.n_untold, 3);
	ck_assert_str_eq(visit.findings.untold[0].check, "pf-down");
	ck_assert_str_eq(visit.findings.untold[1].check, "rates-over-link");
	ck_assert_str_eq(visit.findings.untold[1].reason, "the speed of its link");
	ck_assert_str_eq(visit.findings.untold[2].check, "facts");
	/* sriov-off, vfs-over-total, many-vfs, rule-unmatched, rival */
	ck_assert_uint_eq(visit.findings.n_good, 5);
	end(&visit);
}
END_TEST

START_TEST(facts_that_could_not_be_read_are_untold)
{
	struct visit visit;

	begin("", VM("distribution: debian"), NULL, &visit);
	examine(SEVERITY_ERROR, &visit);
	ck_assert_uint_eq(visit.findings.n_untold, 1);
	ck_assert_str_eq(visit.findings.untold[0].check, "vfio-missing");
	examine(SEVERITY_NOTE, &visit);
	ck_assert_uint_eq(visit.findings.count, 0);
	ck_assert_uint_eq(visit.findings.n_untold, 3);
	ck_assert_str_eq(visit.findings.untold[1].check, "iommu-off-in-firmware");
	ck_assert_str_eq(visit.findings.untold[2].check, "iommu-off");
	end(&visit);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("doctor");
	TCase *each = tcase_create("each"), *all = tcase_create("all");

	tcase_add_loop_test(each, a_check_finds_what_it_is_for, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(each, a_check_finds_nothing_next_to_it, 0, ARRAY_SIZE(rows));
	tcase_add_test(all, each_check_has_a_row_here);
	tcase_add_test(all, checks_are_in_order_of_severity);
	tcase_add_test(all, what_is_less_than_asked_for_is_not_looked_for);
	tcase_add_test(all, what_cannot_be_told_is_neither_good_nor_found);
	tcase_add_test(all, facts_that_could_not_be_read_are_untold);
	suite_add_tcase(suite, each);
	suite_add_tcase(suite, all);
	return run_suite(suite);
}
