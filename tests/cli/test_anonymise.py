# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl inventory --anonymise: an inventory that a stranger may have."""

import json
import os
import re

from harness import Case, HERE, INVENTORIES, main

NAMES = [name.removesuffix(".yaml") for name in sorted(os.listdir(f"{HERE}/{INVENTORIES}"))]
ADDRESS = re.compile(r"(?:[0-9a-f]{2}:){5,7}[0-9a-f]{2}")
# What a policy may ask for that names nobody.
POLICY = """version: 1
physical-functions:
- name: all
  match: {pci: "*"}
  vfs: 4
  vf-defaults: {mac: stable, node-guid: stable, vlan: 100, trust: false, driver: vfio-pci}
"""


class Anonymise(Case):
    def setUp(self):
        super().setUp()
        self.policy = self.file("a.yaml", POLICY)

    def anonymous(self, path):
        return self.sriovctl("inventory", "--inventory", path, "--anonymise").out

    def steps(self, path):
        """What a plan would do, and to what, but for the addresses in it."""
        process = self.sriovctl("plan", "--json", "--inventory", path, "--policy", self.policy,
                                code=None)
        return [{key: step.get(key) for key in ("kind", "vf", "setting", "disrupts", "blocked-by")}
                for pf in process.json["pfs"] for step in pf["steps"]]

    def assert_code(self, code, result, arguments):
        if code is not None:
            super().assert_code(code, result, arguments)

    def test_a_plan_has_the_same_steps(self):
        for name in NAMES:
            path = f"{INVENTORIES}/{name}.yaml"
            steps = self.steps(path)
            self.assertTrue(steps, name)
            self.assertEqual(self.steps(self.file("i.yaml", self.anonymous(path))), steps, name)

    def test_no_address_is_left_and_equal_ones_stay_equal(self):
        for name in NAMES:
            path = f"{INVENTORIES}/{name}.yaml"
            before = self.sriovctl("inventory", "--inventory", path).out
            after = self.anonymous(path)
            old, new = ADDRESS.findall(before), ADDRESS.findall(after)
            self.assertEqual(len(old), len(new), name)
            pairs = {pair for pair in zip(old, new) if pair[0].strip("0:")}
            self.assertFalse({a for a, _ in pairs} & {b for _, b in pairs}, name)
            self.assertEqual(len(pairs), len({a for a, _ in pairs}), name)
            self.assertEqual(len(pairs), len({b for _, b in pairs}), name)

    def on_host(self, vf):
        return self.file("h.yaml", f"""inventory: 2
host:
  hostname: secret
  machine-id: "0123456789abcdef0123456789abcdef"
  kernel-command-line: root=UUID=secret intel_iommu=on quiet iommu=pt host=secret
physical-functions:
- handle: pci/0000:01:00.0
  serial: 52-54-00-ff-ff-01-02-03
  driver: igb
  interface: enp1s0
  ifindex: 2
  mac: "52:54:00:01:02:03"
  holder: enp1s0 has address secret
  totalvfs: 7
  vfs: 1
  virtual-functions:
  - index: 0
    trust: false
    vlan: 100
    driver: vfio-pci
{vf}
""")

    def test_who_it_is_of_is_not_told(self):
        path = self.on_host("    holder: vfio, by secret\n    use: vfio\n    remark: of secret")
        text = self.anonymous(path)
        self.assertNotIn("secret", text)
        self.assertNotIn("52-54", text)
        self.assertNotIn("0123456789abcdef", text)
        told = json.loads(self.sriovctl("inventory", "--json", "--inventory", path,
                                        "--anonymise").out)
        self.assertEqual(told["host"]["kernel-command-line"], "intel_iommu=on iommu=pt")
        pf = told["physical-functions"][0]
        self.assertEqual((pf["interface"], pf["handle"]), ("enp1s0", "pci/0000:01:00.0"))
        self.assertEqual(pf["virtual-functions"][0]["use"], "vfio")
        self.assertTrue(pf["virtual-functions"][0]["holder"], "it stays in use")

    def test_an_address_that_is_stable_stays_so(self):
        explained = self.sriovctl("explain", "--json", "enp1s0", "0", "--inventory",
                                  self.on_host(""), "--policy", self.file("b.yaml", POLICY.replace(
                                      "vfs: 4", "vfs: 1"))).json
        [stable] = [setting["value"] for setting in explained["virtual-functions"][0]["settings"]
                    if setting["setting"] == "mac"]
        path = self.on_host(f"    mac: '{stable}'")
        self.policy = self.file("b.yaml", POLICY.replace("vfs: 4", "vfs: 1"))
        anonymous = self.file("i.yaml", self.anonymous(path))
        for inventory in (path, anonymous):
            self.assertNotIn("mac", [step["setting"] for step in self.steps(inventory)])
        with open(anonymous, encoding="utf-8") as stream:
            self.assertNotIn(stable, stream.read())


if __name__ == "__main__":
    main()
