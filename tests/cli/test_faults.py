# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the host does wrong: policies that cannot be read or are huge, no place to write to."""

import os
import re
import shutil
import subprocess
import unittest

from harness import Case, FAILED, IN_A_ROOM, USAGE, execute, have_room, main

RULE = """  - name: rule-{n}
    match:
      pci: "0000:3b:00.{n}"
    vfs: 8
    vf-defaults:
      trust: false
      vlan: 100
"""
VF = """      - index: {n}
        vlan: 100
"""
MISSPELT = """      - index: {n}
        vlna: 100
"""
HEAD = "version: 1\nphysical-functions:\n"
ONE_RULE = HEAD + "  - name: one\n    match: {driver: ice}\n    virtual-functions:\n"


def policy(head, item, lines):
    count = (lines - head.count("\n")) // item.count("\n")
    return head + "".join(item.format(n=n) for n in range(count))


class Unreadable(Case):
    def directory_with(self, make):
        path = os.path.join(self.directory, "x.yaml")
        make(path)
        return self.sriovctl("check", "--policy", self.directory, code=USAGE).err

    def test_a_directory_is_refused(self):
        self.assertEqual(self.directory_with(os.mkdir),
                         f"{self.directory}/x.yaml: error: is refused: it is no regular file\n")

    def test_a_fifo_is_refused_and_does_not_hang(self):
        self.assertIn("it is no regular file", self.directory_with(os.mkfifo))

    def test_a_device_is_refused(self):
        self.assertIn("it is no regular file",
                      self.directory_with(lambda path: os.symlink("/dev/zero", path)))

    def test_a_socket_is_refused(self):
        def make(path):
            import socket
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(path)
        self.assertIn("it is no regular file", self.directory_with(make))

    def test_a_disk_that_fails_is_an_error(self):
        self.assertEqual(
            self.directory_with(lambda path: os.symlink("/proc/self/mem", path)),
            f"{self.directory}/x.yaml: error: cannot be read: Input/output error\n")

    def test_a_dangling_link_is_an_error(self):
        self.assertIn("cannot be read: No such file or directory",
                      self.directory_with(lambda path: os.symlink("nowhere", path)))

    def test_a_name_is_escaped(self):
        os.mkdir(os.path.join(self.directory, "a\033[31m\n.yaml"))
        result = self.sriovctl("check", "--policy", self.directory, code=USAGE)
        self.assertIn("/a\\x1b[31m\\x0a.yaml: error: ", result.err)


class Large(Case):
    def check(self, text, **keywords):
        return self.sriovctl("check", self.file("large.yaml", text), **keywords)

    def test_a_hundred_thousand_lines_are_read(self):
        self.assertEqual(self.check(policy(HEAD, RULE.replace("0000:3b", "{n:04x}:3b")
                                           .replace("00.{n}", "00.0"), 100000)).out,
                         "1 file, 14285 rules: ok\n")
        self.assertEqual(self.check(policy(ONE_RULE, VF, 100000)).out, "1 file, 1 rule: ok\n")

    def test_a_file_without_end_is_refused(self):
        self.assertIn("cannot be read: it has more than 16 MiB",
                      self.check("#" * (17 << 20), code=USAGE).err)

    def instructions(self, text):
        path = self.file("large.yaml", text)
        result = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.directory}/out",
             os.environ["SRIOVCTL"], "check", path],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=120)
        return int(re.search(r"Collected : (\d+)", result.stderr)[1])

    @unittest.skipUnless(shutil.which("valgrind"), "no valgrind here")
    @unittest.skipIf(os.environ.get("ASAN_OPTIONS"), "valgrind does not run what a sanitizer made")
    def test_ten_times_the_lines_cost_ten_times_the_work(self):
        for name, head, item in (("rules", HEAD, RULE), ("vfs", ONE_RULE, VF),
                                 ("errors", ONE_RULE, MISSPELT)):
            with self.subTest(name):
                few = self.instructions(policy(head, item, 800))
                many = self.instructions(policy(head, item, 8000))
                self.assertLess(many, 11 * few)


# What terminals obey, as YAML writes it: ESC, BEL, a new line, DEL, and CSI as one character.
EVIL = "\\x1b[31m\\a\\n\\x7f\\x9b"

