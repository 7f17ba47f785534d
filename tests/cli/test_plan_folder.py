# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl plan --inventory FOLDER: what would change on many hosts."""

import os
import pathlib
import sys

from harness import BLOCKED, Case, HERE, INVENTORIES, OK, PENDING, USAGE, main

sys.path.insert(0, os.path.join(HERE, "../bench"))
import inventories  # noqa: E402

POLICY = """\
version: 1
host: {hostname: "web-*"}
physical-functions:
- name: uplinks
  match: {driver: ice}
  vf-defaults: {vlan: 7}
"""


def inventory(hostname, vlan, more=""):
    return (f"inventory: 1\nhost: {{hostname: {hostname}}}\nphysical-functions:\n"
            "- handle: pci/0000:01:00.0\n  driver: ice\n  interface: e0\n  ifindex: 2\n"
            f"  virtual-functions:\n  - {{index: 0, vlan: {vlan}{more}}}\n")


class FolderCase(Case):
    def setUp(self):
        super().setUp()
        self.hosts = os.path.join(self.directory, "hosts")
        os.mkdir(self.hosts)

    def plan(self, code, *arguments, policy=POLICY):
        self.file("policy/a.yaml", policy)
        return self.sriovctl("plan", "--inventory", self.hosts, "--policy",
                             os.path.join(self.directory, "policy"), *arguments, code=code)

    def host(self, name, text):
        return self.file(f"hosts/{name}", text)


