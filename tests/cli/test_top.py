# SPDX-License-Identifier: LGPL-2.1-or-later
"""What sriovctl top prints."""

import fcntl
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import termios
import time
import unittest

from harness import Case, FAILED, HERE, INVENTORIES, IN_A_ROOM, OK, USAGE, have_room, main


class Once(Case):
    def top(self, inventory, *arguments, **keywords):
        return self.simulated(inventory, "top", "--once", "--period", "1", "--direct", *arguments,
                              **keywords)

    def test_what_is_printed(self):
        self.assert_golden("top-hypervisor.txt", self.top("hypervisor", script="flow").out)

    def test_what_a_driver_does_not_count_is_unknown(self):
        # igb_main.c has no ndo_get_vf_stats.
        text = self.top("igb-drifted", script="flow").out
        self.assertRegex(text, r"\n  0 \S+ +\S+ +\S+ +(- +){8}")
        self.assertNotIn(" 0 ", text.replace("\n  0 ", "\n"))
        pf = self.top("igb-drifted", "--json", script="flow").json["pfs"][0]
        self.assertNotIn("totals", pf)
        self.assertNotIn("per-second", pf["virtual-functions"][0])
        self.assertEqual(pf["vfs"]["counted"], 0)

    def test_programs_have_rates_and_totals(self):
        pf = self.top("hypervisor", "ens1f1np1", "--json", script="flow").json["pfs"][0]
        vf = pf["virtual-functions"][3]
        # As much in a second as it has to begin with: three readings, of which one is to pick.
        self.assertEqual(vf["per-second"]["rx-packets"], 4000)
        self.assertEqual(vf["totals"]["rx-packets"], 3 * 4000)
        self.assertEqual(vf["per-second"]["rx-bytes"], 4002000)
        self.assertEqual(pf["per-second"]["rx-packets"], 10000)
        # What ice does not count (ice_get_vf_stats()) is not 0.
        self.assertNotIn("tx-dropped", vf["totals"])
        self.assertEqual(vf["holder"], "its network device is in another network namespace")

    def test_without_a_period_there_are_totals(self):
        result = self.simulated("hypervisor", "top", "--once", "--period", "0", "--direct",
                                "--json", script="flow")
        vf = result.json["pfs"][1]["virtual-functions"][0]
        self.assertEqual(vf["totals"]["rx-packets"], 1000)
        self.assertNotIn("per-second", vf)
        text = self.simulated("hypervisor", "top", "--once", "--period", "0", "--direct",
                              script="flow").out
        self.assertRegex(text, r"\n  0 .* 1\.00M ")

    def test_pfs_that_are_named(self):
        text = self.top("hypervisor", "ens1f0").out
        self.assertIn("ens1f0np0", text)
        self.assertNotIn("ens1f1np1", text)
        self.top("hypervisor", "nosuch", code=FAILED)

    def test_a_pf_that_cannot_be_looked_at_costs_no_other(self):
        result = self.top("hypervisor", script="broken:pci/0000:3b:00.0", code=FAILED)
        self.assertIn("ens1f1np1", result.out)
        self.assertEqual(result.err, "sriovctl top: cannot observe pci/0000:3b:00.0: "
                                     "Input/output error\n")

    def test_a_pf_that_goes_is_left_out(self):
        text = self.top("hypervisor", script="gone:1:pci/0000:3b:00.0").out
        self.assertNotIn("ens1f0np0", text)
        self.assertIn("ens1f1np1", text)


class Lines(Case):
    def test_a_line_for_each_period(self):
        if not have_room():
            self.skipTest("no user namespaces here")
        env = {**os.environ, "SIM_INVENTORY": f"{INVENTORIES}/hypervisor.yaml",
               "SIM_SCRIPT": "flow"}
        with subprocess.Popen(
                [*IN_A_ROOM, os.environ["SRIOVCTL_SIM"], "top", "--json", "--period", "1",
                 "--direct"], cwd=HERE, env=env, stdout=subprocess.PIPE, text=True) as process:
            lines = [json.loads(process.stdout.readline()) for _ in range(2)]
            process.stdout.close()
            process.kill()
        totals = [line["pfs"][1]["totals"]["rx-packets"] for line in lines]
        self.assertEqual(totals, [20000, 30000])


