# SPDX-License-Identifier: LGPL-2.1-or-later
"""README's commands run as they stand there; those that need no card are run by an ordinary user."""

import os
import pathlib
import re
import subprocess

from harness import BLOCKED, Case, HERE, INVENTORIES, OK, PENDING, execute, main

TREE = pathlib.Path(HERE).parents[1]
NOBODY = 65534

# What needs a PF, a VF or a file by the name that stands there, a daemon, or a terminal.
ELSEWHERE = {"apply", "reload", "resync", "pause", "monitor", "top", "wait", "explain", "convert",
             "export"}

# A pod has VF 0, whose values are its CNI plugin's by now; VF 1 was made by somebody else.
WORKER = """inventory: 2
host: {machine-id: 0123456789abcdef0123456789abcdef}
physical-functions:
- handle: pci/0000:3b:00.0
  interface: ens1f0
  ifindex: 2
  mac: 52:54:00:00:00:01
  driver: i40e
  totalvfs: 2
  carrier: true
  pf-up: true
  virtual-functions:
  - {index: 0, address: "0000:3b:02.0", mac: "02:00:00:00:00:01", vlan: 17, spoof-check: false,
     trust: true, given: [mac, vlan, spoof-check, trust]}
  - {index: 1, address: "0000:3b:02.1", mac: "00:00:00:00:00:00", vlan: none, spoof-check: true,
     trust: false}
"""


def commands():
    """The lines of README's shell blocks, without comments and with what is continued."""
    text = (TREE / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S):
        for line in block.replace("\\\n", "").splitlines():
            if command := line.partition("#")[0].strip():
                yield command


class Readme(Case):
    def run_as_anybody(self, words):
        """As nobody where root runs the tests, with the bus of nobody."""
        who = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        return subprocess.run([os.environ["SRIOVCTL"], *words], capture_output=True, text=True,
                              timeout=60, cwd="/", **who)

    def test_verbs_without_a_card_do_something_for_anybody(self):
        ran = set()
        for command in commands():
            words = command.removeprefix("sudo ").split()
            if words[0] != "sriovctl" or words[1] in ELSEWHERE:
                continue
            result = self.run_as_anybody(words[1:])
            self.assertIn(result.returncode, [OK, PENDING, BLOCKED], f"{command}\n{result.stderr}")
            ran.add(words[1])
        self.assertLessEqual({"list", "topology", "check", "plan", "status", "doctor"}, ran)

    def test_all_verbs_are_there(self):
        for command in commands():
            words = command.removeprefix("sudo ").split()
            if words[0] == "sriovctl":
                self.sriovctl(words[1], "--help")

    def test_explain_takes_what_stands_there(self):
        [command] = [command for command in commands() if command.startswith("sriovctl explain")]
        self.sriovctl(*command.split()[1:], "--inventory", f"{INVENTORIES}/hypervisor.yaml",
                      "--policy", "policy/uplinks")

    def test_files_that_are_copied_are_there_and_are_right(self):
        copied = [word for command in commands() for word in command.split()
                  if word.startswith("etc/examples/")]
        self.assertTrue(copied)
        for name in copied:
            self.sriovctl("check", str(TREE / name))

    def test_every_example_is_right_and_can_be_planned(self):
        for path in sorted((TREE / "etc/examples").glob("*.yaml")):
            self.sriovctl("check", str(path))
            for inventory in ["hypervisor", "storage"]:
                result = execute([os.environ["SRIOVCTL"], "plan", "--policy", str(path),
                                  "--inventory", f"{INVENTORIES}/{inventory}.yaml"])
                self.assertIn(result.code, [OK, PENDING, BLOCKED], result.err)

    def test_what_a_cni_plugin_changes_is_left_to_it(self):
        """By the example that says so; the VLAN of a VF that was given none yet is not."""
        inventory = self.file("worker.yaml", WORKER)
        policy = str(TREE / "etc/examples/cni-worker.yaml")
        result = self.sriovctl("plan", "--policy", policy, "--inventory", inventory, code=PENDING)
        self.assertRegex(result.out, r"VF 1: vlan +none -> 999")
        self.assertNotIn("VF 0", result.out)

    def test_every_folder_stands_in_the_table(self):
        text = (TREE / "README.md").read_text(encoding="utf-8")
        table = text.partition("## The tree\n")[2].partition("\n\n    ")[0]
        # What is built, what git has for itself, and what licences are to be in.
        folders = {path.name for path in TREE.iterdir()
                   if path.is_dir() and path.name[0] != "." and path.name not in ("build", "LICENSES")}
        self.assertEqual(folders, set(re.findall(r"`(\w+)/`", table)))

    def test_the_version_is_that_of_the_programs(self):
        version = self.sriovctl("--version").out.split()[1]
        for name, begin in {"README.md": "\nVersion ", "NEWS.md": "\n## "}.items():
            text = (TREE / name).read_text(encoding="utf-8")
            self.assertEqual(re.split(r"[\s,]", text.partition(begin)[2])[0], version, name)

    def test_the_policy_at_the_head_is_right(self):
        text = (TREE / "README.md").read_text(encoding="utf-8")
        [policy] = re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S)
        self.sriovctl("check", "-", stdin=policy)
        self.sriovctl("plan", "--policy", "-", "--inventory", f"{INVENTORIES}/hypervisor.yaml",
                      stdin=policy, code=BLOCKED)


if __name__ == "__main__":
    main()
