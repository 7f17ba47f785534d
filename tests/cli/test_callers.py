# SPDX-License-Identifier: LGPL-2.1-or-later
"""What callers on the bus may do to the daemon, and to each other."""

import json
import re

from harness import PENDING, main, without_sanitizers
from room import Room

POLICY = """version: 1
physical-functions:
- name: lab
  match: {driver: igb}
  vfs: 7
"""

AS_NOBODY = "as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\"; }\n"

LARGEST = """\
Describe: org.freedesktop.DBus.Error.LimitsExceeded
Apply: org.freedesktop.DBus.Error.InvalidArgs
Pause: org.freedesktop.DBus.Error.InvalidArgs
Reload: org.freedesktop.DBus.Error.InvalidArgs
Resync: org.freedesktop.DBus.Error.InvalidArgs
Describe: org.freedesktop.DBus.Error.InvalidArgs
Get: org.freedesktop.DBus.Error.InvalidArgs
GetAll: org.freedesktop.DBus.Error.InvalidArgs
Set: org.freedesktop.DBus.Error.InvalidArgs
Introspect: org.freedesktop.DBus.Error.InvalidArgs
GetManagedObjects: org.freedesktop.DBus.Error.InvalidArgs
Ping: org.freedesktop.DBus.Error.InvalidArgs
deep: org.freedesktop.DBus.Error.UnknownObject
"""


class Simulated(Room):
    sriovd = "SRIOVD_SIM"

    def setUp(self):
        super().setUp()
        self.file("policy/a.yaml", POLICY)


@without_sanitizers
class Callers(Simulated):

    def test_the_largest_message_to_each_method_costs_little(self):
        """A message of the largest size is cut short before anything looks at it."""
        result = self.play('"$CLIENT" largest\nsleep 0.2\ngrep VmHWM /proc/$daemon/status\n')
        out, _, memory = result.out.partition("VmHWM:")
        self.assertEqual(out, LARGEST)
        self.assertLess(int(memory.split()[0]), 24 << 10)

    def test_what_nobody_waits_for_is_not_done(self):
        result = self.play('"$CLIENT" flood 2 >"$DIR/flood" & flood=$!\n'
                           '"$CLIENT" ping 2\nwait $flood\n"$SRIOVCTL" status\n')
        longest, of_bus = (int(word) for word in result.out.split()[:2])
        self.assertLess(longest, of_bus + 500)


