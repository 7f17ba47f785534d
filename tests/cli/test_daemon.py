# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl and sriovd on a bus of their own, on a host without PFs that the policy is for."""

import os

from harness import FAILED, PENDING, USAGE, main
from room import BUS, POLICY, Room


class Daemon(Room):

    def test_status_is_the_daemons_view(self):
        result = self.play('"$SRIOVCTL" status', PENDING)
        self.assertRegex(result.out, r"nowhere +- +absent")
        self.assertTrue(result.out.endswith("the daemon's view\n"))

    def test_json_says_who_was_asked(self):
        document = self.play('"$SRIOVCTL" status --json', PENDING).json
        self.assertEqual(document["source"], "daemon")
        self.assertTrue(document["policy-in-force"])
        self.assertEqual(document["unmatched-rules"][0]["name"], "nowhere")

    def test_the_options_keep_the_daemon_out(self):
        for option in ["--direct", "--policy policy/none", '--root "$DIR"']:
            result = self.play(f'"$SRIOVCTL" status {option} || :')
            self.assertIn("observed directly; the daemon was not asked", result.out)

    def test_a_pf_that_is_not_there(self):
        for verb in ["status", "apply"]:
            result = self.play(f'"$SRIOVCTL" {verb} ens7', FAILED)
            self.assertIn("sriovctl: no PF is called 'ens7'", result.err)

    def test_apply_is_the_daemons(self):
        result = self.play('"$SRIOVCTL" apply --json', FAILED)
        self.assertEqual(result.json["source"], "daemon")
        self.assertIn("rule 'nowhere' matches no PF", result.err)

    def test_a_policy_that_is_bad_by_now(self):
        spoil = 'echo "vsf: 2" >>"$DIR/policy/a.yaml"\n'
        result = self.play(spoil + '"$SRIOVCTL" reload', USAGE)
        self.assertIn("the policy has errors; the one in force stays", result.err)
        self.file("policy/a.yaml", POLICY)
        result = self.play(spoil + '"$SRIOVCTL" apply', USAGE)
        self.assertIn("the policy has errors; nothing was done", result.err)
        self.file("policy/a.yaml", POLICY)
        self.play(spoil + '"$SRIOVCTL" status', PENDING)

    def test_a_policy_that_was_never_good(self):
        self.file("policy/a.yaml", POLICY + "vsf: 2\n")
        result = self.play('"$SRIOVCTL" status', USAGE)
        self.assertIn("the daemon has no valid policy", result.err)

    def test_a_file_that_was_just_changed_counts(self):
        result = self.play('sed -i s/nowhere/elsewhere/ "$DIR/policy/a.yaml"\n'
                           '"$SRIOVCTL" status', PENDING)
        self.assertIn("elsewhere", result.out)

    def test_a_reload_reads_what_is_new(self):
        result = self.play('sed -i s/nowhere/elsewhere/ "$DIR/policy/a.yaml"\n'
                           '"$SRIOVCTL" reload && "$SRIOVCTL" status', PENDING)
        self.assertIn("elsewhere", result.out)

    def test_the_bus_may_go_and_come_back(self):
        result = self.play('kill $bus; wait $bus; rm -f /run/dbus/system_bus_socket\n'
                           '"$SRIOVCTL" resync; echo $?\n'
                           'bus; on_bus; "$SRIOVCTL" status', PENDING)
        self.assertTrue(result.out.startswith(f"{FAILED}\n"))
        self.assertTrue(result.out.endswith("the daemon's view\n"))

    def test_monitor_tells_when_the_daemon_goes(self):
        result = self.play('timeout 10 "$SRIOVCTL" monitor --json & monitor=$!\n'
                           'sleep 0.5; kill $daemon; wait $daemon; sleep 0.5; kill $monitor')
        self.assertEqual([result.json[key] for key in ("name", "state", "reason")],
                         ["sriovd", "stopped", "it has left the bus"])

    def test_a_bus_that_refuses_the_name_is_asked_again(self):
        refusing = BUS.replace('<allow own="*"/>', '<deny own="org.sriovd"/>')
        self.file("refusing.conf", refusing)
        result = self.play('kill $bus; wait $bus; rm -f /run/dbus/system_bus_socket\n'
                           'cp "$DIR/bus.conf" "$DIR/good.conf"\n'
                           'cp "$DIR/refusing.conf" "$DIR/bus.conf"; bus; sleep 1.5\n'
                           '"$SRIOVCTL" resync; echo $?; grep -c "cannot take" "$DIR/log"\n'
                           'cp "$DIR/good.conf" "$DIR/bus.conf"; kill -HUP $bus; on_bus; echo on')
        self.assertEqual(result.out, f"{FAILED}\n1\non\n")

    def test_the_daemon_may_go(self):
        result = self.play('kill $daemon; wait $daemon; echo $?\n'
                           '"$SRIOVCTL" status --json >"$DIR/status.json"; "$SRIOVCTL" resync',
                           FAILED)
        self.assertEqual(result.out, "0\n")
        self.assertIn("sriovd does not run", result.err)
        with open(os.path.join(self.directory, "status.json"), encoding="utf-8") as stream:
            self.assertIn('"direct"', stream.read())


if __name__ == "__main__":
    main()
