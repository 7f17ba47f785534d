# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl check: validates policy."""

import os
import subprocess

from harness import BLOCKED, Case, FAILED, HERE, INVENTORIES, OK, PENDING, USAGE, execute, main, read_terminal

GOOD = "policy/uplinks/10-uplinks.yaml"
# Of which nothing is known that its driver would not do.
QUIET = "policy/sync/sync.yaml"
BAD = "policy/typo/typo.yaml"
BAD_FILES = os.path.join(HERE, "../data/bad")


class Check(Case):
    def test_good_files_are_counted(self):
        result = self.sriovctl("check", QUIET)
        self.assertEqual(result.out, "1 file, 1 rule: ok\n")
        self.assertEqual(result.err, "")

    def test_good_directories_are_counted(self):
        result = self.sriovctl("check", "--policy", "policy/uplinks", "--policy", "policy/observe")
        self.assertEqual(result.out, "3 files, 4 rules: ok, 1 warning\n")

    def test_nothing_to_check_is_no_error(self):
        self.assertEqual(self.sriovctl("check", "--root", self.directory).out,
                         "0 files, 0 rules: ok\n")

    def test_standard_input_can_be_checked(self):
        with open(os.path.join(HERE, QUIET), encoding="utf-8") as stream:
            text = stream.read()
        self.assertEqual(self.sriovctl("check", "-", stdin=text).out, "1 file, 1 rule: ok\n")
        result = self.sriovctl("check", "-", stdin="version: 2\n", code=USAGE)
        self.assertTrue(result.err.startswith("<stdin>:1:10: error: "), result.err)

    def test_an_address_that_needs_the_pf_up_is_warned_of(self):
        rule = "version: 1\nphysical-functions:\n- name: a\n  match: {driver: DRIVER}\n  vfs: 2\n"
        says = "drivers of VFs get no 'mac' while the PF is down, with igb, and wait until it is up"
        for driver, rest, warns in [("igb", "vf-defaults: {mac: stable}", 1),
                                    ("[i40e, igb]", "vf-defaults: {mac: stable}", 1),
                                    ("igb", "vf-defaults: {mac: none}", 0),
                                    ("igb", "vf-defaults: {vlan: 5}", 0),
                                    ("igb", "pf-up: true\n  vf-defaults: {mac: stable}", 0),
                                    ("igb", "pf-up: false\n  vf-defaults: {mac: stable}", 0),
                                    ("i40e", "vf-defaults: {mac: stable}", 0)]:
            path = self.file("a.yaml", rule.replace("DRIVER", driver) + f"  {rest}\n")
            self.assertEqual(self.sriovctl("check", path).err.count(says), warns, rest)

    def test_an_mtu_of_vfs_over_the_pfs_is_warned_of(self):
        says = "'mtu' 9000 of VFs is over 1500, the PF's in line 5"
        rule = ("version: 1\nphysical-functions:\n- name: a\n  match: {driver: igb}\n"
                "  mtu: 1500\n  vf-defaults: {mtu: NUMBER}\n")
        for number, warns in [("9000", 1), ("1500", 0)]:
            path = self.file("a.yaml", rule.replace("NUMBER", number))
            self.assertEqual(self.sriovctl("check", path).err.count(says), warns, number)

    def test_a_name_that_several_pfs_would_give_is_warned_of(self):
        says = "'altname' is the same for VFs of all PFs that the rule matches"
        rule = ("version: 1\nphysical-functions:\n- name: a\n  match: {MATCH}\n"
                "  vf-defaults: {altname: \"NAME\"}\n")
        for match, name, warns in [("driver: igb", "vf{index}", 1),
                                   ("driver: igb", "{rule}-{index}", 1),
                                   ("interface: \"ens*\"", "vf{index}", 1),
                                   ("pci: [\"0000:01:00.0\", \"0000:02:00.0\"]", "vf{index}", 1),
                                   ("driver: igb", "{pf}-{index}", 0),
                                   ("interface: ens1f0", "vf{index}", 0),
                                   ("driver: igb, path: \"pci-0000:01:00.0\"", "vf{index}", 0)]:
            path = self.file("a.yaml", rule.replace("MATCH", match).replace("NAME", name))
            self.assertEqual(self.sriovctl("check", path).err.count(says), warns, match)

    def test_warnings_are_told_and_are_no_errors(self):
        result = self.sriovctl("check", "../data/good/vlan-forms.yaml")
        self.assertEqual(result.out, "1 file, 1 rule: ok, 1 warning\n")
        self.assertIn("7:26: warning: VLAN 4095 is reserved", result.err)

    def test_rules_for_other_hosts_are_checked_too(self):
        self.assertEqual(self.sriovctl("check", "--policy", "policy/selector").out,
                         "2 files, 2 rules: ok\n")


