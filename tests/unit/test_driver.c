/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the habits of drivers make of a plan: a driver, a policy, a PF, the steps. */

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "model/driver.h"
#include "plan/knowledge.h"
#include "plan/plan.h"
#include "policy/resolve/resolve.h"
#include "runner.h"

#define RULE "physical-functions:\n- name: r\n  match: {interface: ens1}\n"
#define PF(driver)                                                                                 \
	"- handle: pci/0000:01:00.0\n"                                                             \
	"  interface: ens1\n"                                                                      \
	"  ifindex: 2\n"                                                                           \
	"  totalvfs: 8\n"                                                                          \
	"  drivers-autoprobe: true\n"                                                              \
	"  driver: " driver "\n"

#define NO_NUMBER                                                                                  \
	"ice changes it only without VFs, and no rule says with 'vfs' how many are to come back"

#define IGB_MAC "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n"
#define HELD_VF(rest)                                                                              \
	"  drivers-held: true\n  vfs: 1\n"                                                         \
	"  virtual-functions: [{index: 0, reported: true, address: '0000:01:10.0', "               \
	"mac: '02:00:00:00:00:01', " rest "}]\n"

#define VFIO_VF                                                                                    \
	"  virtual-functions: [{index: 0, reported: true, address: '0000:01:10.0', "               \
	"mac: '02:00:00:00:00:01', driver: vfio-pci}]\n"

#define GUIDS                                                                                      \
	"  virtual-functions: [{index: 0, node-guid: '00:00:00:00:00:00:00:01', "                  \
	"port-guid: '00:00:00:00:00:00:00:02'}]\n"
#define IB_PF                                                                                      \
	"- handle: pci/0000:01:00.0\n  interface: ens1\n  ifindex: 2\n  totalvfs: 8\n  driver: "
#define IB_GUIDS                                                                                   \
	"\n  vfs: 1\n  virtual-functions: [{index: 0, reported: true, address: '0000:01:00.1', "   \
	"node-guid: '00:00:00:00:00:00:00:01', port-guid: '00:00:00:00:00:00:00:02', "
#define IB_VF(rest) IB_PF "mlx5_core" IB_GUIDS "driver: mlx5_core, " rest "}]\n"
#define TAKEN_NODE  "taken-node-guid: '00:00:00:00:00:00:00:01', "
#define TAKEN_PORT  "taken-port-guid: '00:00:00:00:00:00:00:02'"

