/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The plan as a table: a policy, a host, the steps between them. */

#include <errno.h>
#include <stdlib.h>

#include "fixture.h"
#include "plan/knowledge.h"
#include "plan/plan.h"
#include "policy/resolve/resolve.h"
#include "runner.h"

/* A PF as a card with 8 VFs has it; VFs and settings are added by the cases. */
#define PF                                                                                         \
	"- handle: pci/0000:01:00.0\n"                                                             \
	"  address: '0000:01:00.0'\n"                                                              \
	"  interface: ens1\n"                                                                      \
	"  ifindex: 2\n"                                                                           \
	"  driver: any\n"                                                                          \
	"  mac: 52:54:00:00:01:01\n"                                                               \
	"  totalvfs: 8\n"                                                                          \
	"  mtu: 1500\n"                                                                            \
	"  pf-up: false\n"                                                                         \
	"  drivers-autoprobe: true\n"

#define VF(index, rest) "  - {index: " #index ", reported: true, " rest "}\n"
#define PLAIN		"mac: none, vlan: none, trust: false, spoof-check: true, max-tx-rate: 0"

#define RULE                                                                                       \
	"physical-functions:\n"                                                                    \
	"- name: r\n"                                                                              \
	"  match: {interface: ens1}\n"

static const struct plan_case {
	const char *name, *policy, *pf, *steps;
} cases[] = {
	{ "a PF without a network device has no link to disrupt",
	  "physical-functions:\n- name: r\n  match: {driver: nvme}\n  vfs: 2\n",
	  "- {handle: pci/0000:02:00.0, driver: nvme, totalvfs: 4, drivers-autoprobe: true, "
	  "vfs: 0}\n",
	  "keep drivers off new VFs\n"
	  "create 2 VFs\n"
	  "let drivers bind the VFs\n" },
	{ "on request: what disrupts waits, all else is done",
	  RULE "  disruption: on-request\n  mtu: 9000\n  vf-defaults: {vlan: 5, trust: true}\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, "vlan: none, trust: false, driver: igbvf"),
	  "mtu 1500 -> 9000; disrupts the PF's link for a moment; waits for request\n"
	  "VF 0: vlan none -> 5; disrupts traffic of the VF for a moment; waits for request\n"
	  "VF 0: trust false -> true\n" },
	{ "nobody has traffic on a VF without a driver",
	  RULE "  disruption: on-request\n  vf-defaults: {vlan: 5}\n",
	  PF "  vfs: 2\n  virtual-functions:\n" VF(0, "vlan: none, driver: none")
		  VF(1, "vlan: none, driver: none, holder: record"),
	  "VF 0: vlan none -> 5\n"
	  "VF 1: vlan none -> 5; disrupts traffic of the VF for a moment; waits for request\n" },
	{ "another number of VFs waits as a whole, and those that there are stay as they are",
	  RULE "  disruption: on-request\n  vfs: 2\n  vf-defaults: {trust: true}\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, "trust: false, driver: igbvf"),
	  "destroy 1 VF; disrupts every VF: all are destroyed; waits for request\n"
	  "keep drivers off new VFs; waits for request\n"
	  "create 2 VFs; disrupts the PF's link for a moment; waits for request\n"
	  "VF 0: trust false -> true\n" },
	{ "so do the first VFs, of which the link may go",
	  RULE "  disruption: on-request\n  vfs: 1\n", PF "  vfs: 0\n",
	  "keep drivers off new VFs; waits for request\n"
	  "create 1 VF; disrupts the PF's link for a moment; waits for request\n" },
	{ "those of a drive disrupt nothing",
	  "physical-functions:\n- {name: r, match: {driver: nvme}, disruption: on-request, vfs: "
	  "2}\n",
	  "- {handle: pci/0000:02:00.0, driver: nvme, totalvfs: 4, vfs: 0}\n", "create 2 VFs\n" },
	{ "who holds a VF is in the way of a request, too",
	  RULE "  disruption: on-request\n  vfs: 0\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, "driver: vfio-pci, holder: qemu"),
	  "destroy 1 VF; disrupts every VF: all are destroyed; blocked: VF 0 is in use: qemu; is "
	  "to "
	  "be asked for\n" },
	{ "what the policy forbids nobody can ask for",
	  RULE "  disruption: on-request\n  on-resize: refuse\n  vfs: 0\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, "driver: vfio-pci"),
	  "destroy 1 VF; disrupts every VF: all are destroyed; blocked: on-resize: refuse protects "
	  "the VFs that exist\n" },
	{ "nor for what is only observed",
	  RULE "  disruption: on-request\n  mode: observe\n  mtu: 9000\n", PF,
	  "mtu 1500 -> 9000; disrupts the PF's link for a moment\n" },
	{ "auto is as if nothing was said", RULE "  disruption: auto\n  mtu: 9000\n", PF,
	  "mtu 1500 -> 9000; disrupts the PF's link for a moment\n" },
	{ "an eswitch mode waits with what it needs, and no drivers are held for it",
	  RULE "  disruption: on-request\n  eswitch: {mode: switchdev}\n",
	  "- {handle: pci/0000:01:00.0, interface: ens1, ifindex: 2, driver: mlx5_core, "
	  "drivers-autoprobe: true, eswitch: {mode: legacy}, vfs: 1, virtual-functions: [{index: "
	  "0, "
	  "reported: true, driver: mlx5_core}]}\n",
	  "take drivers off the VFs; disrupts the PF's link for a moment; waits for request\n"
	  "eswitch.mode legacy -> switchdev; disrupts the PF's link for a moment; waits for "
	  "request\n" },
	{ "a default driver is one, and none of vfio's", RULE "  vf-defaults: {driver: default}\n",
	  PF "  vfs: 4\n  virtual-functions:\n" VF(0, "driver: none") VF(1, "driver: igbvf")
		  VF(2, "driver: mlx5_vfio_pci") VF(3, "driver: igbvf, driver-override: igbvf"),
	  "VF 0: driver none -> default\n"
	  "VF 2: driver mlx5_vfio_pci -> default; disrupts traffic of the VF for a moment\n"
	  "VF 3: driver igbvf -> default; disrupts traffic of the VF for a moment\n" },
	{ "where drivers do not come by themselves a default one is none",
	  RULE "  vf-defaults: {driver: default}\n",
	  "- handle: pci/0000:01:00.0\n  address: '0000:01:00.0'\n  interface: ens1\n"
	  "  ifindex: 2\n  driver: igb\n  drivers-autoprobe: false\n  vfs: 1\n"
	  "  virtual-functions:\n" VF(0, "driver: none"),
	  "" },
	{ "where they will come by themselves it is one",
	  RULE "  drivers-autoprobe: true\n  vf-defaults: {driver: default}\n",
	  "- handle: pci/0000:01:00.0\n  address: '0000:01:00.0'\n  interface: ens1\n"
	  "  ifindex: 2\n  driver: igb\n  drivers-autoprobe: false\n  vfs: 1\n"
	  "  virtual-functions:\n" VF(0, "driver: none"),
	  "drivers-autoprobe false -> true\n"
	  "VF 0: driver none -> default\n" },
	{ "a rule that asks for nothing plans nothing", RULE, PF, "" },
	{ "VFs come into being with their settings",
	  RULE "  vfs: 2\n  vf-defaults: {trust: true}\n", PF "  vfs: 0\n",
	  "keep drivers off new VFs\n"
	  "create 2 VFs; disrupts the PF's link for a moment\n"
	  "VF 0: trust true\n"
	  "VF 1: trust true\n"
	  "let drivers bind the VFs\n" },
	{ "what is as wanted needs no step",
	  RULE "  vfs: 1\n  mtu: 1500\n  vf-defaults: {trust: false, vlan: none, mac: none}\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, PLAIN), "" },
	{ "what no rule names is left alone", RULE "  vfs: 1\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, "trust: true, vlan: 7, max-tx-rate: 9"), "" },
	{ "settings differ one by one, in the kernel's order",
	  RULE "  virtual-functions: [{index: 0, trust: true, vlan: {id: 5, qos: 2}, "
	       "mac: '02:00:00:00:00:01', max-tx-rate: 100}]\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, PLAIN),
	  "VF 0: mac none -> 02:00:00:00:00:01; disrupts traffic of the VF for a moment\n"
	  "VF 0: vlan none -> {id: 5, qos: 2}; disrupts traffic of the VF for a moment\n"
	  "VF 0: max-tx-rate 0 Mbit/s -> 100 Mbit/s\n"
	  "VF 0: trust false -> true\n" },
	{ "none and 0 ask for the absence", RULE "  vf-defaults: {vlan: none, max-tx-rate: 0}\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, "vlan: 9, max-tx-rate: 50"),
	  "VF 0: vlan 9 -> none; disrupts traffic of the VF for a moment\n"
	  "VF 0: max-tx-rate 50 Mbit/s -> 0 Mbit/s\n" },
	{ "the PF comes before its VFs, and the VFs before their settings",
	  RULE "  vfs: 1\n  mtu: 9000\n  pf-up: true\n  drivers-autoprobe: false\n"
	       "  vf-defaults: {trust: true}\n",
	  PF "  vfs: 0\n",
	  "mtu 1500 -> 9000; disrupts the PF's link for a moment\n"
	  "bring the PF up\n"
	  "drivers-autoprobe true -> false\n"
	  "create 1 VF; disrupts the PF's link for a moment\n"
	  "VF 0: trust true\n" },
	{ "a PF is never taken down", RULE "  pf-up: false\n",
	  "- handle: pci/0000:01:00.0\n  interface: ens1\n  ifindex: 2\n  pf-up: true\n", "" },
	{ "another number of VFs goes over none at all", RULE "  vfs: 2\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, PLAIN),
	  "destroy 1 VF; disrupts every VF: all are destroyed\n"
	  "keep drivers off new VFs\n"
	  "create 2 VFs; disrupts the PF's link for a moment\n"
	  "let drivers bind the VFs\n" },
	{ "no VFs at all need no second half", RULE "  vfs: 0\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, PLAIN),
	  "destroy 1 VF; disrupts every VF: all are destroyed\n" },
	{ "a VF in use blocks the resize by name, and the settings go on",
	  RULE "  vfs: 3\n  vf-defaults: {trust: true}\n",
	  PF "  vfs: 2\n  virtual-functions:\n" VF(0, PLAIN)
		  VF(1, PLAIN ", holder: 'qemu (pid 7)'"),
	  "destroy 2 VFs; disrupts every VF: all are destroyed; blocked: VF 1 is in use: qemu "
	  "(pid 7)\n"
	  "keep drivers off new VFs; blocked: VF 1 is in use: qemu (pid 7)\n"
	  "create 3 VFs; disrupts the PF's link for a moment; blocked: VF 1 is in use: qemu (pid "
	  "7)\n"
	  "VF 0: trust false -> true\n"
	  "VF 1: trust false -> true\n" },
	{ "on-resize: refuse never destroys", RULE "  vfs: 3\n  on-resize: refuse\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, PLAIN),
	  "destroy 1 VF; disrupts every VF: all are destroyed; blocked: on-resize: refuse "
	  "protects the "
	  "VFs that exist\n"
	  "keep drivers off new VFs; blocked: on-resize: refuse protects the VFs that exist\n"
	  "create 3 VFs; disrupts the PF's link for a moment; blocked: on-resize: refuse protects "
	  "the VFs "
	  "that exist\n" },
	{ "on-resize: refuse creates where there are none", RULE "  vfs: 3\n  on-resize: refuse\n",
	  PF "  vfs: 0\n",
	  "keep drivers off new VFs\n"
	  "create 3 VFs; disrupts the PF's link for a moment\n"
	  "let drivers bind the VFs\n" },
	{ "on-resize: force destroys what is in use", RULE "  vfs: 0\n  on-resize: force\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, PLAIN ", holder: 'qemu (pid 7)'"),
	  "destroy 1 VF; disrupts every VF: all are destroyed\n" },
	{ "what a program that died has begun is finished, settings first",
	  RULE "  vfs: 1\n  vf-defaults: {trust: true}\n",
	  PF "  drivers-held: true\n  vfs: 1\n  virtual-functions:\n" VF(0, PLAIN),
	  "VF 0: trust false -> true\n"
	  "let drivers bind the VFs\n" },
	{ "drivers wait for VFs that are not ready for their settings",
	  RULE "  vf-defaults: {trust: true}\n",
	  PF "  drivers-held: true\n  vfs: 1\n  virtual-functions:\n"
	     "  - {index: 0, reported: false}\n",
	  "1 missing\n" },
	{ "the default driver waits for a VF's settings as any other does",
	  RULE "  vf-defaults: {trust: true, driver: default}\n",
	  PF "  vfs: 2\n  virtual-functions:\n"
	     "  - {index: 0, reported: false, driver: none}\n"
	     "  - {index: 1, reported: false, driver: vfio-pci}\n",
	  "2 missing\n" },
	{ "a PF that lets no driver at its VFs by itself is left so", RULE "  vfs: 1\n",
	  "- {handle: pci/0000:01:00.0, interface: ens1, ifindex: 2, driver: igb, vfs: 0, "
	  "drivers-autoprobe: false}\n",
	  "create 1 VF; disrupts the PF's link for a moment\n" },
	{ "a PF without a driver makes no VFs, and keeps those that it has", RULE "  vfs: 2\n",
	  "- {handle: pci/0000:01:00.0, interface: ens1, ifindex: 2, totalvfs: 8, vfs: 0}\n", "" },
	{ "what the kernel cannot report is written blind",
	  RULE "  vf-defaults: {query-rss: true}\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, PLAIN), "VF 0: query-rss true; blind\n" },
	{ "what we may not read of a VF's device is written blind, and guarded",
	  RULE "  vf-defaults: {msix-vectors: 9}\n",
	  PF "  vfs: 2\n  virtual-functions:\n" VF(0, "driver: mlx5_core")
		  VF(1, "driver: mlx5_core, holder: qemu"),
	  "VF 0: msix-vectors 9; disrupts traffic of the VF for a moment; blind\n"
	  "VF 1: msix-vectors 9; disrupts traffic of the VF for a moment; blind; blocked: VF 1 is "
	  "in use: qemu\n" },
	{ "what a VF without a device of its own cannot have is not taken for unknown",
	  RULE "  vf-defaults: {driver: iavf}\n",
	  PF "  vfs: 1\n  virtual-functions:\n" VF(0, PLAIN), "VF 0: driver iavf\n" },
	{ "a VF that the kernel does not report is waited for",
	  RULE "  vf-defaults: {trust: true}\n",
	  PF "  vfs: 2\n  virtual-functions:\n" VF(0, PLAIN) "  - {index: 1, reported: false}\n",
	  "VF 0: trust false -> true\n1 missing\n" },
	{ "a missing VF that nothing is wanted of is not waited for", RULE "  vfs: 1\n",
	  PF "  vfs: 1\n  virtual-functions:\n  - {index: 0, reported: false}\n", "" },
	{ "VFs beyond the rule's are left alone",
	  RULE "  virtual-functions: [{index: 0, trust: true}]\n",
	  PF "  vfs: 2\n  virtual-functions:\n" VF(0, PLAIN) VF(1, PLAIN),
	  "VF 0: trust false -> true\n" },
	{ "a new VF's device is made ready before drivers come, its network device after",
	  RULE "  vfs: 1\n  vf-defaults: {trust: true, msix-vectors: 4, driver: default, "
	       "unmanaged: true, altname: a, mtu: 1400}\n",
	  PF "  vfs: 0\n",
	  "keep drivers off new VFs\n"
	  "create 1 VF; disrupts the PF's link for a moment\n"
	  "VF 0: trust true\n"
	  "VF 0: msix-vectors 4\n"
	  "VF 0: unmanaged true\n"
	  "let drivers bind the VFs\n"
	  "VF 0: altname a\n"
	  "VF 0: mtu 1400\n" },
	{ "a VF that is to have no driver, or another, is reserved before drivers come",
	  RULE "  vfs: 2\n  virtual-functions: [{index: 0, driver: none}, "
	       "{index: 1, driver: vfio-pci}]\n",
	  PF "  vfs: 0\n",
	  "keep drivers off new VFs\n"
	  "create 2 VFs; disrupts the PF's link for a moment\n"
	  "VF 0: driver none\n"
	  "VF 1: driver vfio-pci\n"
	  "let drivers bind the VFs\n" },
	{ "a VF without a driver by chance is reserved, too, if it is to have none",
	  RULE "  vf-defaults: {driver: none}\n",
	  PF "  vfs: 2\n  virtual-functions:\n" VF(0, "driver: none")
		  VF(1, "driver: none, driver-override: none"),
	  "VF 0: driver none\n" },
	{ "the driver is what is bound, the default what is not reserved",
	  RULE "  virtual-functions: [{index: '0-1', driver: vfio-pci}, "
	       "{index: '2-3', driver: default}]\n",
	  PF "  vfs: 4\n  virtual-functions:\n" VF(0, "driver: vfio-pci") VF(1, "driver: iavf")
		  VF(2, "driver: vfio-pci, driver-override: vfio-pci") VF(3, "driver: iavf"),
	  "VF 1: driver iavf -> vfio-pci; disrupts traffic of the VF for a moment\n"
	  "VF 2: driver vfio-pci -> default; disrupts traffic of the VF for a moment\n" },
	{ "no driver is taken from under a holder, not by force either",
	  RULE "  on-resize: force\n  vf-defaults: {driver: vfio-pci, msix-vectors: 9}\n",
	  PF "  vfs: 3\n  virtual-functions:\n" VF(0, "driver: vfio-pci, msix-vectors: 9, "
						      "holder: qemu")
		  VF(1, "driver: iavf, msix-vectors: 4, holder: qemu")
			  VF(2, "driver: none, msix-vectors: 4, holder: record"),
	  "VF 1: msix-vectors 4 -> 9; disrupts traffic of the VF for a moment; blocked: VF 1 is in "
	  "use: qemu\n"
	  "VF 1: driver iavf -> vfio-pci; disrupts traffic of the VF for a moment; blocked: VF 1 "
	  "is in use: qemu\n"
	  "VF 2: msix-vectors 4 -> 9; blocked: VF 2 is in use: record\n"
	  "VF 2: driver none -> vfio-pci; blocked: VF 2 is in use: record\n" },
	{ "a network device is called by its altname or by its name, and waited for",
	  RULE "  vf-defaults: {altname: 'a{index}', mtu: 1400}\n",
	  PF "  vfs: 5\n  virtual-functions:\n" VF(0, "interface: ens1v0, ifindex: 5, mtu: 1400")
		  VF(1, "interface: ens1v1, ifindex: 6, mtu: 1400, altnames: [b, a1]")
			  VF(2, "interface: a2, ifindex: 7, mtu: 1400")
				  VF(3, "interface: eth0, ifindex: 8, mtu: 1400, settling: true")
					  VF(4, "driver: vfio-pci"),
	  "VF 0: altname a0\n"
	  "VF 3: altname a3; waits\n" },
	{ "the eswitch mode comes with VFs that have no driver yet",
	  RULE "  vfs: 1\n  eswitch: {mode: switchdev}\n",
	  PF "  vfs: 0\n  eswitch: {mode: legacy}\n",
	  "keep drivers off new VFs\n"
	  "create 1 VF; disrupts the PF's link for a moment\n"
	  "eswitch.mode legacy -> switchdev; disrupts the PF's link for a moment\n"
	  "let drivers bind the VFs\n" },
	{ "the eswitch mode waits for the host, which uses the PF's own network device",
	  RULE "  vfs: 1\n  eswitch: {mode: switchdev}\n",
	  PF "  holder: ens1 is up and has an address\n  vfs: 0\n  eswitch: {mode: legacy}\n",
	  "keep drivers off new VFs\n"
	  "create 1 VF; disrupts the PF's link for a moment; users: ens1 is up and has an "
	  "address\n"
	  "eswitch.mode legacy -> switchdev; disrupts the PF's link for a moment; users: ens1 is "
	  "up and has an address; blocked: the PF's own network device may go for it, and is in "
	  "use: ens1 is up and has an address\n"
	  "let drivers bind the VFs\n" },
	{ "who is on the link that is disrupted is named", RULE "  vfs: 1\n  mtu: 9000\n",
	  PF "  holder: a bond has it\n  vfs: 0\n",
	  "mtu 1500 -> 9000; disrupts the PF's link for a moment; users: a bond has it\n"
	  "keep drivers off new VFs\n"
	  "create 1 VF; disrupts the PF's link for a moment; users: a bond has it\n"
	  "let drivers bind the VFs\n" },
	{ "the eswitch mode waits for who uses a VF",
	  RULE "  eswitch: {mode: switchdev, inline-mode: link, encap-mode: basic}\n",
	  PF "  vfs: 1\n  eswitch: {mode: legacy, inline-mode: none, encap-mode: none}\n"
	     "  virtual-functions:\n" VF(0, PLAIN ", holder: qemu"),
	  "eswitch.mode legacy -> switchdev; disrupts the PF's link for a moment; blocked: VF 0 is "
	  "in use: qemu\n"
	  "eswitch.inline-mode none -> link\n"
	  "eswitch.encap-mode none -> basic\n" },
};

static void add_line(const struct step *step, struct text *out)
{
	step_describe(step, out);
	if (step->disruption != DISRUPTS_NOTHING)
		text_printf(out, "; disrupts %s", disruption_word(step->disruption));
	if (step->users)
		text_printf(out, "; users: %s", step->users);
	if (step->blind)
		text_append(out, "; blind");
	if (step->waits)
		text_append(out, "; waits");
	if (step->block.why)
		text_printf(out, "; %s%s",
			    step_is_requestable(step) ? "" : "blocked: ", step->block.why);
	if (step->awaits_request && !step_is_requestable(step))
		text_append(out, "; is to be asked for");
	ck_assert_int_eq(!step->block.why, step->block.by == BLOCKED_BY_NOTHING);
	if (step->refused)
		text_append(out, "; refused");
	text_append(out, "\n");
}

static void assert_plan(const char *policy_text, const char *pf_text,
			const struct knowledge *knowledge, const char *expected)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = fixture_policy(policy_text);
	CLEANUP(pf_free_cleanup) struct pf *pf = fixture_pf(pf_text);
	CLEANUP(desired_free_cleanup) struct desired *desired = NULL;
	CLEANUP(plan_free_cleanup) struct plan *plan = NULL;
	CLEANUP_TEXT struct text text = { 0 };

	ck_assert_int_eq(policy_resolve(policy, &fixture_host, pf, &desired), 0);
	ck_assert_uint_eq(desired->n_problems, 0);
	ck_assert_int_eq(plan_make(desired->pf, pf, knowledge, &plan), 0);
	for (size_t i = 0; i < plan->n_steps; i++) {
		add_line(&plan->steps[i], &text);
		ck_assert_ptr_eq(plan_find(plan, &plan->steps[i].target), &plan->steps[i]);
	}
	if (plan->n_missing)
		text_printf(&text, "%u missing\n", plan->n_missing);
	ck_assert_str_eq(text_string(&text), expected);
	ck_assert_uint_eq(plan->n_steps,
			  plan->n_ready + plan->n_blocked + plan->n_refused + plan->n_waiting);
}

START_TEST(policy_and_host_give_steps)
{
	const struct plan_case *row = &cases[_i];

	assert_plan(row->policy, row->pf, NULL, row->steps);
}
END_TEST

/* Of the one step of the plan. */
static bool depends_on_user(const char *policy_text, const char *pf_text)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = fixture_policy(policy_text);
	CLEANUP(pf_free_cleanup) struct pf *pf = fixture_pf(pf_text);
	CLEANUP(desired_free_cleanup) struct desired *desired = NULL;
	CLEANUP(plan_free_cleanup) struct plan *plan = NULL;

	ck_assert_int_eq(policy_resolve(policy, &fixture_host, pf, &desired), 0);
	ck_assert_int_eq(plan_make(desired->pf, pf, NULL, &plan), 0);
	ck_assert_uint_ge(plan->n_steps, 1);
	return plan->steps[0].depends_on_user;
}

/* Looking for users is dear. */
START_TEST(who_uses_a_vf_without_a_driver_matters_to_a_request_alone)
{
	static const char vlan[] = RULE "  vf-defaults: {vlan: 5}\n",
			  asked[] = RULE "  disruption: on-request\n  vf-defaults: {vlan: 5}\n",
			  trust[] = RULE "  disruption: on-request\n  vf-defaults: {trust: true}\n",
			  vf[] = PF "  vfs: 1\n  virtual-functions:\n" VF(
				  0, "vlan: none, trust: false, driver: none"),
			  held[] = PF "  drivers-held: true\n  vfs: 1\n  virtual-functions:\n" VF(
				  0, "vlan: none, driver: none"),
			  bound[] = PF
			  "  vfs: 1\n  virtual-functions:\n" VF(0, "vlan: none, driver: igbvf");

	ck_assert(depends_on_user(asked, vf));
	ck_assert(!depends_on_user(vlan, vf));
	ck_assert(!depends_on_user(trust, vf));
	ck_assert(!depends_on_user(asked, bound));
	/* They are to find it complete, whoever is noted as its user. */
	ck_assert(!depends_on_user(asked, held));
}
END_TEST

static struct knowledge *knowledge_with(enum step_kind kind, unsigned setting, struct value value,
					enum refusal_kind refusal, int error)
{
	struct knowledge *knowledge;

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	ck_assert_int_eq(
		knowledge_refuse(knowledge, &(struct refusal){ .target = { kind, 0, setting },
							       .value = value,
							       .kind = refusal,
							       .error = error }),
		0);
	return knowledge;
}

static const char two_vfs[] = PF "  vfs: 2\n  virtual-functions:\n" VF(0, PLAIN) VF(1, PLAIN);

START_TEST(a_refused_value_is_not_tried_again_and_another_vf_is)
{
	CLEANUP(knowledge_free_cleanup)
	struct knowledge *knowledge =
		knowledge_with(STEP_VF_SETTING, VF_TRUST, (struct value){ .number = 1 },
			       REFUSAL_REJECTED, -EINVAL);

	assert_plan(RULE "  vf-defaults: {trust: true}\n", two_vfs, knowledge,
		    "VF 0: trust false -> true; refused\nVF 1: trust false -> true\n");
}
END_TEST

START_TEST(another_value_than_the_refused_one_is_tried)
{
	CLEANUP(knowledge_free_cleanup)
	struct knowledge *knowledge =
		knowledge_with(STEP_VF_SETTING, VF_MAX_TX_RATE, (struct value){ .number = 5 },
			       REFUSAL_REJECTED, -EINVAL);

	assert_plan(RULE "  virtual-functions: [{index: 0, max-tx-rate: 6}]\n", two_vfs, knowledge,
		    "VF 0: max-tx-rate 0 Mbit/s -> 6 Mbit/s\n");
}
END_TEST

START_TEST(what_the_driver_does_not_know_is_refused_on_every_vf)
{
	CLEANUP(knowledge_free_cleanup)
	struct knowledge *knowledge =
		knowledge_with(STEP_VF_SETTING, VF_TRUST, (struct value){ .number = 0 },
			       REFUSAL_UNSUPPORTED, -EOPNOTSUPP);

	assert_plan(RULE "  vf-defaults: {trust: true}\n", two_vfs, knowledge,
		    "VF 0: trust false -> true; refused\nVF 1: trust false -> true; refused\n");
	knowledge_retry(knowledge, REFUSAL_BIT(REFUSAL_UNSUPPORTED));
	assert_plan(RULE "  vf-defaults: {trust: true}\n", two_vfs, knowledge,
		    "VF 0: trust false -> true\nVF 1: trust false -> true\n");
}
END_TEST

/* nfp_app_set_vf_vlan() answers EOPNOTSUPP to 802.1ad where its firmware lacks it. */
START_TEST(what_is_refused_for_its_value_is_not_refused_to_every_vf)
{
	const struct value service = { .vlan = { 200, 0, 0x88a8 } };
	const struct value none = { 0 };
	CLEANUP(knowledge_free_cleanup)
	struct knowledge *vlan =
		knowledge_with(STEP_VF_SETTING, VF_VLAN, service, REFUSAL_UNSUPPORTED, -EOPNOTSUPP);
	CLEANUP(knowledge_free_cleanup)
	struct knowledge *mac =
		knowledge_with(STEP_VF_SETTING, VF_MAC, none, REFUSAL_UNSUPPORTED, -EOPNOTSUPP);

	assert_plan(RULE "  virtual-functions: [{index: 1, vlan: 5}]\n", two_vfs, vlan,
		    "VF 1: vlan none -> 5; disrupts traffic of the VF for a moment\n");
	assert_plan(RULE "  virtual-functions: [{index: 1, mac: '02:00:00:00:00:01'}]\n", two_vfs,
		    mac,
		    "VF 1: mac none -> 02:00:00:00:00:01; disrupts traffic of the VF for a "
		    "moment\n");
}
END_TEST

START_TEST(what_is_not_supported_is_tried_again_where_nobody_loses_anything)
{
	const struct value mode = { .number = 1 };
	CLEANUP(knowledge_free_cleanup)
	struct knowledge *knowledge = knowledge_with(STEP_ESWITCH_MODE_WITH_VFS, 0, mode,
						     REFUSAL_UNSUPPORTED, -EOPNOTSUPP);
	const struct step_target target = { STEP_ESWITCH_MODE_WITH_VFS, 0, 0 };

	knowledge_retry(knowledge, REFUSAL_ALL);
	ck_assert_ptr_nonnull(knowledge_refused(knowledge, &target, &mode));
	knowledge_forgive(knowledge);
	ck_assert_ptr_null(knowledge_refused(knowledge, &target, &mode));
}
END_TEST

static const struct refusal *refused_number(const struct knowledge *knowledge, uint32_t number)
{
	return knowledge_refused(knowledge, &(struct step_target){ STEP_CREATE_VFS },
				 &(struct value){ .number = number });
}

START_TEST(how_many_vfs_a_driver_makes_is_known_until_it_makes_others)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	const struct refusal many = { .target = { STEP_CREATE_VFS },
				      .value.number = 4,
				      .kind = REFUSAL_UNSUPPORTED,
				      .of_any = true,
				      .made = 16 };
	const struct refusal turn = { .target = { STEP_CREATE_VFS },
				      .value.number = 4,
				      .kind = REFUSAL_WAITS_TURN };
	struct pf pf = { .n_vfs = 16 };

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	ck_assert_int_eq(knowledge_note_pf(knowledge, &pf), 0);
	ck_assert_int_eq(knowledge_refuse(knowledge, &many), 0);
	knowledge_retry(knowledge, REFUSAL_ALL);
	knowledge_forgive(knowledge);
	ck_assert_ptr_nonnull(refused_number(knowledge, 4));
	ck_assert_ptr_nonnull(refused_number(knowledge, 8));
	/* Nobody has any to lose: it is tried, and may have to wait. */
	pf.n_vfs = 0;
	ck_assert_int_eq(knowledge_note_pf(knowledge, &pf), 0);
	ck_assert_ptr_null(refused_number(knowledge, 4));
	ck_assert_int_eq(knowledge_refuse(knowledge, &turn), 0);
	pf.n_vfs = 16;
	ck_assert_int_eq(knowledge_note_pf(knowledge, &pf), 0);
	ck_assert_int_eq(refused_number(knowledge, 4)->kind, REFUSAL_UNSUPPORTED);
	pf.n_vfs = 3;
	ck_assert_int_eq(knowledge_note_pf(knowledge, &pf), 0);
	pf.n_vfs = 16;
	ck_assert_int_eq(knowledge_note_pf(knowledge, &pf), 0);
	ck_assert_ptr_null(refused_number(knowledge, 8));
}
END_TEST

