# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl plan: what would change."""

import os
import pty
import subprocess

from harness import BLOCKED, Case, FAILED, HERE, INVENTORIES, OK, PENDING, USAGE, main


class Text(Case):
    def test_steps_are_folded_over_vfs_and_say_who_wants_them(self):
        result = self.on("hypervisor", "uplinks", "plan", code=BLOCKED)
        self.assert_golden("plan-hypervisor.txt", result.out)

    def test_drift_is_told_setting_by_setting(self):
        result = self.on("igb-drifted", "lab", "plan", code=PENDING)
        self.assert_golden("plan-igb-drifted.txt", result.out)

    def test_nothing_to_do_is_said(self):
        result = self.on("hypervisor", "selector", "plan", code=OK)
        self.assertIn("in-sync", result.out)
        self.assertTrue(result.out.endswith("nothing to do\n"), result.out)

    def test_a_file_that_is_not_for_the_host_is_named(self):
        result = self.on("hypervisor", "selector", "plan", code=OK)
        self.assertEqual(result.err, "1 file is left out: policy/selector/20-elsewhere.yaml:3: "
                         "not for this host: hostname is compute-17, wanted 'storage-*'\n")
        result = self.on("hypervisor", "selector", "plan", "--json", code=OK)
        self.assertEqual(result.json["left-out"],
                         [{"reason": "not for this host: hostname is compute-17, wanted "
                           "'storage-*'", "origin": {"file": "policy/selector/20-elsewhere.yaml",
                                                     "line": 3, "column": 18}}])

    def test_of_many_files_that_are_left_out_the_first_is_named(self):
        for name, host in [("a", "one"), ("b", "two")]:
            self.file(f"p/{name}.yaml", f"version: 1\nhost: {{hostname: {host}}}\n")
            self.file(f"q/{name}.yaml", "version: 1\n")
        result = self.on_paths("hypervisor", ["q"])
        self.assertEqual(result.err, "")
        result = self.on_paths("hypervisor", ["p", "q"])
        self.assertEqual(result.err, f"4 files are left out: {self.directory}/q/a.yaml: masked by "
                         f"{self.directory}/p/a.yaml; 'sriovctl check' names all of them\n")

    def on_paths(self, inventory, directories):
        policies = [f"--policy={self.directory}/{directory}" for directory in directories]
        return self.sriovctl("plan", "--inventory", f"{INVENTORIES}/{inventory}.yaml", *policies)

    def test_no_rules_are_nothing_to_do(self):
        self.assertEqual(self.on("hypervisor", "none", "plan").out,
                         "nothing to do: there are no rules\n")

    def test_mode_observe_changes_nothing(self):
        result = self.on("igb-drifted", "observe", "plan", code=OK)
        self.assertIn("mode is observe", result.out)
        self.assertIn("VF 6: trust true -> false", result.out)
        self.assertTrue(result.out.endswith("nothing to do\n"), result.out)

    def on_drive(self, verb, settings, *arguments, pf="0000:5e:00.0", inventory="storage", **keywords):
        """A verb with a policy for an NVMe drive with two VFs, or for another PF."""
        policy = self.file("p/a.yaml", "version: 1\nphysical-functions:\n- name: a\n"
                           f"  match: {{pci: '{pf}'}}\n{settings}")
        return self.sriovctl(verb, *arguments, "--policy", os.path.dirname(policy), "--inventory",
                             f"{INVENTORIES}/{inventory}.yaml", **keywords)

    def test_what_a_drive_cannot_have_is_told_and_not_planned(self):
        settings = "  vfs: 4\n  pf-up: true\n  mtu: 9000\n  vf-defaults: {vlan: 5}\n"
        result = self.on_drive("plan", settings, code=PENDING)
        for key in ("pf-up", "mtu", "vlan"):
            self.assertIn(f"'{key}' is for network cards, and this is none (its PCI class is "
                          "0x010802)", result.err)
        self.assertIn("create 4 VFs", result.out)
        for word in ("vlan", "PF up", "link"):
            self.assertNotIn(word, result.out)

    def test_a_drive_without_what_it_cannot_have_is_not_in_sync(self):
        for settings in ("  mtu: 9000\n", "  pf-up: true\n", "  vf-defaults: {vlan: 5}\n"):
            result = self.on_drive("plan", settings, "--json", code=PENDING)
            pf = result.json["pfs"][0]
            self.assertEqual((pf["state"], pf["steps"]), ("degraded", []))
            self.assertIn("is for network cards", pf["reason"])
            self.assertIn("dead: VF 1: a VF of an NVMe drive does nothing",
                          pf["problems"][-1]["message"])
            self.assertEqual(len(pf["problems"]), 2)
        self.assertRegex(self.on_drive("explain", "  mtu: 9000\n", "0000:5e:00.0").out,
                         r"mtu +9000 .* left out: it makes no sense on this PF")

    def test_a_card_whose_network_device_is_elsewhere_waits_for_it(self):
        for settings in ("  mtu: 9000\n", "  pf-up: true\n", "  vf-defaults: {vlan: 5}\n"):
            result = self.on_drive("plan", settings, "--json", pf="0000:18:00.1",
                                   inventory="no-netdev", code=PENDING)
            pf = result.json["pfs"][0]
            self.assertEqual(pf["state"], "waiting", settings)
            self.assertIn("it has no network device in this network namespace", pf["reason"])

    def of_driver(self, driver):
        """The inventory of an igb PF whose driver is that one."""
        with open(os.path.join(HERE, INVENTORIES, "igb-drifted.yaml"), encoding="utf-8") as stream:
            return self.file("i.yaml", stream.read().replace("driver: igb\n", f"driver: {driver}\n"))

    def test_what_is_known_to_be_refused_is_said_before_it_is_tried(self):
        directory = os.path.dirname(self.file("p/a.yaml", "version: 1\nphysical-functions:\n"
                                    "- name: a\n  match: {driver: igb}\n"
                                    "  vf-defaults: {query-rss: false}\n"))
        result = self.sriovctl("plan", "--inventory", f"{INVENTORIES}/igb-drifted.yaml",
                               "--policy", directory, code=PENDING)
        self.assertIn("VFs 0-6: query-rss false  igb is known to refuse this", result.out)
        self.assertNotIn("igb_main.c", result.out)
        for option in ["-v", "--verbose"]:
            result = self.sriovctl("plan", "--inventory", f"{INVENTORIES}/igb-drifted.yaml",
                                   "--policy", directory, option, code=PENDING)
            self.assertIn("igb is known to refuse this (Linux, "
                          "drivers/net/ethernet/intel/igb/igb_main.c)", result.out)

    def test_what_is_set_once_is_no_pending_change(self):
        directory = os.path.dirname(self.file("p/a.yaml", "version: 1\nphysical-functions:\n"
                                    "- name: a\n  match: {driver: ixgbe}\n"
                                    "  vf-defaults: {query-rss: false}\n"))
        result = self.sriovctl("plan", "--inventory", self.of_driver("ixgbe"),
                               "--policy", directory, code=OK)
        self.assertIn("set once; the kernel does not report it", result.out)
        self.assertTrue(result.out.endswith("steps: 7 to set once\n"), result.out)

    def test_what_cannot_be_read_and_may_not_be_written_may_be_so_already(self):
        inventory = self.file("i.yaml", "inventory: 1\nphysical-functions:\n"
                              "- handle: pci/0000:01:00.0\n  address: '0000:01:00.0'\n"
                              "  interface: ens1\n  ifindex: 2\n  driver: mlx5_core\n  vfs: 1\n"
                              "  virtual-functions:\n"
                              "  - {index: 0, driver: mlx5_core, holder: qemu}\n")
        directory = os.path.dirname(self.file("p/a.yaml", "version: 1\nphysical-functions:\n"
                                    "- name: a\n  match: {interface: ens1}\n"
                                    "  vf-defaults: {msix-vectors: 4}\n"))
        result = self.sriovctl("plan", "--inventory", inventory, "--policy", directory,
                               code=BLOCKED)
        self.assertIn("VF 0 is in use: qemu; it may be so already, which cannot be read",
                      result.out)

    def test_512_vfs_fold_to_a_few_lines(self):
        lines = ["inventory: 1", "physical-functions:", "- handle: netdevsim/netdevsim1",
                 "  driver: netdevsim", "  interface: eni1np1", "  ifindex: 7",
                 "  virtual-functions:"]
        for i in range(512):
            lines.append(f"  - {{index: {i}, mac: none, vlan: {7 if i % 2 else 'none'}, "
                         f"trust: {'true' if i == 300 else 'false'}, "
                         "min-tx-rate: 0, max-tx-rate: 0}")
        path = self.file("nsim.yaml", "\n".join(lines) + "\n")
        result = self.sriovctl("plan", "--inventory", path, "--policy", "policy/nsim",
                               code=PENDING)
        self.assertIn("VFs 0-299,301-511: trust false -> true", result.out)
        self.assertIn("VF 511: max-tx-rate 0 Mbit/s -> 100 Mbit/s", result.out)
        self.assertIn("VFs 1,3,5,7,9,", result.out)
        self.assertEqual(len(result.out.splitlines()), 8, result.out)
        listed = self.sriovctl("list", "--inventory", path)
        self.assertEqual(len(listed.out.splitlines()), 514)


