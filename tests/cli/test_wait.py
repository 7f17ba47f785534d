# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl wait: until all is in sync, or will not be."""

import errno

from harness import BLOCKED, FAILED, OK, USAGE, main
from room import Room
from test_served import IN_SYNC, SIMULATED

# How long the command takes, in tenths of a second, behind what it prints and its exit status.
TIMED = """
timed() {
    start=$(date +%s%N); "$@"; code=$?
    echo "exit $code after $((($(date +%s%N) - start) / 100000000))"
}
want() { sed -i "s/vfs: .*/vfs: $1/" "$DIR/policy/a.yaml"; }
"""

RESTING = """version: 1
settings: {resync: 0}
physical-functions:
- {name: lab, match: {driver: igb}, vfs: 7, %s}
"""


class Waits(Room):
    sriovd = "SRIOVD_SIM"

    def policy(self, text):
        self.file("policy/a.yaml", text)

    def wait(self, script, sim_script=""):
        """What is printed, to both; the exit status and how long it took."""
        result = self.play(TIMED + script, sim_script=sim_script)
        lines = (result.err + result.out).splitlines()
        _, code, _, took = lines.pop().split()
        return lines, int(code), int(took) / 10

    def test_all_that_is_in_sync_is_not_waited_for_and_nothing_is_said(self):
        self.policy(SIMULATED % (7, "true"))
        lines, code, took = self.wait(IN_SYNC + 'timed "$SRIOVCTL" wait')
        self.assertEqual((lines, code), ([], OK))
        self.assertLess(took, 3)

    def test_it_returns_when_a_call_does_that_hung(self):
        self.policy(SIMULATED % (7, "true"))
        lines, code, took = self.wait(IN_SYNC + """
            touch "$DIR/hang"; want 3; (sleep 2; rm "$DIR/hang") &
            timed "$SRIOVCTL" wait enp1s0 --wait 1m
            """)
        self.assertEqual((lines, code), ([], OK))
        self.assertGreater(took, 1.5)
        self.assertLess(took, 5)

    def test_when_its_time_is_over_it_says_what_is_in_which_state(self):
        self.policy(SIMULATED % (7, "true") +
                    "- {name: nowhere, match: {interface: nosuch0}, vfs: 2}\n")
        lines, code, took = self.wait('timed "$SRIOVCTL" wait --wait 2s', "busy:trust:99999")
        self.assertEqual(code, FAILED)
        self.assertEqual(lines[0], "sriovctl wait: 2 s are over")
        self.assertRegex(lines[1], "^sriovctl wait: enp1s0: retrying: VF 0: trust true: .*EBUSY")
        self.assertRegex(lines[2], "^sriovctl wait: nowhere: absent: no interface matches 'nosuch0'")
        self.assertGreaterEqual(took, 2)
        self.assertLess(took, 4)

    def test_what_does_not_come_right_by_itself_is_said_at_once(self):
        self.policy(SIMULATED % (7, "false"))
        lines, code, took = self.wait('timed "$SRIOVCTL" wait --wait 1m',
                                      f"refuse:trust:{errno.EOPNOTSUPP}")
        self.assertEqual(code, FAILED)
        self.assertRegex(lines[0], "^sriovctl wait: enp1s0: degraded: .*EOPNOTSUPP")
        self.assertLess(took, 10)

    def test_a_guard_is_said_at_once(self):
        self.policy((SIMULATED % (7, "true")).replace("  on-resize: force\n", ""))
        lines, code, took = self.wait(IN_SYNC + """
            echo "a guest" >"$DIR/holder"; (sleep 1; want 3) &
            sleep 1.5; timed "$SRIOVCTL" wait --wait 1m
            """)
        self.assertEqual(code, BLOCKED)
        self.assertRegex(lines[0], "^sriovctl wait: enp1s0: blocked: destroy 7 VFs")
        self.assertLess(took, 10)

    def test_a_policy_with_an_error_is_said_at_once(self):
        self.policy(SIMULATED % (7, "true"))
        lines, code, took = self.wait(IN_SYNC + """
            want x; sleep 1; timed "$SRIOVCTL" wait --wait 1m
            """)
        self.assertEqual(code, USAGE)
        self.assertRegex(lines[0], "^sriovctl wait: policy: the policy files have 1 error since .*"
                         "'sriovctl check' shows what is wrong$")
        self.assertLess(took, 10)

    def test_what_is_only_observed_is_not_waited_for(self):
        self.policy(RESTING % "mode: observe, mtu: 9000")
        lines, code, took = self.wait('sleep 0.5; timed "$SRIOVCTL" wait')
        self.assertEqual((lines, code), ([], OK))
        self.assertLess(took, 3)

    def test_a_pause_is_waited_for_if_it_is_over_in_time(self):
        self.policy(SIMULATED % (7, "true"))
        script = IN_SYNC + """
            "$SRIOVCTL" pause enp1s0 %s >/dev/null; want 3; sleep 0.7
            timed "$SRIOVCTL" wait --wait 20
            """
        lines, code, took = self.wait(script % "3s")
        self.assertEqual((lines, code), ([], OK))
        self.policy(SIMULATED % (7, "true"))
        lines, code, took = self.wait(script % "30s")
        self.assertEqual(code, FAILED)
        self.assertRegex(lines[0], "^sriovctl wait: enp1s0: drifted: paused until ")
        self.assertLess(took, 3)

    def test_a_daemon_that_is_started_anew_is_waited_for(self):
        self.policy(SIMULATED % (7, "true"))
        lines, code, took = self.wait(IN_SYNC + """
            kill $daemon; wait $daemon
            (sleep 2; "$SRIOVD" --policy "$DIR/policy" 2>>"$DIR/log" & echo $! >"$DIR/pid") &
            timed "$SRIOVCTL" wait >"$DIR/out"
            sleep 0.3; kill $(cat "$DIR/pid"); sleep 1; cat "$DIR/out"; daemon=$bus
            """)
        self.assertEqual((lines, code), ([], OK))
        self.assertGreater(took, 1.5)
        self.assertLess(took, 5)

    def test_without_a_daemon_nothing_makes_it_so(self):
        self.policy(SIMULATED % (7, "true"))
        lines, code, took = self.wait("""
            kill $daemon; wait $daemon; timed "$SRIOVCTL" wait --wait 1 >"$DIR/out"
            "$SRIOVD" --policy "$DIR/policy" 2>>"$DIR/log" & daemon=$!
            sleep 0.3; cat "$DIR/out"
            """)
        self.assertEqual(code, FAILED)
        self.assertEqual(lines, ["sriovctl wait: 1 s are over", "sriovctl wait: sriovd does not "
                                 "run; 'systemctl start sriovd' starts it"])

    def test_a_pf_that_there_is_not_is_named_in_the_end(self):
        self.policy(SIMULATED % (7, "true"))
        lines, code, took = self.wait(IN_SYNC + 'timed "$SRIOVCTL" wait enp1s1 --wait 1')
        self.assertEqual(code, FAILED)
        self.assertEqual(lines[0], "sriovctl wait: 1 s are over")
        self.assertIn("enp1s1", lines[1])


class Users(Room):
    sriovd = "SRIOVD_SIM"
    users = True

    def test_everybody_may_wait(self):
        self.file("policy/a.yaml", SIMULATED % (7, "true"))
        result = self.play("""
            as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
            as_nobody "$SRIOVCTL" wait; echo $?
            touch "$DIR/hang"; sed -i "s/vfs: .*/vfs: 3/" "$DIR/policy/a.yaml"; sleep 1.5
            as_nobody "$SRIOVCTL" wait --wait 1; echo $?
            (sleep 1; rm "$DIR/hang") & as_nobody "$SRIOVCTL" wait; echo $?
            """)
        self.assertEqual(result.out, "0\n1\n0\n")
        self.assertIn("sriovctl wait: enp1s0: applying: a call into the kernel takes long\n",
                      result.err)


if __name__ == "__main__":
    main()
