# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values that VFs are given once, as plan, status and explain tell of them."""

import os

from harness import Case, OK, PENDING, USAGE, main

POLICY = """version: 1
physical-functions:
- name: pods
  match: {interface: ens1}
  vf-defaults: {enforce: at-creation, vlan: 100, trust: false}
  virtual-functions: [{index: all, spoof-check: true}]
"""

HOST = """inventory: 2
host: {hostname: lab}
physical-functions:
- handle: pci/0000:01:00.0
  driver: igb
  interface: ens1
  ifindex: 2
  carrier: true
  pf-up: true
  vfs: 1
  virtual-functions:
  - {index: 0, address: "0000:01:10.0", vlan: 200, trust: false, spoof-check: true%s}
"""


class Creation(Case):
    def run_with(self, rest, *arguments, code=OK):
        self.file("p/a.yaml", POLICY)
        path = self.file("host.yaml", HOST % rest)
        return self.sriovctl(*arguments, "--policy", path.replace("host.yaml", "p"), "--inventory",
                             path, code=code)

    def test_what_was_changed_since_it_was_given_stays(self):
        result = self.run_with(", given: [vlan, trust]", "plan")
        self.assertIn("  1 value is another than is given at creation, and stays as it is\n",
                      result.out)
        self.assertIn("nothing to do", result.out)
        pf = self.run_with(", given: [vlan, trust]", "plan", "--json").json["pfs"][0]
        self.assertEqual(pf["changed-since-creation"], 1)
        self.assertEqual(pf["state"], "in-sync")

    def test_status_takes_no_value_that_was_left_for_the_one_that_is_given(self):
        """As it would be where many values are told in one line: of VFs that have others, since the
        policy counts from another one by now, it says so."""
        policy = POLICY.replace("vlan: 100, trust: false", "vlan: {from: 400}")
        directory = os.path.dirname(self.file("p/a.yaml", policy))
        vf = ', vlan: 55, given: [vlan]}\n  - {index: 1, address: "0000:01:10.2", vlan: 101, given: [vlan]'
        host = self.file("host.yaml", (HOST % vf).replace("vfs: 1", "vfs: 2").replace("vlan: 200, ", ""))
        host = host.removesuffix(".yaml")
        result = self.simulated(host, "status", "ens1", "--policy", directory)
        self.assertRegex(result.out, r"VFs 0-1 +vlan +400-401 +others +given at creation, another by now")
        result = self.simulated(host, "status", "ens1", "--policy", directory, "--json")
        vfs = result.json["pfs"][0]["virtual-functions"]
        self.assertEqual([(vf["settings"][0]["actual"], vf["settings"][0].get("changed")) for vf in vfs],
                         [(55, True), (101, True)])

    def test_what_is_due_is_given(self):
        result = self.run_with(", given: [trust], due: [vlan], use: vfio, holder: a guest", "plan",
                               code=PENDING)
        self.assertIn("vlan 200 -> 100", result.out)

    def test_a_vf_that_is_in_use_is_left_alone(self):
        result = self.run_with(", use: vfio, holder: a guest", "plan")
        self.assertIn("nothing to do", result.out)

    def test_where_it_cannot_be_told_nothing_is_given(self):
        result = self.run_with(", given-untold: true", "plan")
        self.assertIn("nothing to do", result.out)

    def test_explain_tells_what_is_given_once_and_whether_it_was(self):
        result = self.run_with(", given: [vlan]", "explain", "ens1", "0")
        self.assertRegex(result.out, r"vlan +100 .*given at creation")
        self.assertRegex(result.out, r"trust +false .*at creation only; not given yet")
        self.assertNotRegex(result.out, r"spoof-check .*creation")
        settings = self.run_with(", given: [vlan]", "explain", "ens1", "0", "--json"
                                 ).json["virtual-functions"][0]["settings"]
        told = {each["setting"]: (each.get("enforce"), each.get("given")) for each in settings}
        self.assertEqual(told, {"vlan": ("at-creation", True), "trust": ("at-creation", False),
                                "spoof-check": (None, None)})

    def test_a_setting_that_there_is_none_of_is_an_error(self):
        result = self.run_with(", given: [vlam]", "plan", code=USAGE)
        self.assertIn("'given' has 'vlam', which is no setting of a VF", result.err)


if __name__ == "__main__":
    main()
