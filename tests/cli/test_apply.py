# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl apply and status, on a kernel in memory."""

import errno
import os
import time
import unittest

from harness import (BLOCKED, Case, FAILED, HERE, OK, PENDING, USAGE, execute, have_room, main)


@unittest.skipUnless(have_room(), "no user namespaces here")
class Apply(Case):
    def apply(self, inventory, policy, *arguments, **keywords):
        return self.simulated(inventory, "apply", "--policy", f"policy/{policy}", *arguments,
                              **keywords)

    def test_what_was_done_is_told(self):
        result = self.apply("igb-drifted", "lab")
        self.assert_golden("apply-igb-drifted.txt", result.out)

    def test_json_has_what_was_done_and_the_end(self):
        result = self.apply("igb-drifted", "lab", "--json")
        pf = result.json["pfs"][0]
        self.assertEqual(pf["state"], "in-sync")
        self.assertNotIn("reason", pf)
        self.assertEqual(pf["steps"], [])
        self.assertEqual(len(pf["done"]), 14)
        self.assertIn({"kind": "vf-setting", "vf": 6, "setting": "trust", "from": True,
                       "to": False, "disrupts": "nothing", "blind": False,
                       "origin": {"file": "policy/lab/lab.yaml", "line": 7, "column": 14},
                       "text": "trust true -> false"},
                      pf["done"])
        self.assertEqual(result.json["source"], "direct")

    def test_a_guard_blocks_its_steps_only(self):
        result = self.apply("hypervisor", "uplinks", code=BLOCKED)
        self.assert_golden("apply-blocked.txt", result.out)

    def test_what_disrupts_is_done_on_request_only(self):
        policy = self.file("a.yaml", "version: 1\nphysical-functions:\n- {name: a, match: {driver: "
                           "igb}, disruption: on-request, mtu: 4000, vf-defaults: {query-rss: true, "
                           "trust: false}}\n")
        result = self.simulated("igb-drifted", "apply", "--policy", policy, code=PENDING)
        self.assertRegex(result.out, r"trust true -> false +done")
        self.assertRegex(result.out, r"mtu .* -> 4000 +waits for request; would disrupt")
        result = self.simulated("igb-drifted", "apply", "--disruptive", "--policy", policy, "--json")
        self.assertIn("mtu", [step["setting"] for step in result.json["pfs"][0]["done"]])

    def test_a_refused_setting_is_told_by_name_and_delays_no_other(self):
        result = self.apply("igb-drifted", "lab", code=FAILED,
                            script=f"refuse:trust:{errno.EOPNOTSUPP}")
        self.assertIn("VF 6: trust true -> false", result.out)
        self.assertIn("not now: not supported by the driver (EOPNOTSUPP): simulated\\x1b[31m",
                      result.out)
        self.assertRegex(result.out, r"VF 4: max-tx-rate .* done")
        self.assertIn("  degraded: ", result.out)

    def test_a_refusal_has_its_kind_in_json(self):
        result = self.apply("igb-drifted", "lab", "--json", code=FAILED,
                            script=f"refuse:trust:{errno.EPERM}")
        step = result.json["pfs"][0]["steps"][0]
        self.assertEqual(step["refused"]["kind"], "rejected")
        self.assertEqual(step["refused"]["error"], "EPERM")

    def test_what_is_accepted_and_not_kept_is_told(self):
        result = self.apply("igb-drifted", "lab", "--json", code=FAILED, script="forget:trust")
        step = result.json["pfs"][0]["steps"][0]
        self.assertEqual(step["refused"]["kind"], "not-taken")
        self.assertNotIn("error", step["refused"])

    def test_a_busy_driver_is_asked_again(self):
        result = self.apply("igb-drifted", "lab", script="busy:trust:6")
        self.assertRegex(result.out, r"VF 6: trust true -> false +done")

    def test_a_link_that_comes_up_is_waited_for(self):
        result = self.apply("igb-drifted", "lab", script="link:6")
        self.assertRegex(result.out, r"VF 4: max-tx-rate .* done")

    def test_waiting_has_an_end(self):
        began = time.monotonic()
        result = self.apply("igb-drifted", "lab", "--wait", "1", code=FAILED, script="link:9999")
        self.assertIn("waiting: VF 4: max-tx-rate 500 Mbit/s: refused while the link is down",
                      result.out)
        self.assertGreaterEqual(time.monotonic() - began, 1)
        began = time.monotonic()
        self.apply("igb-drifted", "lab", "--wait=0", code=FAILED, script="link:9999")
        self.assertLess(time.monotonic() - began, 10)

    def test_only_the_pfs_named_are_touched(self):
        result = self.apply("hypervisor", "uplinks", "ens1f0")
        self.assertNotIn("ens1f1", result.out)
        self.assertEqual(result.err, "")

    def test_a_pf_without_rules_is_left_alone(self):
        result = self.apply("storage", "storage", "0000:5e:00.0", "--json")
        self.assertEqual(result.json["pfs"][0]["state"], "unmanaged")
        self.assertEqual(result.json["pfs"][0]["done"], [])

    def test_what_is_left_since_it_is_only_observed_says_so(self):
        result = self.apply("igb-drifted", "observe")
        self.assertIn("  mode is observe: this differs, and stays as it is\n"
                      "  VF 6: trust true -> false", result.out)
        self.assertNotIn("mode is", self.apply("igb-drifted", "lab").out)

    def test_no_rules_are_nothing_to_do(self):
        self.assertEqual(self.apply("igb-drifted", "none").out,
                         "nothing to do: there are no rules\n")

    def test_mode_observe_changes_nothing(self):
        result = self.apply("igb-drifted", "observe", "--json")
        self.assertEqual(result.json["pfs"][0]["state"], "drifted")
        self.assertEqual(result.json["pfs"][0]["done"], [])

    def test_a_pf_that_goes_away_is_told(self):
        result = self.apply("igb-drifted", "lab", code=FAILED, script="gone:1")
        self.assertIn("sriovctl: enp1s0: the PF is gone", result.err)
        self.assertEqual(result.out, "")

    def test_a_rule_that_matches_nothing_fails(self):
        result = self.apply("igb-drifted", "storage", code=FAILED)
        self.assertIn("rule 'cards' matches no PF", result.err)

    def test_a_pf_that_cannot_be_observed_fails(self):
        result = self.apply("hypervisor", "none", code=FAILED, script="broken:pci/0000:3b:00.0")
        self.assertIn("cannot observe", result.err)

    def test_a_bad_policy_touches_nothing(self):
        result = self.apply("hypervisor", "typo", code=USAGE)
        self.assertEqual(result.out, "")
        self.assertIn("unknown key 'vsf'", result.err)

    def test_a_pf_that_is_not_there(self):
        self.apply("hypervisor", "uplinks", "eth0", code=FAILED)

    def test_only_root_may(self):
        command = [os.environ["SRIOVCTL_SIM"], "apply", "--policy", "policy/none"]
        if os.geteuid() == 0:
            command = ["unshare", "--user"] + command
        result = execute(command, env={"SIM_INVENTORY": "/nonexistent"})
        self.assertEqual(result.code, FAILED)
        self.assertIn("only root can change the host", result.err)

    def test_the_lock_directory_must_be_makable(self):
        command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
                   'mount -t tmpfs -o ro tmpfs /run && exec "$@"', "sh",
                   os.environ["SRIOVCTL_SIM"], "apply", "--policy", "policy/none"]
        result = execute(command, env={"SIM_INVENTORY": "../data/inventory/storage.yaml"})
        self.assertEqual(result.code, FAILED)
        self.assertIn("cannot use /run/sriovd: Read-only file system", result.err)