static const struct driver_case {
	const char *name, *policy, *pf, *steps;
} cases[] = {
	{ "bnxt_en gets its VFs with the PF up, though the policy does not say so",
	  RULE "  vfs: 1\n", PF("bnxt_en") "  pf-up: false\n  vfs: 0\n",
	  "bring the PF up\nkeep drivers off new VFs\ncreate 1 VF\nlet drivers bind the VFs\n" },
	{ "bnxt_en is not brought up where no VF is to be created", RULE "  vfs: 0\n",
	  PF("bnxt_en") "  pf-up: false\n  vfs: 0\n", "" },
	{ "bnxt_en that must stay down gets no VFs, and it says why",
	  RULE "  vfs: 1\n  pf-up: false\n", PF("bnxt_en") "  pf-up: false\n  vfs: 0\n",
	  "keep drivers off new VFs; blocked: bnxt_en creates VFs only while the PF is up, and "
	  "pf-up: false leaves that to others\n"
	  "create 1 VF; blocked: bnxt_en creates VFs only while the PF is up, and pf-up: false "
	  "leaves that to others\n" },
	{ "bnxt_en changes its eswitch also where its VFs have to stay as they are",
	  RULE "  vfs: 2\n  on-resize: refuse\n  eswitch: {mode: switchdev}\n",
	  PF("bnxt_en") "  pf-up: true\n  eswitch: {mode: legacy}\n  vfs: 1\n"
			"  virtual-functions: [{index: 0, reported: true}]\n",
	  "destroy 1 VF; blocked: on-resize: refuse protects the VFs that exist\n"
	  "keep drivers off new VFs; blocked: on-resize: refuse protects the VFs that exist\n"
	  "create 2 VFs; blocked: on-resize: refuse protects the VFs that exist\n"
	  "eswitch.mode legacy -> switchdev\n" },
	{ "bnxt_en changes its eswitch once there are VFs, and before drivers see those",
	  RULE "  vfs: 1\n  eswitch: {mode: switchdev}\n",
	  PF("bnxt_en") "  pf-up: true\n  eswitch: {mode: legacy}\n  vfs: 0\n",
	  "keep drivers off new VFs\ncreate 1 VF\neswitch.mode legacy -> switchdev\n"
	  "let drivers bind the VFs\n" },
	{ "bnxt_en is brought up to destroy VFs, which it would not do", RULE "  vfs: 0\n",
	  PF("bnxt_en") "  pf-up: false\n  vfs: 1\n"
			"  virtual-functions: [{index: 0, reported: true}]\n",
	  "bring the PF up\ndestroy 1 VF\n" },
	{ "bnxt_en that must stay down keeps its VFs, and it says why",
	  RULE "  vfs: 0\n  pf-up: false\n",
	  PF("bnxt_en") "  pf-up: false\n  vfs: 1\n"
			"  virtual-functions: [{index: 0, reported: true}]\n",
	  "destroy 1 VF; blocked: bnxt_en destroys VFs only while the PF is up, and pf-up: false "
	  "leaves that to others\n" },
	{ "igb gives new VFs their addresses while the PF is down, and drivers would not get them",
	  RULE "  vfs: 1\n" IGB_MAC, PF("igb") "  pf-up: false\n  vfs: 0\n",
	  "keep drivers off new VFs\ncreate 1 VF\nVF 0: mac 02:00:00:00:00:01\n" },
	{ "to those they are let once the PF is up", RULE "  vfs: 1\n" IGB_MAC,
	  PF("igb") "  pf-up: true\n  vfs: 0\n",
	  "keep drivers off new VFs\ncreate 1 VF\nVF 0: mac 02:00:00:00:00:01\n"
	  "let drivers bind the VFs\n" },
	{ "or will be", RULE "  vfs: 1\n  pf-up: true\n" IGB_MAC,
	  PF("igb") "  pf-up: false\n  vfs: 0\n",
	  "bring the PF up\nkeep drivers off new VFs\ncreate 1 VF\n"
	  "VF 0: mac 02:00:00:00:00:01\nlet drivers bind the VFs\n" },
	{ "what an earlier process held stays held while the PF is down", RULE IGB_MAC,
	  PF("igb") "  pf-up: false\n" HELD_VF("driver: none"), "" },
	{ "and gets another address unasked, whoever is noted as its user",
	  RULE "  disruption: on-request\n"
	       "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:02'}]\n",
	  PF("igb") "  pf-up: false\n" HELD_VF("driver: none, holder: a guest"),
	  "VF 0: mac 02:00:00:00:00:01 -> 02:00:00:00:00:02\n" },
	{ "also where the PF is only observed, and not brought up",
	  RULE "  mode: observe\n  pf-up: true\n" IGB_MAC,
	  PF("igb") "  pf-up: false\n" HELD_VF("driver: none"), "bring the PF up\n" },
	{ "but not for a VF that a driver has by now", RULE IGB_MAC,
	  PF("igb") "  pf-up: false\n" HELD_VF("driver: igbvf"), "let drivers bind the VFs\n" },
	{ "nor for one that a guest gets, whose driver asks later",
	  RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01', driver: vfio-pci}]\n",
	  PF("igb") "  pf-up: false\n" HELD_VF("driver: none"),
	  "VF 0: driver none -> vfio-pci\nlet drivers bind the VFs\n" },
	{ "nor for one without an address of its own", RULE "  vf-defaults: {mac: none}\n",
	  PF("igb") "  pf-up: false\n" HELD_VF("driver: none"),
	  "VF 0: mac 02:00:00:00:00:01 -> none\nlet drivers bind the VFs\n" },
	{ "a driver that a rule names waits for the PF as well",
	  RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01', driver: igbvf}]\n",
	  PF("igb") "  pf-up: false\n" HELD_VF("driver: none"), "" },
	{ "also at a VF that another has, from which a guest took it",
	  RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01', driver: default}]\n",
	  PF("igb") "  pf-up: false\n  vfs: 1\n" VFIO_VF, "" },
	{ "which leaves it once the PF is up",
	  RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01', driver: default}]\n",
	  PF("igb") "  pf-up: true\n  vfs: 1\n" VFIO_VF,
	  "VF 0: driver vfio-pci -> default; disrupts the VF\n" },
	{ "i40e resets a VF for its address, whether the PF is up or not", RULE IGB_MAC,
	  PF("i40e") "  pf-up: false\n" HELD_VF("driver: none"), "let drivers bind the VFs\n" },
	{ "bnx2x is brought up for its VFs", RULE "  vfs: 1\n",
	  PF("bnx2x") "  pf-up: false\n  vfs: 0\n",
	  "bring the PF up\nkeep drivers off new VFs\ncreate 1 VF\nlet drivers bind the VFs\n" },
	{ "rvu_nicpf is brought up for settings of VFs that it does not tell of while it is down",
	  RULE "  vf-defaults: {vlan: 5}\n",
	  PF("rvu_nicpf") "  pf-up: false\n  vfs: 1\n"
			  "  virtual-functions: [{index: 0, reported: false}]\n",
	  "bring the PF up\n" },
	{ "a driver that is not known changes its eswitch as mlx5_core does: not in use, not bound",
	  RULE "  eswitch: {mode: switchdev}\n",
	  PF("unheard_of") "  eswitch: {mode: legacy}\n  vfs: 1\n"
			   "  virtual-functions: [{index: 0, reported: true, holder: qemu, "
			   "driver: x}]\n",
	  "take drivers off the VFs; blocked: VF 0 is in use: qemu\n"
	  "eswitch.mode legacy -> switchdev; blocked: VF 0 is in use: qemu\n" },
	{ "nfp, of which nothing else is known, does too", RULE "  eswitch: {mode: switchdev}\n",
	  PF("nfp") "  eswitch: {mode: legacy}\n  vfs: 1\n"
		    "  virtual-functions: [{index: 0, reported: true, holder: qemu, driver: "
		    "nfp}]\n",
	  "take drivers off the VFs; blocked: VF 0 is in use: qemu\n"
	  "eswitch.mode legacy -> switchdev; blocked: VF 0 is in use: qemu\n" },
	{ "ice has a vector more than it was told", RULE "  vf-defaults: {msix-vectors: 4}\n",
	  PF("ice") "  vfs: 3\n  virtual-functions: [{index: 0, msix-vectors: 5}, {index: 1, "
		    "msix-vectors: 17}, {index: 2, msix-vectors: 4}]\n",
	  "VF 1: msix-vectors 17 -> 4; again\n" },
	{ "mlx4_core says 4095 where there is no VLAN", RULE "  vf-defaults: {vlan: none}\n",
	  PF("mlx4_core") "  vfs: 1\n  virtual-functions: [{index: 0, reported: true, vlan: "
			  "4095}]\n",
	  "" },
	{ "what bnx2x says of a limit is none", RULE "  vf-defaults: {max-tx-rate: 10000}\n",
	  PF("bnx2x") "  pf-up: true\n  vfs: 1\n  virtual-functions: [{index: 0, reported: "
		      "true, max-tx-rate: 10000}]\n",
	  "VF 0: max-tx-rate 10000 Mbit/s; bnx2x refuses\n" },
	{ "a VF's driver that has not taken up the address is bound anew",
	  RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n",
	  PF("mlx5_core") "  vfs: 1\n  virtual-functions: [{index: 0, reported: true, driver: "
			  "mlx5_core, mac: '02:00:00:00:00:01', taken-mac: '02:00:00:00:00:99'}]\n",
	  "VF 0: bind its driver anew for mac 02:00:00:00:00:01; disrupts the VF\n" },
	{ "also where the address is still to be written",
	  RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n",
	  PF("mlx5_core") "  vfs: 1\n  virtual-functions: [{index: 0, reported: true, driver: "
			  "mlx5_core, mac: none, taken-mac: '02:00:00:00:00:99'}]\n",
	  "VF 0: mac none -> 02:00:00:00:00:01; disrupts the VF\n"
	  "VF 0: bind its driver anew for mac 02:00:00:00:00:01; disrupts the VF\n" },
	{ "not from under who uses the VF",
	  RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n",
	  PF("mlx5_core") "  vfs: 1\n  virtual-functions: [{index: 0, reported: true, driver: "
			  "mlx5_core, holder: pod, mac: '02:00:00:00:00:01', taken-mac: "
			  "'02:00:00:00:00:99'}]\n",
	  "VF 0: bind its driver anew for mac 02:00:00:00:00:01; disrupts the VF; blocked: VF 0 is "
	  "in use: pod\n" },
	{ "nor where it would have none then either: igb's PF is down",
	  RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n",
	  PF("igb") "  pf-up: false\n  vfs: 1\n  virtual-functions: [{index: 0, reported: true, "
		    "driver: igbvf, mac: '02:00:00:00:00:01', taken-mac: '02:00:00:00:00:99'}]\n",
	  "" },
	{ "nor of a driver that hands the address on",
	  RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n",
	  PF("ice") "  vfs: 1\n  virtual-functions: [{index: 0, reported: true, driver: iavf, mac: "
		    "'02:00:00:00:00:01', taken-mac: '02:00:00:00:00:99'}]\n",
	  "" },
	{ "what a VF's driver goes on with instead of its GUIDs is seen of its RDMA device",
	  RULE GUIDS, IB_VF("taken-node-guid: '00:00:00:00:00:00:00:09', " TAKEN_PORT),
	  "VF 0: bind its driver anew for node-guid 00:00:00:00:00:00:00:01; disrupts the VF\n" },
	{ "one that has all of them is left alone", RULE GUIDS, IB_VF(TAKEN_NODE TAKEN_PORT), "" },
	{ "once is enough for all that it goes on without", RULE GUIDS,
	  IB_VF("taken-node-guid: '00:00:00:00:00:00:00:08', taken-port-guid: "
		"'00:00:00:00:00:00:00:09'"),
	  "VF 0: bind its driver anew for node-guid 00:00:00:00:00:00:00:01; disrupts the VF\n" },
	{ "not from under who uses the VF, for its port's GUID either", RULE GUIDS,
	  IB_VF("holder: pod, " TAKEN_NODE "taken-port-guid: '00:00:00:00:00:00:00:09'"),
	  "VF 0: bind its driver anew for port-guid 00:00:00:00:00:00:00:02; disrupts the VF; "
	  "blocked: VF 0 is in use: pod\n" },
	{ "what cannot be told is not as it should be", RULE GUIDS, IB_VF(TAKEN_NODE),
	  "VF 0: bind its driver anew for port-guid 00:00:00:00:00:00:00:02; disrupts the VF; "
	  "waits: "
	  "the VF has no RDMA device here, which would tell what its driver goes on with\n" },
	{ "of a VF without a driver there is nothing to tell", RULE GUIDS,
	  IB_PF "mlx5_core" IB_GUIDS "driver: none}]\n", "" },
	{ "nor of one whose driver is in a guest", RULE GUIDS,
	  IB_PF "mlx5_core" IB_GUIDS "driver: vfio-pci}]\n", "" },
	{ "nor of what no rule gives", RULE "  vfs: 1\n", IB_VF(TAKEN_NODE), "" },
	{ "what igb is known to refuse is said before it is asked",
	  RULE "  vf-defaults: {vlan: {id: 5, protocol: 802.1ad}, min-tx-rate: 5, max-tx-rate: 9, "
	       "link-state: enable, query-rss: true, trust: true, msix-vectors: 4}\n",
	  PF("igb") "  vfs: 1\n  virtual-functions: [{index: 0, reported: true, vlan: 0, "
		    "min-tx-rate: 0, max-tx-rate: 0, link-state: auto, trust: false, "
		    "msix-vectors: 3}]\n",
	  "VF 0: vlan none -> {id: 5, protocol: 802.1ad}; igb refuses; disrupts the VF\n"
	  "VF 0: min-tx-rate 0 Mbit/s -> 5 Mbit/s; igb refuses\n"
	  "VF 0: max-tx-rate 0 Mbit/s -> 9 Mbit/s\n"
	  "VF 0: link-state auto -> enable; igb refuses; disrupts the VF\n"
	  "VF 0: query-rss true; igb refuses; again\n"
	  "VF 0: trust false -> true\n"
	  "VF 0: msix-vectors 3 -> 4; igb refuses\n" },
	{ "others get their VFs with the PF down", RULE "  vfs: 1\n",
	  PF("igb") "  pf-up: false\n  vfs: 0\n",
	  "keep drivers off new VFs\ncreate 1 VF\nlet drivers bind the VFs\n" },
	{ "ice changes its eswitch without VFs, and gets them again",
	  RULE "  vfs: 1\n  eswitch: {mode: switchdev}\n  vf-defaults: {max-tx-rate: 5}\n",
	  PF("ice") "  eswitch: {mode: legacy}\n  vfs: 1\n"
		    "  virtual-functions: [{index: 0, reported: true, max-tx-rate: 5}]\n",
	  "destroy 1 VF\neswitch.mode legacy -> switchdev\nkeep drivers off new VFs\n"
	  "create 1 VF\nVF 0: max-tx-rate 5 Mbit/s\nlet drivers bind the VFs\n" },
	{ "ice keeps its eswitch where nobody says how many VFs there are to be then",
	  RULE "  on-resize: force\n  eswitch: {mode: switchdev}\n",
	  PF("ice") "  eswitch: {mode: legacy}\n  vfs: 1\n"
		    "  virtual-functions: [{index: 0, reported: true}]\n",
	  "destroy 1 VF; blocked: " NO_NUMBER "\n"
	  "eswitch.mode legacy -> switchdev; blocked: " NO_NUMBER "\n"
	  "keep drivers off new VFs; blocked: " NO_NUMBER "\n"
	  "create 1 VF; blocked: " NO_NUMBER "\n" },
	{ "ice keeps its eswitch while a VF is in use",
	  RULE "  vfs: 1\n  eswitch: {mode: switchdev}\n",
	  PF("ice") "  eswitch: {mode: legacy}\n  vfs: 1\n"
		    "  virtual-functions: [{index: 0, reported: true, holder: qemu}]\n",
	  "destroy 1 VF; blocked: VF 0 is in use: qemu\n"
	  "eswitch.mode legacy -> switchdev; blocked: VF 0 is in use: qemu\n"
	  "keep drivers off new VFs; blocked: VF 0 is in use: qemu\n"
	  "create 1 VF; blocked: VF 0 is in use: qemu\n" },
	{ "ice without VFs just changes it", RULE "  eswitch: {mode: switchdev}\n",
	  PF("ice") "  eswitch: {mode: legacy}\n  vfs: 0\n", "eswitch.mode legacy -> switchdev\n" },
	{ "mlx5_core changes its eswitch with new VFs that have no driver yet",
	  RULE "  vfs: 1\n  eswitch: {mode: switchdev, encap-mode: basic}\n"
	       "  vf-defaults: {mac: '02:00:00:00:00:01'}\n",
	  PF("mlx5_core") "  eswitch: {mode: legacy, encap-mode: none}\n  vfs: 0\n",
	  "keep drivers off new VFs\ncreate 1 VF\nVF 0: mac 02:00:00:00:00:01\n"
	  "eswitch.mode legacy -> switchdev\neswitch.encap-mode none -> basic\n"
	  "let drivers bind the VFs\n" },
	{ "mlx5_core changes it with VFs that are there, off their drivers for a moment",
	  RULE "  eswitch: {mode: legacy}\n",
	  PF("mlx5_core") "  eswitch: {mode: switchdev}\n  vfs: 1\n"
			  "  virtual-functions: [{index: 0, reported: true, driver: mlx5_core}]\n",
	  "keep drivers off new VFs\ntake drivers off the VFs\neswitch.mode switchdev -> legacy\n"
	  "let drivers bind the VFs\n" },
	{ "mlx5_core keeps it while a VF is in use", RULE "  eswitch: {mode: switchdev}\n",
	  PF("mlx5_core") "  eswitch: {mode: legacy}\n  vfs: 1\n"
			  "  virtual-functions: [{index: 0, reported: true, holder: qemu, "
			  "driver: mlx5_core}]\n",
	  "take drivers off the VFs; blocked: VF 0 is in use: qemu\n"
	  "eswitch.mode legacy -> switchdev; blocked: VF 0 is in use: qemu\n" },
#define NETDEV_USED "the PF's own network device may go for it, and is in use: ens1 has an address"
	{ "mlx5_core keeps it while the host uses the PF's own network device",
	  RULE "  eswitch: {mode: switchdev}\n",
	  PF("mlx5_core") "  holder: ens1 has an address\n  eswitch: {mode: legacy}\n  vfs: 1\n"
			  "  virtual-functions: [{index: 0, reported: true, driver: mlx5_core}]\n",
	  "take drivers off the VFs; blocked: " NETDEV_USED "\n"
	  "eswitch.mode legacy -> switchdev; blocked: " NETDEV_USED "\n" },
	{ "so does a driver that is not known, also without VFs",
	  RULE "  eswitch: {mode: switchdev}\n",
	  PF("unheard_of") "  holder: ens1 has an address\n  eswitch: {mode: legacy}\n",
	  "eswitch.mode legacy -> switchdev; blocked: " NETDEV_USED "\n" },
	{ "on-disrupt: allow takes it from whoever that is",
	  RULE "  on-disrupt: allow\n  eswitch: {mode: switchdev}\n",
	  PF("mlx5_core") "  holder: ens1 has an address\n  eswitch: {mode: legacy}\n",
	  "eswitch.mode legacy -> switchdev; takes ens1 has an address\n" },
	{ "which says nothing of who uses a VF",
	  RULE "  on-disrupt: allow\n  eswitch: {mode: switchdev}\n",
	  PF("mlx5_core") "  eswitch: {mode: legacy}\n  vfs: 1\n"
			  "  virtual-functions: [{index: 0, reported: true, holder: qemu}]\n",
	  "eswitch.mode legacy -> switchdev; blocked: VF 0 is in use: qemu\n" },
	{ "ice has the same network device in both modes", RULE "  eswitch: {mode: switchdev}\n",
	  PF("ice") "  holder: ens1 has an address\n  eswitch: {mode: legacy}\n  vfs: 0\n",
	  "eswitch.mode legacy -> switchdev\n" },
	{ "bnxt_en does too", RULE "  eswitch: {mode: switchdev}\n",
	  PF("bnxt_en") "  holder: ens1 has an address\n  eswitch: {mode: legacy}\n  vfs: 0\n",
	  "eswitch.mode legacy -> switchdev\n" },
	{ "cxgb4 has its network device for settings of VFs with these only", RULE "  vfs: 0\n",
	  PF("cxgb4") "  holder: ens1 has an address\n  vfs: 1\n"
		      "  virtual-functions: [{index: 0, reported: true}]\n",
	  "destroy 1 VF; blocked: " NETDEV_USED "\n" },
#define RATES                                                                                      \
	"rates that VFs share would end: devlink rate node gold; 'devlink port function rate "     \
	"del' ends them"
	{ "where on-disrupt allows it that goes", RULE "  vfs: 0\n  on-disrupt: allow\n",
	  PF("cxgb4") "  holder: ens1 has an address\n  vfs: 1\n"
		      "  virtual-functions: [{index: 0, reported: true}]\n",
	  "destroy 1 VF; takes ens1 has an address\n" },
	{ "rates that VFs share keep them and the mode, whoever made them",
	  RULE "  vfs: 2\n  eswitch: {mode: switchdev}\n",
	  PF("mlx5_core") "  shared-rates: devlink rate node gold\n"
			  "  eswitch: {mode: switchdev}\n  vfs: 1\n"
			  "  virtual-functions: [{index: 0, reported: true}]\n",
	  "destroy 1 VF; blocked: " RATES "\nkeep drivers off new VFs; blocked: " RATES
	  "\ncreate 2 VFs; blocked: " RATES "\n" },
	{ "also from the mode that the kernel keeps for them", RULE "  eswitch: {mode: legacy}\n",
	  PF("netdevsim") "  shared-rates: devlink rate node gold\n"
			  "  eswitch: {mode: switchdev}\n",
	  "eswitch.mode switchdev -> legacy; blocked: " RATES "\n" },
	{ "and from switchdev-inactive", RULE "  eswitch: {mode: switchdev}\n",
	  PF("mlx5_core") "  shared-rates: devlink rate node gold\n"
			  "  eswitch: {mode: switchdev-inactive}\n",
	  "eswitch.mode switchdev-inactive -> switchdev; blocked: " RATES "\n" },
	{ "but not with force", RULE "  vfs: 0\n  on-resize: force\n",
	  PF("mlx5_core") "  shared-rates: devlink rate node gold\n"
			  "  eswitch: {mode: switchdev}\n  vfs: 1\n"
			  "  virtual-functions: [{index: 0, reported: true}]\n",
	  "destroy 1 VF\n" },
	{ "ice has some of its own", RULE "  vfs: 0\n",
	  PF("ice") "  shared-rates: devlink rate node node_0\n"
		    "  eswitch: {mode: switchdev}\n  vfs: 1\n"
		    "  virtual-functions: [{index: 0, reported: true}]\n",
	  "destroy 1 VF\n" },
	{ "mlx5_core goes from switchdev-inactive to switchdev with its VFs as they are",
	  RULE "  eswitch: {mode: switchdev}\n",
	  PF("mlx5_core") "  holder: ens1 has an address\n"
			  "  eswitch: {mode: switchdev-inactive}\n  vfs: 1\n"
			  "  virtual-functions: [{index: 0, reported: true, holder: qemu, "
			  "driver: mlx5_core}]\n",
	  "eswitch.mode switchdev-inactive -> switchdev\n" },
	{ "QAT makes all VFs: those that there are stay, also after a start anew",
	  RULE "  vfs: 4\n",
	  "- handle: pci/0000:01:00.0\n  interface: ens1\n  ifindex: 2\n  totalvfs: 16\n  driver: "
	  "4xxx\n"
	  "  drivers-autoprobe: true\n  vfs: 2\n"
	  "  virtual-functions: [{index: 0}, {index: 1}]\n",
	  "destroy 2 VFs; refused: it makes 16 whatever is asked\n"
	  "keep drivers off new VFs; refused: it makes 16 whatever is asked\n"
	  "create 4 VFs; refused: it makes 16 whatever is asked\n" },
	{ "QAT without VFs is asked for them", RULE "  vfs: 4\n",
	  "- {handle: pci/0000:01:00.0, interface: ens1, ifindex: 2, totalvfs: 16, driver: 4xxx, "
	  "vfs: 0}\n",
	  "create 4 VFs\n" },
	{ "QAT is asked for none", RULE "  vfs: 0\n",
	  "- {handle: pci/0000:01:00.0, interface: ens1, ifindex: 2, totalvfs: 16, driver: 4xxx, "
	  "vfs: 1,\n"
	  "   virtual-functions: [{index: 0}]}\n",
	  "destroy 1 VF\n" },
	{ "i40e resets a VF for trust, and says so", RULE "  vf-defaults: {trust: true}\n",
	  PF("i40e") "  vfs: 1\n  virtual-functions: [{index: 0, reported: true, trust: false}]\n",
	  "VF 0: trust false -> true; disrupts the VF\n" },
	{ "ice resets a VF for trust, and says so", RULE "  vf-defaults: {trust: true}\n",
	  PF("ice") "  vfs: 1\n  virtual-functions: [{index: 0, reported: true, trust: false}]\n",
	  "VF 0: trust false -> true; disrupts the VF\n" },
	{ "others do not", RULE "  vf-defaults: {trust: true}\n",
	  PF("igb") "  vfs: 1\n  virtual-functions: [{index: 0, reported: true, trust: false}]\n",
	  "VF 0: trust false -> true\n" },
};