START_TEST(what_the_pf_was_refused_for_want_of_vfs_is_tried_again_with_them)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	const struct value mode = { .number = 1 };
	struct pf pf = { .ifindex = 2 };
	struct refusal refusal = { .target = { STEP_ESWITCH_MODE, 0, 0 },
				   .value = mode,
				   .kind = REFUSAL_REJECTED,
				   .error = -EPERM };

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	ck_assert_int_eq(knowledge_note_pf(knowledge, &pf), 0);
	ck_assert_int_eq(knowledge_refuse(knowledge, &refusal), 0);
	ck_assert_int_eq(knowledge_note_pf(knowledge, &pf), 0);
	ck_assert_ptr_nonnull(knowledge_refused(knowledge, &refusal.target, &mode));
	pf.n_vfs = 1;
	ck_assert_int_eq(knowledge_note_pf(knowledge, &pf), 0);
	ck_assert_ptr_null(knowledge_refused(knowledge, &refusal.target, &mode));
}
END_TEST

START_TEST(what_one_vf_was_refused_the_one_that_comes_after_it_is_given)
{
	CLEANUP(knowledge_free_cleanup)
	struct knowledge *knowledge =
		knowledge_with(STEP_VF_SETTING, VF_TRUST, (struct value){ .number = 1 },
			       REFUSAL_REJECTED, -EINVAL);

	assert_plan(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n", two_vfs, knowledge,
		    "destroy 2 VFs; disrupts every VF: all are destroyed\n"
		    "keep drivers off new VFs\n"
		    "create 1 VF; disrupts the PF's link for a moment\n"
		    "VF 0: trust true\n"
		    "let drivers bind the VFs\n");
}
END_TEST

