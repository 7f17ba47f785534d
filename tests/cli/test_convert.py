# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl convert: files of other programs, as policies. An example's policy stands beside it; with
UPDATE_GOLDEN set it is made so."""

import fnmatch
import os
import pathlib
import re
import unittest

from harness import Case, FAILED, HERE, OK, USAGE, execute, main

try:
    import yaml
except ImportError:
    yaml = None

EXAMPLES = pathlib.Path(HERE).parent / "data/convert"
GOLDEN = ".golden"

# Lines of scripts that may be in a rule.
COMMANDS = ["*sriov_numvfs*", "*sriov_drivers_autoprobe*", "*ip link set * vf *",
            "*ip link set * mtu *", "*ip link set * up", "*devlink dev eswitch set *"]

# Keys that are in a rule where they are in no comment: as globs, of the whole path.
CARRIED = {
    "ifcfg": ["DEVICE", "HWADDR", "MTU", "SRIOV_TOTAL_VFS", "SRIOV_AUTOPROBE_DRIVERS",
              "SRIOV_VF[0-9]*"],
    "ifupdown": [*(f"*up {command}" for command in COMMANDS), "mtu *", "*up for *", "*up done*",
                 "*up *=*", "*up do*", "*up [[] *", "*up if *"],
    "netplan": [
        "network/ethernets/*/virtual-function-count", "network/ethernets/*/embedded-switch-mode",
        "network/ethernets/*/delay-virtual-functions-rebind", "network/ethernets/*/link",
        "network/ethernets/*/match/name", "network/ethernets/*/match/macaddress",
        "network/ethernets/*/match/driver", "network/ethernets/*/match/driver/[[]]",
        "network/ethernets/*/set-name", "network/ethernets/*/mtu",
        "network/vlans/*/id", "network/vlans/*/link", "network/vlans/*/renderer"],
    "networkmanager": [
        "connection/interface-name", "ethernet/mac-address", "802-3-ethernet/mac-address",
        "ethernet/mtu", "802-3-ethernet/mtu", "match/interface-name", "match/driver", "match/path",
        "sriov/total-vfs", "sriov/autoprobe-drivers", "sriov/eswitch-mode",
        "sriov/eswitch-inline-mode", "sriov/eswitch-encap-mode", "sriov/vf.[0-9]*"],
    "nmstate": [
        "interfaces/*/name", "interfaces/*/mac-address", "interfaces/*/pci-address",
        "interfaces/*/identifier", "interfaces/*/mtu", *(f"interfaces/*/ethernet/sr-iov/{key}" for key in (
            "total-vfs", "drivers-autoprobe", *(f"vfs/*/{key}" for key in (
                "id", "mac-address", "spoof-check", "trust", "min-tx-rate", "max-tx-rate",
                "vlan-id", "qos", "vlan-proto"))))],
    "os-net-config": [f"*{key}" for key in (
        "/device_type", "/type", "/device", "/device/name", "/vfid", "/device/vfid", "/name",
        "/numvfs", "/link_mode", "/drivers_autoprobe", "/mtu", "/vlan_id", "/qos", "/spoofcheck",
        "/trust", "/state", "/macaddr", "/min_tx_rate", "/max_tx_rate", "/driver")],
    "sriov-network-operator": [f"{base}spec/{key}" for base in ("", "items/*/") for key in (
        "numVfs", "eSwitchMode", "mtu", "deviceType", "resourceName", "nicSelector/pfNames/*",
        "nicSelector/rootDevices/*", "nicSelector/vendor", "nicSelector/deviceID")],
    "script": [*COMMANDS, "for *", "do", "done", "[A-Za-z_]*=*", "export *=*", "if *", "else", "fi",
               "[[] *"],
    "systemd": [
        "Match/MACAddress", "Match/PermanentMACAddress", "Match/Path", "Match/Driver", "Match/Name",
        "Match/OriginalName", "Link/SR-IOVVirtualFunctions", "Link/MTUBytes",
        "SR-IOV/VirtualFunction", "SR-IOV/VLANId", "SR-IOV/QualityOfService", "SR-IOV/VLANProtocol",
        "SR-IOV/MACSpoofCheck", "SR-IOV/QueryReceiveSideScaling", "SR-IOV/Trust",
        "SR-IOV/LinkState", "SR-IOV/MACAddress"],
    "udev": ["KERNEL=*", "KERNEL!=", "NAME==", "ENV{INTERFACE}==", "KERNELS==", "ATTR{address}==",
             "DRIVER*==", "DRIVER*!=", "ENV{ID_NET_DRIVER}==", "ENV{ID_PATH}==",
             "ATTR*{vendor}==", "ATTR*{device}==", "ATTR{*sriov_numvfs}=",
             "ATTR{*sriov_drivers_autoprobe}=", "ATTR{mtu}=", "RUN*=*"],
}


def keys_of_ini(text):
    """(line, path) of each assignment; lines that go on are joined as systemd does."""
    section, number, lines = "", 0, text.splitlines()
    while number < len(lines):
        first, line = number + 1, lines[number].strip()
        while line.endswith("\\") and not line.startswith(("#", ";")) and number + 1 < len(lines):
            number += 1
            line = line[:-1] + " " + lines[number].strip()
        number += 1
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith(("#", ";")):
            yield first, f"{section}/{line.split('=')[0].strip()}"


def keys_of_yaml(text):
    """(line, path) of each scalar, and of each list or mapping with nothing in it."""
    def walk(node, path, line):
        if isinstance(node, yaml.MappingNode) and node.value:
            for key, value in node.value:
                yield from walk(value, [*path, key.value], key.start_mark.line + 1)
        elif isinstance(node, yaml.SequenceNode) and node.value:
            for item in node.value:
                yield from walk(item, [*path, "[]"], item.start_mark.line + 1)  # as FACT_ITEM
        else:
            yield line, "/".join(path)

    for document in yaml.compose_all(text):
        if document:
            yield from walk(document, [], 1)


def lines_of(text):
    """(line, what stands there), with the lines that go on joined."""
    first, joined = 1, ""
    for number, line in enumerate(text.splitlines(), 1):
        joined += line
        if line.endswith("\\"):
            joined = joined[:-1]
            continue
        yield first, joined.strip()
        first, joined = number + 1, ""


def keys_of_script(text):
    return ((line, text) for line, text in lines_of(text)
            if text and not text.startswith(("#", ";;")))


def keys_of_udev(text):
    """(line, key and operator); what is run is a key, too."""
    for line, rule in keys_of_script(text):
        for key, operator in re.findall(r'([A-Z]+(?:\{[^}]*\})?)\s*([=!+:-]+)\s*[ei]?"[^"]*"', rule):
            yield line, key + operator


def keys_of_ifcfg(text):
    return ((number, line.split("=")[0]) for number, line in keys_of_script(text))


KEYS = {"ifcfg": keys_of_ifcfg, "ifupdown": keys_of_script, "script": keys_of_script,
        "netplan": keys_of_yaml, "networkmanager": keys_of_ini, "nmstate": keys_of_yaml,
        "os-net-config": keys_of_yaml, "sriov-network-operator": keys_of_yaml,
        "systemd": keys_of_ini, "udev": keys_of_udev}


def examples():
    for form in sorted(CARRIED):
        for path in sorted((EXAMPLES / form).iterdir()):
            if path.suffix != GOLDEN:
                yield form, path


class Examples(Case):
    policies = {}

    def convert(self, form, *paths, code=None):
        result = self.sriovctl("convert", form, *(path.name for path in paths), cwd=paths[0].parent,
                               code=OK if code is None else code)
        return result

    def policy(self, form, path):
        """What it prints, asked once; without a rule in it, it says so."""
        if path not in self.policies:
            empty = f"{GOLDEN}: nothing"
            code = FAILED if empty in path.read_text(encoding="utf-8") else OK
            self.policies[path] = self.convert(form, path, code=code).out
        return self.policies[path]

    def test_each_format_has_ten_that_name_their_source(self):
        for form in CARRIED:
            paths = [path for other, path in examples() if other == form]
            self.assertGreaterEqual(len(paths), 10, form)
            for path in paths:
                head = path.read_text(encoding="utf-8").split("\n\n")[0]
                self.assertRegex(head, r"https://\S+|[a-z.-]+\([1578]\)", path)

    def test_each_is_the_policy_beside_it(self):
        for form, path in examples():
            with self.subTest(path=path.name):
                golden = path.with_name(path.name + GOLDEN)
                out = self.policy(form, path)
                if os.environ.get("UPDATE_GOLDEN"):
                    golden.write_text(out, encoding="utf-8")
                self.assertEqual(out, golden.read_text(encoding="utf-8"))

    def test_each_policy_is_right_and_fits_a_terminal(self):
        for form, path in examples():
            with self.subTest(path=path.name):
                out = self.policy(form, path)
                self.sriovctl("check", "-", stdin=out)
                for line in out.splitlines():
                    if not re.search(r"\S{60}", line):
                        self.assertLessEqual(len(line), 80, line)

    def test_no_key_vanishes(self):
        for form, path in examples():
            if yaml is None and KEYS[form] is keys_of_yaml:
                self.skipTest("no yaml module here")
            out = self.policy(form, path)
            comments = re.sub(r"\n *#(?= )", "", out)
            self.assertNotIn("nothing came of it", comments)
            keys = list(KEYS[form](path.read_text(encoding="utf-8")))
            self.assertTrue(keys, path.name)
            for line, key in keys:
                told = re.search(rf"{re.escape(path.name)}:{line} +'", comments)
                carried = any(fnmatch.fnmatchcase(key, glob) for glob in CARRIED[form])
                self.assertTrue(told or carried, f"{path.name}:{line}: {key} is gone\n{out}")

    def test_several_files_are_one_policy(self):
        paths = [EXAMPLES / "systemd" / name for name in ("count.link", "all-alike.link")]
        out = self.convert("systemd", *paths).out
        self.assertIn("# From count.link:4", out)
        self.assertIn("# From all-alike.link:4", out)
        self.assertIn("of rules here the later one wins", re.sub(r"\n# *", " ", out))
        self.sriovctl("check", "-", stdin=out)


class Words(Case):
    def test_a_format_that_there_is_not(self):
        result = self.sriovctl("convert", "systmd", "x", code=USAGE)
        self.assertIn("unknown format 'systmd'; did you mean 'systemd'?\n", result.err)
        self.sriovctl("convert", "systemd", code=USAGE)

    def test_a_file_that_cannot_be_read(self):
        result = self.sriovctl("convert", "systemd", "/nowhere/a.link", code=USAGE)
        self.assertIn("/nowhere/a.link: error: ", result.err)
        self.assertEqual(result.out, "")

    def test_a_file_without_a_key(self):
        for form in KEYS:
            result = execute([os.environ["SRIOVCTL"], "convert", form, "-"], "a\n")
            self.assertIn(result.code, (FAILED, USAGE), form)

    def test_a_file_that_its_program_refuses(self):
        path = self.file("a.link", "[Match]\nDriver=igb\n[Link\n")
        result = self.sriovctl("convert", "systemd", path, code=USAGE)
        self.assertIn(f"{path}:3:1: error: neither a section in brackets nor an assignment\n",
                      result.err)
        self.assertIn("hint: ", result.err)
        self.assertEqual(result.out, "")

    def test_a_file_of_another_format(self):
        for form in ["netplan", "nmstate", "os-net-config", "sriov-network-operator"]:
            result = self.sriovctl("convert", form, "-", stdin="echo 4 > x", code=USAGE)
            self.assertIn("<stdin>:1:1: error: the file has no keys\n", result.err)
            self.sriovctl("convert", form, "-", stdin="{}", code=FAILED)

    def test_standard_input(self):
        out = self.sriovctl("convert", "systemd", "-",
                            stdin="[Match]\nDriver=a\n[Link]\nSR-IOVVirtualFunctions=1\n").out
        self.assertIn("# From <stdin>:2\n", out)

    def test_a_rule_that_would_be_refused_is_a_comment(self):
        path = self.file("a.link", "[Match]\nPermanentMACAddress=nonsense\n[Link]\n"
                         "SR-IOVVirtualFunctions=1\n")
        result = self.sriovctl("convert", "systemd", path, code=FAILED)
        self.assertIn("This is no rule before it is corrected: 'mac' must be", result.out)
        self.assertIn('\n#      mac: nonsense\n', result.out)
        self.sriovctl("check", "-", stdin=result.out)

    def test_passwords_stay_where_they_are(self):
        path = self.file("a.link", "[Match]\nDriver=a\n[Link]\nSR-IOVVirtualFunctions=1\n"
                         "WakeOnLanPassword=01:02:03\n[X]\nPrivateKey=hidden\n")
        out = self.sriovctl("convert", "systemd", path).out
        self.assertIn("'WakeOnLanPassword=...'", out)
        self.assertNotIn("hidden", out)
        self.assertNotIn("01:02", out)

    def test_names_in_files_do_not_speak(self):
        path = self.file("a.link", "[Match]\nDriver=a\n[Link]\nSR-IOVVirtualFunctions=1\n"
                         "Alias=\x1b[31mred\n")
        out = self.sriovctl("convert", "systemd", path).out
        self.assertNotIn("\x1b", out)
        self.assertIn("'Alias=\\x1b[31mred'", out)
        path = self.file("a.yml", 'interfaces:\n- {name: "a", identifier: mac-address, '
                         'mac-address: "x\\nversion: 2", ethernet: {sr-iov: {total-vfs: 1}}}\n')
        out = self.sriovctl("convert", "nmstate", path, code=FAILED).out
        self.assertIn("not 'x\\x0aversion: 2'", out)
        self.sriovctl("check", "-", stdin=out)


ECHO = "echo $N > /sys/class/net/ens1/device/sriov_numvfs\n"


class Scripts(Case):
    def convert(self, text, code=OK):
        out = self.sriovctl("convert", "script", "-", stdin=text, code=code).out
        self.sriovctl("check", "-", stdin=out)
        return out, re.sub(r"\s+", " ", re.sub(r"\n *# *", " ", out))

    def test_a_variable_that_may_have_been_set_is_not_known(self):
        for way in ("if test -f /x; then N=8; fi", "[ -f /x ] && N=8", "ip link && N=8 || N=9",
                    "read N < /x", ". /etc/default/x", "eval N=8", "unset N", "f() {\nN=8\n}\nN=4; f",
                    "f ()\n{\nN=8\n}\nN=4; f",
                    "while read -r N; do\n:\ndone < /x", "cat /x | while read N; do :; done",
                    "for N in $(ls); do :; done", "((N = 8))", "export N=8 M=9",
                    "N+=8", "N[0]=8", "printf -v N 8", "i=$((N++))", "echo $((N += 2))",
                    ": ${N:=8}", "if test $((--N)) = 3; then :; fi"):
            _, comments = self.convert(f"N=4\n{way}\n{ECHO}", code=FAILED)
            self.assertIn("'echo $N > /sys/class/net/ens1/device/sriov_numvfs': what a word of it "
                          "stands for is not known here", comments, way)

    def test_a_variable_that_nothing_else_sets_is_known(self):
        for way in ("echo cannot read it", "sleep 1 && N=4", "logger N=8", "true && modprobe igb"):
            self.assertIn("    vfs: 4\n", self.convert(f"N=4\n{way}\n{ECHO}")[0], way)

    def test_a_number_that_begins_with_0_is_octal_in_sums(self):
        _, comments = self.convert(f"N=$((010 + 1))\n{ECHO}", code=FAILED)
        self.assertIn("what a word of it stands for is not known here", comments)

    def test_numbers_that_are_not_counted_up_are_no_loop_without_turns(self):
        for words in ("{7..0}", "{00..07}", "{0..07}"):
            _, comments = self.convert(f"for i in {words}; do\nip link set ens1 vf $i trust on\n"
                                       "done\n", code=FAILED)
            self.assertIn("trust on', <stdin>:3 'done': whether it is done cannot be told", comments)

    def test_loops_in_loops_come_to_an_end(self):
        for body in ("", "ip link set ens1 vf 0 trust on\n"):
            text = "".join(f"for {name} in $(seq 1 65535); do\n" for name in "abcdefgh")
            self.convert(text + body + "done\n" * 8, code=OK if body else FAILED)

    def test_what_follows_the_end_is_not_done(self):
        out, comments = self.convert(f"N=4\n{ECHO}exit 0\nip link set ens1 vf 0 trust on\n")
        self.assertNotIn("trust:", out)
        self.assertIn("'exit 0': the script ends here", comments)
        self.assertIn("trust on': the script ends before it", comments)

    def test_what_may_end_it_is_told(self):
        out, comments = self.convert(f"[ -d /x ] || exit 0\nN=4\n{ECHO}")
        self.assertIn("    vfs: 4\n", out)
        self.assertIn("'exit 0': what follows is done only where it does not end here", comments)

    def test_that_a_pf_is_there_need_not_be_asked(self):
        sys = "/sys/class/net/ens1"
        for test in (f"[ -e {sys}/device/sriov_numvfs ]", f"[[ -w {sys}/device/sriov_numvfs ]]",
                     f"test -f {sys}/device/sriov_totalvfs", f"[ -d {sys}/device ]",
                     f"[ -d {sys} ]", f"[ -e {sys} ] && [ -n x ]"):
            for text in (f"if {test}; then\n{ECHO}fi\n", f"{test} && {ECHO}"):
                out, _ = self.convert(f"N=4\n{text}")
                self.assertIn("    vfs: 4\n", out, text)
                self.assertNotIn("In no rule", out, text)

    def test_what_a_test_of_something_else_decides_is_not_told(self):
        sys = "/sys/class/net/ens1"
        for test in (f"[ ! -e {sys} ]", f"[ -e {sys}/device/virtfn0 ]", "[ -e /etc/vfs ]",
                     f"[ -e {sys}/device/virtfn0/net/ens1v0/device ]",
                     f"[ -e {sys} -a -e /x ]", f"[ -e {sys} ] && [ -e /x ]", f"! [ -e {sys} ]",
                     f"[ -e {sys} ] || [ -e /x ]", "[[ ens1 == e* ]]", "[ $1 = 1 ]",
                     f"[ -e {sys} ", f"[ -e {sys} ] && [ -e {sys[:-1]}2 ]",
                     f"[ -e /x ] && [ -e {sys} ]"):
            for text in (f"if {test}; then\n{ECHO}fi\n", f"{test} && {ECHO}"):
                _, comments = self.convert(f"N=4\n{text}", code=FAILED)
                self.assertRegex(comments, "sriov_numvfs'.*: whether it is done", text)

    def test_what_is_done_for_one_pf_is_not_done_for_another(self):
        for text in ("if [ -e /sys/class/net/ens2 ]; then\n%sfi\n",
                     "[ -e /sys/class/net/ens2 ] && %s",
                     "[ -e /sys/bus/pci/devices/0000:3b:00.0 ] && %s"):
            _, comments = self.convert("N=4\n" + text % ECHO, code=FAILED)
            self.assertIn("it is done only where a test of another device holds", comments)
        self.assertIn("    vfs: 4\n", self.convert(f"N=4\n[ -e /sys/class/net/ens2 ] && cd\n{ECHO}")[0])

    def test_of_constants_it_is_told_what_is_done(self):
        for test, holds in (("[ $N = 4 ]", True), ("[ $N != 4 ]", False), ("[ $N -eq 4 ]", True),
                            ("[ $N -ne 4 ]", False), ('[ -n "$N" ]', True), ('[ -z "$N" ]', False)):
            for text in (f"if {test}; then\n{ECHO}else\nip link set ens1 vf 0 trust on\nfi\n",
                         f"{test} && {ECHO}ip link set ens1 vf 0 trust on\n",
                         f"{test} || exit 0\n{ECHO}"):
                is_known = holds or "else" in text or "&&" in text
                out, comments = self.convert(f"N=4\n{text}", code=OK if is_known else FAILED)
                self.assertEqual("vfs: 4\n" in out, holds, text)
                if not holds and "||" not in text:
                    self.assertIn("sriov_numvfs': it is never done", comments, text)
                if "else" in text:
                    self.assertEqual("trust: true" in out, not holds, text)

    def test_a_test_of_the_number_of_vfs(self):
        number = "/sys/class/net/ens1/device/sriov_numvfs"
        for read in (f"$(cat {number})", f'"$(cat {number})"', f'"$(< {number})"'):
            out, _ = self.convert(f"N=4\nif [ {read} != 4 ]; then\necho 0 > {number}\n{ECHO}fi\n")
            self.assertIn("    vfs: 4\n", out, read)
            for test in ("!= 8", "= 4", "-gt 4", "!= 0"):
                _, comments = self.convert(f"N=4\nif [ {read} {test} ]; then\n{ECHO}fi\n",
                                           code=FAILED)
                self.assertIn("whether it is done ", comments, test)
            _, comments = self.convert(f"[ {read} != 0 ] && ip link set ens1 vf 0 trust on\n",
                                       code=FAILED)
            self.assertIn("whether it is done depends on the number of VFs", comments)

    def test_a_hook_for_one_interface(self):
        echo = "echo 4 > /sys/class/net/$IFACE/device/sriov_numvfs\n"
        for name in ("$IFACE", '"$IFACE"', "${IFACE}"):
            for text in (f"[ {name} = ens1 ] || exit 0\n{echo}",
                         f"if [ {name} = ens1 ]; then\n{echo}fi\n", f"[ {name} = ens1 ] && {echo}"):
                self.assertIn("interface: ens1\n    vfs: 4\n", self.convert(text)[0], text)
        for text in (f"if [ $IFACE = ens1 ]; then\ntrue\nfi\n{echo}",
                     f"[ $IFACE = ens1 ] && true\n{echo}", f"[ $IFACE != ens1 ] || exit 0\n{echo}",
                     f"[[ $IFACE = ens* ]] || exit 0\n{echo}"):
            self.convert(text, code=FAILED)

    def test_what_may_have_been_set_behind_a_test_is_not_known(self):
        for text in ("if [ -e /sys/class/net/ens1 ]; then N=8; fi", "[ -e /sys/class/net/ens1 ] && N=8"):
            self.convert(f"N=4\n{text}\n{ECHO}", code=FAILED)

    def test_a_turn_of_a_loop_that_may_end_early(self):
        out, comments = self.convert("for i in 0 1; do\n[ $i = 0 ] && continue\n"
                                     "ip link set ens1 vf $i trust on\ndone\n", code=FAILED)
        self.assertNotIn("trust:", out)
        self.assertIn("trust on', <stdin>:4 'done': whether it is done cannot be told", comments)

    def test_what_is_done_if_a_question_is_answered(self):
        out, comments = self.convert("lspci | grep -q 8086 && ip link set ens1 vf 0 trust on\n",
                                     code=FAILED)
        self.assertNotIn("trust:", out)
        self.assertIn("whether it is done depends on what comes before it", comments)

    def test_text_for_another_command_is_no_command(self):
        for word, end in (("<<EOF", "EOF"), ("<< 'E O'", "E O"), ("<<-\\EOF", "\t\tEOF")):
            out, comments = self.convert(f"cat > /x {word}\nip link set ens1 vf 0 trust on\n{end}\n"
                                         f"N=4\n{ECHO}")
            self.assertIn("    vfs: 4\n", out)
            self.assertNotIn("trust:", out)
            self.assertIn("<stdin>:2 'ip link set ens1 vf 0 trust on'", comments)
            self.assertIn("it is text for another command", comments)

    def test_a_command_that_says_nothing_is_a_comment(self):
        for command in ("ip link set ens1", "ip link set ens1 2", "ip link set ens1 vf 0 2>/x",
                        "devlink dev eswitch set pci/0000:3b:00.0"):
            self.assertIn(f"<stdin>:1 '{command}': ", self.convert(f"{command}\n", code=FAILED)[1])

    def test_all_words_of_a_link_count(self):
        out, comments = self.convert("ip link set ens1 mtu 9000 up promisc on\n"
                                     "ip link set ens1 vf 0 trust on vf 1 trust off\n")
        for line in ("mtu: 9000", "pf-up: true", "trust: true", "trust: false"):
            self.assertIn(line, out)
        self.assertIn("promisc on': of the interface itself: no rule has it", comments)


class Netplan(Case):
    def test_a_vf_that_two_files_have_is_one(self):
        base = self.file("1.yaml", "network:\n  ethernets:\n    ens1: {}\n    ens2: {}\n"
                         "    ens1v0: {link: ens1}\n    ens1v1: {link: ens1}\n"
                         "    guest: {link: ens1}\n")
        later = self.file("2.yaml", "network:\n  ethernets:\n    ens1v1: {link: ens1, mtu: 9000}\n"
                          "    guest: {link: ens2}\n")
        out = self.sriovctl("convert", "netplan", base, later).out
        self.assertRegex(out, "interface: ens1\n    vfs: 2\n")
        self.assertRegex(out, "interface: ens2\n    vfs: 1\n")


if __name__ == "__main__":
    main()