class Many(Case):
    """What is said once for many VFs is printed once."""

    HOST = ("inventory: 2\nphysical-functions:\n"
            "- {{handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "
            "driver: igb, totalvfs: 8, vfs: {n}, {link}, virtual-functions: [{vfs}]}}\n")
    RULE = ("version: 1\nphysical-functions:\n- name: a\n  match: {interface: ens1}\n")

    def host(self, link, *vfs):
        items = ", ".join(f"{{index: {i}, {vf}}}" for i, vf in enumerate(vfs))
        return self.file("i.yaml", self.HOST.format(link=link, n=len(vfs), vfs=items))

    def wanted(self, *lines):
        return self.file("p.yaml", self.RULE + "".join(f"  {line}\n" for line in lines))

    def told(self, host, policy, *more, verb="plan", code=PENDING):
        return self.sriovctl(verb, *more, "--inventory", host, "--policy", policy, code=code).out

    def test_values_that_count_are_one_line(self):
        policy = self.wanted("vfs: 6", "vf-defaults:", '  mac: {from: "02:00:00:00:10:fe"}',
                             "  vlan: {from: 100, qos: 3}", "virtual-functions:",
                             "- {index: 2, vlan: none}", '- {index: "5,3", vlan: {from: 4093}}')
        host = self.host("carrier: true")
        text = self.told(host, policy)
        self.assertIn("  VFs 0-5: mac 02:00:00:00:10:fe to 02:00:00:00:11:03  ", text)
        self.assertIn("  VFs 0-1,4: vlan {id: 100-101,104, qos: 3}  ", text)
        self.assertIn("  VFs 3,5: vlan 4093-4094  ", text)
        self.assertIn("  VF 5: vlan 4094 ", self.told(host, policy, "--all"))
        text = self.told(host, policy, "ens1", verb="explain", code=OK)
        self.assertRegex(text, r"VFs 0-1,4 +vlan +{id: 100-101,104, qos: 3} +p.yaml:\d+:\d+ +"
                               r"counted: {from: 100, qos: 3}\n")
        self.assertRegex(text, r"VFs 3,5 +vlan +4093-4094 .* counted: {from: 4093}; overrides ")

    def test_json_has_a_row_a_vf_with_what_was_written(self):
        policy = self.wanted("vf-defaults: {vlan: {from: 100}}")
        host = self.host("carrier: true", "vlan: 0", "vlan: 101", "vlan: 7")
        steps = self.sriovctl("plan", "--json", "--inventory", host, "--policy", policy,
                              code=PENDING).json["pfs"][0]["steps"]
        self.assertEqual([(step["vf"], step["from"], step["to"], step["written"])
                          for step in steps],
                         [(0, 0, 100, "{from: 100}"), (2, 7, 102, "{from: 100}")])
        self.assertIn("  VFs 0,2: vlan 100,102 ", self.told(host, policy))

    def test_what_counts_in_too_many_parts_is_told_by_its_wish(self):
        policy = self.wanted("vf-defaults: {vlan: {from: 100}}")
        odd = [f"vlan: {100 + i if i % 2 else 0}" for i in range(12)]
        self.assertIn("  VFs 0,2,4,6,8,10: vlan {from: 100} (6 values) ",
                      self.told(self.host("carrier: true", *odd), policy))

    def test_a_count_that_leaves_the_range_is_a_problem(self):
        policy = self.wanted("vf-defaults: {vlan: {from: 4094}}")
        result = self.sriovctl("plan", "--policy", policy, "--inventory",
                               self.host("carrier: true", "vlan: 4094", "vlan: 5"), code=PENDING)
        self.assertIn("'vlan' counts from 4094 to 4094, and none is left for VF 1",
                      result.out + result.err)

    def test_a_share_of_the_link_is_of_its_speed(self):
        policy = self.wanted("vf-defaults: {max-tx-rate: 50%}")
        for speed, rate in ((1000, 500), (25000, 12500)):
            text = self.told(self.host(f"carrier: true, speed: {speed}",
                                       *["max-tx-rate: 0"] * 6), policy)
            self.assertIn(f"  VFs 0-5: max-tx-rate 0 Mbit/s -> {rate} Mbit/s ", text)
        text = self.told(self.host("carrier: false", "max-tx-rate: 0"), policy)
        self.assertIn("waiting: VF 0: max-tx-rate 0 Mbit/s -> 50%", text)
        self.assertIn("not yet: it is a share of the link's speed, and there is no link", text)
        text = self.told(self.host("carrier: false", "max-tx-rate: 0"), policy, "ens1",
                         verb="explain", code=OK)
        self.assertRegex(text, "max-tx-rate +50% .*not yet: it is a share of the link's speed")
        result = self.sriovctl("plan", "--policy", policy, "--inventory",
                               self.host("carrier: true", "max-tx-rate: 0"), code=PENDING)
        self.assertIn("'max-tx-rate' depends on the speed of the link, which the driver does not "
                      "say; write it in Mbit/s", result.out + result.err)