#define VF0(rest) "  vfs: 1\n  virtual-functions: [{index: 0, reported: true, " rest "}]\n"
#define SWITCHDEV "  eswitch: {mode: switchdev}\n"

/* What is told of a policy, and the steps that are left. */
static const struct problem_case {
	const char *name, *policy, *pf, *problems, *steps;
} problem_cases[] = {
	{ "on the way to switchdev mlx5_core is still given what it will not carry out",
	  RULE SWITCHDEV
	  "  virtual-functions: [{index: 0, spoof-check: true, trust: true, link-state: "
	  "enable, vlan: 5, mac: '02:00:00:00:00:01'}]\n",
	  PF("mlx5_core") "  eswitch: {mode: legacy}\n" VF0(
		  "spoof-check: false, trust: true, link-state: auto, vlan: 0, mac: "
		  "'02:00:00:00:00:01'"),
	  "'spoof-check' is not in force in switchdev mode of mlx5_core\n"
	  "'link-state' is not in force in switchdev mode of mlx5_core\n"
	  "'trust' is not in force in switchdev mode of mlx5_core\n",
	  "VF 0: vlan none -> 5; disrupts the VF\n"
	  "VF 0: spoof-check false -> true\n"
	  "VF 0: link-state auto -> enable; disrupts the VF\n"
	  "eswitch.mode legacy -> switchdev\n" },
	{ "in switchdev mlx5_core is not asked for it, however it reads, and a VLAN is as it was",
	  RULE SWITCHDEV "  vf-defaults: {spoof-check: true, trust: true, vlan: 5}\n",
	  PF("mlx5_core") "  eswitch: {mode: switchdev}\n" VF0(
		  "spoof-check: true, trust: false, vlan: 5, mac: '02:00:00:00:00:01'"),
	  "'spoof-check' is not in force in switchdev mode of mlx5_core\n"
	  "'trust' is not in force in switchdev mode of mlx5_core\n",
	  "" },
	{ "another VLAN cannot be had there, nor none, also where no rule names the mode",
	  RULE "  vf-defaults: {vlan: none}\n",
	  PF("mlx5_core") "  eswitch: {mode: switchdev}\n" VF0("vlan: 5"),
	  "'vlan' cannot be changed in switchdev mode of mlx5_core\n", "" },
	{ "back in legacy it can", RULE "  eswitch: {mode: legacy}\n  vf-defaults: {vlan: none}\n",
	  PF("mlx5_core") "  eswitch: {mode: switchdev}\n" VF0("vlan: 5"), "",
	  "VF 0: vlan 5 -> none; disrupts the VF\neswitch.mode switchdev -> legacy\n" },
	{ "ice turns the filter off in switchdev, and says that it is on",
	  RULE "  vf-defaults: {spoof-check: true, vlan: 5}\n",
	  PF("ice") "  eswitch: {mode: switchdev}\n" VF0("spoof-check: true, vlan: 5"),
	  "'spoof-check' is not in force in switchdev mode of ice\n", "" },
	{ "netdevsim takes no rates in switchdev",
	  RULE "  vf-defaults: {max-tx-rate: 5, min-tx-rate: 1}\n",
	  PF("netdevsim") "  eswitch: {mode: switchdev}\n" VF0("max-tx-rate: 0, min-tx-rate: 1"),
	  "'max-tx-rate' cannot be changed in switchdev mode of netdevsim\n", "" },
	{ "ixgbe's enable is what auto is", RULE "  vf-defaults: {link-state: enable}\n",
	  PF("ixgbe") VF0("link-state: enable"),
	  "'link-state' is accepted by ixgbe and does nothing\n", "" },
	{ "bnx2x drops the priority", RULE "  vf-defaults: {vlan: {id: 5, qos: 3}}\n",
	  PF("bnx2x") VF0("vlan: 5"), "'vlan' is accepted by bnx2x and does nothing\n", "" },
	{ "of igb a VF's driver has no address while the PF is down, whatever reads back",
	  RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n",
	  PF("igb") "  pf-up: false\n" VF0("mac: '02:00:00:00:00:01'"),
	  "'mac' does not reach drivers of VFs while the PF is down, with igb, and none is let at "
	  "a VF until it is up; 'pf-up: true' brings it up\n",
	  "" },
	{ "up it has", RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n",
	  PF("igb") "  pf-up: true\n" VF0("mac: '02:00:00:00:00:01'"), "", "" },
	{ "and so it will",
	  RULE "  pf-up: true\n  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n",
	  PF("igb") "  pf-up: false\n" VF0("mac: '02:00:00:00:00:01'"), "", "bring the PF up\n" },
	{ "a guest of ixgbe's turns the filter off", RULE "  vf-defaults: {spoof-check: true}\n",
	  PF("ixgbe") VF0("spoof-check: true"), "'spoof-check' without 'mac': -\n", "" },
	{ "but where the PF has set its address",
	  RULE "  virtual-functions: [{index: 0, spoof-check: true, mac: '02:00:00:00:00:01'}]\n",
	  PF("ixgbe") VF0("spoof-check: true, mac: '02:00:00:00:00:01'"), "", "" },
};