class Users(Simulated):
    users = True

    def play(self, script, **keywords):
        return super().play(AS_NOBODY + script, **keywords)

    @without_sanitizers
    def test_a_user_has_four_questions_open_and_root_has_more(self):
        """No look ends before the last question was asked."""
        result = self.play("""
            while_asleep() { touch "$DIR/sleepy"
                "$@" | { read -r asked; rm "$DIR/sleepy"; cat; }; }
            "$SRIOVCTL" resync # a pass is waited for
            while_asleep as_nobody "$CLIENT" open 8
            while_asleep "$CLIENT" open 8
            """)
        self.assertEqual(result.out, "answered 4, refused 4\nanswered 8, refused 0\n")

    @without_sanitizers
    def test_root_is_answered_while_a_user_floods(self):
        result = self.play("""
            as_nobody "$CLIENT" flood 4 >/dev/null & flood=$!
            sleep 0.5
            start=$(date +%s%N)
            for try in 1 2 3; do "$SRIOVCTL" status >/dev/null || exit 1; done
            echo $((($(date +%s%N) - start) / 1000000))
            wait $flood
            """)
        self.assertLess(int(result.out), 3000)

    def test_users_are_told_of_states_and_uses_and_not_of_rules_and_holders(self):
        """A policy may have a mode that others cannot read it with, and a process a name."""
        self.file("policy/a.yaml", POLICY.replace("lab", "secret") +
                  "  vf-defaults: {vlan: 4071, trust: true}\n"
                  "- {name: secret2, match: {interface: secret3}}\n")
        self.file("holder", "vfio, by qemu (pid 7)\n")
        result = self.play("""
            as_nobody "$SRIOVCTL" status --json; echo "$?" >&2
            as_nobody busctl --json=short call org.sriovd /org/sriovd \\
                org.freedesktop.DBus.ObjectManager GetManagedObjects
            echo "vsf: 2" >>"$DIR/policy/a.yaml"; "$SRIOVCTL" reload 2>/dev/null
            as_nobody "$SRIOVCTL" status
            """, code=PENDING)
        for secret in ["secret", "4071", "qemu", "pid", "trust", "a.yaml"]:
            self.assertNotIn(secret, result.out)
        document = json.JSONDecoder().raw_decode(result.out)[0]
        (pf,) = document["pfs"]
        self.assertEqual(document["view"], "public")
        self.assertEqual(len(document["unmatched-rules"]), 1)
        self.assertEqual(pf["vfs"], {"actual": 7})
        self.assertEqual(pf["virtual-functions"][0]["use"], "vfio")
        self.assertIn('"InUse":{"type":"a(us)","data":[[0,"vfio"]]}', result.out)
        self.assertIn("the daemon's view, as everybody may have it", result.out)

    def test_polkit_lets_a_user_read_details(self):
        self.file("holder", "vfio, by qemu\n")
        result = self.play("""
            "$CLIENT" polkit org.sriovd.read-details & polkit=$!
            sleep 0.5
            as_nobody "$SRIOVCTL" status --json
            kill $polkit
            """)
        (pf,) = result.json["pfs"]
        self.assertEqual(pf["virtual-functions"][0]["holder"], "vfio, by qemu")
        self.assertEqual(pf["rules"], ["lab"])

    def test_a_user_causes_a_look_a_second(self):
        """Who uses a VF is only seen by a look."""
        result = self.play("""
            use() { as_nobody "$SRIOVCTL" status --json | grep -c '"use"'; }
            sleep 1; use
            echo "vfio, by qemu" >"$DIR/holder"
            use
            sleep 1.2; use
            """)
        self.assertEqual(result.out, "0\n0\n1\n")

    def test_a_user_causes_looks_for_a_tenth_of_the_time(self):
        """They take as long as users have processes and namespaces: here as a FIFO has no writer."""
        result = self.play("""
            use() { "$@" "$SRIOVCTL" status --json | grep -c '"use"' || :; }
            sleep 1; mkfifo "$DIR/holder"
            use as_nobody
            sleep 1; echo "vfio, by qemu" >"$DIR/holder"; rm "$DIR/holder"
            sleep 1.2; use as_nobody
            sleep 1.2; use as_nobody
            use env
            """)
        self.assertEqual(result.out, "0\n1\n1\n0\n")

    def test_a_user_changes_nothing_unless_polkit_allows_it(self):
        result = self.play("""
            for verb in reload resync; do as_nobody "$SRIOVCTL" $verb; echo "$verb: $?"; done
            as_nobody "$SRIOVCTL" apply --wait 0 >/dev/null; echo "apply: $?"
            as_nobody "$SRIOVCTL" pause enp1s0; echo "pause: $?"
            "$CLIENT" polkit org.sriovd.resync & polkit=$!
            sleep 0.5
            for verb in reload resync; do as_nobody "$SRIOVCTL" $verb; echo "$verb: $?"; done
            kill $polkit; wait $polkit
            "$CLIENT" polkit org.sriovd.pause & polkit=$!
            sleep 0.5; as_nobody "$SRIOVCTL" pause enp1s0 off; kill $polkit
            """)
        self.assertEqual(result.out, "reload: 1\nresync: 1\napply: 1\npause: 1\n"
                         "reload: 1\nresync: 0\nenp1s0: not paused\n")
        self.assertEqual(len(re.findall("only root may", result.err)), 5, result.err)


if __name__ == "__main__":
    main()