class Errors(Case):
    def test_all_errors_are_told_with_place_and_caret(self):
        result = self.sriovctl("check", BAD, code=USAGE)
        self.assertEqual(result.out, "2 errors\n")
        self.assert_golden("check-errors.txt", result.err)

    def test_every_bad_file_gives_its_errors_and_the_exit_code_of_a_bad_policy(self):
        names = sorted(name for name in os.listdir(BAD_FILES) if name.endswith(".yaml"))
        self.assertGreater(len(names), 100)
        for name in names:
            with self.subTest(name), open(f"{BAD_FILES}/{name[:-5]}.expect", "rb") as stream:
                result = execute([os.environ["SRIOVCTL"], "check", f"{BAD_FILES}/{name}"])
                self.assertEqual(result.code, USAGE)
                self.assertEqual(result.err.replace(f"{BAD_FILES}/", ""),
                                 stream.read().decode("utf-8"))
                self.assertRegex(result.err, rf"(?m)^{BAD_FILES}/{name}:[0-9]+:[0-9]+: error: ")

    def test_on_a_terminal_errors_and_hints_are_coloured(self):
        ours, theirs = os.openpty()
        with open(theirs, "wb", buffering=0) as terminal:
            subprocess.run([os.environ["SRIOVCTL"], "check", BAD], cwd=HERE, stderr=terminal,
                           stdout=subprocess.DEVNULL, check=False,
                           env={"PATH": os.environ["PATH"], "TERM": "xterm"})
        text = read_terminal(ours)
        self.assertIn(":6:5: \033[31merror:\033[0m unknown key 'vsf'", text)
        self.assertIn("\033[32m  hint:\033[0m did you mean 'vfs'?", text)

    def test_one_error_is_called_so(self):
        self.assertEqual(self.sriovctl("check", "-", stdin="version: 2\n", code=USAGE).out,
                         "1 error\n")

    def test_a_bad_file_does_not_keep_others_from_being_checked(self):
        result = self.sriovctl("check", "/nonexistent.yaml", BAD, code=USAGE)
        self.assertEqual(result.out, "3 errors\n")
        self.assertIn("/nonexistent.yaml", result.err)
        self.assertIn("unknown key 'vsf'", result.err)

    def test_after_a_thousand_errors_nobody_reads_on(self):
        """In the daemon this is the event loop."""
        keys = "".join(f"key{i}: 1\n" for i in range(100000))
        entries = "".join(f"    - {{index: {i % 9}, vlan: x}}\n" for i in range(20000))
        rules = "".join(f"  - {{name: n{i}, vsf: 2}}\n" for i in range(20000))
        for text in [keys, "physical-functions:\n" + rules, "physical-functions:\n  - name: a\n"
                     "    match: {driver: ice}\n    virtual-functions:\n" + entries]:
            path = self.file("a.yaml", "version: 1\n" + text)
            result = self.sriovctl("check", path, code=USAGE)
            self.assertRegex(result.out, "^100[0-9] errors; the rest was not read\n$")

    def test_a_file_is_told_from_an_inventory(self):
        path = self.file("a.yaml", "inventory: 1\nhost: {hostname: a}\nphysical-functions: []\n")
        result = self.sriovctl("check", path, code=USAGE)
        self.assertEqual(result.out, "1 error\n")
        self.assertIn("this is the inventory of a host, not a policy", result.err)
        result = self.sriovctl("list", "--inventory", GOOD, code=USAGE)
        self.assertEqual(result.err.count("error"), 1)
        self.assertIn("this is a policy, not the inventory of a host", result.err)

    def test_a_large_file_is_told_how_large_it_may_be(self):
        path = self.file("a.yaml", "#" * ((16 << 20) + 1))
        self.assertIn("cannot be read: it has more than 16 MiB",
                      self.sriovctl("check", path, code=USAGE).err)

    def test_what_is_no_file_is_not_waited_for(self):
        path = os.path.join(self.directory, "a.yaml")
        os.mkfifo(path)
        for arguments in [["check", path], ["list", "--inventory", path]]:
            self.assertIn("is refused: it is no regular file", self.sriovctl(*arguments, code=USAGE).err)

    def test_the_same_name_in_two_files_is_an_error(self):
        result = self.sriovctl("check", GOOD, GOOD, code=USAGE)
        self.assertIn("uplinks", result.err)

    def test_a_directory_that_is_named_must_be_there(self):
        result = self.sriovctl("check", "--policy", "policy/nowhere", code=USAGE)
        self.assertIn("policy/nowhere: error: cannot be read: No such file or directory",
                      result.err)

    def test_what_comes_from_a_file_is_escaped(self):
        path = self.file("a.yaml", 'version: 1\n"\\x1b[31m": 1\n')
        result = self.sriovctl("check", path, code=USAGE)
        self.assertNotIn("\033", result.err)
        self.assertIn("\\x1b[31m", result.err)