static void describe(const struct plan *plan, struct text *out)
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		step_describe(step, out);
		if (step->refuser)
			text_printf(out, "; %s refuses", step->refuser);
		if (step->disruption == DISRUPTS_VF)
			text_append(out, "; disrupts the VF");
		if (step->blind)
			text_append(out, "; again");
		if (step->block.why)
			text_printf(out, "; blocked: %s", step->block.why);
		if (step->refused)
			text_printf(out, "; refused: %s", step->refused->message);
		if (step->takes_netdev && step->users && !step->block.why)
			text_printf(out, "; takes %s", step->users);
		if (step->waits && !step->block.why)
			text_printf(out, "; waits: %s", step->waits);
		text_append(out, "\n");
	}
}

static void assert_steps(const char *policy_text, const char *pf_text,
			 const struct knowledge *knowledge, const char *expected)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = fixture_policy(policy_text);
	CLEANUP(pf_free_cleanup) struct pf *pf = fixture_pf(pf_text);
	CLEANUP(desired_free_cleanup) struct desired *desired = NULL;
	CLEANUP(plan_free_cleanup) struct plan *plan = NULL;
	CLEANUP_TEXT struct text text = { 0 };

	ck_assert_int_eq(policy_resolve(policy, &fixture_host, pf, &desired), 0);
	ck_assert_int_eq(plan_make(desired->pf, pf, knowledge, &plan), 0);
	describe(plan, &text);
	ck_assert_str_eq(text_string(&text), expected);
}

