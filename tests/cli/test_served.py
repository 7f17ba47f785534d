# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl and sriovd on a bus of their own, with a kernel in memory."""

import errno
import json
import os
import re
import time

from harness import FAILED, IN_A_ROOM, OK, PENDING, Case, execute, have_room, main
from room import Room

SIMULATED = """version: 1
physical-functions:
- name: lab
  match: {driver: igb}
  vfs: %s
  on-resize: force
  vf-defaults: {trust: %s}
"""

IN_SYNC = """
for try in $(seq 50); do
    "$SRIOVCTL" status >/dev/null && break
    sleep 0.1
done
"""


WAITS = """
waits() {
    for try in $(seq 50); do
        "$SRIOVCTL" status | grep -q "waits for request" && return
        sleep 0.1
    done
}
"""


BARE_PF = """\
- handle: pci/0000:{0:02x}:00.0
  address: "0000:{0:02x}:00.0"
  driver: igb
  interface: ens{0}
  ifindex: {1}
  mtu: 1500
  totalvfs: 8
  vfs: 0
  virtual-functions: []
"""


class Side(Case):

    def test_pfs_are_worked_on_beside_each_other(self):
        """One after the other these would take a minute."""
        if not have_room():
            self.skipTest("no user namespaces here")
        pfs = "".join(BARE_PF.format(n, n + 2) for n in range(60))
        env = {"SIM_INVENTORY": self.file("host.yaml", "inventory: 1\nhost: {hostname: many}\n"
                                          f"physical-functions:\n{pfs}"), "SIM_SLOW_MS": "1000"}
        policy = "version: 1\nphysical-functions:\n- {name: all, match: {driver: igb}, mtu: 9000}\n"
        self.file("policy/a.yaml", policy)
        begin = time.monotonic()
        result = execute([*IN_A_ROOM, os.environ["SRIOVD_SIM"], "--once", "--policy",
                          f"{self.directory}/policy"], env=env)
        took = time.monotonic() - begin
        self.assert_code(OK, result, "sriovd --once")
        self.assertEqual(result.err.count(": in-sync"), 60)
        self.assertLess(took, 20)


class Boot(Case):

    def test_nobody_waits_for_the_network_device_of_a_drive(self):
        """It would be the whole boot-wait, at each boot."""
        if not have_room():
            self.skipTest("no user namespaces here")
        self.file("policy/a.yaml", "version: 1\nsettings: {boot-wait: 60s}\nphysical-functions:\n"
                  "- {name: a, match: {driver: nvme}, mtu: 9000, vf-defaults: {vlan: 5}}\n")
        begin = time.monotonic()
        result = execute([*IN_A_ROOM, os.environ["SRIOVD_SIM"], "--once", "--policy",
                          f"{self.directory}/policy"],
                         env={"SIM_INVENTORY": "../data/inventory/storage.yaml"})
        self.assertIn("0000:5e:00.0: degraded: 'mtu' is for network cards", result.err)
        self.assertLess(time.monotonic() - begin, 30)


