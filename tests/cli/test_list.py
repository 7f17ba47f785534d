# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl list and inventory: the host as the kernel has it."""

import os

from harness import Case, FAILED, HERE, INVENTORIES, OK, USAGE, main

NAMES = sorted(name[:-len(".yaml")] for name in os.listdir(os.path.join(HERE, INVENTORIES)))


class List(Case):
    def test_pfs_have_their_vfs_below_them(self):
        for name in NAMES:
            result = self.sriovctl("list", "--inventory", f"{INVENTORIES}/{name}.yaml")
            self.assert_golden(f"list-{name}.txt", result.out)
            self.assertEqual(result.err, "")

    def test_without_unicode_it_is_still_a_tree(self):
        result = self.sriovctl("list", "--inventory", f"{INVENTORIES}/hypervisor.yaml",
                               env={"LC_ALL": "C"})
        self.assertIn("`-3", result.out)
        self.assertTrue(result.out.isascii())

    def test_no_pfs_are_told(self):
        path = self.file("empty.yaml", "inventory: 1\n")
        self.assertEqual(self.sriovctl("list", "--inventory", path).out, "no PFs here\n")

    def test_json_is_as_in_an_inventory(self):
        path = f"{INVENTORIES}/hypervisor.yaml"
        listed = self.sriovctl("list", "--json", "--inventory", path).json
        whole = self.sriovctl("inventory", "--json", "--inventory", path).json
        self.assertEqual(listed, {"physical-functions": whole["physical-functions"]})

    def test_pfs_can_be_named(self):
        path = f"{INVENTORIES}/hypervisor.yaml"
        listed = self.sriovctl("list", "--json", "--inventory", path, "0000:3b:00.1").json
        self.assertEqual([pf["interface"] for pf in listed["physical-functions"]], ["ens1f1np1"])
        self.assertNotIn("ens1f0np0", self.sriovctl("list", "--inventory", path, "ens1f1").out)
        result = self.sriovctl("list", "--inventory", path, "ens9", code=FAILED)
        self.assertIn("no PF is called 'ens9'", result.err)

    def test_an_address_is_found_in_either_case_and_suggested_in_part(self):
        path = f"{INVENTORIES}/hypervisor.yaml"
        for word in ["0000:3B:00.1", "PCI/0000:3B:00.1"]:
            self.assertIn("ens1f1np1", self.sriovctl("list", "--inventory", path, word).out)
        for word in ["3b:00.1", "0000:3b:0.1"]:
            result = self.sriovctl("list", "--inventory", path, word, code=FAILED)
            self.assertIn("did you mean '0000:3b:00.1'?", result.err)

    def pf(self, more="", vf=""):
        return self.file("pf.yaml", "inventory: 1\nphysical-functions:\n"
                         "- handle: pci/0000:3b:00.0\n  interface: ens1f0\n  ifindex: 4\n"
                         "  vfs: 1\n" + more + "  virtual-functions:\n  - index: 0\n" + vf)

    def test_what_is_not_known_of_the_link_is_neither_up_nor_down(self):
        for more, cell in [("", "-"), ("  carrier: false\n", "down"), ("  carrier: true\n", "up")]:
            path = self.pf(more)
            self.assertRegex(self.sriovctl("list", "--inventory", path).out,
                             rf"LINK .*\nens1f0 .* {cell}\s")
            (pf,) = self.sriovctl("list", "--json", "--inventory", path).json["physical-functions"]
            self.assertEqual("carrier" in pf, bool(more))

    def test_the_speed_of_a_link_is_told_where_it_is_known(self):
        for more, speed in [("", None), ("  carrier: true\n  speed: 25000\n", 25000)]:
            pfs = self.sriovctl("list", "--json", "--inventory", self.pf(more)).json
            self.assertEqual(pfs["physical-functions"][0].get("speed"), speed)

    def test_what_few_drivers_report_has_columns_where_it_is_reported(self):
        path = self.pf("  eswitch: {mode: switchdev}\n",
                       "    query-rss: true\n    msix-vectors: 12\n"
                       "    node-guid: 00:11:22:33:44:55:66:77\n"
                       "    port-guid: 00:11:22:33:44:55:66:78\n    driver: none\n"
                       "    driver-override: vfio-pci\n  - index: 1\n"
                       "    driver: vfio-pci\n    driver-override: vfio-pci\n")
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        path = self.file("two.yaml", text.replace("vfs: 1", "vfs: 2"))
        heading, pf, first, second = self.sriovctl("list", "--inventory", path).out.splitlines()
        self.assertRegex(heading, r"ESWITCH +QUERY-RSS +MSIX +NODE-GUID +PORT-GUID +OVERRIDE$")
        self.assertRegex(pf, "switchdev$")
        self.assertRegex(first, "true +12 +00:11:22:33:44:55:66:77 +00:11:22:33:44:55:66:78 "
                         "+vfio-pci$")
        self.assertRegex(second, "( +-){4}$")
        self.assertNotIn("vfio-pci", second.partition("vfio-pci")[2])
        self.assertIn("node-guid 00:11:22:33:44:55:66:77",
                      self.terminal("list", "--inventory", path))

    def test_a_remark_is_no_holder(self):
        path = self.pf(vf="    remark: the record of sriov-cni is void\n")
        wide = self.sriovctl("list", "--inventory", path).out
        self.assertIn("REMARK", wide)
        self.assertNotIn("HOLDER", wide)
        narrow = self.terminal("list", "--inventory", path)
        self.assertIn("remark: the record of sriov-cni is void\n", narrow)
        self.assertNotIn("in use", narrow)

    def test_a_bad_inventory(self):
        path = self.file("bad.yaml", "inventory: 3\n")
        self.assertEqual(self.sriovctl("list", "--inventory", path, code=USAGE).out, "")