/* Of a remark its beginning: what follows is the driver's own. */
static void describe_problems(const struct desired *desired, struct text *out)
{
	for (size_t i = 0; i < desired->n_problems; i++) {
		const char *message = desired->problems[i].message;
		const char *colon = desired->problems[i].remark ? strchr(message, ':') : NULL;

		text_append_n(out, message, colon ? (size_t)(colon - message) : strlen(message));
		text_append(out, colon ? ": -\n" : "\n");
	}
}

START_TEST(what_a_driver_does_not_carry_out_is_told)
{
	const struct problem_case *row = &problem_cases[_i];
	CLEANUP(policy_free_cleanup) struct policy *policy = fixture_policy(row->policy);
	CLEANUP(pf_free_cleanup) struct pf *pf = fixture_pf(row->pf);
	CLEANUP(desired_free_cleanup) struct desired *desired = NULL;
	CLEANUP_TEXT struct text problems = { 0 };

	ck_assert_int_eq(policy_resolve(policy, &fixture_host, pf, &desired), 0);
	describe_problems(desired, &problems);
	ck_assert_msg(!strcmp(text_string(&problems), row->problems), "%s: %s", row->name,
		      text_string(&problems));
	assert_steps(row->policy, row->pf, NULL, row->steps);
}
END_TEST