class Served(Room):
    """With the PF of an inventory."""

    sriovd = "SRIOVD_SIM"

    def policy(self, vfs=7, trust="true"):
        return self.file("policy/a.yaml", SIMULATED % (vfs, trust))

    def pf(self, result):
        (only,) = result.json["pfs"]
        return only

    def test_a_pf_is_told_setting_by_setting(self):
        self.policy()
        result = self.play(IN_SYNC + '"$SRIOVCTL" status enp1s0')
        self.assertIn("enp1s0 (0000:01:00.0, igb), 7 of 7 VFs, rules: lab\n  in-sync\n", result.out)
        self.assertRegex(result.out, r"VFs 0-6 +trust +true +true")

    def test_what_the_daemon_has_in_its_runtime_directory_is_no_policy_that_is_misnamed(self):
        self.need_roots_files()
        self.policy(vfs=3)
        check = '"$SRIOVCTL" check %s 2>&1; '
        result = self.play(IN_SYNC + 'mkdir /run/sriovd/owed; ls /run/sriovd >"$DIR/names"\n' +
                           check % "--policy /run/sriovd" + check % "/run/sriovd/" +
                           check % "/run/sriovd --json" + check % "--json")
        with open(os.path.join(self.directory, "names"), encoding="utf-8") as stream:
            names = stream.read().split()
        for name in ["bus", "owed", "pci-0000:01:00.0.lock", "sriovd.lock", "vfs.lock"]:
            self.assertIn(name, names)
        self.assertEqual(result.out, "0 files, 0 rules: ok\n" * 2 + "[\n]\n" * 2)
        result = self.play('touch /run/sriovd/a.yml; ' + check % "--policy /run/sriovd")
        self.assertEqual(result.out, "/run/sriovd/a.yml: warning: is passed over: its name does "
                         "not end in '.yaml'\n  hint: rename it\n"
                         "0 files, 0 rules: ok, 1 warning\n")

    def test_both_sources_print_alike(self):
        policy = self.policy(vfs=3)
        with open(policy, "a", encoding="utf-8") as stream:
            stream.write("  mode: observe\n")
        for arguments in ["", "enp1s0", "--json enp1s0"]:
            daemon = self.play(f'"$SRIOVCTL" status {arguments}', PENDING).out
            direct = self.play('"$SRIOVCTL_SIM" status --policy "$DIR/policy" ' + arguments,
                               PENDING).out
            if "--json" in arguments:
                pfs = json.loads(daemon)["pfs"]
                # Who keeps no PF has nothing to count.
                self.assertEqual([pf.pop("counts")["passes"] for pf in pfs], [1])
                self.assertEqual(pfs, json.loads(direct)["pfs"])
            else:
                self.assertEqual(daemon.splitlines()[:-1], direct.splitlines()[:-1])
                self.assertIn("drifted", daemon)

    def test_metrics_have_the_states_and_counts_of_the_daemon(self):
        self.policy(vfs=3)
        out = self.play(IN_SYNC + '"$SRIOVCTL_SIM" metrics', OK).out
        self.assertIn("sriovd_up 1\n", out)
        self.assertIn("sriovd_build_info{version=", out)
        self.assertIn('sriovd_policy_standing{sriovd_policy_standing="current"} 1\n', out)
        self.assertIn('sriovd_pf_state{pf="enp1s0",sriovd_pf_state="in-sync"} 1\n', out)
        self.assertIn('sriovd_pf_state{pf="enp1s0",sriovd_pf_state="blocked"} 0\n', out)
        self.assertIn('sriovd_pf_vfs_desired{pf="enp1s0"} 3\n', out)
        self.assertRegex(out, r'sriovd_pf_passes_total{pf="enp1s0"} [1-9]')
        self.assertRegex(out, r'sriovd_pf_steps_done_total{pf="enp1s0"} [1-9]')
        self.assertRegex(out, r'sriovd_pf_pass_duration_seconds_bucket{pf="enp1s0",le="60.0"} [1-9]')
        self.assertIn('sriovd_vf_in_use{pf="enp1s0",vf="0"} 0\n', out)

    def test_metrics_do_not_wait_long_for_a_daemon_that_says_nothing(self):
        out = self.play('kill -STOP $daemon; begin=$SECONDS\n'
                        '"$SRIOVCTL_SIM" metrics || exit 97\n'
                        'took=$((SECONDS - begin)); kill -CONT $daemon\n'
                        '[ $took -lt 25 ] || exit 96', OK).out
        self.assertIn("\nsriovd_up 0\n", out)
        self.assertIn("\nsriovd_pf_vfs{", out)
        self.assertNotIn("sriovd_pf_state", out)

    def test_metrics_without_the_daemon_have_no_states(self):
        self.policy(vfs=3)
        out = self.play('kill $daemon; wait $daemon; "$SRIOVCTL_SIM" metrics || exit 97\n'
                        '"$SRIOVD" --policy "$DIR/policy" 2>>"$DIR/log" & daemon=$!; on_bus', OK).out
        self.assertIn("sriovd_up 0\n", out)
        self.assertNotIn("sriovd_pf_state", out)

    def test_a_pf_that_is_ignored_is_unmanaged_on_the_bus_too(self):
        with open(self.policy(vfs=3), "a", encoding="utf-8") as stream:
            stream.write("- {name: mgmt, match: {interface: enp1s0}, mode: ignore}\n")
        result = self.play(IN_SYNC + '"$SRIOVCTL" status; "$SRIOVCTL" apply\n'
                           "path=$(busctl --list tree org.sriovd | grep 0000)\n"
                           'busctl get-property org.sriovd "$path" org.sriovd.PF State Reason', OK)
        self.assertRegex(result.out, r"enp1s0 .*unmanaged +rule 'mgmt' ignores it")
        self.assertTrue(result.out.endswith('s "unmanaged"\ns "a rule has it left alone"\n'))

    def test_a_call_that_hangs_is_told_within_a_second(self):
        self.policy()
        self.file("more.yaml", SIMULATED % (3, "true"))
        result = self.play(IN_SYNC + """
            touch "$DIR/hang"; cp "$DIR/more.yaml" "$DIR/policy/a.yaml"; sleep 1.5
            echo libvirt >"$DIR/holder"
            start=$(date +%s%N)
            "$SRIOVCTL" status --json >"$DIR/status.json"
            echo $((($(date +%s%N) - start) / 1000000))
            "$SRIOVCTL" apply --wait 0 >"$DIR/apply.txt" & apply=$!
            sleep 1; rm "$DIR/hang"; wait $apply; cat "$DIR/apply.txt"
            """)
        with open(os.path.join(self.directory, "status.json"), encoding="utf-8") as stream:
            (pf,) = json.load(stream)["pfs"]
        self.assertEqual(pf["state"], "applying")
        self.assertRegex(pf["reason"], "^sriov_numvfs = 0, for [1-9] s$")
        self.assertEqual(pf["call"]["name"], "sriov_numvfs = 0")
        milliseconds, _, applied = result.out.partition("\n")
        self.assertLess(int(milliseconds), 1000)
        self.assertRegex(applied, r"destroy 7 VFs +done")
        self.assertRegex(applied, r"create 3 VFs +done")
        self.assertIn("\n  in-sync\n", applied)

    def test_both_sources_warn_alike_with_the_line_that_is_meant(self):
        self.file("policy/a.yaml", SIMULATED % (3, "true") + """- name: more
  match: {driver: igb}
  virtual-functions: [{index: 0, vlan: 5}, {index: 7, vlan: 6}] # \u00e4 \u2603
- name: nowhere
  match: {interface: "\u00e4th*"}
""")
        self.play(IN_SYNC + """
            "$SRIOVCTL" status 2>"$DIR/daemon" >/dev/null
            "$SRIOVCTL_SIM" status --policy "$DIR/policy" 2>"$DIR/direct" >/dev/null
            "$SRIOVCTL" apply 2>"$DIR/applied" >/dev/null
            true
            """)
        said = {}
        for name in ["daemon", "direct", "applied"]:
            with open(os.path.join(self.directory, name), encoding="utf-8") as stream:
                said[name] = stream.read()
        self.assertRegex(said["daemon"], r"a.yaml:10:52: warning: enp1s0: 'index' names VF 7")
        self.assertIn("   10 |   virtual-functions: [{index: 0, vlan: 5}, {index: 7, vlan: 6}] # \u00e4 \u2603\n"
                      f"      | {' ' * 51}^\n", said["daemon"])
        self.assertEqual(said["daemon"], said["direct"])
        self.assertTrue(said["applied"].startswith(said["daemon"]), said["applied"])
        self.assertRegex(said["applied"], r"a.yaml:11:9: warning: rule 'nowhere' matches no PF")
        self.assertIn("   11 | - name: nowhere\n      |         ^\n", said["applied"])

    def test_who_else_sets_up_the_pf_is_found_by_a_pass_and_by_who_asks(self):
        self.policy()
        result = self.play(IN_SYNC + """
            "$SRIOVCTL" status --json >"$DIR/before.json"
            connections=/run/NetworkManager/system-connections
            mkdir -p $connections
            printf '[connection]\nuuid=1\ninterface-name=enp1s0\n[sriov]\n' >$connections/a.nmconnection
            "$SRIOVCTL" status --json >"$DIR/asked.json"
            echo "asked: $(grep -c NetworkManager "$DIR/log")"
            for try in 1 2; do "$SRIOVCTL" resync; sleep 0.5; done
            echo "resynced: $(grep -c NetworkManager "$DIR/log")"
            """)
        rivals = {}
        for name in ["before", "asked"]:
            with open(os.path.join(self.directory, f"{name}.json"), encoding="utf-8") as stream:
                rivals[name] = json.load(stream)["pfs"][0]["rivals"]
        self.assertEqual(rivals["before"], [])
        self.assertEqual(rivals["asked"], [
            "NetworkManager sets up its VFs too: "
            "/run/NetworkManager/system-connections/a.nmconnection has [sriov]"])
        self.assertEqual(result.out, "asked: 0\nresynced: 1\n")

    def test_holders_are_looked_for_when_asked(self):
        self.policy()
        pf = self.pf(self.play(IN_SYNC + 'echo "vfio, by qemu" >"$DIR/holder"\n'
                               '"$SRIOVCTL" status --json'))
        self.assertEqual(pf["virtual-functions"][0]["holder"], "vfio, by qemu")
        self.assertNotIn("holder", pf["virtual-functions"][1])

    def test_what_a_driver_refuses_is_known(self):
        self.policy(trust="false")
        result = self.play('"$SRIOVCTL" status --json', PENDING,
                           sim_script=f"refuse:trust:{errno.EOPNOTSUPP}")
        pf = self.pf(result)
        self.assertEqual(pf["state"], "degraded")
        self.assertIn("not supported by the driver (EOPNOTSUPP)", pf["reason"])
        self.assertIn("EOPNOTSUPP", pf["last-error"])

    def test_what_a_driver_has_refused_here_is_told_with_what_it_can_do(self):
        self.policy(trust="false")
        result = self.play('"$SRIOVCTL" status >/dev/null; "$SRIOVCTL_SIM" list --capabilities; '
                           '"$SRIOVCTL_SIM" list --capabilities --direct',
                           sim_script=f"refuse:trust:{errno.EOPNOTSUPP}")
        self.assertEqual(len(re.findall(r"  trust +yes +refused here: .*EOPNOTSUPP", result.out)),
                         1, result.out)

    def test_apply_tells_what_it_did_and_what_is_left(self):
        self.policy()
        self.file("more.yaml", SIMULATED % (7, "false"))
        # The file is put there and asked for before the daemon notices it.
        result = self.play(IN_SYNC + 'cp "$DIR/more.yaml" "$DIR/policy/a.yaml"\n'
                           '"$SRIOVCTL" apply')
        self.assertRegex(result.out, r"VFs 0-6: trust true -> false +done")
        self.assertIn("\n  in-sync\n", result.out)

    def test_apply_tells_nothing_of_passes_before_it(self):
        """When those that it asks for fail."""
        self.policy(trust="false")
        result = self.play(IN_SYNC + 'touch "$DIR/deaf"; "$SRIOVCTL" apply --wait 1', FAILED)
        self.assertIn("the pass over it failed", result.out)
        self.assertNotIn(" done", result.out)

    def test_apply_tells_of_a_setting_that_was_written_several_times_what_it_is_now(self):
        self.file("policy/a.yaml", SIMULATED % (7, "false, vlan: 5"))
        result = self.play("""
            "$SRIOVCTL" apply --wait 4 >"$DIR/apply.txt" & apply=$!
            for vlan in 6 7 8 9 10 11; do
                sleep 0.3; sed -i "s/vlan: [0-9]*/vlan: $vlan/" "$DIR/policy/a.yaml"
            done
            wait $apply; cat "$DIR/apply.txt"
            """, sim_script="busy:trust:9999")
        self.assertEqual(re.findall(r"(VFs? .*vlan).* -> ([0-9]+) +done", result.out),
                         [("VFs 0-6: vlan", "11")], result.out)

    def test_apply_waits_for_what_may_come_right(self):
        self.policy(trust="false")
        result = self.play('"$SRIOVCTL" apply --json', sim_script="busy:trust:12")
        self.assertEqual(self.pf(result)["state"], "in-sync")

    def test_apply_does_not_wait_longer_than_it_may(self):
        self.policy(trust="false")
        result = self.play('"$SRIOVCTL" apply --json --wait 1', FAILED, sim_script="busy:trust:9999")
        pf = self.pf(result)
        self.assertEqual(pf["state"], "retrying")
        self.assertEqual(pf["steps"][0]["refused"]["kind"], "busy")

    def test_a_policy_that_is_refused_is_told_with_file_and_line(self):
        """That of the standard directory, which the caller reads himself."""
        self.need_roots_files()
        self.policy()
        self.file("bad.yaml", "version: 1\nfoo: 1\n")
        result = self.play(IN_SYNC + """
            cp "$DIR/bad.yaml" "$DIR/policy/b.yaml"
            "$SRIOVCTL" apply --json >"$DIR/unknown.json" 2>/dev/null; echo $?
            mkdir -p /etc/sriovd; chmod 755 /etc/sriovd; cp "$DIR/bad.yaml" /etc/sriovd/10.yaml
            "$SRIOVCTL" apply 2>&1; echo $?
            "$SRIOVCTL" reload 2>&1; echo $?
            "$SRIOVCTL" apply --json >"$DIR/errors.json" 2>/dev/null; echo $?
            rm -r /etc/sriovd "$DIR/policy/b.yaml"
            """)
        with open(os.path.join(self.directory, "unknown.json"), encoding="utf-8") as stream:
            self.assertEqual(json.load(stream), {"errors": [
                {"severity": "error", "message": "the policy has errors; nothing was done"}]})
        with open(os.path.join(self.directory, "errors.json"), encoding="utf-8") as stream:
            (error,) = json.load(stream)["errors"]
        self.assertEqual((error["file"], error["line"]), ("/etc/sriovd/10.yaml", 2))
        self.assertEqual(result.out.splitlines().count("2"), 4, result.out)
        self.assertEqual(result.out.count("/etc/sriovd/10.yaml:2:1: error: unknown key 'foo'"), 2)
        self.assertIn("sriovctl apply: the policy has errors; nothing was done\n", result.out)
        self.assertIn("sriovctl reload: the policy has errors; the one in force stays\n", result.out)

    def test_an_alternative_name_is_what_it_is(self):
        self.file("policy/a.yaml", SIMULATED % (7, "true, altname: 'enp1s0v{index}'"))
        result = self.play(IN_SYNC + '"$SRIOVCTL" status --json enp1s0')
        settings = self.pf(result)["virtual-functions"][0]["settings"]
        (altname,) = [each for each in settings if each["setting"] == "altname"]
        self.assertEqual(altname["actual"], "enp1s0v0")
        self.assertNotIn("note", altname)

    def test_a_policy_with_a_problem(self):
        self.file("policy/a.yaml", SIMULATED % (9, "true"))
        result = self.play('"$SRIOVCTL" status', PENDING)
        self.assertRegex(result.err, r"a.yaml:5:8: warning: enp1s0: ")

    def test_a_pf_that_answers_as_if_it_were_gone_and_is_there_stays(self):
        """As one that comes back from a reset does, or whose place another device has taken."""
        self.policy()
        result = self.play("""
            for try in $(seq 50); do
                "$SRIOVCTL" resync; sleep 0.2
                grep -qE "failed|gone" "$DIR/log" && break
            done
            cat "$DIR/log"
            """, sim_script="gone:3")
        self.assertIn(f": {os.strerror(errno.EAGAIN)}\n", result.out)
        self.assertNotIn(": gone\n", result.out)

    def test_what_failed_once_is_asked_anew_and_not_by_the_same_sockets(self):
        self.policy()
        result = self.play(IN_SYNC + """
            touch "$DIR/deaf"
            for try in $(seq 50); do
                "$SRIOVCTL" resync; sleep 0.2
                grep -q failed "$DIR/log" && break
            done
            cat "$DIR/log"
            rm "$DIR/deaf"; "$SRIOVCTL" resync
            """ + IN_SYNC + '"$SRIOVCTL" status')
        self.assertIn(f": {os.strerror(errno.EIO)}\n", result.out)

    def test_a_runtime_directory_that_is_gone_is_named_with_what_makes_it_again(self):
        """In the sandbox all but the directory of the start is read-only."""
        self.policy()
        result = self.play(IN_SYNC + """
            export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket
            mount -t tmpfs -o ro,mode=755 tmpfs /run/sriovd
            for try in $(seq 50); do
                "$SRIOVCTL" resync; sleep 0.2
                grep -q failed "$DIR/log" && break
            done
            "$SRIOVCTL" status; cat "$DIR/log"
            umount /run/sriovd; rm -r /run/sriovd; "$SRIOVCTL" resync
            """ + IN_SYNC + '"$SRIOVCTL" status; ls /run/sriovd')
        why = ("the pass over it failed: cannot lock /run/sriovd/pci-0000:01:00.0.lock (Read-only file "
               "system): 'systemctl restart sriovd' makes /run/sriovd again\n")
        self.assertIn(f"enp1s0: {why}", result.out)
        self.assertIn(f"  retrying  {why}", result.out)
        self.assertRegex(result.out, "(?s)in-sync.*the daemon's view\npci-0000:01:00.0.lock\n$")

    def test_who_is_to_end_makes_the_vfs_first_that_follow_those_it_has_destroyed(self):
        """For any other call it waits three seconds."""
        self.policy()
        self.file("more.yaml", SIMULATED % (3, "true"))
        result = self.play(IN_SYNC + """
            touch "$DIR/hang"; cp "$DIR/more.yaml" "$DIR/policy/a.yaml"
            for try in $(seq 50); do
                "$SRIOVCTL" status | grep -q "sriov_numvfs = 0" && break
                sleep 0.1
            done
            kill $daemon; sleep 4.5; rm "$DIR/hang"; wait $daemon; echo "ended: $?"; cat "$DIR/log"
            """)
        self.assertIn("ended: 0\n", result.out)
        self.assertIn("waiting for VFs that are to follow those that were destroyed\n", result.out)
        self.assertIn("enp1s0: create 3 VFs: done\n", result.out)

    def test_what_is_done_while_it_is_to_end_is_logged(self):
        """Though the settings of the next VFs take longer than any other call may."""
        self.policy()
        self.file("more.yaml", SIMULATED % (3, "true, vlan: 7"))
        result = self.play('kill $daemon; wait $daemon\n'
                           'SIM_SLOW_MS=2000 "$SRIOVD" --policy "$DIR/policy" 2>"$DIR/log" &\n'
                           'daemon=$!\non_bus\n' + IN_SYNC + """
            cp "$DIR/more.yaml" "$DIR/policy/a.yaml"
            for try in $(seq 50); do
                "$SRIOVCTL" status | grep -q "sriov_numvfs = 0" && break
                sleep 0.1
            done
            kill $daemon; wait $daemon; echo "ended: $?"; cat "$DIR/log"
            """)
        self.assertIn("ended: 0\n", result.out)
        for done in ["destroy 7 VFs: done", "create 3 VFs: done", "VF 0-2: set vlan to 7"]:
            self.assertIn(f"enp1s0: {done}\n", result.out)

    def on_request(self, vfs, trust):
        return SIMULATED % (vfs, trust) + "  disruption: on-request\n"

    def test_what_disrupts_waits_for_request_and_is_announced(self):
        self.file("policy/a.yaml", self.on_request(3, "true"))
        self.file("more.yaml", self.on_request(2, "false"))
        result = self.play(IN_SYNC + WAITS + """
            "$SRIOVCTL" status
            timeout 20 busctl monitor --match="type='signal',member='DisruptionPending'" \
                >"$DIR/signals" 2>&1 &
            signals=$!
            timeout 20 "$SRIOVCTL" monitor >"$DIR/monitor" & monitor=$!
            sleep 1; cp "$DIR/more.yaml" "$DIR/policy/a.yaml"; waits
            sleep 0.5; kill $signals $monitor
            "$SRIOVCTL" status; echo "= $?"; "$SRIOVCTL" status --json; echo "= $?"
            path=$(busctl --list tree org.sriovd | grep 0000)
            busctl get-property org.sriovd "$path" org.sriovd.PF PendingDisruption State Reason
            "$SRIOVCTL" apply >"$DIR/apply"; echo "= $?"
            "$SRIOVCTL" apply --disruptive; echo "= $?"
            busctl get-property org.sriovd "$path" org.sriovd.PF PendingDisruption State Reason
            cat "$DIR/signals" "$DIR/monitor" "$DIR/log"
            """)
        self.assertRegex(result.out, r"enp1s0 .* 3/3 +in-sync")
        self.assertRegex(result.out, r"enp1s0 .* 3/2 +blocked +destroy 3 VFs: waits for request, "
                         r"and 1 more step; 'sriovctl apply --disruptive enp1s0' goes on")
        self.assertEqual(re.findall(r"^= ([0-9])$", result.out, re.M), ["3", "3", "3", "0"])
        document = json.loads(result.out.split("= 3\n")[1])
        (pf,) = document["pfs"]
        self.assertEqual((pf["state"], pf["blocked-by"]), ("blocked", "request"))
        self.assertNotIn(True, [setting["differs"] for vf in pf["virtual-functions"]
                                for setting in vf["settings"]])
        self.assertIn('(sau) "all-vfs" 3 0 1 2\ns "blocked"\n'
                      's "what the policy says disrupts, and waits for request; 2 steps are left, '
                      '2 blocked"\n', result.out)
        self.assertRegex(result.out, r"create 2 VFs +done")
        self.assertIn('(sau) "nothing" 0\ns "in-sync"\ns ""\n', result.out)
        self.assertEqual(result.out.count("Member=DisruptionPending"), 1)
        self.assertRegex(result.out, r'STRING "enp1s0";\s+STRING "all-vfs";\s+ARRAY "u" \{\s+'
                         r'UINT32 0;\s+UINT32 1;\s+UINT32 2;')
        self.assertRegex(result.out, r"enp1s0: blocked, 3 VFs: destroy 3 VFs: waits for request")
        self.assertEqual(result.out.count("enp1s0: blocked: destroy 3 VFs: waits for request"), 1)

    def test_a_later_start_is_no_boot(self):
        self.file("policy/a.yaml", self.on_request(3, "true"))
        self.file("more.yaml", self.on_request(2, "false"))
        result = self.play(IN_SYNC + WAITS + """
            test -e /run/sriovd/booted || echo no note
            kill -KILL $daemon; cp "$DIR/more.yaml" "$DIR/policy/a.yaml"; wait $daemon
            "$SRIOVD" --policy "$DIR/policy" 2>>"$DIR/log" & daemon=$!
            on_bus; waits; "$SRIOVCTL" status
            "$SRIOVD" --once --policy "$DIR/policy" 2>/dev/null; echo "= $?"
            """)
        self.assertNotIn("no note", result.out)
        self.assertRegex(result.out, r"enp1s0 .* (3|7)/2 +blocked +destroy . VFs: waits for request")
        self.assertTrue(result.out.endswith("= 1\n"), result.out)

    def test_a_boot_goes_on_after_an_instance_that_did_not_become_ready(self):
        self.file("policy/a.yaml", self.on_request(3, "true"))
        result = self.play("""
            kill -KILL $daemon; wait $daemon; rm -f /run/sriovd/booted
            "$SRIOVD" --policy "$DIR/policy" 2>>"$DIR/log" & daemon=$!
            on_bus""" + IN_SYNC + '"$SRIOVCTL" status')
        self.assertRegex(result.out, r"enp1s0 .* 3/3 +in-sync")

    def test_monitor_tells_of_states(self):
        self.policy()
        self.file("more.yaml", SIMULATED % (3, "true"))
        result = self.play(IN_SYNC + """
            timeout 20 "$SRIOVCTL" monitor >"$DIR/monitor.txt" & monitor=$!
            sleep 0.5; touch "$DIR/hang"; cp "$DIR/more.yaml" "$DIR/policy/a.yaml"; sleep 2
            rm "$DIR/hang"; sleep 1; kill $monitor; cat "$DIR/monitor.txt"
            """)
        states = [line.partition(" enp1s0: ")[2] for line in result.out.splitlines()
                  if re.search(" enp1s0: [a-z-]+, ", line)]
        self.assertEqual(states[0], "in-sync, 7 VFs")
        self.assertRegex(states[1], "^applying, 7 VFs: sriov_numvfs = 0, for [01] s$")
        self.assertEqual(states[-1], "in-sync, 3 VFs")

    def test_monitor_tells_of_another_number_of_vfs_however_soon_it_is_there(self):
        self.policy()
        self.file("one.yaml", SIMULATED % (1, "true"))
        result = self.play(IN_SYNC + """
            timeout 20 "$SRIOVCTL" monitor >"$DIR/monitor.txt" & text=$!
            timeout 20 "$SRIOVCTL" monitor --json >"$DIR/monitor.json" & json=$!
            sleep 0.5; cp "$DIR/one.yaml" "$DIR/policy/a.yaml"
            for try in $(seq 50); do grep -q "1 VF$" "$DIR/monitor.txt" && break; sleep 0.1; done
            sleep 0.2; kill $text $json; cat "$DIR/monitor.txt"
            """)
        said = [line.partition(" enp1s0: ")[2] for line in result.out.splitlines()]
        self.assertEqual([words for words in said if words.endswith(("VF", "VFs"))],
                         ["in-sync, 7 VFs", "in-sync, 1 VF"])
        with open(os.path.join(self.directory, "monitor.json"), encoding="utf-8") as stream:
            lines = [json.loads(line) for line in stream]
        self.assertEqual([line["vfs"] for line in lines
                          if (line["name"], line["event"]) == ("enp1s0", "state")], [7, 1])
        for line in lines:
            self.assertRegex(line["time"], r"^[0-9-]+T[0-9:]+Z$")
            self.assertNotEqual(line.get("reason"), "")

    def test_monitor_tells_what_has_happened(self):
        self.policy()
        self.file("less.yaml", SIMULATED % (7, "false"))
        result = self.play(IN_SYNC + """
            timeout 40 "$SRIOVCTL" monitor >"$DIR/monitor.txt" & text=$!
            timeout 40 "$SRIOVCTL" monitor --json >"$DIR/monitor.json" & json=$!
            told() { for try in $(seq 150); do grep -q "$1" "$DIR/monitor.txt" && return; sleep 0.1; done; }
            told "7 VFs"; echo "vfio, by qemu of web" >"$DIR/holder"
            told "is in use"; rm "$DIR/holder"
            told "no longer"; cp "$DIR/less.yaml" "$DIR/policy/a.yaml"; told "done"
            sleep 0.5; kill $text $json; cat "$DIR/monitor.txt"
            """)
        said = [line.partition(" enp1s0: ")[2] for line in result.out.splitlines()]
        self.assertIn("VF 0 is in use: vfio, by qemu of web", said)
        self.assertIn("VF 0 is no longer in use: vfio, by qemu of web", said)
        self.assertRegex("\n".join(said), r"(?m)^\d+ steps? done$")
        with open(os.path.join(self.directory, "monitor.json"), encoding="utf-8") as stream:
            lines = [json.loads(line) for line in stream]
        came = [line for line in lines if line["event"] == "holder-came"]
        self.assertEqual([(line["name"], line["vf"], line["text"]) for line in came],
                         [("enp1s0", 0, "VF 0 is in use: vfio, by qemu of web")])
        self.assertIn("done", [line["event"] for line in lines])

    def test_lines_of_monitor_are_folded_for_a_terminal(self):
        self.policy()
        self.file("bad.yaml", "version: 1\nvsf: 2\n")
        result = self.play(IN_SYNC + """
            script -qfc 'stty cols 80; exec timeout 3 "$SRIOVCTL" monitor' "$DIR/typed" \
                </dev/null >/dev/null & script=$!
            sleep 0.7; cp "$DIR/bad.yaml" "$DIR/policy/a.yaml"; wait $script; cat "$DIR/typed"
            """)
        text = re.sub(r"\x1b\[[0-9]*m", "", result.out.replace("\r", ""))
        lines = [line for line in text.splitlines() if not line.startswith("Script ")]
        self.assertIn("policy: outdated", text)
        self.assertLessEqual(max(map(len, lines)), 80, text)
        self.assertRegex(text, r"(?m)^    \S.*stays in force$")


if __name__ == "__main__":
    main()