class Which(Case):
    def test_a_pf_goes_by_any_of_its_names(self):
        for name in ["ens1f0np0", "ens1f0", "enp59s0f0np0", "0000:3b:00.0", "pci/0000:3b:00.0"]:
            result = self.on("hypervisor", "uplinks", "plan", name, code=PENDING)
            self.assertIn("ens1f0np0 (", result.out)
            self.assertNotIn("ens1f1np1", result.out)

    def test_a_pf_named_twice_is_planned_once(self):
        result = self.on("hypervisor", "uplinks", "plan", "ens1f0", "0000:3b:00.0", code=PENDING)
        self.assertEqual(result.out.count("ens1f0np0 ("), 1)

    def test_a_pf_that_is_not_there_is_an_error(self):
        result = self.on("hypervisor", "uplinks", "plan", "ens1f9", "eth0", code=FAILED)
        self.assertEqual(result.out, "")
        self.assertIn("no PF is called 'ens1f9'", result.err)
        self.assertIn("no PF is called 'eth0'; PFs here: ens1f0np0, ens1f1np1", result.err)

    def test_a_near_miss_is_suggested(self):
        result = self.on("hypervisor", "uplinks", "plan", "ens1f0np2", code=FAILED)
        self.assertIn("did you mean 'ens1f0np0'?", result.err)

    def test_a_pf_without_a_rule_is_unmanaged(self):
        result = self.on("storage", "storage", "plan", "0000:5e:00.0", code=OK)
        self.assertIn("0000:5e:00.0 (0000:5e:00.0, nvme), 2 of 32 VFs, rules: none\n  unmanaged\n", result.out)

    def test_a_pf_that_is_ignored_is_unmanaged_and_names_the_rule(self):
        path = self.file("p/a.yaml", "version: 1\nphysical-functions:\n"
                         "- {name: ports, match: {driver: igb}, vfs: 2, mtu: 9000}\n"
                         "- {name: mgmt, match: {interface: enp1s0}, mode: ignore}\n")
        result = self.sriovctl("plan", "--inventory", f"{INVENTORIES}/igb-drifted.yaml",
                               "--policy", path, code=OK)
        self.assertIn(f"rules: ports, mgmt\n  unmanaged: rule 'mgmt' ignores it ({path}:4)\n",
                      result.out)
        result = self.sriovctl("plan", "--inventory", f"{INVENTORIES}/igb-drifted.yaml",
                               "--policy", path, "--json", code=OK)
        (pf,) = result.json["pfs"]
        self.assertEqual([pf["state"], pf["mode"], pf["steps"]], ["unmanaged", "ignore", []])

    def test_a_rule_that_matches_nothing_is_told_with_the_nearest_reason(self):
        result = self.on("hypervisor", "uplinks", "plan", code=BLOCKED)
        self.assertIn("warning: rule 'storage' matches no PF: no interface matches 'ens9*'; "
                      "PFs here: ens1f0np0, ens1f1np1", result.err)

    def test_the_nearest_pf_is_named_where_several_differ(self):
        directory = os.path.dirname(self.file("p/a.yaml", "version: 1\nphysical-functions:\n"
                                    "- name: a\n  match: {interface: ens1f1, driver: igb}\n"))
        result = self.sriovctl("plan", "--inventory", f"{INVENTORIES}/hypervisor.yaml",
                               "--policy", directory, code=PENDING)
        self.assertIn("nearest is ens1f1np1, whose driver is ice and not 'igb'", result.err)

    def test_a_rule_whose_pfs_are_all_excluded_says_so(self):
        path = self.file("p/a.yaml", "version: 1\nphysical-functions:\n- name: a\n"
                         "  match: {driver: ice, not: {numa-node: [0, 1]}}\n")
        result = self.sriovctl("plan", "--inventory", f"{INVENTORIES}/hypervisor.yaml",
                               "--policy", path, code=PENDING)
        self.assertIn("nearest is ens1f0np0, whose numa-node is 0, and 'not' excludes '0' or '1'; "
                      "PFs here:", result.err)
        path = self.file("q/a.yaml", "version: 1\nphysical-functions:\n- name: a\n"
                         "  match: {driver: mlx5_core, not: {interface: mgmt0}}\n")
        result = self.sriovctl("plan", "--inventory", f"{INVENTORIES}/no-netdev.yaml",
                               "--policy", path, code=PENDING)
        self.assertIn("nearest is 0000:18:00.1, whose interface is nothing (it has no network "
                      "device here), and 'not' cannot tell yet whether it is 'mgmt0'", result.err)

    def test_rules_are_not_reported_absent_where_pfs_are_named(self):
        result = self.on("hypervisor", "uplinks", "plan", "ens1f0", code=PENDING)
        self.assertEqual(result.err, "")

    def test_rules_for_another_host_do_not_count(self):
        result = self.on("hypervisor", "selector", "plan", "--json", code=OK)
        self.assertEqual(result.json["unmatched-rules"], [])
        self.assertEqual(result.json["pfs"][0]["rules"], ["here"])


