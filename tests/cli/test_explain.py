# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl explain: where values come from."""

import re

from harness import Case, FAILED, OK, USAGE, main


class Text(Case):
    def test_a_pf_has_its_rules_and_values_with_their_places(self):
        result = self.on("hypervisor", "uplinks", "explain", "ens1f1")
        self.assert_golden("explain-pf.txt", result.out)

    def test_a_vf_has_its_values_and_what_they_override(self):
        result = self.on("hypervisor", "uplinks", "explain", "ens1f1", "1")
        self.assert_golden("explain-vf.txt", result.out)

    def test_a_percentage_and_what_makes_no_sense_are_told(self):
        result = self.on("no-netdev", "numbers", "explain", "0000:18:00.1")
        self.assertRegex(result.out, r"vfs +4 VFs .* from 50%")
        self.assertRegex(result.out, r"mac +stable .* left out: it makes no sense on this PF")
        self.assertIn("warning: 0000:18:00.1: ", result.err)

    def test_a_stable_address_is_told_with_its_word(self):
        path = self.file("p/a.yaml", "version: 1\nphysical-functions:\n- name: a\n"
                         "  match: {driver: igb}\n  vf-defaults: {mac: stable}\n")
        result = self.sriovctl("explain", "enp1s0", "3", "--policy", path[:-len("/a.yaml")],
                               "--inventory", "../data/inventory/igb-drifted.yaml")
        self.assertRegex(result.out, r"mac +[0-9a-f:]{17} .* from stable")

    def test_a_pool_is_a_value_like_any_other(self):
        path = self.file("p/a.yaml", "version: 1\nphysical-functions:\n- name: a\n"
                         "  match: {driver: igb}\n  vf-defaults: {pool: guests}\n"
                         "  virtual-functions:\n  - {index: 3, pool: storage-1}\n")
        arguments = ["--policy", path[:-len("/a.yaml")],
                     "--inventory", "../data/inventory/igb-drifted.yaml"]
        result = self.sriovctl("explain", "enp1s0", "3", *arguments)
        self.assertRegex(result.out, r"pool +storage-1 .* overrides guests")
        plan = self.sriovctl("plan", *arguments)
        self.assertNotIn("pool", plan.out + plan.err)

    def test_a_pf_without_rules_is_left_alone(self):
        result = self.on("storage", "storage", "explain", "0000:5e:00.0")
        self.assertIn("no: driver is nvme, wanted 'i40e'", result.out)
        self.assertIn("no rule matches: it is left alone", result.out)

    def test_a_policy_without_rules_is_told(self):
        self.assertIn("there are no rules", self.on("storage", "none", "explain", "eno1").out)

    def test_a_rule_that_sets_nothing_here_is_told(self):
        self.assertIn("nothing is set", self.on("hypervisor", "selector", "explain", "ens1f0").out)


    def explain_matched(self, inventory, pf, match, *arguments):
        path = self.file("p/a.yaml", "version: 1\nphysical-functions:\n- name: a\n"
                         f"  match: {match}\n  vfs: 2\n")
        return self.sriovctl("explain", pf, *arguments, "--policy", path, "--inventory",
                             f"../data/inventory/{inventory}.yaml")

    def test_what_is_not_meant_is_told(self):
        result = self.explain_matched("hypervisor", "ens1f0",
                                      '{driver: ice, not: {interface: "ens1f0"}}')
        self.assertRegex(result.out, r"no: interface is ens1f0np0, ens1f0, enp59s0f0np0, and "
                         r"'not'\s+excludes 'ens1f0'")
        result = self.explain_matched("hypervisor", "ens1f1",
                                      '{driver: ice, not: {interface: "ens1f0"}}')
        self.assertIn("matches", result.out)

    def test_a_pf_whose_name_is_not_known_yet_is_not_matched_by_what_excludes_names(self):
        match = '{device: "15b3:*", not: {interface: "mgmt*"}}'
        text = re.sub(r"\s+", " ", self.explain_matched("no-netdev", "0000:18:00.1", match).out)
        self.assertIn("interface is nothing (it has no network device here), and 'not' cannot tell "
                      "yet whether it is 'mgmt*'", text)
        self.assertIn("no rule matches: it is left alone", text)
        rule = self.explain_matched("no-netdev", "0000:18:00.1", match, "--json").json["rules"][0]
        self.assertEqual([rule[key] for key in ("matches", "failed", "wanted", "untold")],
                         [False, "not.interface", "'mgmt*'", True])

    def test_at_most_says_how_many_were_asked_for(self):
        path = self.file("p/a.yaml", "version: 1\nphysical-functions:\n- name: a\n"
                         "  match: {driver: igb}\n  vfs: 64\n  at-most: true\n")
        where = ["--policy", path, "--inventory", "../data/inventory/igb-drifted.yaml"]
        self.assertRegex(self.sriovctl("explain", "enp1s0", *where).out,
                         r"PF +vfs +7 VFs +a.yaml:5:8 +from 64\n  PF +at-most +true")
        self.assertRegex(self.sriovctl("plan", *where).out, "nothing to do")

    def test_a_pf_that_is_ignored_has_no_values(self):
        path = self.file("p/a.yaml", "version: 1\nphysical-functions:\n"
                         "- {name: mgmt, match: {interface: ens1f0}, mode: ignore}\n"
                         "- {name: ports, match: {driver: ice}, vfs: 2, mode: enforce}\n")
        where = ["--policy", path, "--inventory", "../data/inventory/hypervisor.yaml"]
        result = self.sriovctl("explain", "ens1f0", *where)
        self.assertRegex(result.out, r"(?s)mgmt +matches .*ports +matches .*\n\n  rule 'mgmt' "
                         r"ignores it: it is left alone, whatever others say\n")
        self.assertNotIn("VFs", result.out)
        document = self.sriovctl("explain", "ens1f0", "--json", *where).json
        self.assertEqual([document[key] for key in ("ignored-by", "settings")], ["mgmt", []])
        self.assertRegex(self.sriovctl("explain", "ens1f1", *where).out, r"PF +vfs +2 VFs")

    def test_a_pf_that_may_be_ignored_says_what_must_be_known(self):
        path = self.file("p/a.yaml", "version: 1\nphysical-functions:\n"
                         "- {name: mgmt, match: {interface: eno1}, mode: ignore}\n"
                         "- {name: ports, match: {driver: mlx5_core}, vfs: 4}\n")
        result = self.sriovctl("explain", "0000:18:00.1", "--policy", path, "--inventory",
                               "../data/inventory/no-netdev.yaml")
        self.assertIn("\n  it cannot be told yet whether rule 'mgmt' ignores it: interface is "
                      "nothing", result.out)

    def test_classes_and_vendors_are_matched(self):
        for match, fits in [("{class: nvme}", True), ('{device: "144d:*"}', True),
                            ("{class: network}", False), ('{device: "8086:*"}', False)]:
            with self.subTest(match):
                out = self.explain_matched("storage", "0000:5e:00.0", match).out
                self.assertEqual("no rule matches" not in out, fits)

    def test_files_that_do_not_count_are_told(self):
        result = self.on("hypervisor", "selector", "explain", "ens1f0")
        self.assertIn("policy/selector/20-elsewhere.yaml:3:18: note: not for this host: hostname "
                      "is compute-17, wanted 'storage-*'\n    3 | host: ", result.err)