@unittest.skipUnless(have_room(), "no user namespaces here")
class Status(Case):
    def status(self, inventory, policy, *arguments, **keywords):
        return self.simulated(inventory, "status", "--policy", f"policy/{policy}", *arguments,
                              **keywords)

    def test_pfs_are_told_in_a_table(self):
        result = self.status("hypervisor", "uplinks", code=BLOCKED)
        self.assert_golden("status.txt", result.out)
        self.assertEqual(result.err, "")

    def test_a_pf_is_told_setting_by_setting(self):
        result = self.status("hypervisor", "uplinks", "ens1f0", code=PENDING)
        self.assert_golden("status-pf.txt", result.out)

    def test_drift_is_told(self):
        result = self.status("igb-drifted", "lab", "enp1s0", code=PENDING)
        self.assert_golden("status-drift.txt", result.out)

    def test_it_says_where_it_knows_from(self):
        self.assertIn("observed directly; the daemon was not asked",
                      self.status("hypervisor", "sync").out)
        self.assertEqual(self.status("hypervisor", "sync", "--json").json["source"], "direct")

    def test_in_sync_is_fine(self):
        result = self.status("hypervisor", "sync", "--json", code=OK)
        self.assertEqual([pf["state"] for pf in result.json["pfs"]], ["in-sync", "in-sync"])

    def test_no_rules_are_fine(self):
        self.assertTrue(self.status("hypervisor", "none").out.startswith("no rules\n"))

    def test_a_pf_that_is_ignored_is_unmanaged_and_fine(self):
        path = self.file("p/a.yaml", "version: 1\nphysical-functions:\n"
                         "- {name: ports, match: {driver: igb}, vfs: 2}\n"
                         "- {name: mgmt, match: {interface: enp1s0}, mode: ignore}\n")
        for verb in ["status", "apply"]:
            result = self.simulated("igb-drifted", verb, "--policy", path, code=OK)
            self.assertRegex(result.out, r"unmanaged.*rule 'mgmt' ignores it")
        result = self.simulated("igb-drifted", "status", "--json", "--policy", path, code=OK)
        (pf,) = result.json["pfs"]
        self.assertEqual([pf["state"], pf["mode"]], ["unmanaged", "ignore"])
        self.assertFalse([each for each in pf["settings"] if each["differs"]])

    def test_a_rule_without_pf_is_absent(self):
        result = self.status("igb-drifted", "storage", code=PENDING)
        self.assertRegex(result.out, r"cards +- +absent +no driver matches 'i40e'")
        result = self.status("igb-drifted", "storage", "--json", code=PENDING)
        self.assertEqual(result.json["unmatched-rules"][0]["name"], "cards")

    def test_json_has_desired_and_actual(self):
        pf = self.status("igb-drifted", "lab", "--json", code=PENDING).json["pfs"][0]
        self.assertEqual(pf["vfs"], {"actual": 7, "most": 7})
        vf = pf["virtual-functions"][6]
        self.assertEqual((vf["index"], vf["reported"], vf["interface"]), (6, True, "enp1s0v6"))
        settings = {item["setting"]: item for item in vf["settings"]}
        self.assertEqual(settings["vlan"]["desired"], 100)
        self.assertEqual(settings["vlan"]["actual"], 7)
        self.assertTrue(settings["vlan"]["differs"])
        self.assertFalse(settings["spoof-check"]["differs"])
        self.assertFalse(settings["query-rss"]["differs"])
        self.assertNotIn("actual", settings["query-rss"])

    def test_holders_and_vfs_to_come_are_in_json(self):
        pfs = self.status("hypervisor", "uplinks", "--json", code=BLOCKED).json["pfs"]
        self.assertEqual(pfs[0]["vfs"], {"actual": 0, "desired": 8, "most": 128})
        self.assertFalse(pfs[0]["virtual-functions"][7]["reported"])
        self.assertEqual(pfs[1]["virtual-functions"][2]["holder"], "vfio-pci has it open")

    def test_another_program_for_the_same_pf_is_told(self):
        path = "/etc/NetworkManager/system-connections/a\033.nmconnection"
        rival = "NetworkManager sets up its VFs too: " \
            "/etc/NetworkManager/system-connections/a\\x1b.nmconnection has [sriov]"
        self.file(path[1:], "[connection]\ninterface-name=ens1f0np0\n[sriov]\ntotal-vfs=4\n")
        with open(os.path.join(HERE, "policy/sync/sync.yaml"), encoding="utf-8") as stream:
            text = stream.read()
        self.file("rules/a.yaml", text)
        arguments = ["status", "--root", self.directory, "--policy", "/rules"]
        lines = self.simulated("hypervisor", *arguments).out.splitlines()
        self.assertIn(f"ens1f0np0: {rival}", lines)
        self.assertEqual(sum("NetworkManager" in line for line in lines), 1)
        pfs = self.simulated("hypervisor", *arguments, "--json").json["pfs"]
        self.assertEqual([pf["rivals"] for pf in pfs], [[rival], []])
        # What is only watched has no rivals: somebody else is to set it up.
        self.file("rules/a.yaml", text + "    mode: observe\n")
        self.assertNotIn("NetworkManager", self.simulated("hypervisor", *arguments).out)

    def test_a_waiting_pf_says_for_what(self):
        result = self.status("storage", "storage", code=PENDING)
        self.assertIn("waiting", result.out)
        self.assertIn("the driver does not report all of its VFs", result.out)

    def test_an_unmanaged_pf_is_told_where_it_is_named(self):
        result = self.status("storage", "storage", "0000:5e:00.0")
        self.assertIn("unmanaged", result.out)

    def test_a_pf_that_cannot_be_observed_fails(self):
        self.status("hypervisor", "sync", code=FAILED, script="broken:pci/0000:3b:00.0")

    def test_a_bad_policy(self):
        self.assertEqual(self.status("hypervisor", "typo", code=USAGE).out, "")


if __name__ == "__main__":
    main()