class Trouble(Case):
    def test_a_bad_policy_is_told_and_nothing_is_planned(self):
        result = self.on("hypervisor", "typo", "plan", code=USAGE)
        self.assertEqual(result.out, "")
        self.assertIn("policy/typo/typo.yaml:6:5: error: unknown key 'vsf'", result.err)

    def test_a_bad_inventory_is_told(self):
        path = self.file("bad.yaml", "inventory: 1\nhost: {hostnam: a}\n")
        result = self.sriovctl("plan", "--inventory", path, "--policy", "policy/none", code=USAGE)
        self.assertIn("bad.yaml:2:17: error: unknown key 'hostnam' in a host", result.err)
        self.assertIn("hint: did you mean 'hostname'?", result.err)

    def test_an_inventory_that_is_not_there_is_told(self):
        result = self.sriovctl("plan", "--inventory", "/nonexistent", code=USAGE)
        self.assertIn("/nonexistent", result.err)

    def test_an_inventory_may_come_by_standard_input(self):
        with open(os.path.join(HERE, INVENTORIES, "hypervisor.yaml"), encoding="utf-8") as stream:
            text = stream.read()
        result = self.sriovctl("plan", "--inventory", "-", "--policy", "policy/uplinks",
                               stdin=text, code=BLOCKED)
        self.assert_golden("plan-hypervisor.txt", result.out)

    def test_what_makes_no_sense_on_a_pf_is_told_with_its_place(self):
        result = self.on("storage", "numbers", "plan", code=PENDING)
        self.assertIn("policy/numbers/numbers.yaml:11:17: warning: 0000:5e:00.0: ", result.err)
        self.assertIn("degraded: ", result.out)

    def test_names_of_devices_are_escaped(self):
        path = self.file("evil.yaml", 'inventory: 1\nphysical-functions:\n'
                         '- {handle: "pci/0000:01:00.0", driver: "ice\\e[31m",\n'
                         '   interface: "e\\u202e\\x07", ifindex: 3}\n')
        for arguments in (["list"], ["plan", "e", "--policy", "policy/none"],
                          ["plan", "0000:01:00.0", "--policy", "policy/none"],
                          ["explain", "0000:01:00.0", "--policy", "policy/uplinks"]):
            result = self.sriovctl(*arguments, "--inventory", path,
                                   code=FAILED if "e" in arguments else OK)
            self.assertNotIn("\033", result.out + result.err)
            self.assertNotIn("\007", result.out + result.err)

    def test_names_that_are_escaped_look_like_no_others(self):
        path = self.file("evil.yaml", 'inventory: 1\nphysical-functions:\n'
                         '- {handle: "pci/0000:01:00.0", driver: ice, ifindex: 3,\n'
                         '   interface: "e\\e"}\n'
                         '- {handle: "pci/0000:01:00.1", driver: ice, ifindex: 4,\n'
                         '   interface: "e\\\\x1b"}\n')
        told = self.sriovctl("plan", "nosuch", "--policy", "policy/none", "--inventory", path,
                             code=FAILED)
        self.assertIn("no PF is called 'nosuch'; PFs here: e\\x1b, e\\x5cx1b", told.err)
        policy = self.file("a.yaml", "version: 1\nphysical-functions:\n"
                           "- {name: a, match: {interface: 'e*'}, vfs: 0}\n")
        told = self.sriovctl("plan", "--json", "--policy", policy, "--inventory", path)
        self.assertEqual([pf["name"] for pf in told.json["pfs"]], ["e\\x1b", "e\\x5cx1b"])