class Trouble(Case):
    def test_a_pf_that_is_not_there(self):
        result = self.on("hypervisor", "uplinks", "explain", "eth0", code=FAILED)
        self.assertIn("no PF is called 'eth0'", result.err)

    def test_a_vf_that_will_not_be_there(self):
        result = self.on("hypervisor", "uplinks", "explain", "ens1f1", "7", code=FAILED)
        self.assertEqual(result.err, "sriovctl explain: there is no VF 7: ens1f1np1 has 4 VFs now "
                         "and 7 by the policy\n")
        result = self.on("hypervisor", "none", "explain", "ens1f1", "99", code=FAILED)
        self.assertIn("there is no VF 99: ens1f1np1 has 4 VFs\n", result.err)

    def test_a_vf_that_is_no_number(self):
        for word in ["x", "-1", "", "1x", "999999"]:
            result = self.sriovctl("explain", "--policy", "policy/uplinks", "--inventory",
                                   "../data/inventory/hypervisor.yaml", "--", "ens1f1", word,
                                   code=USAGE)
            self.assertIn("is no number of a VF", result.err)

    def test_a_bad_policy(self):
        self.assertEqual(self.on("hypervisor", "typo", "explain", "ens1f0", code=USAGE).out, "")


class Json(Case):
    def explain(self, inventory, policy, *arguments):
        return self.on(inventory, policy, "explain", "--json", *arguments, code=OK).json

    def test_rules_say_what_failed(self):
        rules = self.explain("hypervisor", "uplinks", "ens1f0")["rules"]
        self.assertEqual([rule["matches"] for rule in rules], [True, False, False])
        self.assertEqual(rules[1]["failed"], "port")
        self.assertEqual(rules[1]["actual"], "p0")
        self.assertEqual(rules[1]["wanted"], "'p1'")
        self.assertEqual(rules[1]["origin"]["line"], 4)

    def test_values_say_who_set_them(self):
        answer = self.explain("hypervisor", "uplinks", "ens1f1")
        settings = {item["setting"]: item for item in answer["settings"]}
        self.assertEqual(settings["vfs"]["value"], 7)
        self.assertEqual(settings["vfs"]["origin"],
                         {"file": "policy/uplinks/20-second-port.yaml", "line": 6, "column": 10})
        self.assertEqual(settings["vfs"]["overrides"][0]["written"], "8")
        self.assertEqual(settings["on-resize"]["value"], "refuse")
        self.assertEqual(len(answer["virtual-functions"]), 7)

    def test_one_vf_can_be_asked_for(self):
        answer = self.explain("hypervisor", "uplinks", "ens1f1", "3")
        self.assertNotIn("settings", answer)
        self.assertEqual([vf["index"] for vf in answer["virtual-functions"]], [3])
        vlan = next(item for item in answer["virtual-functions"][0]["settings"]
                    if item["setting"] == "vlan")
        self.assertEqual(vlan["value"], {"id": 103, "qos": 5, "protocol": "802.1ad"})
        self.assertEqual(vlan["overrides"][0]["written"], "100")

    def test_what_was_written_is_told_where_it_is_not_the_value(self):
        answer = self.explain("no-netdev", "numbers", "0000:18:00.1")
        settings = {item["setting"]: item for item in answer["settings"]}
        self.assertEqual((settings["vfs"]["value"], settings["vfs"]["written"]), (4, "50%"))
        mac = answer["virtual-functions"][0]["settings"][0]
        self.assertEqual((mac["setting"], mac["written"]), ("mac", "stable"))
        self.assertNotIn("value", mac)


if __name__ == "__main__":
    main()