class Text(FolderCase):
    def test_each_host_that_is_not_in_sync_is_a_line(self):
        self.host("web-1", inventory("web-1", 7))
        self.host("web-2.yaml", inventory("web-2", 8))
        result = self.plan(PENDING)
        self.assertEqual(result.out.splitlines()[0].split(), ["web-2.yaml", "pending", "e0:",
                                                              "vlan"])
        self.assertNotIn("web-1", result.out)
        self.assertTrue(result.out.endswith("\n2 hosts: 1 in-sync, 1 pending\n"), result.out)
        self.assertEqual(result.err, "")

    def test_what_is_no_file_of_the_folder_is_not_read(self):
        """Who gathers inventories may not be trusted with the files of who reads them."""
        secret = self.file("secret", "root:$6$salt: x\n")
        self.host("web-1", inventory("web-1", 7))
        os.symlink("web-1", f"{self.hosts}/web-2")
        os.symlink(secret, f"{self.hosts}/web-3")
        os.symlink("../secret", f"{self.hosts}/web-4")
        os.mkfifo(f"{self.hosts}/web-5")
        for arguments in [[], ["--json"]]:
            result = self.plan(USAGE, *arguments)
            self.assertNotIn("root:", result.out + result.err)
            self.assertNotIn("$6$", result.out + result.err)
        result = self.plan(USAGE)
        self.assertEqual(result.err.count("is refused: it leads out of the folder"), 2)
        self.assertIn("web-5: error: is refused: it is no regular file", result.err)
        self.assertTrue(result.out.endswith("\n5 hosts: 2 in-sync, 3 failed\n"), result.out)

    def test_a_host_that_cannot_be_as_the_policy_says_is_not_fine(self):
        self.host("web-1", inventory("web-1", 7).replace("  driver", "  totalvfs: 1\n  driver"))
        result = self.plan(PENDING, policy=POLICY + "  vfs: 8\n")
        self.assertRegex(result.out, r"web-1 +degraded +e0: 'vfs' is 8, but the card can have 1 VF")
        self.assertTrue(result.out.endswith("\n1 host: 0 in-sync, 1 degraded\n"), result.out)

    def test_a_rule_that_matches_nowhere_is_not_fine(self):
        self.host("web-1", inventory("web-1", 7))
        policy = POLICY + "- {name: nowhere, match: {driver: mlx5_core}}\n"
        result = self.plan(PENDING, policy=policy)
        self.assertIn("rule 'nowhere' matches no PF of any of these hosts", result.err)

    def test_all_in_sync_is_one_line(self):
        self.host("web-1", inventory("web-1", 7))
        self.assertEqual(self.plan(OK).out, "1 host: 1 in-sync\n")

    def test_what_differs_is_counted(self):
        for i in range(3):
            self.host(f"web-{i}", inventory(f"web-{i}", 9))
        lines = self.plan(PENDING).out.splitlines()
        self.assertEqual(lines[4].split(), ["DIFFERS", "HOSTS", "PFS", "VFS"])
        self.assertEqual(lines[5].split(), ["vlan", "3", "3", "3"])

    def test_hosts_are_in_natural_order(self):
        for i in (10, 9, 100, 1):
            self.host(f"web-{i}", inventory(f"web-{i}", 9))
        words = [line.split()[0] for line in self.plan(PENDING).out.splitlines()[:4]]
        self.assertEqual(words, ["web-1", "web-9", "web-10", "web-100"])

    def test_a_policy_for_some_hosts_counts_on_these(self):
        self.host("web-1", inventory("web-1", 9))
        self.host("db-1", inventory("db-1", 9))
        result = self.plan(PENDING)
        self.assertNotIn("db-1", result.out)
        self.assertIn("2 hosts: 0 in-sync, 1 pending, 1 unmanaged\n", result.out)
        self.assertIn("db-1   unmanaged\n", self.plan(PENDING, "--all").out)

    def test_what_is_no_inventory_by_its_name_is_passed_over(self):
        self.host("web-1.example.com", inventory("web-1", 7))
        for name in ["README", "README.txt", "notes.md", "web-1~", "web-1.bak"]:
            self.host(name, "Inventories of the hosts in row 7.\n")
        self.assertEqual(self.plan(OK).out, "1 host: 1 in-sync\n")

    def test_a_blocked_host_says_why_and_wins(self):
        self.host("web-1", inventory("web-1", 9))
        self.host("web-2", inventory("web-2", 7, ", holder: a VM"))
        result = self.plan(BLOCKED, policy=POLICY.replace("vf-defaults", "vfs: 4\n  vf-defaults"))
        self.assertIn("web-2  blocked  e0: vfs (VF 0 is in use: a VM)\n", result.out)

    def test_a_bad_inventory_is_told_and_the_others_are_planned(self):
        self.host("web-1", inventory("web-1", 9))
        path = self.host("web-2", "inventory: 1\nhost: {hostnam: a}\n")
        self.host("web-3", "")
        result = self.plan(USAGE)
        self.assertIn(f"{path}:2:17: error: unknown key 'hostnam'", result.err)
        self.assertIn("web-3:1:1: error: an empty inventory", result.err)
        self.assertIn("web-2  failed   the inventory cannot be read\n", result.out)
        self.assertIn("3 hosts: 0 in-sync, 1 pending, 2 failed\n", result.out)

    def test_only_observed_is_not_pending(self):
        self.host("web-1", inventory("web-1", 9))
        result = self.plan(OK, policy=POLICY.replace("vf-defaults", "mode: observe\n  vf-defaults"))
        self.assertIn("web-1  drifted  e0: ", result.out)

    def test_a_rule_that_matches_on_no_host_is_told_once(self):
        for i in range(3):
            self.host(f"web-{i}", inventory(f"web-{i}", 7))
        result = self.plan(PENDING, policy=POLICY + "- {name: b, match: {driver: igb}, vfs: 1}\n")
        self.assertEqual(result.err.count("warning"), 1, result.err)
        self.assertIn("rule 'b' matches no PF of any of these hosts", result.err)

    def test_what_makes_no_sense_is_told_once(self):
        for i in range(3):
            self.host(f"web-{i}", inventory(f"web-{i}", 7))
        result = self.plan(PENDING, policy=POLICY + "  virtual-functions: [{index: 5, vlan: 1}]\n")
        self.assertEqual(result.err.count("warning: 'index' names VF 5"), 1, result.err)
        self.assertRegex(result.err, r"the PF has 1 VFs; on web-\d and 2 more hosts\n")
        self.assertIn("3 hosts: 0 in-sync, 3 degraded\n", result.out)

    def test_what_is_no_inventory_is_passed_over(self):
        self.host("web-1", inventory("web-1", 7))
        self.host(".git", "x")
        self.host("old/web-2", "x")
        self.assertEqual(self.plan(OK).out, "1 host: 1 in-sync\n")

    def test_names_are_escaped(self):
        self.host("a\x1b[31m", inventory("web-1", 9))
        self.host("b\x1b[31m", "\x07")
        result = self.plan(USAGE)
        self.assertNotIn("\x1b", result.out + result.err)

    def test_an_empty_folder_is_an_error(self):
        self.assertIn("there are no inventories in it", self.plan(USAGE).err)

    def test_no_pf_can_be_named(self):
        self.host("web-1", inventory("web-1", 7))
        self.assertIn("no PF can be named", self.plan(USAGE, "e0").err)

    def test_a_bad_policy_is_told_once(self):
        self.host("web-1", inventory("web-1", 7))
        result = self.plan(USAGE, policy=POLICY + "vfs: 1\n")
        self.assertEqual(result.out, "")
        self.assertEqual(result.err.count("error"), 1)

    def test_other_verbs_want_one_inventory(self):
        result = self.sriovctl("list", "--inventory", self.hosts, code=USAGE)
        self.assertIn("only plan reads a folder", result.err)


