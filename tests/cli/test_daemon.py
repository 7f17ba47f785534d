# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl and a real sriovd on a bus of their own, on a host without PFs that the policy is for."""

import os
import shutil
import unittest

from harness import (FAILED, IN_A_ROOM, OK, PENDING, USAGE, Case, execute, have_room, main)

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

POLICY = """version: 1
physical-functions:
- name: nowhere
  match: {interface: nosuch0}
  vfs: 2
"""

# The daemon is there before the bus, as at boot.
BEGIN = """
mkdir -p /run/dbus
"$SRIOVD" --policy "$DIR/policy" 2>"$DIR/log" & daemon=$!
sleep 0.3
bus() { dbus-daemon --config-file="$DIR/bus.conf" --nofork 2>/dev/null & bus=$!; }
on_bus() {
    for try in $(seq 100); do
        "$SRIOVCTL" resync 2>/dev/null && return
        sleep 0.1
    done
    cat "$DIR/log" >&2
    exit 99
}
trap 'kill $daemon $bus 2>/dev/null; wait' EXIT
bus
on_bus
"""


@unittest.skipUnless(have_room(), "no user namespaces here")
@unittest.skipUnless(shutil.which("dbus-daemon"), "no dbus-daemon here")
class Daemon(Case):
    def setUp(self):
        super().setUp()
        self.file("bus.conf", BUS)
        self.file("policy/a.yaml", POLICY)

    def play(self, script, code=OK):
        env = {"DIR": self.directory, "SRIOVD": os.environ["SRIOVD"],
               "SRIOVCTL": os.environ["SRIOVCTL"]}
        result = execute([*IN_A_ROOM, "bash", "-c", BEGIN + script], env=env)
        self.assert_code(code, result, script)
        return result

    def test_status_is_the_daemons_view(self):
        result = self.play('"$SRIOVCTL" status', PENDING)
        self.assertRegex(result.out, r"nowhere +- +absent")
        self.assertTrue(result.out.endswith("the daemon's view\n"))

    def test_json_says_who_was_asked(self):
        document = self.play('"$SRIOVCTL" status --json', PENDING).json
        self.assertEqual(document["source"], "daemon")
        self.assertTrue(document["policy_in_force"])
        self.assertEqual(document["unmatched_rules"][0]["name"], "nowhere")

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