class Draft(Case):
    """A policy is a file, a directory or standard input, wherever one is named."""

    RULE = "version: 1\nphysical-functions: [{name: %s, match: {driver: ice}}]\n"

    def setUp(self):
        super().setUp()
        self.draft = self.file("draft.yaml", self.RULE % "draft")

    def test_a_directory_is_checked_as_an_operand_too(self):
        self.file("d/10-a.yaml", self.RULE % "a")
        self.file("d/README.txt", "no policy")
        result = self.sriovctl("check", f"{self.directory}/d", self.draft)
        self.assertEqual(result.out, "2 files, 2 rules: ok\n")

    def test_a_plan_takes_each_of_them(self):
        plan = ["plan", "--inventory", f"{INVENTORIES}/hypervisor.yaml", "--policy"]
        with open(os.path.join(HERE, GOOD), encoding="utf-8") as stream:
            text = stream.read()
        self.assertIn("create 8 VFs", self.sriovctl(*plan, GOOD, code=BLOCKED).out)
        self.assertIn("create 8 VFs", self.sriovctl(*plan, "-", stdin=text, code=BLOCKED).out)

    def test_files_follow_the_directories(self):
        self.file("d/90-a.yaml", self.RULE % "later-by-name")
        result = self.sriovctl("explain", "ens1f0np0", "--inventory",
                               f"{INVENTORIES}/hypervisor.yaml", "--policy", self.draft,
                               "--policy", f"{self.directory}/d", "--json")
        self.assertEqual([rule["name"] for rule in result.json["rules"]],
                         ["later-by-name", "draft"])

    def test_what_is_named_by_an_option_is_below_the_root(self):
        self.assertEqual(self.sriovctl("check", "--root", self.directory, "--policy",
                                       "/draft.yaml").out, "1 file, 1 rule: ok\n")

    def test_a_file_in_the_place_of_a_pf(self):
        result = self.sriovctl("plan", self.draft, "--inventory",
                               f"{INVENTORIES}/hypervisor.yaml", "--policy", GOOD, code=FAILED)
        self.assertIn(f"did you mean --policy {self.draft}?", result.err)
        result = self.sriovctl("list", "hv-1.yaml", "--inventory",
                               f"{INVENTORIES}/hypervisor.yaml", code=FAILED)
        self.assertIn("did you mean --inventory hv-1.yaml?", result.err)

    def test_standard_input_is_read_once(self):
        result = self.sriovctl("check", "-", "-", stdin="version: 1\n", code=USAGE)
        self.assertEqual(result.err, "<stdin>: error: can be read only once\n")
        result = self.sriovctl("plan", "--policy", "-", "--inventory", "-",
                               stdin="inventory: 1\n", code=USAGE)
        self.assertIn("standard input cannot be both inventory and policy", result.err)

    def test_files_are_named_in_one_way_only(self):
        result = self.sriovctl("check", GOOD, "--policy", "policy/uplinks", code=USAGE)
        self.assertIn("name files, or give --policy, not both", result.err)

    def test_a_folder_of_inventories_is_for_plan_alone(self):
        for verb in [["explain", "ens1f0"], ["list"], ["inventory"]]:
            result = self.sriovctl(*verb, "--inventory", INVENTORIES, code=USAGE)
            self.assertIn("only plan reads a folder of inventories; name a file of it", result.err)