class Names(Case):
    def test_a_rule_that_names_a_vf_is_told_whose_it_is(self):
        for key, word in [("interface", "ens1f1v1"), ("pci", '"0000:3b:11.1"')]:
            policy = self.file("a.yaml", "version: 1\nphysical-functions:\n- name: a\n"
                               f"  match: {{{key}: {word}}}\n  vfs: 2\n")
            result = self.sriovctl("plan", "--inventory", f"{INVENTORIES}/hypervisor.yaml",
                                   "--policy", policy, code=PENDING)
            self.assertIn(f"{word.strip(chr(34))} is VF 1 of ens1f1np1: 'match' names the PF, "
                          "'index' in 'virtual-functions' the VF", result.err)

    def test_so_is_who_names_one_on_the_command_line(self):
        result = self.on("hypervisor", "uplinks", "plan", "ens1f1v1", code=FAILED)
        self.assertIn("no PF is called 'ens1f1v1'; it is VF 1 of ens1f1np1", result.err)

    def test_a_plan_says_how_many_vfs_there_are(self):
        text = self.on("hypervisor", "uplinks", "plan", code=BLOCKED).out
        self.assertIn("ens1f1np1 (0000:3b:00.1, ice), 4 of 128 VFs, rules: uplinks, second-port\n",
                      text)


