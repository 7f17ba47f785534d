# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl and sriovd on a bus of their own, on a host without PFs that the policy is for."""

import hashlib
import json
import os
import time

from harness import FAILED, PENDING, USAGE, main
from room import BUS, POLICY, Room


TIME = r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$"


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
        for option in ["--direct --policy policy/none", "--policy policy/none", '--root "$DIR"']:
            result = self.play(f'"$SRIOVCTL" status {option} || :')
            self.assertIn("observed directly; the daemon was not asked", result.out)

    def test_direct_alone_keeps_the_daemon_out(self):
        self.need_roots_files()
        result = self.play('"$SRIOVCTL" status --direct || :')
        self.assertIn("observed directly; the daemon was not asked", result.out)

    def test_without_a_bus_the_daemon_cannot_be_asked(self):
        self.need_roots_files()
        result = self.play('export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent/bus\n'
                           '"$SRIOVCTL" status || :')
        self.assertIn("sriovd cannot be asked: there is no system bus", result.out)

    def test_root_is_answered_whatever_the_bus_does(self):
        """It asks at a socket of the daemon's own, as long as no bus is named."""
        ask = 'timeout 20 "$SRIOVCTL" status || code=$?\n"$SRIOVCTL" resync && "$SRIOVCTL" reload || exit 97\n'
        for bus in ["kill -STOP $bus\n", "kill $bus; wait $bus\n"]:
            result = self.play(f"{bus}{ask}kill -CONT $bus\nexit $code\n", PENDING)
            self.assertIn("\nthe daemon's view\n", result.out)
        result = self.play("stat -c '%a %U %F' /run/sriovd/bus")
        self.assertEqual(result.out, "600 root socket\n")

    def test_a_daemon_that_is_gone_leaves_a_socket_that_nobody_waits_at(self):
        self.need_roots_files()
        result = self.play('kill $daemon; wait $daemon; ls /run/sriovd; "$SRIOVCTL" status || :\n'
                           '"$SRIOVD" --policy "$DIR/policy" & daemon=$!; sleep 0.3; on_bus\n'
                           '"$SRIOVCTL" status', PENDING)
        self.assertRegex(result.out, "(?s)bus\n.*the daemon does not run\n.*the daemon's view\n$")

    def test_what_is_not_roots_is_refused_with_advice_that_can_be_followed(self):
        if os.stat("/").st_uid == os.geteuid():
            self.skipTest("here all of root's is root's")
        result = self.play('"$SRIOVCTL" status --direct', USAGE)
        self.assertIn("/ is not owned by root", result.err)
        self.assertNotIn("chown", result.err)

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
        result = self.play(spoil + '"$SRIOVCTL" status', PENDING)
        self.assertRegex(result.out, r"\nthe policy files have 1 error since 20[-0-9]+ [:0-9]+ UTC, at "
                         r"\S+/policy/a.yaml:6:1; the policy read before them stays in force; "
                         r"'sriovctl check' shows what is wrong\nthe daemon's view\n$")

    def test_a_refused_policy_is_no_good_state_although_every_pf_is_in_sync(self):
        empty = "version: 1\n"
        self.file("policy/a.yaml", empty)
        self.play('"$SRIOVCTL" status')
        spoil = 'echo "vsf: 2" >>"$DIR/policy/a.yaml"\n'
        result = self.play(spoil + '"$SRIOVCTL" status --json', PENDING)
        policy = result.json["policy"]
        self.assertEqual(policy["standing"], "outdated")
        self.assertRegex(policy["since"], TIME)
        path = f"{self.directory}/policy/a.yaml"
        listed = f"{hashlib.sha256(empty.encode()).hexdigest()}  {path}\n"
        self.assertEqual(policy["sha256"], hashlib.sha256(listed.encode()).hexdigest())
        self.assertRegex(policy["refused"].pop("since"), TIME)
        self.assertEqual(policy["refused"], {"at": f"{self.directory}/policy/a.yaml:2:1",
                                             "errors": 1})
        self.file("policy/a.yaml", empty)
        mend = f"printf '{empty[:-1]}\\n' >\"$DIR/policy/a.yaml\"\n"
        policy = self.play(spoil + '"$SRIOVCTL" status >"$DIR/status"\n' + mend +
                           '"$SRIOVCTL" status --json').json["policy"]
        self.assertEqual(sorted(policy), ["sha256", "since", "standing"])
        self.assertEqual(policy["standing"], "current")

    def test_files_that_do_not_count_are_named_by_status_and_in_the_log(self):
        self.file("policy/a.yaml", "version: 1\nhost: {hostname: nowhere.invalid}\n")
        self.file("policy/b.yml", POLICY)
        result = self.play('"$SRIOVCTL" status; cat "$DIR/log"')
        self.assertRegex(result.err, r"^1 file is left out: \S+/policy/a.yaml:2: not for this "
                         r"host: hostname is \S+, wanted 'nowhere.invalid'\n$")
        self.assertTrue(result.out.startswith("no rules\nthe daemon's view\n"), result.out)
        self.assertIn("b.yml: warning: is passed over: its name does not end in '.yaml'; rename it\n",
                      result.out)
        self.assertIn("/policy/a.yaml:2:18: not for this host: hostname is ", result.out)
        result = self.play('mv "$DIR/policy/b.yml" "$DIR/policy/b.yaml"; sleep 0.3\n'
                           'mv "$DIR/policy/b.yaml" "$DIR/policy/b.YML"; sleep 0.3; '
                           'cat "$DIR/log"')
        self.assertIn("b.YML: warning: is passed over", result.out)

    def test_another_name_of_the_host_brings_its_part_of_the_policy(self):
        self.file("policy/a.yaml", POLICY.replace("physical", 'host: {hostname: "compute-*"}\n'
                                                  "physical"))
        result = self.play('"$SRIOVCTL" status\nhostname compute-17; sleep 0.5\n'
                           '"$SRIOVCTL" status', PENDING)
        self.assertTrue(result.out.startswith("no rules\n"), result.out)
        self.assertIn("nowhere", result.out)

    def test_what_a_link_leads_to_counts_when_it_is_another(self):
        """As in a ConfigMap, whose links lead by way of one that is exchanged."""
        os.remove(os.path.join(self.directory, "policy/a.yaml"))
        self.file("policy/..one/a.yaml", POLICY)
        self.file("policy/..two/a.yaml", POLICY.replace("nowhere", "elsewhere"))
        os.symlink("..one", f"{self.directory}/policy/..data")
        os.symlink("..data/a.yaml", f"{self.directory}/policy/a.yaml")
        result = self.play('ln -s ..two "$DIR/policy/..new"\n'
                           'mv -T "$DIR/policy/..new" "$DIR/policy/..data"; sleep 0.5\n'
                           '"$SRIOVCTL" status', PENDING)
        self.assertIn("elsewhere", result.out)

    def test_what_a_link_leads_to_elsewhere_is_compared_at_each_resync(self):
        self.file("checkout/a.yaml", POLICY)
        os.remove(os.path.join(self.directory, "policy/a.yaml"))
        os.symlink("../checkout/a.yaml", f"{self.directory}/policy/a.yaml")
        result = self.play('sed -i s/nowhere/elsewhere/ "$DIR/checkout/a.yaml"\n'
                           '"$SRIOVCTL" resync; sleep 0.4; "$SRIOVCTL" status', PENDING)
        self.assertIn("elsewhere", result.out)

    def test_a_directory_that_is_a_link_is_followed_when_it_is_another(self):
        os.rename(f"{self.directory}/policy", f"{self.directory}/one")
        self.file("two/a.yaml", POLICY.replace("nowhere", "elsewhere"))
        os.symlink("one", f"{self.directory}/policy")
        result = self.play('ln -s two "$DIR/new"; mv -T "$DIR/new" "$DIR/policy"\n'
                           '"$SRIOVCTL" resync; sleep 0.4; "$SRIOVCTL" status\n'
                           'sed -i s/elsewhere/anywhere/ "$DIR/two/a.yaml"; sleep 0.4\n'
                           '"$SRIOVCTL" status', PENDING)
        self.assertIn("elsewhere", result.out)
        self.assertIn("anywhere", result.out)

    def test_a_file_counts_once_it_is_closed(self):
        """One that is half there is no policy, whoever else causes the files to be read."""
        self.file("policy/a.yaml", "version: 1\n")
        self.file("more.yaml", "version: 1\n")
        result = self.play('{ printf "version: 1\\n"; sleep 0.5; cp "$DIR/more.yaml" "$DIR/policy/c.yaml"\n'
                           'sleep 0.5; "$SRIOVCTL" reload; sleep 0.3; cat "$DIR/log" >"$DIR/before"\n'
                           'printf "vsf: 1\\n"; } >"$DIR/policy/b.yaml"\n'
                           'sleep 0.5; cat "$DIR/before"; echo AFTER; cat "$DIR/log"')
        before, after = result.out.split("AFTER")
        self.assertEqual(before.count("policy in force"), 1, before)
        self.assertEqual(before.count("b.yaml is being written: it is read when it is closed"), 1)
        self.assertNotIn("error", before)
        self.assertIn("a file of the policy is being written", result.err)
        self.assertIn("b.yaml:2:1: error: unknown key 'vsf'", after)

    def test_monitor_tells_of_a_policy_that_is_refused_and_of_one_that_is_read(self):
        self.file("good.yaml", POLICY)
        self.file("bad.yaml", POLICY + "vsf: 2\n")
        result = self.play("""
            timeout 20 "$SRIOVCTL" monitor >"$DIR/monitor.txt" & monitor=$!
            sleep 0.5; cp "$DIR/bad.yaml" "$DIR/policy/a.yaml"; sleep 0.5
            timeout 1 "$SRIOVCTL" monitor
            cp "$DIR/good.yaml" "$DIR/policy/a.yaml"; sleep 0.5
            kill $monitor; cat "$DIR/monitor.txt"
            """)
        said = [line.partition(" policy: ")[2] for line in result.out.splitlines()]
        self.assertEqual([words.partition(":")[0] for words in said],
                         ["outdated", "outdated", "current"])
        self.assertIn("/policy/a.yaml:6:1; the policy read before them stays in force", said[0])

    def test_the_bus_tells_how_the_policy_stands(self):
        get = ("for name in PolicyStanding PolicySummary PolicySince PolicyRefusedSince; do\n"
               'busctl --json=short get-property org.sriovd /org/sriovd org.sriovd.Manager $name\n'
               "done\n")
        result = self.play('echo "vsf: 2" >>"$DIR/policy/a.yaml"; "$SRIOVCTL" reload\n' + get)
        standing, summary, since, refused = [json.loads(line)["data"]
                                             for line in result.out.splitlines()]
        self.assertEqual(standing, "outdated")
        self.assertIn("the policy read before them stays in force", summary)
        self.assertLessEqual(abs(time.time() * 1e6 - since), 60e6)
        self.assertGreaterEqual(refused, since)
        self.assertEqual(refused % 1000000, 0)

    def test_systemd_is_told_of_errors_and_not_where_they_are(self):
        """What "systemctl status" shows is for everybody."""
        listen = """
import os, socket
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(os.environ["DIR"] + "/notify")
while True:
    print(listener.recv(4096).decode(), flush=True)
"""
        self.file("listen.py", listen)
        self.file("policy/a.yaml", POLICY + "vsf: 2\n")
        result = self.play("""
            kill $daemon; wait $daemon
            python3 "$DIR/listen.py" >"$DIR/told" & listener=$!
            for try in $(seq 50); do [[ -S $DIR/notify ]] && break; sleep 0.1; done
            NOTIFY_SOCKET=$DIR/notify "$SRIOVD" --policy "$DIR/policy" 2>/dev/null & daemon=$!
            for try in $(seq 50); do grep -q STATUS "$DIR/told" && break; sleep 0.1; done
            kill $listener; cat "$DIR/told"
            """)
        self.assertIn("STATUS=the policy files have 1 error since", result.out)
        self.assertNotIn("a.yaml", result.out)

    def test_a_second_daemon_refuses_to_run(self):
        result = self.play("""
            timeout 20 "$SRIOVD" --policy "$DIR/policy" 2>&1; echo "second: $?"
            "$SRIOVCTL" status
            """, PENDING)
        self.assertRegex(result.out, "another sriovd runs, process [1-9][0-9]*;")
        self.assertIn("second: 1\n", result.out)
        self.assertTrue(result.out.endswith("the daemon's view\n"))

    def test_the_name_on_the_bus_is_left_to_who_has_it_and_had_again(self):
        """In a namespace of its own a second daemon does not know of the first."""
        result = self.play("""
            unshare --mount bash -c 'mount -t tmpfs -o mode=755 tmpfs /run/sriovd &&
                exec timeout 2 "$SRIOVD" --policy "$DIR/policy"' 2>"$DIR/second"
            cat "$DIR/second"
            "$SRIOVCTL" status | tail -n 1
            "$CLIENT" take 1
            for try in $(seq 50); do "$SRIOVCTL" reload 2>/dev/null && break; sleep 0.1; done
            "$SRIOVCTL" status
            """, PENDING)
        self.assertIn("cannot take the name org.sriovd on the bus: another process has it",
                      result.out)
        self.assertEqual(result.out.count("the daemon's view\n"), 2)

    def test_a_policy_that_was_never_good(self):
        self.file("policy/a.yaml", POLICY + "vsf: 2\n")
        result = self.play('"$SRIOVCTL" status', USAGE)
        self.assertRegex(result.out, r"^the policy files have 1 error since .*, at .*/a.yaml:6:1; "
                         "nothing is enforced until they are corrected; 'sriovctl check' shows "
                         r"what is wrong\nthe daemon's view\n$")
        self.assertEqual(result.err, "")

    def test_a_file_that_was_just_changed_counts(self):
        result = self.play('sed -i s/nowhere/elsewhere/ "$DIR/policy/a.yaml"\n'
                           '"$SRIOVCTL" status', PENDING)
        self.assertIn("elsewhere", result.out)

    def test_a_reload_reads_what_is_new(self):
        result = self.play('sed -i s/nowhere/elsewhere/ "$DIR/policy/a.yaml"\n'
                           '"$SRIOVCTL" reload && "$SRIOVCTL" status', PENDING)
        self.assertIn("elsewhere", result.out)

    def test_what_is_read_again_and_is_the_same_is_no_news(self):
        self.file("policy/b.yml", "")
        self.file("policy/c.yaml", "version: 1\nhost: {hostname: nosuch}\n")
        result = self.play('for try in 1 2 3; do "$SRIOVCTL" reload; sleep 0.2; done\n'
                           'cat "$DIR/log"; sed -i s/nowhere/elsewhere/ "$DIR/policy/a.yaml"\n'
                           '"$SRIOVCTL" reload; sleep 0.5; echo AFTER; cat "$DIR/log"')
        before, after = result.out.split("AFTER")
        for said, times in {"policy in force": 2, "matches no PF": 2, "is passed over": 2,
                            "not for this host": 1}.items():
            self.assertEqual(before.count(said), 1, before)
            self.assertEqual(after.count(said), times, after)

    def test_the_bus_may_go_and_come_back(self):
        result = self.play('kill $bus; wait $bus; rm -f /run/dbus/system_bus_socket\n'
                           'DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket '
                           '"$SRIOVCTL" resync; echo $?\n'
                           'bus; on_bus; "$SRIOVCTL" status', PENDING)
        self.assertTrue(result.out.startswith(f"{FAILED}\n"))
        self.assertTrue(result.out.endswith("the daemon's view\n"))

    def test_a_bus_that_comes_late_is_joined_at_once(self):
        """By then it is looked for every few seconds only; the directory is not there either."""
        result = self.play('kill $bus; wait $bus; rm -r /run/dbus; sleep 3.5\n'
                           'mkdir /run/dbus; sleep 0.2; bus; start=$(date +%s%N); on_bus\n'
                           'echo $((($(date +%s%N) - start) / 1000000))')
        self.assertLess(int(result.out), 2000)

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
                           'DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket '
                           '"$SRIOVCTL" resync; echo $?; grep -c "cannot take" "$DIR/log"\n'
                           'cp "$DIR/good.conf" "$DIR/bus.conf"; kill -HUP $bus; on_bus; echo on')
        self.assertEqual(result.out, f"{FAILED}\n1\non\n")

    def test_the_daemon_may_go(self):
        self.need_roots_files()
        result = self.play('kill $daemon; wait $daemon; echo $?\n'
                           '"$SRIOVCTL" status --json >"$DIR/status.json"; "$SRIOVCTL" resync',
                           FAILED)
        self.assertEqual(result.out, "0\n")
        self.assertIn("sriovd does not run", result.err)
        with open(os.path.join(self.directory, "status.json"), encoding="utf-8") as stream:
            self.assertIn('"direct"', stream.read())


if __name__ == "__main__":
    main()