class Inventory(Case):
    def yaml(self, path):
        return self.sriovctl("inventory", "--inventory", path).out

    def test_yaml_reads_the_same_again(self):
        for name in NAMES:
            first = self.yaml(f"{INVENTORIES}/{name}.yaml")
            self.assertEqual(self.yaml(self.file("a.yaml", first)), first)

    def test_json_is_an_inventory_too(self):
        for name in NAMES:
            path = f"{INVENTORIES}/{name}.yaml"
            text = self.sriovctl("inventory", "--json", "--inventory", path).out
            self.assertEqual(self.yaml(self.file("a.json", text)), self.yaml(path))

    def test_it_says_what_it_is(self):
        text = self.yaml(f"{INVENTORIES}/storage.yaml")
        self.assertTrue(text.startswith("# "), text)
        self.assertIn("\ninventory: 2\n", text)

    def test_nothing_is_taken_for_what_it_is_not(self):
        """Strings that YAML readers take for numbers, booleans or null are quoted."""
        odd = ["on", "No", "null", "~", "1e3", "0x10", "52:54:00:10:01:01", "-", ".5", "", "<<",
               "y", "a: b", "a #b", "'", '"', "- a", "\u00e9", "a\\b", "%a", "@a", "tab\\tx"]
        for name in odd:
            quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
            path = self.file("odd.yaml", f"inventory: 1\nhost: {{hostname: {quoted}}}\n")
            before = self.sriovctl("inventory", "--json", "--inventory", path).json
            self.assertEqual(before["host"]["hostname"], name)
            again = self.file("again.yaml", self.yaml(path))
            after = self.sriovctl("inventory", "--json", "--inventory", again).json
            self.assertEqual(after, before)
        for name in odd[:13]:
            path = self.file("odd.yaml", f'inventory: 1\nhost: {{hostname: "{name}"}}\n')
            self.assertRegex(self.yaml(path), r'hostname: ["\']')


class Simulated(Case):
    """What the kernel says, where there is one."""

    def test_a_pf_that_cannot_be_observed_keeps_no_other_from_it(self):
        for verb in ["list", "inventory"]:
            result = self.simulated("hypervisor", verb, script="broken:pci/0000:3b:00.0",
                                    code=FAILED)
            self.assertIn("cannot observe pci/0000:3b:00.0: Input/output error", result.err)
            self.assertIn("ens1f1np1", result.out)
            self.assertNotIn("ens1f0np0", result.out)

    def test_a_pf_that_went_away_is_not_there(self):
        self.assertEqual(self.simulated("igb-drifted", "list", script="gone:0").out.count("igb"),
                         7 + 1)

    def test_no_kernel_to_talk_to(self):
        result = self.simulated("hypervisor", "list", script="dead", code=FAILED)
        self.assertIn("cannot talk to the kernel: Operation not permitted", result.err)

    def test_the_host_is_the_same_in_inventory_and_list(self):
        result = self.simulated("hypervisor", "inventory", "--json", code=OK)
        listed = self.simulated("hypervisor", "list", "--json", code=OK)
        self.assertEqual(result.json["physical-functions"], listed.json["physical-functions"])