START_TEST(what_a_driver_does_otherwise_changes_the_steps)
{
	assert_steps(cases[_i].policy, cases[_i].pf, NULL, cases[_i].steps);
}
END_TEST

#define SPOOF_OFF RULE "  vf-defaults: {spoof-check: false, trust: false}\n"
#define LINK(driver, ups)                                                                          \
	PF(driver)                                                                                 \
	"  vfs: 1\n  carrier-ups: " #ups "\n  virtual-functions: [{index: 0, reported: true, "     \
	"spoof-check: false, trust: false}]\n"
#define AGAIN "VF 0: spoof-check false; again\n"

static void note(struct knowledge *knowledge, const char *pf_text)
{
	CLEANUP(pf_free_cleanup) struct pf *pf = fixture_pf(pf_text);

	ck_assert_int_eq(knowledge_note_pf(knowledge, pf), 0);
}

START_TEST(what_igb_loses_with_its_link_is_written_once_more)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	const struct step_target target = { STEP_VF_SETTING, 0, VF_SPOOF_CHECK };
	const struct value off = { 0 };

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	assert_steps(SPOOF_OFF, LINK("igb", 1), NULL, "");
	note(knowledge, LINK("igb", 1));
	assert_steps(SPOOF_OFF, LINK("igb", 1), knowledge, "");
	note(knowledge, LINK("igb", 2));
	assert_steps(SPOOF_OFF, LINK("igb", 2), knowledge, AGAIN);
	ck_assert_int_eq(knowledge_wrote_blind(knowledge, &target, &off), 0);
	note(knowledge, LINK("igb", 2));
	assert_steps(SPOOF_OFF, LINK("igb", 2), knowledge, "");
	note(knowledge, LINK("igb", 3));
	assert_steps(SPOOF_OFF, LINK("igb", 3), knowledge, AGAIN);
}
END_TEST

START_TEST(what_was_before_the_first_look_may_be_in_doubt)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	knowledge_doubt(knowledge);
	note(knowledge, LINK("igb", 1));
	assert_steps(SPOOF_OFF, LINK("igb", 1), knowledge, AGAIN);
}
END_TEST

START_TEST(other_drivers_lose_nothing)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;

	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	note(knowledge, LINK("ixgbe", 1));
	note(knowledge, LINK("ixgbe", 2));
	assert_steps(SPOOF_OFF, LINK("ixgbe", 2), knowledge, "");
}
END_TEST