class Json(Case):
    def test_a_good_policy_is_an_empty_list(self):
        result = self.sriovctl("check", QUIET, "--json")
        self.assertEqual(result.json, [])
        self.assertEqual(result.err, "")

    def test_every_error_has_its_place(self):
        result = self.sriovctl("check", BAD, "--json", code=USAGE)
        self.assertEqual(result.err, "")
        self.assertEqual(len(result.json), 2)
        first = result.json[0]
        self.assertEqual(first, {"file": BAD, "line": 6, "column": 5, "severity": "error",
                                 "message": "unknown key 'vsf'", "hint": "did you mean 'vfs'?"})
        self.assertEqual(result.json[1]["line"], 8)
        self.assertNotIn("hint", result.json[1])

    def test_a_file_that_is_not_there_has_no_line(self):
        result = self.sriovctl("check", "/nonexistent.yaml", "--json", code=USAGE)
        self.assertEqual(result.json[0]["file"], "/nonexistent.yaml")
        self.assertNotIn("line", result.json[0])

    def test_a_warning_is_called_so(self):
        result = self.sriovctl("check", "../data/good/vlan-forms.yaml", "--json", code=OK)
        self.assertEqual([item["severity"] for item in result.json], ["warning"])


class Directories(Case):
    RULE = "version: 1\nphysical-functions: [{name: %s, match: {driver: ice}}]\n"

    def rules(self, *arguments, **keywords):
        return self.sriovctl("check", *arguments, **keywords).out

    def test_standard_directories_are_read_below_the_root(self):
        self.file("etc/sriovd/10-a.yaml", self.RULE % "a")
        self.file("usr/lib/sriovd/20-b.yaml", self.RULE % "b")
        self.file("usr/lib/sriovd/README", "no policy")
        if os.geteuid() == 0:
            self.assertEqual(self.rules("--root", self.directory), "2 files, 2 rules: ok\n")

    def test_names_that_a_directory_passes_over_are_warned_of(self):
        path = self.file("one/a.yml", self.RULE % "a")
        result = self.sriovctl("check", path)
        self.assertEqual(result.out, "1 file, 1 rule: ok, 1 warning\n")
        self.assertEqual(result.err, f"{path}: warning: a policy directory would pass it over: "
                         "its name does not end in '.yaml'\n  hint: rename it\n")
        result = self.sriovctl("check", "--policy", f"{self.directory}/one")
        self.assertEqual(result.out, "0 files, 0 rules: ok, 1 warning\n")
        self.assertEqual(result.err, f"{path}: warning: is passed over: its name does not end in "
                         "'.yaml'\n  hint: rename it\n")

    def test_what_else_a_directory_has_is_noted_by_check_alone(self):
        self.file("one/10-a.yaml", self.RULE % "a")
        others = ["README", "b.json", "c.yaml.disabled", "d", "sub/10-e.yaml"]
        for name in [*others, ".hidden"]:
            self.file(f"one/{name}", "")
        result = self.sriovctl("check", "--policy", f"{self.directory}/one")
        self.assertEqual(result.out, "1 file, 1 rule: ok\n")
        self.assertEqual(sorted(result.err.splitlines()), [
            f"{self.directory}/one/{name.partition('/')[0]}: note: is passed over: its name does "
            "not end in '.yaml'" for name in others])
        self.assertEqual(self.sriovctl("check", f"{self.directory}/one").err, result.err)
        planned = self.sriovctl("plan", "--policy", f"{self.directory}/one", "--inventory",
                                f"{INVENTORIES}/storage.yaml", code=PENDING)
        self.assertNotIn("passed over", planned.err)

    def test_files_that_do_not_count_here_are_told(self):
        self.file("etc/hostname", "vm\n")
        self.file("one/10-a.yaml", self.RULE % "a")
        self.file("two/10-a.yaml", self.RULE % "b")
        self.file("two/20-c.yaml", 'version: 1\nhost: {hostname: "hv-[12]*", machine-id: "*"}\n')
        result = self.sriovctl("check", "--root", self.directory, "--policy", "/one", "--policy",
                               "/two")
        self.assertEqual(result.out, "2 files, 1 rule: ok\n")
        self.assertEqual(result.err, f"{self.directory}/two/10-a.yaml: note: masked by "
                         f"{self.directory}/one/10-a.yaml\n"
                         f"{self.directory}/two/20-c.yaml:2:18: note: not for this host: hostname "
                         "is vm, wanted 'hv-[12]*'\n    2 | host: {hostname: \"hv-[12]*\", "
                         f"machine-id: \"*\"}}\n      | {' ' * 17}^\n")
        notes = self.sriovctl("check", "--json", "--root", self.directory, "--policy", "/two").json
        self.assertEqual([note["severity"] for note in notes], ["note"])
        self.file("two/20-c.yaml", 'version: 1\nhost: {machine-id: "*"}\n')
        result = self.sriovctl("check", "--root", self.directory, "--policy", "/two")
        self.assertIn("not for this host: machine-id is not known, wanted '*'", result.err)
        self.file("proc/cmdline", "quiet\n")
        self.file("two/20-c.yaml", 'version: 1\nhost: {kernel-command-line: [a=1, b]}\n')
        result = self.sriovctl("check", "--root", self.directory, "--policy", "/two")
        self.assertIn("kernel-command-line does not have 'a=1' or 'b'", result.err)

    def test_a_directory_does_not_mask_itself(self):
        self.file("one/10-a.yaml", self.RULE % "a")
        one = f"{self.directory}/one"
        os.symlink("one", f"{self.directory}/two")
        result = self.sriovctl("check", one, one, f"{one}/", f"{self.directory}/two")
        self.assertEqual((result.out, result.err), ("1 file, 1 rule: ok\n", ""))

    def test_an_earlier_directory_masks_a_later_one(self):
        self.file("one/10-a.yaml", self.RULE % "a")
        self.file("two/10-a.yaml", "this: is no policy")
        self.assertEqual(self.rules("--policy", f"{self.directory}/one",
                                    "--policy", f"{self.directory}/two"), "1 file, 1 rule: ok\n")

    def test_named_directories_are_below_the_root_too(self):
        self.file("one/10-a.yaml", self.RULE % "a")
        self.assertEqual(self.rules("--root", self.directory, "--policy", "/one"),
                         "1 file, 1 rule: ok\n")

    def test_owner_and_mode_matter_in_standard_directories_only(self):
        path = self.file("etc/sriovd/10-a.yaml", self.RULE % "a")
        os.chmod(path, 0o666)
        root = ["--root", self.directory]
        self.rules(*root, code=USAGE)
        self.rules(*root, "--policy", "/etc/sriovd//", code=USAGE)
        self.rules("--policy", f"{self.directory}/etc/sriovd")
        self.rules(path)