START_TEST(drivers_are_held_where_they_cannot_be_kept_off_for_good)
{
	CLEANUP(knowledge_free_cleanup)
	struct knowledge *knowledge =
		knowledge_with(STEP_PF_BEFORE, PF_DRIVERS_AUTOPROBE, (struct value){ .number = 0 },
			       REFUSAL_REJECTED, -EIO);

	assert_plan(RULE "  vfs: 1\n  drivers-autoprobe: false\n", PF "  vfs: 0\n", knowledge,
		    "drivers-autoprobe true -> false; refused\n"
		    "keep drivers off new VFs\n"
		    "create 1 VF; disrupts the PF's link for a moment\n"
		    "let drivers bind the VFs\n");
}
END_TEST

START_TEST(default_drivers_are_not_asked_for_where_none_can_be_had_to_come_by_themselves)
{
	CLEANUP(knowledge_free_cleanup)
	struct knowledge *knowledge =
		knowledge_with(STEP_PF_BEFORE, PF_DRIVERS_AUTOPROBE, (struct value){ .number = 1 },
			       REFUSAL_REJECTED, -EIO);

	assert_plan(RULE "  drivers-autoprobe: true\n  vf-defaults: {driver: default}\n",
		    "- handle: pci/0000:01:00.0\n  address: '0000:01:00.0'\n  interface: ens1\n"
		    "  ifindex: 2\n  driver: igb\n  drivers-autoprobe: false\n  vfs: 1\n"
		    "  virtual-functions:\n" VF(0, "driver: none"),
		    knowledge, "drivers-autoprobe false -> true; refused\n");
}
END_TEST