HOSTILE = """
inventory: 1
host: {{hostname: "h{0}", product-name: "p{0}", kernel-command-line: "k{0}"}}
physical-functions:
- handle: "pci/0000:3b:00.0{0}"
  driver: "ice{0}"
  interface: "ens{0}"
  ifindex: 4
  altnames: ["alt{0}"]
  path: "path{0}"
  port: "port{0}"
  totalvfs: 8
  vfs: 2
  virtual-functions:
  - {{index: 0, address: "0000:3b:11.0{0}", interface: "vf{0}", ifindex: 9, driver: iavf,
     holder: "a process called {0}", trust: true}}
  - {{index: 1, trust: true, vlan: 5}}
""".format(EVIL)

HOSTILE_RULES = """version: 1
physical-functions:
  - name: "rule"
    match: {{interface: "ens*"}}
    vfs: 4
    vf-defaults: {{trust: false, vlan: 100}}
  - name: "nowhere"
    match: {{interface: "no{0}"}}
    vfs: 100
""".format(EVIL)


class Hostile(Case):
    """Names that a device or another program chose never reach the terminal as they are."""

    def setUp(self):
        super().setUp()
        self.inventory = self.file("inventory.yaml", HOSTILE)
        self.policy = os.path.dirname(self.file("rules/evil\033[31m.yaml", HOSTILE_RULES))

    def assert_clean(self, result, *arguments):
        text = result.out + result.err
        self.assertNotEqual(result.code, USAGE, text)
        self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\x7f-\x9f]", arguments)
        self.assertIn("\\x1b[31m", text, arguments)

    def test_no_verb_prints_them_raw(self):
        on = ["--inventory", self.inventory]
        wanted = ["--policy", self.policy]
        for arguments in (["list", *on], ["plan", *on, *wanted], ["inventory", *on],
                          ["explain", *on, *wanted, "0000:3b:00.0\033[31m\a\n\x7f\x9b"],
                          ["plan", *on, *wanted, "nosuch"]):
            for more in ([], ["--json"]):
                result = execute([os.environ["SRIOVCTL"], *arguments, *more])
                self.assert_clean(result, *arguments, *more)

    @unittest.skipUnless(have_room(), "no user namespaces here")
    def test_status_and_apply_print_none_raw(self):
        env = {"SIM_INVENTORY": self.inventory}
        for arguments in (["status"], ["status", "ens\033[31m\a\n\x7f\x9b"], ["apply"]):
            for more in ([], ["--json"]):
                result = execute([*IN_A_ROOM, os.environ["SRIOVCTL_SIM"], *arguments, *more,
                                  "--policy", self.policy], env=env)
                self.assert_clean(result, *arguments, *more)


class Daemon(Case):
    def sriovd(self, script, *arguments):
        room = [*IN_A_ROOM]
        room[-2] = f'{script} && exec "$@"'
        return execute([*room, os.environ["SRIOVD"], "--once", *arguments])

    @unittest.skipUnless(have_room(), "no user namespaces here")
    def test_a_read_only_run_ends_it_with_a_message(self):
        result = self.sriovd("mount -t tmpfs -o ro tmpfs /run")
        self.assertEqual(result.code, FAILED)
        self.assertEqual(result.err, "cannot use /run/sriovd, where the locks of PFs are: "
                                     "Read-only file system\n")

    @unittest.skipUnless(have_room(), "no user namespaces here")
    def test_a_runtime_directory_of_others_ends_it_with_a_message(self):
        result = self.sriovd("mount -t tmpfs tmpfs /run && mkdir -m 777 /run/sriovd")
        self.assertEqual(result.code, FAILED)
        self.assertIn("others than root own it or can write to it", result.err)

    @unittest.skipUnless(have_room(), "no user namespaces here")
    def test_a_bad_policy_ends_it_with_its_errors(self):
        self.file("x.yaml", 'version: 1\n"\\x1b[31m": 1\n')
        result = self.sriovd("mount -t tmpfs tmpfs /run", "--policy", self.directory)
        self.assertEqual(result.code, USAGE, result.err)
        self.assertIn(f"{self.directory}/x.yaml:2:1: error: unknown key '\\x1b[31m'; ",
                      result.err)
        self.assertNotIn("\033", result.err)

    @unittest.skipUnless(have_room(), "no user namespaces here")
    def test_an_argument_is_escaped(self):
        result = self.sriovd("true", "\033[31m")
        self.assertEqual(result.code, USAGE)
        self.assertEqual(result.err, "sriovd: unexpected argument '\\x1b[31m'; "
                                     "see sriovd --help\n")


if __name__ == "__main__":
    main()