class Json(FolderCase):
    def test_each_host_is_as_a_plan_of_its_own(self):
        path = self.host("web-1", inventory("web-1", 9))
        self.host("web-2", inventory("web-2", 7))
        hosts = self.plan(PENDING, "--json").json
        alone = self.sriovctl("plan", "--inventory", path, "--policy",
                              os.path.join(self.directory, "policy"), "--json", code=PENDING).json
        self.assertEqual(hosts[0], {"inventory": "web-1", "hostname": "web-1", "state": "pending",
                                    **alone})
        self.assertEqual([host["state"] for host in hosts], ["pending", "in-sync"])

    def test_the_fixtures_are_as_alone(self):
        for name in os.listdir(INVENTORIES_HERE):
            with open(os.path.join(INVENTORIES_HERE, name), encoding="utf-8") as stream:
                self.host(name, stream.read())
        result = self.sriovctl("plan", "--inventory", self.hosts, "--policy", "policy/uplinks",
                               "--json", code=BLOCKED)
        for host in result.json:
            alone = self.sriovctl("plan", "--inventory", f"{INVENTORIES}/{host['inventory']}",
                                  "--policy", "policy/uplinks", "--json",
                                  code=BLOCKED if host["state"] == "blocked" else PENDING
                                  if host["state"] == "pending" or host["unmatched-rules"]
                                  else OK).json
            self.assertEqual(host["pfs"], alone["pfs"])
            self.assertEqual(host["unmatched-rules"], alone["unmatched-rules"])

    def test_a_bad_inventory_has_its_errors(self):
        self.host("a", "inventory: 3\n")
        host, = self.plan(USAGE, "--json").json
        self.assertEqual(host["state"], "failed")
        self.assertEqual(host["errors"][0]["line"], 1)


class Fleet(FolderCase):
    """A made up fleet, whose share of each state is known."""

    def test_a_thousand_hosts(self):
        inventories.make(1000, pathlib.Path(self.directory, "fleet"))
        fleet = os.path.join(self.directory, "fleet")
        result = self.sriovctl("plan", "--inventory", f"{fleet}/hosts", "--policy",
                               f"{fleet}/policy", code=BLOCKED)
        self.assertTrue(result.out.endswith(
            "\n1000 hosts: 904 in-sync, 76 pending, 10 blocked, 10 degraded\n"), result.out[-200:])
        again = self.sriovctl("plan", "--inventory", f"{fleet}/hosts", "--policy",
                              f"{fleet}/policy", code=BLOCKED)
        self.assertEqual(again.out, result.out)


INVENTORIES_HERE = os.path.join(HERE, INVENTORIES)

if __name__ == "__main__":
    main()