class Drivers(Case):
    """What drivers that a rule names are known not to do."""

    POLICY = """version: 1
physical-functions:
- name: a
  match: {driver: %s}
  eswitch: {mode: switchdev}
  vf-defaults: {%s}
"""

    def warnings(self, driver, settings):
        result = self.sriovctl("check", "--json", "-", stdin=self.POLICY % (driver, settings))
        return [(item["severity"], item["line"], item["message"]) for item in result.json]

    def test_what_a_driver_refuses_is_a_warning_at_its_value(self):
        self.assertEqual(self.warnings("igb", "trust: true, query-rss: true"),
                         [("warning", 6, "igb is known to refuse 'query-rss: true'")])
        self.assertEqual(self.warnings("[igb, bnxt_en]", "vlan: {id: 5, protocol: 802.1ad}"),
                         [("warning", 6, "igb is known to refuse "
                           "'vlan: {id: 5, protocol: 802.1ad}'")])

    def test_what_a_driver_takes_in_vain_is_one_too(self):
        self.assertEqual(self.warnings("ixgbe", "link-state: enable"),
                         [("warning", 6, "ixgbe accepts, and does nothing about, "
                           "'link-state: enable'")])
        self.assertEqual(self.warnings("mlx5_core", "trust: true"),
                         [("warning", 6, "mlx5_core does not carry out in switchdev mode "
                           "'trust: true'")])

    def test_of_what_is_not_named_or_not_known_nothing_is_said(self):
        for driver in ["i*", "my_driver", "'[i]gb'", "ixgbe"]:
            self.assertEqual(self.warnings(driver, "query-rss: true"), [])


if __name__ == "__main__":
    main()
