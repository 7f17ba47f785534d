# SPDX-License-Identifier: LGPL-2.1-or-later
"""Nothing is written to a PF that is paused: by the daemon, without one, and over its death."""

import json
import re

from harness import FAILED, USAGE, main
from room import Room
from test_served import IN_SYNC, SIMULATED

# The daemon as it was started, once more.
AGAIN = """
again() {
    { kill -9 $daemon; wait $daemon; } 2>/dev/null
    "$SRIOVD" --policy "$DIR/policy" 2>>"$DIR/log" & daemon=$!
    sleep 0.3; on_bus
}
vfs() { "$SRIOVCTL" status --json | sed -n 's/.*"actual": *\\([0-9]*\\).*/\\1/p' | head -1; }
want() { sed -i "s/vfs: .*/vfs: $1/" "$DIR/policy/a.yaml"; sleep 0.7; }
"""

UNTIL = r"paused until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"


class Paused(Room):
    sriovd = "SRIOVD_SIM"

    def setUp(self):
        super().setUp()
        self.file("policy/a.yaml", SIMULATED % (7, "true"))

    def log(self):
        with open(f"{self.directory}/log", encoding="utf-8") as stream:
            return stream.read()

    def test_nothing_is_written_until_the_pause_is_ended(self):
        result = self.play(IN_SYNC + AGAIN + """
            "$SRIOVCTL" pause enp1s0; want 3
            "$SRIOVCTL" status; echo $?; "$SRIOVCTL" apply; echo $?
            "$SRIOVCTL" pause enp1s0 off; "$SRIOVCTL" status; echo $?
            """)
        lines = result.out.splitlines()
        self.assertRegex(lines[0], f"^enp1s0: {UNTIL}$")
        self.assertRegex(result.out, rf"7/3 +drifted +{UNTIL}; ")
        self.assertEqual(re.findall(r"^[0-9]$", result.out, re.M), ["3", "3", "0"])
        self.assertIn("  it is paused: this differs, and stays as it is until that is over\n",
                      result.out)
        self.assertIn("\nenp1s0: not paused\n", result.out)
        self.assertRegex(result.out, r"3/3 +in-sync *\n")
        self.assertRegex(self.log(), f"enp1s0: {UNTIL}\n")
        self.assertIn("enp1s0: no longer paused\n", self.log())

    def test_a_pf_that_has_nothing_to_do_is_paused_and_fine(self):
        result = self.play(IN_SYNC + """
            "$SRIOVCTL" pause enp1s0 30m; "$SRIOVCTL" apply; "$SRIOVCTL" status
            "$SRIOVCTL" status --json >"$DIR/status.json"
            """)
        self.assertRegex(result.out, rf"7/7 +in-sync +{UNTIL}\n")
        with open(f"{self.directory}/status.json", encoding="utf-8") as stream:
            self.assertRegex(stream.read(), r'"paused-until": *"\d{4}-\d\d-\d\dT[0-9:]{8}Z"')

    def test_it_outlives_the_daemon_and_ends_by_itself(self):
        result = self.play(IN_SYNC + AGAIN + """
            "$SRIOVCTL" pause enp1s0 6 >/dev/null; start=$(date +%s%N)
            again; want 3; "$SRIOVCTL" resync; sleep 0.3; vfs
            for try in $(seq 100); do [ "$(vfs)" = 3 ] && break; sleep 0.1; done
            echo $((($(date +%s%N) - start) / 1000000)); vfs
            """)
        before, took, after = (int(line) for line in result.out.split())
        self.assertEqual((before, after), (7, 3))
        self.assertGreater(took, 5000)
        self.assertLess(took, 9000)

    def test_without_a_daemon_it_is_noted_and_heeded(self):
        """By who applies by hand, and by a daemon that starts later."""
        result = self.play("""
            finish_daemon() { kill $daemon; wait $daemon; }
            """ + IN_SYNC + AGAIN + """
            finish_daemon; want 3
            "$SRIOVCTL_SIM" pause enp1s0 1h
            "$SRIOVCTL_SIM" apply --policy "$DIR/policy"; echo $?
            again; "$SRIOVCTL" resync; sleep 0.3; echo "vfs: $(vfs)"
            "$SRIOVCTL_SIM" pause --direct enp1s0 off
            "$SRIOVCTL_SIM" apply --policy "$DIR/policy" >/dev/null; echo $?
            """)
        self.assertRegex(result.out, f"^enp1s0: {UNTIL}\n")
        self.assertRegex(result.out, rf"drifted: {UNTIL}; ")
        self.assertIn("\n3\nvfs: 7\n", result.out)
        self.assertTrue(result.out.endswith("enp1s0: not paused\n0\n"), result.out)

    def test_a_plan_of_an_inventory_says_it_as_the_host_does(self):
        """Also that it cannot be told."""
        for pause, until, reason in [
                ('"$SRIOVCTL" pause enp1s0 >/dev/null', r"\d{4}-.*Z", f"{UNTIL}; "),
                ('echo nonsense >"/run/sriovd/pci-0000:01:00.0.pause"', "unknown",
                 "it cannot be told whether it is paused "),
        ]:
            self.file("policy/a.yaml", SIMULATED % (7, "true"))
            self.play(IN_SYNC + "want 3; " + pause + """
                "$SRIOVCTL_SIM" plan --json --policy "$DIR/policy" >"$DIR/host.json"
                "$SRIOVCTL_SIM" inventory >"$DIR/host.yaml"
                "$SRIOVCTL" plan --json --policy "$DIR/policy" --inventory "$DIR/host.yaml" \\
                    >"$DIR/file.json"; true
                """)
            (host,), (file,) = (self.pfs(name) for name in ["host.json", "file.json"])
            self.assertRegex(host["paused-until"], f"^{until}$")
            self.assertRegex(host["reason"], f"^{reason}")
            for key in ["paused-until", "reason", "state", "steps"]:
                self.assertEqual(host[key], file[key], key)

    def pfs(self, name):
        with open(f"{self.directory}/{name}", encoding="utf-8") as stream:
            return json.load(stream)["pfs"]

    def test_the_pass_that_runs_is_over_before_it_begins(self):
        result = self.play(IN_SYNC + AGAIN + """
            touch "$DIR/hang"; want 3
            "$SRIOVCTL" pause enp1s0 >"$DIR/pause.txt" & pause=$!
            sleep 1; cat "$DIR/pause.txt"; echo still; rm "$DIR/hang"; wait $pause
            cat "$DIR/pause.txt"; vfs
            """)
        self.assertRegex(result.out, f"^still\nenp1s0: {UNTIL}\n3\n$")

    def test_a_note_that_cannot_be_read_is_a_pause_that_is_said_so(self):
        result = self.play(IN_SYNC + AGAIN + """
            echo nonsense >"/run/sriovd/pci-0000:01:00.0.pause"; want 3; vfs
            "$SRIOVCTL" status --json | grep -o "it cannot be told whether it is paused.*no note"
            "$SRIOVCTL" pause enp1s0 off; vfs
            """)
        self.assertEqual(result.out, "7\nit cannot be told whether it is paused "
                         "(/run/sriovd/pci-0000:01:00.0.pause: this is no note\n"
                         "enp1s0: not paused\n3\n")

    def test_everybody_is_told_on_the_bus(self):
        result = self.play(IN_SYNC + """
            property() { busctl get-property org.sriovd \\
                /org/sriovd/pf/pci_2f0000_3a01_3a00_2e0 org.sriovd.PF $1; }
            property PausedUntil
            timeout 20 "$SRIOVCTL" monitor >"$DIR/monitor.txt" & monitor=$!
            sleep 0.5; "$SRIOVCTL" pause enp1s0 >/dev/null; property PausedUntil; property Reason
            date +%s; sleep 0.3; kill $monitor; cat "$DIR/monitor.txt"
            """)
        lines = result.out.splitlines()
        self.assertEqual(lines[0], "t 0")
        self.assertAlmostEqual(int(lines[1].split()[1]) / 1e6, int(lines[3]) + 3600, delta=5)
        self.assertRegex(lines[2], f's "{UNTIL}"')
        self.assertRegex(lines[-1], f" enp1s0: in-sync, 7 VFs: {UNTIL}$")

    def test_times_that_are_none_are_refused(self):
        for word in ["8d", "0", "-1", "1w", "on", "999999999999999999999"]:
            result = self.sriovctl("pause", "--", "enp1s0", word, code=USAGE)
            self.assertEqual(result.err, f"sriovctl pause: '{word}' is neither 'off' nor a time "
                             "such as 90s, 30m, 2h or 7d, which is the most\n")
        self.play(IN_SYNC + '"$SRIOVCTL" pause nosuch0', FAILED)
        result = self.play(IN_SYNC + """
            for us in 1 604800001000; do
                busctl call org.sriovd /org/sriovd org.sriovd.Manager Pause st enp1s0 $us 2>&1
            done; ls /run/sriovd; true
            """)
        self.assertEqual(result.out.count("for a millisecond at least and for 7 days at most"), 2)
        self.assertNotIn(".pause", result.out)


if __name__ == "__main__":
    main()
