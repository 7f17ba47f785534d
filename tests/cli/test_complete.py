# SPDX-License-Identifier: LGPL-2.1-or-later
"""What bash, zsh and fish make of a command line that is being typed."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import time
import unittest

from harness import Case, HERE, execute, main
from test_manual import array

TREE = pathlib.Path(HERE).parents[1]
COMPLETIONS = TREE / "ctl/completions"

# Names of interfaces that a shell has its own mind on; the kernel takes them (dev_valid_name()).
ODD = ["it's", 'a"b', "x$y", "s*r", "t\\t", "#h", "(p)", "a;b", "a&b"]

PF = """- handle: pci/0000:3b:00.{number}
  interface: {name}
  ifindex: {ifindex}
  driver: ice
  totalvfs: 8
  vfs: {vfs}
  virtual-functions: [{entries}]
"""


def host(names):
    text = "inventory: 2\nphysical-functions:\n"
    for number, name in enumerate(names):
        vfs = 3 if number == 0 else 0
        text += PF.format(number=number, name="'" + name.replace("'", "''") + "'",
                          ifindex=number + 2, vfs=vfs,
                          entries=", ".join(f"{{index: {i}}}" for i in range(vfs)))
    return text


class Completion(Case):
    def setUp(self):
        super().setUp()
        self.bin = os.path.join(self.directory, "bin")
        os.mkdir(self.bin)
        os.symlink(os.environ["SRIOVCTL"], f"{self.bin}/sriovctl")
        self.inventory = self.file("host", host(["ens1f0", "ens2f0"]))
        self.file("folder/policy.yaml", "version: 1\n")

    def environment(self):
        keep = {name: os.environ[name] for name in os.environ if name.endswith("SAN_OPTIONS")}
        return {**keep, "PATH": f"{self.bin}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
                "TERM": "xterm", "HOME": self.directory, "XDG_DATA_DIRS": self.directory,
                "COLUMNS": "200"}

    def run_shell(self, command):
        process = subprocess.run(command, cwd=self.directory, env=self.environment(), text=True,
                                 capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
        self.assertEqual(process.stderr, "")
        return process.stdout.splitlines()


class Sriovctl(Completion):
    """What all three ask."""

    def complete(self, *words):
        result = self.sriovctl("complete", "--", *words)
        self.assertEqual(result.err, "")
        return result.out.splitlines()

    def words(self, *words):
        return [line.partition("\t")[0] for line in self.complete(*words)]

    def test_every_place_of_a_synopsis_is_known(self):
        known = set(re.findall(r'{ "([A-Z]+)", print_', array("ctl/guide/complete.c", "places")))
        for verb in self.words(""):
            text = self.sriovctl(verb, "--help").out
            synopsis = text.splitlines()[0].partition("[OPTION...]")[2]
            places = re.findall(r"\b[A-Z]+\b", synopsis)
            places += re.findall(r"^  (?:-\w, )?--\S+ ([A-Z]+) ", text, re.M)
            self.assertEqual(set(places) - known, set(), f"{verb} takes what nobody completes")
            if "FORMAT" in places:
                self.assertIn("FORMAT is one of\n", text, f"{verb} does not say which (word)")

    def test_verbs_and_their_options(self):
        self.assertIn("plan\twhat would change, step by step, and what it disrupts",
                      self.complete(""))
        for hidden in ["complete", "schema"]:
            self.assertNotIn(hidden, self.words(""))
        self.assertIn("--verbose", self.words("plan", "-"))
        self.assertNotIn("--wait", self.words("plan", "-"))
        self.assertIn("--wait", self.words("-"))
        self.assertEqual(self.words("plan", "--", "-"), [])

    def test_operands_by_their_place(self):
        named = ["--inventory", self.inventory]
        self.assertEqual(self.words("explain", *named, ""), ["ens1f0", "ens2f0"])
        self.assertEqual(self.words("explain", *named, "ens1f0", ""), ["0", "1", "2"])
        self.assertEqual(self.words("explain", *named, "0000:3b:00.0", ""), ["0", "1", "2"])
        self.assertEqual(self.words("explain", *named, "ens1f0", "1", ""), [])
        self.assertEqual(self.words("explain", *named, "ens9", ""), [])
        self.assertEqual(self.words("plan", *named, "ens1f0", ""), ["ens2f0"])
        self.assertIn("0000:3b:00.1", self.words("plan", *named, "0"))
        self.assertEqual(self.words("pause", "x", "")[-1], "off")
        self.assertIn("dpdk", self.words("export", ""))
        self.assertIn("vlan", self.words("help", ""))
        self.assertIn("plan", self.words("help", ""))
        self.assertEqual(self.complete("check", ""), ["\tfiles", "\tfolders"])
        self.assertEqual(self.words("reload", ""), [])

    def test_arguments_of_options(self):
        self.assertEqual(self.words("doctor", "--severity", ""), ["error", "warning", "note"])
        self.assertEqual(self.words("doctor", "--severity=", ""), self.words("doctor", ""))
        self.assertEqual(self.words("doctor", "--severity=n")[2], "--severity=note")
        self.assertEqual(self.complete("plan", "--root", ""), ["\tfolders"])
        self.assertEqual(self.complete("metrics", "-o", ""), ["\tfiles"])
        self.assertIn("plan", self.words("--inventory", self.inventory, ""))

    def test_nothing_makes_it_print_an_error(self):
        for words in [["explain", "--inventory", "/nonexistent", ""], ["frobnicate", ""], ["--x"],
                      ["plan", "--inventory", self.directory, ""], ["plan", "--inventory", "-", ""],
                      ["=", ""], ["--=", ""], ["-", "-", "-"], ["plan", "--policy"], ["--json="],
                      ["plan", "--json=", ""], ["explain", "\u2028", "\x1b"]]:
            self.complete(*words)
        self.assertEqual(execute([os.environ["SRIOVCTL"], "complete"]).err, "")

    def test_a_name_that_would_speak_to_the_terminal_is_left_out(self):
        path = self.file("bad", host(["ens1f0"]).replace("'ens1f0'", '"a\\eb"'))
        self.assertEqual(self.words("plan", "--inventory", path, ""), [])

    def test_pfs_are_the_kernel_s(self):
        result = self.simulated("hypervisor", "complete", "--", "status", "ens1f0np0", "")
        self.assertEqual((result.out, result.err), ("ens1f1np1\t0000:3b:00.1, ice, 4 VFs\n", ""))

    def test_who_hangs_is_not_waited_for(self):
        start = time.monotonic()
        result = self.simulated("hypervisor", "complete", "--", "plan", "",
                                script="stuck:pci/0000:3b:00.1")
        self.assertEqual((result.out, result.err),
                         ("ens1f0np0\t0000:3b:00.0, ice, 0 VFs\n", ""))
        self.assertLess(time.monotonic() - start, 20)

    def test_it_is_quick(self):
        start = time.monotonic()
        for _ in range(20):
            self.complete("")
        self.assertLess(time.monotonic() - start, 10)


@unittest.skipUnless(shutil.which("bash"), "bash is missing")
class Bash(Completion):
    def complete(self, line):
        """COMPREPLY of the line, whose words readline has cut as it does."""
        pieces = re.findall(r"[:=]+|(?:[^\s:=\"']|\"[^\"]*\"?|'[^']*'?)+", line)
        if line[-1:].isspace():
            pieces.append("")
        script = (f"source {shlex.quote(str(COMPLETIONS / 'sriovctl.bash'))}\n"
                  f"COMP_LINE={shlex.quote(line)}; COMP_POINT=${{#COMP_LINE}}\n"
                  f"COMP_WORDS=({shlex.join(pieces)}); COMP_CWORD={len(pieces) - 1}\n"
                  "_sriovctl; printf '%s\\n' \"${COMPREPLY[@]}\"")
        return [line for line in self.run_shell(["bash", "--norc", "-c", script]) if line]

    def test_words(self):
        self.assertEqual(self.complete("sriovctl pl"), ["plan"])
        self.assertEqual(self.complete("sriovctl plan --inv"), ["--inventory"])
        self.assertEqual(self.complete("sriovctl doctor --severity "),
                         ["error", "warning", "note"])
        self.assertEqual(self.complete("sriovctl help vl"), ["vlan"])
        self.assertEqual(self.complete("sriovctl frobnicate "), [])
        self.assertEqual(self.complete("sriovctl export dpd"), ["dpdk"])

    def test_pfs_and_vfs(self):
        given = f"sriovctl explain --inventory {self.inventory} "
        self.assertEqual(self.complete(given), ["ens1f0", "ens2f0"])
        self.assertEqual(self.complete(given + "ens2"), ["ens2f0"])
        self.assertEqual(self.complete(given + "ens1f0 "), ["0", "1", "2"])
        self.assertEqual(self.complete(given + "0000:3b:00.0 "), ["0", "1", "2"])

    def test_words_that_readline_cuts(self):
        given = f"sriovctl explain --inventory={self.inventory} "
        self.assertEqual(self.complete(given + "0000:"), ["3b:00.0", "3b:00.1"])
        self.assertEqual(self.complete(given + "0000:3b:0"), ["00.0", "00.1"])
        self.assertEqual(self.complete("sriovctl doctor --severity=w"), ["warning"])
        self.assertEqual(self.complete("sriovctl doctor --severity="),
                         ["error", "warning", "note"])

    def test_files(self):
        self.assertEqual(self.complete("sriovctl check fol"), ["folder"])
        self.assertEqual(self.complete("sriovctl check folder/"), ["folder/policy.yaml"])
        self.assertEqual(self.complete("sriovctl plan --policy=folder/p"), ["folder/policy.yaml"])
        self.assertEqual(sorted(self.complete("sriovctl plan --root ")), ["bin", "folder"])

    def test_odd_names_are_quoted(self):
        path = self.file("odd", host(ODD))
        replies = self.complete(f"sriovctl plan --inventory {path} ")
        self.assertEqual(sorted(shlex.split(reply)[0] for reply in replies), sorted(ODD))

    def test_typed(self):
        self.assertEqual(type_in(self, ["bash", "--norc", "--noprofile", "-i"],
                                 f"source {COMPLETIONS}/sriovctl.bash", "sriovctl pl\t"),
                         ["sriovctl", "plan"])
        self.assertEqual(type_in(self, ["bash", "--norc", "--noprofile", "-i"],
                                 f"source {COMPLETIONS}/sriovctl.bash",
                                 "sriovctl explain --inventory host 0000:3b:00.1\t"),
                         ["sriovctl", "explain", "--inventory", "host", "0000:3b:00.1"])


def type_in(case, shell, setup, line):
    """The words of the command that the keys make, in a terminal."""
    import pty
    ours, theirs = pty.openpty()
    words = "words() { printf 'BEG''IN'; printf '<%s>' \"$@\"; printf 'E''ND\\n'; }\n"
    with subprocess.Popen(shell, cwd=case.directory, env=case.environment(), stdin=theirs,
                          stdout=theirs, stderr=theirs, start_new_session=True) as process:
        os.close(theirs)
        os.write(ours, f"{setup}\n{words}".encode())
        time.sleep(1)
        os.write(ours, f"{line}\x01words \n exit\n".encode())
        text, end = "", time.monotonic() + 60
        while time.monotonic() < end:
            try:
                chunk = os.read(ours, 65536)
            except OSError:
                break
            if not chunk:
                break
            text += chunk.decode(errors="replace")
        os.close(ours)
        process.wait(30)
    found = re.search(r"BEGIN(.*?)END", text, re.S)
    case.assertTrue(found, text)
    return re.findall(r"<(.*?)>", found[1])


@unittest.skipUnless(shutil.which("zsh"), "zsh is missing")
class Zsh(Completion):
    def complete(self, line):
        setup = (f"PROMPT=; fpath=({shlex.quote(str(COMPLETIONS))} $fpath); "
                 "autoload -Uz compinit; compinit -D -u; bindkey -e; setopt interactive_comments")
        return type_in(self, ["zsh", "-f", "-i"], setup, line)[1:]

    def test_words(self):
        self.assertEqual(self.complete("sriovctl pl\t"), ["plan"])
        self.assertEqual(self.complete("sriovctl plan --inv\t"), ["plan", "--inventory"])
        self.assertEqual(self.complete("sriovctl doctor --severity=w\t"),
                         ["doctor", "--severity=warning"])
        self.assertEqual(self.complete("sriovctl help spoof\t"), ["help", "spoof-check"])

    def test_pfs_and_vfs(self):
        given = ["explain", "--inventory", "host"]
        self.assertEqual(self.complete("sriovctl explain --inventory host ens2\t"),
                         [*given, "ens2f0"])
        self.assertEqual(self.complete("sriovctl explain --inventory host 0000:3b:00.1\t"),
                         [*given, "0000:3b:00.1"])
        self.assertEqual(self.complete("sriovctl explain --inventory host ens1f0 2\t"),
                         [*given, "ens1f0", "2"])

    def test_files(self):
        self.assertEqual(self.complete("sriovctl check folder/p\t"), ["check", "folder/policy.yaml"])
        self.assertEqual(self.complete("sriovctl plan --policy=folder/p\t"),
                         ["plan", "--policy=folder/policy.yaml"])

    def test_odd_names_are_quoted(self):
        for name, keys in [("it's", "it"), ("x$y", "x"), ("s*r", "s"), ("(p)", "\\("),
                           ('a"b', "a")]:
            self.file("odd", host([name]))
            self.assertEqual(self.complete(f"sriovctl plan --inventory odd {keys}\t"),
                             ["plan", "--inventory", "odd", name])


@unittest.skipUnless(shutil.which("fish"), "fish is missing")
class Fish(Completion):
    def complete(self, line):
        script = (f"source {shlex.quote(str(COMPLETIONS / 'sriovctl.fish'))}; "
                  f"complete -C{shlex.quote(line)}")
        return self.run_shell(["fish", "--no-config", "-c", script])

    def words(self, line):
        return [each.partition("\t")[0] for each in self.complete(line)]

    def test_words(self):
        self.assertEqual(self.complete("sriovctl pla"),
                         ["plan\twhat would change, step by step, and what it disrupts"])
        self.assertEqual(self.words("sriovctl plan --inv"), ["--inventory"])
        self.assertEqual(set(self.words("sriovctl doctor --severity ")),
                         {"error", "warning", "note"})
        self.assertEqual(self.words("sriovctl doctor --severity=w"), ["--severity=warning"])
        self.assertEqual(self.words("sriovctl help vlan"), ["vlan"])

    def test_pfs_and_vfs(self):
        given = f"sriovctl explain --inventory {self.inventory} "
        self.assertEqual(self.words(given), ["ens1f0", "ens2f0"])
        self.assertEqual(self.words(given + "ens2"), ["ens2f0"])
        self.assertEqual(self.words(given + "0000:3b:00.1"), ["0000:3b:00.1"])
        self.assertEqual(self.words(given + "ens1f0 "), ["0", "1", "2"])

    def test_files(self):
        self.assertIn("folder/policy.yaml", self.words("sriovctl check folder/p"))
        self.assertIn("--policy=folder/policy.yaml",
                      self.words("sriovctl plan --policy=folder/p"))
        self.assertIn("folder/", self.words("sriovctl plan --root fo"))

    def test_odd_names(self):
        path = self.file("odd", host(ODD))
        self.assertEqual(sorted(self.words(f"sriovctl plan --inventory {path} ")), sorted(ODD))


class Installed(Case):
    def test_where_each_shell_looks(self):
        text = (TREE / "ctl/meson.build").read_text(encoding="utf-8")
        for place in ["bash-completion/completions", "zsh/site-functions",
                      "fish/vendor_completions.d"]:
            self.assertIn(f"datadir / '{place}'", text)


if __name__ == "__main__":
    main()