class Wishes(Case):
    """One wish of the policy that gives each of many VFs a value of its own is one line."""

    def on_stable(self, verb, *arguments, code=OK):
        return self.on("hypervisor", "stable", verb, *arguments, code=code)

    def test_a_plan_names_the_wish(self):
        text = self.on_stable("plan", code=PENDING).out
        self.assertIn("  VFs 0,3-127: mac stable (126 values)  ", text)
        self.assertIn('  VFs 0-127: altname "uplinks-{index}" (128 values)  ', text)
        self.assertLess(len(text.splitlines()), 12)

    def test_a_few_are_told_one_by_one(self):
        self.assertRegex(self.on_stable("plan", code=PENDING).out, r"  VF 2: mac (..:){5}..  ")

    def test_all_are_told_to_who_asks(self):
        text = self.on_stable("plan", "--all", code=PENDING).out
        self.assertIn("  VF 127: altname uplinks-127 ", text)
        self.assertEqual(text.count(": mac "), 128)

    def test_explain_names_it_too(self):
        text = self.on_stable("explain", "ens1f0").out
        self.assertRegex(text, r"VFs 0,3-127 +mac +stable \(126 values\)")
        self.assertLess(len(text.splitlines()), 12)
        self.assertGreater(len(self.on_stable("explain", "ens1f0", "--all").out.splitlines()), 250)

    def test_status_and_apply_name_it_too(self):
        options = ["--policy", "policy/stable"]
        text = self.simulated("hypervisor", "status", "ens1f0", *options, code=PENDING).out
        self.assertRegex(text, r"VFs 0-127 +mac +stable \(128 values\) +- ")
        text = self.simulated("hypervisor", "apply", *options).out
        self.assertRegex(text, r"VFs 0,3-127: mac stable \(126 values\) +done")
        text = self.simulated("hypervisor", "apply", "--all", *options).out
        self.assertEqual(text.count(": mac "), 128)

    def test_json_has_the_wish_beside_the_value(self):
        steps = self.on_stable("plan", "--json", code=PENDING).json["pfs"][0]["steps"]
        written = {(step["setting"], step.get("written")) for step in steps}
        self.assertEqual(written - {(key, None) for key, _ in written},
                         {("mac", "stable"), ("altname", '"uplinks-{index}"')})


