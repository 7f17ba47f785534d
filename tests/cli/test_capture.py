# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl capture: the host as it is, as a policy."""

import os

from harness import Case, FAILED, HERE, INVENTORIES, PENDING, USAGE, main

NAMES = sorted(name[:-len(".yaml")] for name in os.listdir(os.path.join(HERE, INVENTORIES)))


class Capture(Case):
    def capture(self, inventory, *arguments):
        return self.sriovctl("capture", "--inventory", f"{INVENTORIES}/{inventory}.yaml",
                             *arguments).out

    def test_a_host_is_a_policy_that_is_right_and_leaves_nothing_to_do(self):
        for name in NAMES:
            captured = self.capture(name)
            self.assert_golden(f"capture-{name}.txt", captured)
            path = self.file(f"{name}.yaml", captured)
            self.assertRegex(self.sriovctl("check", path).out, r"1 file, \d+ rules?: ok\n$")
            # Two VFs of the drive are dead, which no policy changes.
            plan = self.sriovctl("plan", "--policy", path, "--inventory",
                                 f"{INVENTORIES}/{name}.yaml",
                                 code=PENDING if name == "storage" else 0)
            self.assertTrue(plan.out.endswith("\nnothing to do\n"), plan.out)

    def test_what_differs_is_a_policy_too(self):
        for name in NAMES:
            captured = self.capture(name, "--what-differs")
            self.assert_golden(f"capture-differs-{name}.txt", captured)
            self.sriovctl("check", self.file(f"{name}.yaml", captured))

    def test_its_comments_fit_a_terminal(self):
        for name in NAMES:
            for line in self.capture(name).splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_pfs_can_be_named(self):
        captured = self.capture("hypervisor", "ens1f1")
        self.assertIn("- name: ens1f1np1\n", captured)
        self.assertNotIn("ens1f0", captured)
        result = self.sriovctl("capture", "--inventory", f"{INVENTORIES}/hypervisor.yaml", "ens9",
                               code=FAILED)
        self.assertEqual(result.out, "")
        self.assertIn("no PF is called 'ens9'", result.err)

    def test_the_rule_of_one_pf_tells_it_from_those_that_were_not_named(self):
        path = self.file("twins.yaml", "inventory: 1\nphysical-functions:\n" + "".join(
            f"- {{handle: pci/0000:3b:00.{i}, driver: ice, interface: e{i}, ifindex: {i + 2},\n"
            "   mac: 52:54:00:00:00:01}\n" for i in range(2)))
        captured = self.sriovctl("capture", "--inventory", path, "e0").out
        self.assertIn('    match:\n      pci: "0000:3b:00.0"\n', captured)

    def test_a_host_without_pfs_is_a_policy_too(self):
        path = self.file("empty.yaml", "inventory: 1\n")
        captured = self.sriovctl("capture", "--inventory", path).out
        self.assertTrue(captured.endswith("# No PFs here.\nversion: 1\n"))
        self.sriovctl("check", self.file("captured.yaml", captured))

    def test_an_inventory_that_is_wrong_is_no_policy(self):
        path = self.file("wrong.yaml", "inventory: 1\nphysical-functions: [{handle: x}]\n")
        self.assertEqual(self.sriovctl("capture", "--inventory", path, code=USAGE).out, "")


if __name__ == "__main__":
    main()
