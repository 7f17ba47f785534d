# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is printed on a terminal of 80 columns, and on one that is wider."""

import pathlib
import unicodedata
import unittest

from harness import Case, HERE, INVENTORIES, have_room, main

HYPERVISOR = ["--inventory", f"{INVENTORIES}/hypervisor.yaml"]
UPLINKS = [*HYPERVISOR, "--policy", "policy/uplinks"]

# A policy whose name fills a third of the line, as that of a tenant may.
TENANTS = """version: 1
physical-functions:
- name: tenants-of-the-north
  match: {interface: "ens1f1*"}
  virtual-functions:
  - {index: 2, vlan: {id: 103, qos: 5, protocol: 802.1ad}, trust: false}
"""


# Who has VF 0, as a machine may be named.
WIDE = """inventory: 1
host: {hostname: h}
physical-functions:
- handle: pci/0000:3b:00.0
  interface: ens1
  ifindex: 2
  driver: ice
  totalvfs: 8
  vfs: 1
  virtual-functions:
  - {index: 0, reported: true, vlan: 5, trust: false, driver: vfio-pci,
     holder: "vfio, by \u7db2\u7db2\u7db2\u7db2 \u7db2\u7db2\u7db2\u7db2 \u7db2\u7db2\u7db2\u7db2"}
"""

TWO_VFS = """version: 1
physical-functions: [{name: r, match: {interface: ens1}, vfs: 2}]
"""


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Narrow(Case):
    def assert_fits(self, text, columns=80):
        for line in text.splitlines():
            self.assertLessEqual(len(line), columns, line)

    def test_tables_fit_a_terminal_of_80_columns(self):
        for name, arguments in {
            "plan": ["plan", *UPLINKS],
            "list": ["list", *HYPERVISOR],
            "explain": ["explain", "ens1f1", *UPLINKS],
        }.items():
            text = self.terminal(*arguments)
            self.assert_fits(text)
            self.assert_golden(f"{name}-80.txt", text)

    @unittest.skipUnless(have_room(), "no user namespaces here")
    def test_status_fits_too(self):
        policy = ["--policy", "policy/uplinks"]
        for name, arguments in {"status": [], "status-pf": ["ens1f0"]}.items():
            text = self.terminal("status", *policy, *arguments, simulated="hypervisor")
            self.assert_fits(text)
            self.assert_golden(f"{name}-80.txt", text)

    def test_messages_fit_too(self):
        self.file("p/a.yaml", "version: 1\nphysical-functions:\n- name: nowhere\n"
                  "  match: {interface: 'nosuch-interface-*'}\n- name: rates\n"
                  "  match: {driver: ice}\n"
                  "  virtual-functions: [{index: 100, vlan: 5}]\n")
        self.file("p/b.yaml", "version: 1\nhost: {hostname: storage-of-the-north}\n")
        arguments = ["plan", *HYPERVISOR, "--policy", f"{self.directory}/p"]
        text = self.terminal(*arguments, messages=True)
        self.assert_fits(text)
        self.assertIn("\n    ", text)
        self.assertIn("1 file is left out", text)
        wide = self.terminal(*arguments, messages=True, columns=1000)
        self.assertEqual(text.replace("\n    ", " ").split(), wide.split())

    @unittest.skipUnless(have_room(), "no user namespaces here")
    def test_the_state_of_a_pf_fits_too(self):
        path = self.file("50-tenants-of-the-north.yaml", "version: 1\nphysical-functions:\n"
                         "- name: tenants\n  match: {driver: igb}\n  vfs: 7\n"
                         "- name: others\n  match: {driver: igb}\n"
                         "  virtual-functions: [{index: 100, vlan: 5}]\n")
        text = self.terminal("status", "--policy", path, "enp1s0", simulated="igb-drifted")
        self.assertRegex(text, r"\n  degraded: .*\n    [^ ]")
        self.assert_fits(text)

    def test_long_names_of_files_fit_too(self):
        path = self.file("50-tenants-of-the-north.yaml", TENANTS)
        for verb in [["plan"], ["explain", "ens1f1"]]:
            text = self.terminal(*verb, *HYPERVISOR, "--policy", path)
            self.assert_fits(text.replace(self.directory, ""))
            self.assertIn("50-tenants-of-the-north.yaml:6", text)

    def test_nothing_is_left_out_where_it_does_not_fit(self):
        words = self.sriovctl("list", *HYPERVISOR).out.split()
        narrow = self.terminal("list", *HYPERVISOR)
        for word in set(words) - {"VLAN", "TRUST", "SPOOFCHK", "LINK", "MBIT/S", "MTU",
                                  "ESWITCH", "ALSO", "HOLDER"}:
            self.assertIn(word.strip("├└─"), narrow)

    def test_characters_that_fill_two_columns_fit_too(self):
        inventory = self.file("inventory.yaml", WIDE)
        for verb in [["list"], ["plan", "--policy", self.file("p.yaml", TWO_VFS)]]:
            text = self.terminal(*verb, "--inventory", inventory)
            self.assertIn("\u7db2", text)
            for line in text.splitlines():
                self.assertLessEqual(columns(line), 80, line)

    def test_a_terminal_that_is_wide_enough_shows_a_row_a_line(self):
        self.assertEqual(self.terminal("list", *HYPERVISOR, columns=240),
                         self.sriovctl("list", *HYPERVISOR).out)