@unittest.skipUnless(shutil.which("tmux"), "no tmux here")
class Screen(Case):
    """It runs in tmux, in a shell with job control."""

    def setUp(self):
        super().setUp()
        if not have_room():
            self.skipTest("no user namespaces here")

    def tmux(self, *arguments):
        result = subprocess.run(["tmux", "-u", "-S", f"{self.directory}/tmux", "-f", "/dev/null",
                                 *arguments], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def begin(self, columns, lines, script="flow", inventory="hypervisor"):
        command = shlex.join([*IN_A_ROOM, os.environ["SRIOVCTL_SIM"], "top", "--direct",
                              "--period", "1"])
        rc = self.file("home/rc", "PS1='ready> '\n")
        self.tmux("new-session", "-d", "-x", str(columns), "-y", str(lines), "-c", HERE,
                  "-e", "LC_ALL=C.UTF-8", "-e", f"SIM_INVENTORY={INVENTORIES}/{inventory}.yaml",
                  "-e", f"SIM_SCRIPT={script}",
                  "-e", f"HOME={self.directory}/home", f"bash --noprofile --rcfile {rc} -im")
        self.addCleanup(self.tmux, "kill-server")
        self.until("ready>")
        self.type(f"stty -g >{self.directory}/before; {command}; "
                  f"echo ended with $?; stty -g >{self.directory}/after\n")

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def key(self, name):
        self.tmux("send-keys", name)

    def screen(self):
        return self.tmux("capture-pane", "-p").rstrip("\n") + "\n"

    def until(self, pattern):
        for _ in range(300):
            if re.search(pattern, text := self.screen(), re.M):
                return text
            time.sleep(0.05)
        self.fail(f"no {pattern!r} in\n{text}")

    def assert_ended(self, code=OK):
        text = self.until(r"^ended with \d+$")
        self.assertIn(f"ended with {code}\n", text)
        self.assertNotIn("DEVICE", text)
        self.until(r"\nready>")
        with open(f"{self.directory}/before", encoding="utf-8") as before, \
                open(f"{self.directory}/after", encoding="utf-8") as after:
            self.assertEqual(before.read(), after.read())

    def test_what_is_on_a_small_screen_and_on_a_large_one(self):
        self.begin(80, 24)
        self.until("80.0M")
        self.assert_golden("top-80x24.txt", self.screen())
        self.tmux("resize-window", "-x", "200", "-y", "50")
        self.until("ADDRESS")
        self.assert_golden("top-200x50.txt", self.screen())
        self.tmux("resize-window", "-x", "40", "-y", "10")
        self.assertIn("too small: 60 by 6 is needed", self.until("too small"))
        self.tmux("resize-window", "-x", "80", "-y", "24")
        self.until("STATE, HOLDER")
        self.assert_golden("top-80x24.txt", self.screen())
        self.type("q")
        self.assert_ended()

    def test_rows_are_sorted_filtered_and_folded(self):
        self.begin(80, 24)
        self.until("80.0M")
        self.type(">")
        text = self.until(r"\*RX ")
        self.assertEqual(re.findall(r"^  (\d) ", text, re.M), ["3", "2", "1", "0"])
        self.type("r")
        text = self.until(r"\^RX ")
        self.assertEqual(re.findall(r"^  (\d) ", text, re.M), ["0", "1", "2", "3"])
        self.type("/vfix")
        self.key("BSpace")
        self.type("o")
        text = self.until("^Only what has: vfio$")
        self.assertEqual(re.findall(r"^(ens\w+|  \d) ", text, re.M), ["ens1f1np1", "  2"])
        self.assert_golden("top-filter.txt", text)
        self.key("Enter")
        self.until("Escape: all")
        self.key("Escape")
        self.until("ens1f0np0")
        self.key("Home")
        self.type("r<")
        self.until(r"\*DEVICE")
        self.type("j ")
        text = self.until(r"^\+ ens1f1np1")
        self.assertNotRegex(text, r"(?m)^  \d ")
        self.type(" t")
        self.assertRegex(self.until("bytes and packets so far"), r"\n  0 +\d\.\d\dM ")

    def test_help(self):
        self.begin(80, 24)
        self.until("80.0M")
        self.type("?")
        self.until("keys")
        self.assert_golden("top-help.txt", self.screen())
        self.type("x")
        self.until("DEVICE")

    def test_a_long_list_is_scrolled(self):
        self.begin(80, 8)
        self.until("80.0M")
        self.key("End")
        text = self.until("^  3 ")
        self.assertNotIn("ens1f0np0", text)
        self.assertIn("\nVF 3: its network device is in another network namespace\n", text)
        self.key("Home")
        self.assertNotRegex(self.until("ens1f0np0"), r"(?m)^  3 ")

    def test_a_pf_that_goes(self):
        self.begin(80, 24, script="flow gone:4:pci/0000:3b:00.0")
        text = self.until("^ens1f0np0 is gone$")
        self.assertIn("1 PF, 4 VFs", text)
        self.assertNotRegex(text, r"(?m)^ens1f0np0 +-")
        self.type("x")
        self.until("^1 PF, 4 VFs.*\n\n")

    def test_a_pf_that_cannot_be_looked_at(self):
        self.begin(80, 24, script="flow broken:pci/0000:3b:00.0")
        self.until("^cannot observe pci/0000:3b:00.0: Input/output error$")

    def test_it_stops_and_goes_on(self):
        self.begin(80, 24)
        self.until("80.0M")
        self.key("C-z")
        text = self.until(r"Stopped")
        self.assertNotIn("DEVICE", text)
        self.type("stty -g >$HOME/stopped; echo $((6*7))\n")
        self.until("^42$")
        self.type("fg\n")
        self.until("80.0M")
        self.type("q")
        self.until("ready>")

    def test_it_ends_as_a_terminal_ends_programs(self):
        self.begin(80, 24)
        self.until("80.0M")
        self.key("C-c")
        self.assert_ended()

    def test_it_gives_the_screen_back_when_it_is_ended(self):
        self.begin(80, 24)
        self.until("80.0M")
        shell = int(self.tmux("display-message", "-p", "#{pane_pid}"))
        with open(f"/proc/{shell}/task/{shell}/children", encoding="utf-8") as stream:
            os.kill(int(stream.read().split()[0]), signal.SIGTERM)
        self.assert_ended()


class Terminals(Case):
    """Terminals that are none, or go."""

    def setUp(self):
        super().setUp()
        if not have_room():
            self.skipTest("no user namespaces here")

    def start(self, term="xterm", controlled=False):
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": term,
               "SIM_INVENTORY": f"{INVENTORIES}/hypervisor.yaml", "SIM_SCRIPT": "flow"}
        ours, theirs = os.openpty()
        process = subprocess.Popen(
            [*IN_A_ROOM, os.environ["SRIOVCTL_SIM"], "top", "--direct", "--period", "1"], cwd=HERE,
            env=env, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
            preexec_fn=(lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) if controlled else None)
        os.close(theirs)
        return process, ours

    def refused(self, term):
        process, ours = self.start(term)
        err = process.communicate(timeout=20)[1]
        os.close(ours)
        self.assertEqual(process.returncode, USAGE)
        return err

    def test_what_is_no_terminal(self):
        result = self.simulated("hypervisor", "top", "--direct", code=USAGE)
        self.assertEqual(result.err, "sriovctl top: it needs a terminal to read keys from and to "
                                     "write to; see --once and --json, which need none\n")

    def test_a_terminal_that_nobody_knows(self):
        self.assertEqual(self.refused("nosuch\033[31m"),
                         "sriovctl top: terminals of type nosuch\\x1b[31m are not known here; "
                         "see --once and --json, which need none\n")
        self.assertIn("TERM does not say what the terminal can do", self.refused(""))

    def test_a_terminal_without_a_screen(self):
        self.assertIn("terminals of type dumb have no screen to write on", self.refused("dumb"))

    def test_it_ends_with_its_terminal(self):
        for controlled in (True, False):
            process, ours = self.start(controlled=controlled)
            text = b""
            while b"80.0M" not in text:
                text += os.read(ours, 65536)
            os.close(ours)
            self.assertEqual(process.communicate(timeout=5)[1], "")
            self.assertEqual(process.returncode, OK)


class Usage(Case):
    def test_totals_are_for_once(self):
        result = self.sriovctl("top", "--period", "0", code=USAGE)
        self.assertIn("--period 0 is for --once", result.err)


if __name__ == "__main__":
    main()