START_TEST(vfs_are_not_destroyed_where_new_ones_would_be_refused)
{
	CLEANUP(knowledge_free_cleanup)
	struct knowledge *knowledge = knowledge_with(
		STEP_CREATE_VFS, 0, (struct value){ .number = 4 }, REFUSAL_REJECTED, -EPERM);

	assert_plan(RULE "  vfs: 4\n  vf-defaults: {trust: true}\n", two_vfs, knowledge,
		    "destroy 2 VFs; disrupts every VF: all are destroyed; refused\n"
		    "keep drivers off new VFs; refused\n"
		    "create 4 VFs; disrupts the PF's link for a moment; refused\n"
		    "VF 0: trust false -> true\n"
		    "VF 1: trust false -> true\n");
}
END_TEST

START_TEST(a_blind_value_is_written_once)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	const struct value on = { .number = 1 };
	const struct step_target target = { STEP_VF_SETTING, 0, VF_QUERY_RSS };
	static const char policy[] = RULE "  virtual-functions: [{index: 0, query-rss: true}]\n";

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	ck_assert_int_eq(knowledge_wrote_blind(knowledge, &target, &on), 0);
	assert_plan(policy, two_vfs, knowledge, "");
	knowledge_vfs_created(knowledge);
	assert_plan(policy, two_vfs, knowledge, "VF 0: query-rss true; blind\n");
}
END_TEST