#define ADDRESS                                                                                    \
	{                                                                                          \
		.mac = { { 2, 0, 0, 0, 0, 1 } }                                                    \
	}
#define NO_ADDRESS                                                                                 \
	{                                                                                          \
		.number = 0                                                                        \
	}
#define QOS(id, qos)                                                                               \
	{                                                                                          \
		.vlan = { id, qos, 0x8100 }                                                        \
	}
#define AD                                                                                         \
	{                                                                                          \
		.vlan = { 5, 0, 0x88a8 }                                                           \
	}
#define NUMBER(n)                                                                                  \
	{                                                                                          \
		.number = n                                                                        \
	}

/* Answers as the drivers of Linux 6.1.192 give them, read there and nowhere else: the file below
 * drivers/net/ and the line; 0: it is taken. */
static const struct answer {
	const char *driver;
	enum vf_setting setting;
	struct value value;
	int error;
	const char *line;
} answers[] = {
	{ "be2net", VF_MAC, NO_ADDRESS, -EINVAL, "ethernet/emulex/benet/be_main.c:1866" },
	{ "be2net", VF_VLAN, AD, -EPROTONOSUPPORT, "ethernet/emulex/benet/be_main.c:1990" },
	{ "be2net", VF_TRUST, NUMBER(1), -EOPNOTSUPP, "ethernet/emulex/benet/be_main.c:5170" },
	{ "bnx2x", VF_MAC, NO_ADDRESS, -EINVAL, "ethernet/broadcom/bnx2x/bnx2x_sriov.c:2690" },
	{ "bnx2x", VF_VLAN, AD, -EPROTONOSUPPORT, "ethernet/broadcom/bnx2x/bnx2x_sriov.c:2822" },
	{ "bnx2x", VF_MAX_TX_RATE, NUMBER(5), -EOPNOTSUPP,
	  "ethernet/broadcom/bnx2x/bnx2x_main.c:13026" },
	{ "cxgb4", VF_MAC, NO_ADDRESS, -EINVAL, "ethernet/chelsio/cxgb4/cxgb4_main.c:3244" },
	{ "cxgb4", VF_VLAN, QOS(5, 1), -EPROTONOSUPPORT,
	  "ethernet/chelsio/cxgb4/cxgb4_main.c:3402" },
	{ "cxgb4", VF_TRUST, NUMBER(1), -EOPNOTSUPP, "ethernet/chelsio/cxgb4/cxgb4_main.c:3896" },
	{ "fm10k", VF_MAC, NO_ADDRESS, 0, "ethernet/intel/fm10k/fm10k_iov.c:578" },
	{ "fm10k", VF_VLAN, AD, -EPROTONOSUPPORT, "ethernet/intel/fm10k/fm10k_iov.c:607" },
	{ "fsl_enetc", VF_MAC, NO_ADDRESS, -EADDRNOTAVAIL,
	  "ethernet/freescale/enetc/enetc_pf.c:352" },
	{ "fsl_enetc", VF_MAX_TX_RATE, NUMBER(5), -EOPNOTSUPP,
	  "ethernet/freescale/enetc/enetc_pf.c:777" },
	{ "funeth", VF_VLAN, AD, 0, "ethernet/fungible/funeth/funeth_main.c:1255" },
	{ "hinic", VF_MAC, NO_ADDRESS, -EINVAL, "ethernet/huawei/hinic/hinic_sriov.c:631" },
	{ "hinic", VF_VLAN, AD, -EPROTONOSUPPORT, "ethernet/huawei/hinic/hinic_sriov.c:780" },
	{ "igb", VF_LINK_STATE, NUMBER(1), -EOPNOTSUPP, "ethernet/intel/igb/igb_main.c:3033" },
	{ "igb", VF_QUERY_RSS, NUMBER(0), -EOPNOTSUPP, "ethernet/intel/igb/igb_main.c:3033" },
	{ "i40e", VF_VLAN, AD, -EPROTONOSUPPORT, "ethernet/intel/i40e/i40e_virtchnl_pf.c:4467" },
	{ "i40e", VF_MIN_TX_RATE, NUMBER(5), -EINVAL,
	  "ethernet/intel/i40e/i40e_virtchnl_pf.c:4618" },
	{ "igb", VF_VLAN, AD, -EPROTONOSUPPORT, "ethernet/intel/igb/igb_main.c:7496" },
	{ "ionic", VF_VLAN, QOS(5, 1), -EINVAL, "ethernet/pensando/ionic/ionic_lif.c:2442" },
	{ "ionic", VF_MIN_TX_RATE, NUMBER(5), -EINVAL, "ethernet/pensando/ionic/ionic_lif.c:2481" },
	{ "mlx4_core", VF_MIN_TX_RATE, NUMBER(5), -EPROTONOSUPPORT,
	  "ethernet/mellanox/mlx4/cmd.c:3092" },
	{ "nfp", VF_MAX_TX_RATE, NUMBER(65535), -EINVAL,
	  "ethernet/netronome/nfp/nfp_net_sriov.c:160" },
	{ "bnxt_en", VF_VLAN, QOS(0, 1), -EINVAL, "ethernet/broadcom/bnxt/bnxt_sriov.c:269" },
	{ "mlx5_core", VF_VLAN, AD, -EPROTONOSUPPORT,
	  "ethernet/mellanox/mlx5/core/en_main.c:4413" },
	{ "qlcnic", VF_MAX_TX_RATE, NUMBER(10000), -EINVAL,
	  "ethernet/qlogic/qlcnic/qlcnic_sriov_pf.c:1872" },
	{ "be2net", VF_MAX_TX_RATE, NUMBER(99), -EINVAL, "ethernet/emulex/benet/be_main.c:2043" },
	{ "ixgbe", VF_MAX_TX_RATE, NUMBER(10), -EINVAL, "ethernet/intel/ixgbe/ixgbe_sriov.c:1670" },
	{ "ixgbe", VF_MAX_TX_RATE, NUMBER(11), 0, "ethernet/intel/ixgbe/ixgbe_sriov.c:1670" },
	{ "ixgbe", VF_MIN_TX_RATE, NUMBER(5), -EINVAL, "ethernet/intel/ixgbe/ixgbe_sriov.c:1670" },
	{ "ixgbe", VF_QUERY_RSS, NUMBER(1), 0, "ethernet/intel/ixgbe/ixgbe_sriov.c:1797" },
	{ "ionic", VF_MAC, NO_ADDRESS, 0, "ethernet/pensando/ionic/ionic_lif.c:2410" },
	{ "LiquidIO", VF_MAC, NO_ADDRESS, -EINVAL, "ethernet/cavium/liquidio/lio_main.c:2825" },
	{ "LiquidIO", VF_VLAN, AD, -EPROTONOSUPPORT, "ethernet/cavium/liquidio/lio_main.c:2942" },
	{ "LiquidIO", VF_MAX_TX_RATE, NUMBER(5), -EOPNOTSUPP,
	  "ethernet/cavium/liquidio/lio_main.c:3243" },
	{ "mlx5_core", VF_MIN_TX_RATE, NUMBER(5), 0,
	  "ethernet/mellanox/mlx5/core/esw/legacy.c:514" },
	{ "mlx5_core", VF_QUERY_RSS, NUMBER(1), -EOPNOTSUPP,
	  "ethernet/mellanox/mlx5/core/en_main.c:4878" },
	{ "nfp", VF_VLAN, AD, 0, "ethernet/netronome/nfp/nfp_net_sriov.c:110" },
	{ "qede", VF_MAC, NO_ADDRESS, -EINVAL, "ethernet/qlogic/qede/qede_main.c:144" },
	{ "qede", VF_VLAN, AD, -EPROTONOSUPPORT, "ethernet/qlogic/qede/qede_main.c:129" },
	{ "qlcnic", VF_MAC, NO_ADDRESS, -EINVAL, "ethernet/qlogic/qlcnic/qlcnic_sriov_pf.c:1815" },
	{ "qlcnic", VF_VLAN, AD, -EPROTONOSUPPORT,
	  "ethernet/qlogic/qlcnic/qlcnic_sriov_pf.c:1926" },
	{ "rvu_nicpf", VF_MAC, NO_ADDRESS, -EINVAL,
	  "ethernet/marvell/octeontx2/nic/otx2_pf.c:2368" },
	{ "rvu_nicpf", VF_MAC, ADDRESS, 0, "ethernet/marvell/octeontx2/nic/otx2_pf.c:2368" },
	{ "sfc", VF_VLAN, AD, -EPROTONOSUPPORT, "ethernet/sfc/sriov.c:31" },
};