class Json(Case):
    def plan(self, inventory, policy, code, *arguments):
        return self.on(inventory, policy, "plan", "--json", *arguments, code=code).json

    def test_a_pf_has_its_identity_rules_and_state(self):
        plan = self.plan("hypervisor", "uplinks", BLOCKED)
        self.assertEqual(set(plan), {"pfs", "unmatched-rules", "left-out"})
        pf = plan["pfs"][1]
        self.assertEqual(pf["handle"], "pci/0000:3b:00.1")
        self.assertEqual(pf["name"], "ens1f1np1")
        self.assertEqual(pf["address"], "0000:3b:00.1")
        self.assertEqual(pf["driver"], "ice")
        self.assertEqual(pf["rules"], ["uplinks", "second-port"])
        self.assertEqual(pf["mode"], "enforce")
        self.assertEqual(plan["pfs"][0]["state"], "pending")
        self.assertEqual(plan["unmatched-rules"][0]["name"], "storage")
        self.assertEqual(plan["unmatched-rules"][0]["origin"]["line"], 13)

    def test_a_step_says_all_there_is_to_it(self):
        steps = self.plan("igb-drifted", "lab", PENDING)["pfs"][0]["steps"]
        self.assertIn({"kind": "vf-setting", "vf": 2, "setting": "vlan", "from": 0, "to": 100,
                       "disrupts": "vf", "blind": False,
                       "origin": {"file": "policy/lab/lab.yaml", "line": 9, "column": 13},
                       "text": "vlan none -> 100",
                       "note": "disrupts traffic of the VF for a moment"}, steps)
        self.assertIn({"kind": "vf-setting", "vf": 0, "setting": "query-rss", "to": False,
                       "disrupts": "nothing", "blind": True, "known-to-refuse": "igb",
                       "source": "net/ethernet/intel/igb/igb_main.c",
                       "origin": {"file": "policy/lab/lab.yaml", "line": 11, "column": 18},
                       "text": "query-rss false",
                       "note": "igb is known to refuse this"}, steps)
        self.assertEqual(len(steps), 14)

    def test_a_blocked_step_says_why(self):
        policy = os.path.dirname(self.file("p/a.yaml", "version: 1\nphysical-functions:\n"
                                 "- {name: a, match: {port: p1}, vfs: 2}\n"))
        plan = self.sriovctl("plan", "--json", "--inventory", f"{INVENTORIES}/hypervisor.yaml",
                             "--policy", policy, code=BLOCKED).json
        step = plan["pfs"][0]["steps"][0]
        self.assertEqual(step["kind"], "destroy-vfs")
        self.assertEqual(step["disrupts"], "all-vfs")
        self.assertEqual(step["blocked"], "VF 2 is in use: vfio-pci has it open")
        self.assertEqual(plan["pfs"][0]["state"], "blocked")

    def test_what_waits_for_request_is_told_and_is_no_failure(self):
        policy = os.path.dirname(self.file("p/a.yaml", "version: 1\nphysical-functions:\n"
                                 "- {name: a, match: {port: p1}, disruption: on-request, "
                                 "mtu: 4000, vf-defaults: {trust: true}}\n"))
        on = ["--inventory", f"{INVENTORIES}/hypervisor.yaml", "--policy", policy]
        plan = self.sriovctl("plan", "--json", *on, code=PENDING).json
        (pf,) = plan["pfs"]
        mtu = pf["steps"][0]
        self.assertEqual((mtu["blocked"], mtu["blocked-by"]), ("waits for request", "request"))
        self.assertEqual(mtu["note"], "waits for request; would disrupt the PF's link for a moment")
        self.assertEqual((pf["state"], pf["blocked-by"]), ("blocked", "request"))
        self.assertIn("'sriovctl apply --disruptive ens1f1np1' goes on", pf["reason"])
        text = self.sriovctl("plan", *on, code=PENDING).out
        self.assertRegex(text, r"mtu .* -> 4000 +waits for request; would disrupt")
        self.assertRegex(text, r"steps: [0-9]+ to do, [0-9]+ on request\n")

    def test_who_would_be_disturbed_is_told_before_a_request(self):
        """What is on the PF, and would lose its link for a moment."""
        user = "eth0 is up and has a master; an ssh session from 192.0.2.7"
        policy = os.path.dirname(self.file(
            "p/a.yaml", "version: 1\nphysical-functions:\n- {name: a, match: {interface: eth0}, "
            "disruption: on-request, mtu: 9000}\n"))
        inventory = self.file(
            "host.yaml", "inventory: 1\nphysical-functions:\n- {handle: 'pci/0000:01:00.0', "
            f"interface: eth0, ifindex: 2, driver: ice, mtu: 1500, holder: {user}}}\n")
        plan = self.sriovctl("plan", "--json", "--inventory", inventory, "--policy", policy,
                             code=PENDING).json
        self.assertEqual(plan["pfs"][0]["steps"][0]["note"], "waits for request; would disrupt the "
                         f"PF's link for a moment, which is in use: {user}")

    def test_who_holds_a_vf_counts_before_a_request(self):
        policy = os.path.dirname(self.file("p/a.yaml", "version: 1\nphysical-functions:\n"
                                 "- {name: a, match: {port: p1}, disruption: on-request, "
                                 "vfs: 2, mtu: 4000}\n"))
        plan = self.sriovctl("plan", "--json", "--inventory", f"{INVENTORIES}/hypervisor.yaml",
                             "--policy", policy, code=BLOCKED).json
        (pf,) = plan["pfs"]
        self.assertEqual({step["kind"]: step["blocked-by"] for step in pf["steps"]},
                         {"pf-setting": "request", "destroy-vfs": "holder",
                          "create-vfs": "holder"})
        self.assertEqual(pf["blocked-by"], "holder")
        self.assertIn("VF 2 is in use", pf["reason"])

    def test_the_host_loses_its_network_device_where_that_is_allowed_and_is_told(self):
        policy = os.path.dirname(self.file(
            "p/a.yaml", "version: 1\nphysical-functions:\n- {name: a, match: {interface: eth0}, "
            "on-disrupt: allow, eswitch: {mode: switchdev}}\n"))
        inventory = self.file(
            "host.yaml", "inventory: 1\nphysical-functions:\n- {handle: 'pci/0000:01:00.0', "
            "interface: eth0, ifindex: 2, driver: mlx5_core, eswitch: {mode: legacy}, "
            "vfs: 0, holder: eth0 has an address}\n")
        plan = self.sriovctl("plan", "--json", "--inventory", inventory, "--policy", policy,
                             code=PENDING).json
        self.assertEqual(plan["pfs"][0]["steps"][0]["note"], "disrupts the PF's link for a moment, "
                         "and the PF's own network device, which is in use: eth0 has an address")

    def test_who_is_on_the_pfs_link_is_told(self):
        """What has the link go for a moment is done, what may take the device away is not."""
        user = "eth0 is up and has the host's default route"
        policy = os.path.dirname(self.file(
            "p/a.yaml", "version: 1\nphysical-functions:\n- {name: a, match: {interface: eth0}, "
            "mtu: 9000, eswitch: {mode: switchdev}}\n"))
        inventory = self.file(
            "host.yaml", "inventory: 1\nphysical-functions:\n- {handle: 'pci/0000:01:00.0', "
            "interface: eth0, ifindex: 2, driver: mlx5_core, mtu: 1500, eswitch: {mode: legacy}, "
            f"vfs: 0, use: the host's default route, holder: {user}}}\n")
        plan = self.sriovctl("plan", "--json", "--inventory", inventory, "--policy", policy,
                             code=BLOCKED).json
        mtu, mode = plan["pfs"][0]["steps"]
        self.assertEqual(mtu["users"], user)
        self.assertEqual(mtu["note"], "disrupts the PF's link for a moment, which is in use: "
                         + user)
        self.assertEqual(mode["blocked"], "the PF's own network device may go for it, and is in "
                         "use: " + user)
        self.assertEqual(mode["note"], f"blocked: {mode['blocked']}; would disrupt the PF's link "
                         "for a moment")

    def test_a_bad_policy_or_inventory_is_a_document_of_errors(self):
        result = self.on("hypervisor", "typo", "plan", "--json", code=USAGE)
        self.assertEqual([item["message"] for item in result.json["errors"]][0],
                         "unknown key 'vsf'")
        path = self.file("bad.yaml", "inventory: 3\n")
        for verb in [["plan"], ["list"], ["explain", "a"]]:
            errors = self.sriovctl(*verb, "--json", "--inventory", path, code=USAGE).json["errors"]
            self.assertEqual(errors[0]["line"], 1)

    def test_problems_have_their_place(self):
        problems = self.plan("storage", "numbers", PENDING)["pfs"][0]["problems"]
        self.assertEqual(problems[0]["origin"]["line"], 11)
        self.assertIn("VF 9", problems[0]["message"])

    def test_there_may_be_nothing(self):
        self.assertEqual(self.plan("hypervisor", "none", OK),
                         {"pfs": [], "unmatched-rules": [], "left-out": []})


