# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl doctor: what is wrong, why, and what to do."""

import os

from harness import Case, INVENTORIES, OK, PENDING, USAGE, main

FACTS = "facts: {iommu: true, interrupt-remapping: true, vfio: true}\n"
RULE = "version: 1\nphysical-functions:\n- name: a\n  match: {driver: %s}\n"


class Doctor(Case):
    def on_igb(self, settings, *arguments, pf="", **keywords):
        """On the igb of the fixtures, with some of it replaced, and a rule for it."""
        with open(f"{os.path.dirname(__file__)}/{INVENTORIES}/igb-drifted.yaml",
                  encoding="utf-8") as stream:
            text = stream.read()
        text += FACTS
        for old, new in pf and [pf]:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        policy = self.file("a.yaml", RULE % "igb" + settings)
        return self.sriovctl("doctor", *arguments, "--inventory", self.file("i.yaml", text),
                             "--policy", policy, **keywords)

    def test_nothing_is_found_where_all_is_well(self):
        result = self.on_igb("  vfs: 7\n", code=OK)
        self.assertRegex(result.out, r"^nothing found; \d+ checks are good\n$")
        self.assertEqual(result.err, "")

    def test_a_finding_says_what_was_read_why_and_what_to_do(self):
        result = self.on_igb("  vfs: 7\n", pf=("pf-up: true", "pf-up: false"), code=PENDING)
        place = f"{self.directory}/a.yaml:3"
        self.assertEqual(result.out.replace(place, "PLACE").splitlines()[:4], [
            "error: enp1s0: it is down, and igb gives VFs' drivers their addresses only while it is "
            "up [pf-down]",
            "  read: IFF_UP of enp1s0; Linux, drivers/net/ethernet/intel/igb/igb_main.c",
            "  why: what the driver does only with the PF up is refused, or done wrong without a "
            "word",
            "  do: write 'pf-up: true' in rule 'a' (PLACE), or 'ip link set enp1s0 up'"])
        self.assertRegex(result.out, r"\n1 finding; \d+ checks are good\n$")

    def test_the_worst_is_first(self):
        result = self.sriovctl("doctor", "--inventory", f"{INVENTORIES}/storage.yaml",
                               "--policy", "policy/uplinks", code=PENDING)
        found = [line.split(":")[0] for line in result.out.splitlines()
                 if line and line[0] != " "][:-1]
        self.assertEqual(found, ["error", "warning", "warning", "warning", "cannot be told"])

    def test_severity_narrows(self):
        arguments = ["doctor", "--inventory", f"{INVENTORIES}/storage.yaml", "--policy",
                     "policy/uplinks"]
        result = self.sriovctl(*arguments, "--severity", "error", code=PENDING)
        self.assertIn("\n1 finding;", result.out)
        arguments[2] = f"{INVENTORIES}/hypervisor.yaml"
        self.assertIn("rule-unmatched", self.sriovctl(*arguments, code=PENDING).out)
        self.assertIn("nothing found",
                      self.sriovctl(*arguments, "--severity", "error", code=OK).out)
        result = self.sriovctl(*arguments, "--severity", "bad", code=USAGE)
        self.assertIn("'--severity' needs error, warning or note", result.err)

    def test_json_has_the_same(self):
        result = self.on_igb("  vfs: 8\n", "--json", code=PENDING)
        [finding] = result.json["findings"]
        self.assertEqual(finding, {
            "severity": "error", "check": "vfs-over-total", "pf": "enp1s0",
            "finding": "8 VFs are asked for, and the card can have 7",
            "read": f"'vfs' at {self.directory}/a.yaml:5; sriov_totalvfs of 0000:01:00.0",
            "why": "the kernel refuses more than sriov_totalvfs, and no VF is made",
            "do": "write 'vfs: 7', or 'at-most: true' beside it; some cards can have more by a "
            "setting of their firmware"})
        self.assertEqual(result.json["untold"], [])
        self.assertGreater(result.json["good"], 3)

    def test_what_cannot_be_told_is_said(self):
        settings = "  vf-defaults: {min-tx-rate: 10}\n"
        result = self.on_igb(settings, code=OK)
        self.assertIn("cannot be told: enp1s0: the speed of its link [rates-over-link]\n",
                      result.out)
        self.assertRegex(result.out, r"nothing found; \d+ checks are good, 1 could not be made\n$")
        self.assertEqual(self.on_igb(settings, "--json", code=OK).json["untold"],
                         [{"check": "rates-over-link", "pf": "enp1s0",
                           "reason": "the speed of its link"}])

    def test_an_inventory_without_facts_is_no_good_host(self):
        arguments = ["doctor", "--inventory", f"{INVENTORIES}/hypervisor.yaml", "--policy",
                     "policy/none"]
        self.assertIn("cannot be told: what the host has besides its PFs; the inventory has no facts "
                      "[facts]\n", self.sriovctl(*arguments, code=OK).out)

    def test_facts_are_read_below_root(self):
        for path, text in [("sys/firmware/acpi/tables/DMAR", ""), ("sys/class/net/x", ""),
                           ("etc/os-release", "ID=debian\n"), ("proc/cmdline", "quiet\n"),
                           ("proc/cpuinfo", "vendor_id\t: GenuineIntel\n")]:
            self.file(path, text)
        policy = self.file("etc/sriovd/a.yaml", RULE % "igb")
        result = self.simulated("igb-drifted", "doctor", "--root", self.directory, "--policy",
                                policy.removeprefix(self.directory), code=PENDING)
        self.assertIn("warning: the firmware has an IOMMU, and the kernel does not use it "
                      "[iommu-off]\n", result.out)
        self.assertIn("\n  do: add 'intel_iommu=on iommu=pt' to the kernel's command line, in "
                      "GRUB_CMDLINE_LINUX_DEFAULT of /etc/default/grub, then 'update-grub', and "
                      "boot\n", result.out)
        told = self.simulated("igb-drifted", "inventory", "--root", self.directory).out
        self.assertIn("  iommu-in-firmware: true\n  iommu: false\n", told)

    def test_pfs_without_a_rule_are_examined_too_and_those_named_alone(self):
        arguments = ["doctor", "--inventory", f"{INVENTORIES}/storage.yaml", "--policy",
                     "policy/none"]
        self.assertIn("0000:5e:00.0: VF 1: dead", self.sriovctl(*arguments, code=PENDING).out)
        self.assertIn("nothing found", self.sriovctl(*arguments, "eno1", code=OK).out)
        arguments[4] = "policy/uplinks"
        self.assertNotIn("rule-unmatched", self.sriovctl(*arguments, "eno1", code=OK).out)

    def test_lines_are_folded_on_a_terminal(self):
        text = self.terminal("doctor", "--inventory", f"{INVENTORIES}/storage.yaml", "--policy",
                             "policy/uplinks")
        self.assertIn("warning: rule 'uplinks' matches no PF", text)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_the_host_at_hand_is_examined_without_the_daemon(self):
        result = self.simulated("igb-drifted", "doctor", "--policy", "policy/lab", "--severity",
                                "error")
        self.assertIn("nothing found", result.out)


if __name__ == "__main__":
    main()