START_TEST(the_table_says_what_the_drivers_answer)
{
	const struct answer *row = &answers[_i];
	int error = 0;
	enum driver_answer answer =
		driver_answer(driver_of(row->driver), row->setting, &row->value, &error);

	ck_assert_msg(answer == (row->error ? DRIVER_REFUSES : DRIVER_TAKES) && error == row->error,
		      "%s, %s: %d", row->driver, row->line, error);
}
END_TEST

static const struct {
	const char *driver;
	enum vf_setting setting;
	struct value value;
	bool begins;
} beginnings[] = {
	{ "igb", VF_SPOOF_CHECK, { .number = 1 }, true },
	{ "igb", VF_SPOOF_CHECK, { .number = 0 }, false },
	{ "igb", VF_TRUST, { .number = 0 }, true },
	{ "igb", VF_TRUST, { .number = 1 }, false },
	{ "igb", VF_MAC, { .mac = { { 0 } } }, true },
	{ "igb", VF_MAC, { .mac = { { 2 } } }, false },
	/* It has no least, and says so. */
	{ "igb", VF_MIN_TX_RATE, { .number = 0 }, true },
	{ "igb", VF_VLAN, { .vlan = { 0, 0, 0x8100 } }, true },
	{ "igb", VF_VLAN, { .vlan = { 0, 1, 0x8100 } }, false },
	{ "netdevsim", VF_SPOOF_CHECK, { .number = 0 }, true },
	/* What the card gives the VF's driver it reports once that has asked for it. */
	{ "bnxt_en", VF_MAC, { .mac = { { 0 } } }, true },
	/* It says what it never told the card, and of trust what the card says. */
	{ "bnxt_en", VF_SPOOF_CHECK, { .number = 0 }, false },
	{ "bnxt_en", VF_TRUST, { .number = 0 }, false },
	{ "mlx4_core", VF_MAC, { .mac = { { 0 } } }, true },
	{ "mlx4_core", VF_SPOOF_CHECK, { .number = 0 }, true },
	{ "mlx4_core", VF_SPOOF_CHECK, { .number = 1 }, false },
	{ "mlx5_core", VF_MAC, { .mac = { { 0 } } }, true },
	{ "mlx5_core", VF_SPOOF_CHECK, { .number = 0 }, true },
	{ "mlx5_core", VF_SPOOF_CHECK, { .number = 1 }, false },
	{ "be2net", VF_SPOOF_CHECK, { .number = 1 }, false },
	{ "be2net", VF_SPOOF_CHECK, { .number = 0 }, false },
	{ "nobody", VF_TRUST, { .number = 0 }, false },
};

START_TEST(what_a_new_vf_has_is_known_of_some_drivers)
{
	ck_assert_int_eq(driver_starts_with(driver_of(beginnings[_i].driver),
					    beginnings[_i].setting, &beginnings[_i].value),
			 beginnings[_i].begins);
}
END_TEST

START_TEST(a_driver_that_is_not_known_does_nothing_otherwise)
{
	ck_assert_ptr_eq(driver_of(NULL), driver_of("nobody"));
	ck_assert_uint_eq(driver_of(NULL)->resets_vf, 0);
	ck_assert_ptr_null(driver_of("nobody")->name);
	ck_assert_ptr_ne(driver_of("igb"), driver_of(NULL));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("driver");
	TCase *tests = tcase_create("driver");

	tcase_add_loop_test(tests, what_a_driver_does_otherwise_changes_the_steps, 0,
			    ARRAY_SIZE(cases));
	tcase_add_loop_test(tests, what_a_driver_does_not_carry_out_is_told, 0,
			    ARRAY_SIZE(problem_cases));
	tcase_add_test(tests, what_igb_loses_with_its_link_is_written_once_more);
	tcase_add_test(tests, what_was_before_the_first_look_may_be_in_doubt);
	tcase_add_test(tests, other_drivers_lose_nothing);
	tcase_add_loop_test(tests, the_table_says_what_the_drivers_answer, 0, ARRAY_SIZE(answers));
	tcase_add_loop_test(tests, what_a_new_vf_has_is_known_of_some_drivers, 0,
			    ARRAY_SIZE(beginnings));
	tcase_add_test(tests, a_driver_that_is_not_known_does_nothing_otherwise);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