START_TEST(patience_with_a_vf_that_is_not_ready_ends)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	knowledge_set_patient(knowledge, false);
	assert_plan(RULE "  vf-defaults: {trust: true}\n",
		    PF "  drivers-held: true\n  vfs: 1\n  virtual-functions:\n"
		       "  - {index: 0, reported: false}\n",
		    knowledge, "let drivers bind the VFs\n1 missing\n");
}
END_TEST

#define SILENT PF "  eswitch-silent: true\n  vfs: 0\n"

/* ice registers with devlink after its network device is there, and changes its mode without VFs
 * only. */
START_TEST(vfs_wait_for_the_mode_that_they_are_wanted_in_but_not_for_ever)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	static const char policy[] =
		RULE "  vfs: 1\n  eswitch: {mode: switchdev, encap-mode: basic}\n";

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	assert_plan(policy, SILENT, knowledge, "");
	knowledge_set_awaiting(knowledge, false);
	assert_plan(policy, SILENT, knowledge,
		    "keep drivers off new VFs\n"
		    "create 1 VF; disrupts the PF's link for a moment\n"
		    "eswitch.mode switchdev; refused\n"
		    "eswitch.encap-mode basic; refused\n"
		    "let drivers bind the VFs\n");
	/* Who wants none does not wait. */
	knowledge_set_awaiting(knowledge, true);
	assert_plan(RULE "  vfs: 1\n", SILENT, knowledge,
		    "keep drivers off new VFs\n"
		    "create 1 VF; disrupts the PF's link for a moment\n"
		    "let drivers bind the VFs\n");
}
END_TEST