class Terminal(Case):
    """The same on a terminal."""

    def on_terminal(self, env):
        parent, child = pty.openpty()
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm",
                       "COLUMNS": "80", **env}
        process = subprocess.Popen(
            [os.environ["SRIOVCTL"], "plan", "--inventory", f"{INVENTORIES}/igb-drifted.yaml",
             "--policy", "policy/lab"],
            cwd=HERE, env=environment, stdout=child, stderr=subprocess.DEVNULL)
        os.close(child)
        output = b""
        try:
            while chunk := os.read(parent, 65536):
                output += chunk
        except OSError:  # the other end is closed
            pass
        os.close(parent)
        self.assertEqual(process.wait(), PENDING)
        return output.decode()

    def test_it_is_coloured(self):
        self.assertIn("\033[33m", self.on_terminal({}))
        self.assertIn("\033[1menp1s0\033[0m", self.on_terminal({}))

    def test_it_is_as_wide_as_the_terminal(self):
        output = self.on_terminal({"NO_COLOR": "1"})
        for line in output.splitlines():
            self.assertLessEqual(len(line), 80, line)
        self.assertIn("\n      disrupts traffic of the VF for a moment\r\n", output)

    def test_colour_can_be_declined(self):
        self.assertNotIn("\033", self.on_terminal({"NO_COLOR": "1"}))
        self.assertNotIn("\033", self.on_terminal({"TERM": "dumb"}))
        self.assertIn("\033", self.on_terminal({"NO_COLOR": ""}))

    def test_a_pipe_has_no_colour(self):
        self.assertNotIn("\033", self.on("igb-drifted", "lab", "plan", code=PENDING).out)


if __name__ == "__main__":
    main()
