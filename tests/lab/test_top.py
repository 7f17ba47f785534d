# SPDX-License-Identifier: LGPL-2.1-or-later
"""What VFs send, as sriovctl top has it, against what ip has; and a PF that is taken out meanwhile."""

from __future__ import annotations

import json

import sriov
from guest import Guest

# Broadcasts of one size; the VF is in no network.
SEND = """
import socket, sys
with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as link:
    link.bind((sys.argv[1], 0))
    for _ in range(int(sys.argv[2])):
        link.send(b"\\xff" * 6 + bytes(6) + b"\\x88\\xb5" + bytes(486))
"""


def counted_by_ip(guest: Guest, ifname: str) -> dict[str, int]:
    link = json.loads(guest.run(f"ip -s -j link show {ifname}").out)[0]
    return {f"{way}-{what}": link["stats64"][way][what]
            for way in ("rx", "tx") for what in ("bytes", "packets", "dropped")}  # fmt: skip


def test_figures_are_those_of_ip(guest: Guest) -> None:
    pf = guest.pf[0]
    sriov.policy(guest, f"- {{name: r, match: {{interface: {pf.ifname}}}, vfs: 2, pf-up: true}}")
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    guest.write("/run/send.py", SEND)
    # igb_main.c has no ndo_get_vf_stats; igbvf, which has the VF on this host, counts.
    vf = guest.run(f"ls /sys/class/net/{pf.ifname}/device/virtfn0/net").out.strip()
    guest.run(f"sysctl -qw net.ipv6.conf.{vf}.disable_ipv6=1; ip link set {vf} up")
    guest.wait(f"[ $(cat /sys/class/net/{vf}/carrier) = 1 ]", 30, "the VF has no link")
    before = counted_by_ip(guest, vf)
    told = json.loads(guest.run(
        f"(sleep 2; python3 /run/send.py {vf} 400) & "
        f"timeout 60 sriovctl top {pf.ifname} --once --json --period 8; wait").out)  # fmt: skip
    after = counted_by_ip(guest, vf)
    assert after["tx-packets"] - before["tx-packets"] >= 400
    listed = told["pfs"][0]["virtual-functions"][0]
    assert listed["interface"] == vf
    assert told["pfs"][0]["state"] == "in-sync"
    for name, number in after.items():
        assert before[name] <= listed["totals"][name] <= number, (name, before, listed, after)
    assert listed["totals"]["tx-packets"] >= before["tx-packets"] + 400
    # All of it came in eight seconds, and a little more by as long as a look took.
    assert 25 <= listed["per-second"]["tx-packets"] <= 55, listed
    # VF 1 is taken from its driver: nobody counts it, and the sum is that of VF 0.
    guest.run(f"echo $(basename $(readlink /sys/class/net/{pf.ifname}/device/virtfn1)) "
              ">/sys/bus/pci/drivers/igbvf/unbind")  # fmt: skip
    told = json.loads(guest.run(f"sriovctl top {pf.ifname} --once --json --period 0 --direct").out)
    assert "totals" not in told["pfs"][0]["virtual-functions"][1]
    assert told["pfs"][0]["vfs"] == {"actual": 2, "counted": 1}
    assert told["pfs"][0]["totals"]["tx-packets"] == counted_by_ip(guest, vf)["tx-packets"]


def test_a_pf_that_is_taken_out_is_named(guest: Guest) -> None:
    spare = guest.plug_pf("spare")
    guest.run("mkfifo /run/keys")
    unit = guest.spawn("top", 'exec script -qfc "stty cols 80 rows 24; TERM=xterm exec sriovctl '
                              'top --period 1" /run/screen <>/run/keys')  # fmt: skip
    try:
        guest.wait(f"grep -qs '{spare.ifname}' /run/screen", 30, "the PF is not on the screen")
        guest.unplug_pf("spare")
        guest.wait(f"grep -q '{spare.ifname} is gone' /run/screen", 30, "it is not named")
        guest.run("echo q >/run/keys")
        guest.wait(f"! systemctl -q is-active {unit}", 30, "it does not end")
        # rmcup of xterm: the screen that was there before is back.
        guest.run(r"grep -qF $'\e[?1049l' /run/screen")
    finally:
        guest.run(f"systemctl stop {unit} || :; rm -f /run/keys /run/screen")