START_TEST(another_driver_is_asked_anew)
{
	CLEANUP(knowledge_free_cleanup)
	struct knowledge *knowledge =
		knowledge_with(STEP_VF_SETTING, VF_TRUST, (struct value){ .number = 1 },
			       REFUSAL_UNSUPPORTED, -EOPNOTSUPP);

	CLEANUP(pf_free_cleanup) struct pf *pf = fixture_pf(two_vfs);

	ck_assert_int_eq(knowledge_note_pf(knowledge, pf), 0);
	assert_plan(RULE "  virtual-functions: [{index: 0, trust: true}]\n", two_vfs, knowledge,
		    "VF 0: trust false -> true\n");
}
END_TEST

START_TEST(another_firmware_is_asked_anew)
{
	const struct refusal refusal = { .target = { STEP_VF_SETTING, 0, VF_TRUST },
					 .value = { .number = 1 },
					 .kind = REFUSAL_UNSUPPORTED,
					 .error = -EOPNOTSUPP };
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	CLEANUP(pf_free_cleanup) struct pf *pf = fixture_pf(two_vfs);

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	pf->firmware = "1";
	ck_assert_int_eq(knowledge_note_pf(knowledge, pf), 0);
	ck_assert_int_eq(knowledge_refuse(knowledge, &refusal), 0);
	ck_assert_int_eq(knowledge_note_pf(knowledge, pf), 0);
	ck_assert_ptr_nonnull(knowledge_refused(knowledge, &refusal.target, &refusal.value));
	pf->firmware = "2";
	ck_assert_int_eq(knowledge_note_pf(knowledge, pf), 0);
	ck_assert_ptr_null(knowledge_refused(knowledge, &refusal.target, &refusal.value));
}
END_TEST