class Capabilities(Case):
    def told(self, inventory, *arguments):
        return self.sriovctl("list", "--capabilities", "--inventory",
                             f"{INVENTORIES}/{inventory}.yaml", *arguments)

    def test_each_setting_is_told_with_what_to_know_of_it(self):
        out = self.told("igb-drifted").out
        self.assertIn("enp1s0 (0000:01:00.0, igb), 7 VFs at most\n", out)
        self.assertRegex(out, r"  vlan +yes +802\.1ad is refused\n")
        self.assertRegex(out, r"  query-rss +no\n")
        self.assertRegex(out, r"  max-tx-rate +yes +lost with another speed of the link, and ")
        self.assertIn("  Drivers of VFs get no mac while the PF is down.\n", out)
        self.assertIn("  as of Linux's drivers/net/ethernet/intel/igb/igb_main.c\n", out)

    def test_of_a_driver_that_is_not_known_it_is_said(self):
        (pf,) = self.inventory_of("my_driver")["pfs"]
        self.assertEqual((pf["known"], "settings" in pf), (False, False))

    def inventory_of(self, driver):
        path = self.file("host.yaml", "inventory: 1\nphysical-functions:\n- {handle: "
                         f"pci/0000:01:00.0, driver: {driver}, totalvfs: 4}}\n")
        return self.sriovctl("list", "--capabilities", "--json", "--inventory", path).json

    def test_for_programs(self):
        (pf,) = self.inventory_of("qlcnic")["pfs"]
        settings = {item["setting"]: item for item in pf["settings"]}
        self.assertEqual(settings["max-tx-rate"],
                         {"setting": "max-tx-rate", "takes": True,
                          "remarks": ["less than 100 Mbit/s is refused",
                                      "more than 9999 Mbit/s is refused"]})
        self.assertEqual(settings["trust"], {"setting": "trust", "takes": False})
        self.assertEqual(settings["mac"]["remarks"], ["none is refused"])
        self.assertEqual(pf["source"], "net/ethernet/qlogic/qlcnic/qlcnic_sriov_pf.c")
        self.assertEqual(pf["vfs"], {"actual": 0, "most": 4})

    def test_each_way_to_differ_has_its_words(self):
        for driver, setting, remarks in (
                ("fm10k", "vlan", ["the VF starts over", "qos is refused", "802.1ad is refused"]),
                ("bnxt_en", "vlan", ["qos without an id is refused"]),
                ("qede", "vlan", ["qos is taken, and does nothing", "802.1ad is refused"]),
                ("ixgbe", "link-state", ["the VF starts over", "enable is taken, and does nothing"]),
                ("nfp", "max-tx-rate", ["more than 65534 Mbit/s is refused"]),
                ("nfp", "mac", ["a VF's driver takes it up when it is bound"]),
                ("netdevsim", "max-tx-rate", ["not to be changed in switchdev mode"]),
                ("mlx5_core", "trust", ["not in force in switchdev mode",
                                        "not to be changed in switchdev mode"])):
            (pf,) = self.inventory_of(driver)["pfs"]
            told = {item["setting"]: item.get("remarks") for item in pf["settings"]}
            self.assertEqual(told[setting], remarks, f"{driver}: {setting}")

    def test_notes_have_no_marks_of_the_manual(self):
        (remark,) = self.inventory_of("mlx4_core")["pfs"][0]["remarks"]
        self.assertIn("VFs come with its module parameter num_vfs only: no vfs.", remark)
        self.assertNotIn("*", remark)

    def test_settings_of_a_vfs_own_device_are_not_its_drivers(self):
        names = [item["setting"] for item in self.inventory_of("ice")["pfs"][0]["settings"]]
        self.assertIn("msix-vectors", names)
        self.assertNotIn("driver", names)
        self.assertNotIn("mtu", names)


if __name__ == "__main__":
    main()