class Places(Case):
    RULE = "version: 1\nphysical-functions: [{name: %s, match: {driver: ice}, %s}]\n"

    def plan(self, *policies):
        paths = [word for path in policies for word in ("--policy", path)]
        return self.sriovctl("plan", *HYPERVISOR, *paths, code=3).out

    def test_a_directory_is_told_once(self):
        path = self.file("a/10-one.yaml", self.RULE % ("one", "mtu: 9000"))
        text = self.plan(path)
        self.assertEqual(text.count(self.directory), 1)
        self.assertIn(f"places are in {self.directory}/a/\n", text)

    def test_of_several_directories_each_file_is_told(self):
        one = self.file("a/10-one.yaml", self.RULE % ("one", "mtu: 9000"))
        two = self.file("b/20-two.yaml", self.RULE % ("two", "vfs: 6, on-resize: force-open"))
        text = self.plan(one, two)
        self.assertIn(f"10-one.yaml: in {self.directory}/a/\n", text)
        self.assertIn(f"20-two.yaml: in {self.directory}/b/\n", text)

    def test_files_of_one_name_are_told_whole(self):
        one = self.file("a/x.yaml", self.RULE % ("one", "mtu: 9000"))
        two = self.file("b/x.yaml", self.RULE % ("two", "vfs: 6, on-resize: force-open"))
        text = self.plan(one, two)
        self.assertIn(f"{one}:2", text)
        self.assertIn(f"{two}:2", text)
        self.assertNotIn("places are", text)


class Manuals(Case):
    # man(1) begins samples in column 8, and those below an entry of a list 8 further.
    ROOM, ROOM_IN_LIST = 80 - 8 + 1, 80 - 16

    def test_samples_fit_a_terminal(self):
        for path in sorted(pathlib.Path(HERE, "../../man").glob("*.scd")):
            sample, text = False, ""
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                room = self.ROOM_IN_LIST if text.startswith("\t") else self.ROOM
                self.assertFalse(sample and len(line.strip("\t")) > room, f"{path}:{number}")
                sample = sample != line.startswith("```")
                if line and not sample and not line.startswith("```"):
                    text = line

    def test_tables_have_three_columns_at_most(self):
        """With four the words of other programs have no room."""
        for path in sorted(pathlib.Path(HERE, "../../man").glob("*.scd")):
            columns = 0
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                columns = columns + 1 if line.startswith(":") else 1
                self.assertLessEqual(columns, 3, f"{path}:{number}")


class Columns(Case):
    def test_a_column_in_which_nothing_stands_is_left_out(self):
        text = self.sriovctl("list", "--inventory", f"{INVENTORIES}/storage.yaml").out
        self.assertNotIn("HOLDER", text)


if __name__ == "__main__":
    main()