/* What the number of VFs and the instance of the first are at two looks. */
static const struct {
	const char *what;
	struct {
		uint32_t n_vfs;
		uint64_t instance;
	} before, now;
	bool others;
} vfs_of_looks[] = {
	{ "the same", { 2, 7 }, { 2, 7 }, false },
	{ "not known", { 2, 0 }, { 2, 0 }, false },
	{ "known by now", { 2, 0 }, { 2, 7 }, false },
	{ "not known for once", { 2, 7 }, { 2, 0 }, false },
	{ "as many", { 2, 7 }, { 2, 9 }, true },
	{ "more", { 1, 0 }, { 2, 0 }, true },
	{ "fewer", { 2, 0 }, { 1, 0 }, true },
};

START_TEST(what_others_were_refused_or_given_blind_says_nothing_of_new_vfs)
{
	const struct step_target blind = { STEP_VF_DEVICE, 0, VF_MSIX_VECTORS };
	const struct refusal refusal = { .target = { STEP_VF_SETTING, 0, VF_TRUST },
					 .value = { .number = 1 },
					 .kind = REFUSAL_REJECTED,
					 .error = -EINVAL };
	const struct value value = { .number = 16 };
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	struct vf vfs[2] = { { .instance = vfs_of_looks[_i].before.instance } };
	struct pf pf = { .ifindex = 2, .vfs = vfs, .n_vfs = vfs_of_looks[_i].before.n_vfs };

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	ck_assert_int_eq(knowledge_note_pf(knowledge, &pf), 0);
	ck_assert_int_eq(knowledge_refuse(knowledge, &refusal), 0);
	ck_assert_int_eq(knowledge_wrote_blind(knowledge, &blind, &value), 0);
	vfs[0].instance = vfs_of_looks[_i].now.instance;
	pf.n_vfs = vfs_of_looks[_i].now.n_vfs;
	ck_assert_int_eq(knowledge_note_pf(knowledge, &pf), 0);
	ck_assert_msg(knowledge_is_written(knowledge, &blind, &value) != vfs_of_looks[_i].others,
		      "%s: of what was written", vfs_of_looks[_i].what);
	ck_assert_msg(!knowledge_refused(knowledge, &refusal.target, &refusal.value) ==
			      vfs_of_looks[_i].others,
		      "%s: of what was refused", vfs_of_looks[_i].what);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plan");
	TCase *tests = tcase_create("plan");

	tcase_add_test(tests, who_uses_a_vf_without_a_driver_matters_to_a_request_alone);
	tcase_add_loop_test(tests, policy_and_host_give_steps, 0, ARRAY_SIZE(cases));
	tcase_add_test(tests, a_refused_value_is_not_tried_again_and_another_vf_is);
	tcase_add_test(tests, another_value_than_the_refused_one_is_tried);
	tcase_add_test(tests, what_the_driver_does_not_know_is_refused_on_every_vf);
	tcase_add_test(tests, what_is_refused_for_its_value_is_not_refused_to_every_vf);
	tcase_add_test(tests, what_is_not_supported_is_tried_again_where_nobody_loses_anything);
	tcase_add_test(tests, how_many_vfs_a_driver_makes_is_known_until_it_makes_others);
	tcase_add_test(tests, what_the_pf_was_refused_for_want_of_vfs_is_tried_again_with_them);
	tcase_add_test(tests, what_one_vf_was_refused_the_one_that_comes_after_it_is_given);
	tcase_add_test(tests, drivers_are_held_where_they_cannot_be_kept_off_for_good);
	tcase_add_test(
		tests,
		default_drivers_are_not_asked_for_where_none_can_be_had_to_come_by_themselves);
	tcase_add_test(tests, vfs_are_not_destroyed_where_new_ones_would_be_refused);
	tcase_add_test(tests, a_blind_value_is_written_once);
	tcase_add_loop_test(tests, what_others_were_refused_or_given_blind_says_nothing_of_new_vfs,
			    0, ARRAY_SIZE(vfs_of_looks));
	tcase_add_test(tests, another_firmware_is_asked_anew);
	tcase_add_test(tests, vfs_wait_for_the_mode_that_they_are_wanted_in_but_not_for_ever);
	tcase_add_test(tests, patience_with_a_vf_that_is_not_ready_ends);
	tcase_add_test(tests, another_driver_is_asked_anew);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
