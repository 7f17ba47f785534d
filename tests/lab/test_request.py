# SPDX-License-Identifier: LGPL-2.1-or-later
"""What disrupts waits until somebody asks for it, or for the next boot (disruption: on-request)."""

from __future__ import annotations

import pytest

import sriov
from guest import Guest
from test_boot import WITNESS

RULE = """
    - name: uplinks
      match: {{interface: {name}}}
      vfs: {vfs}
      disruption: {when}
      vf-defaults: {{vlan: 100, trust: {trust}}}
"""


def write(guest: Guest, vfs: int, trust: bool = True, when: str = "on-request") -> None:
    rules = RULE.format(
        name=guest.pf[0].ifname, vfs=vfs, trust="true" if trust else "false", when=when
    )
    # What is seen at the boot is the order, on a machine that may be busy with anything.
    sriov.policy(guest, rules, "boot-wait: 2m")


def wait_pending(guest: Guest) -> None:
    guest.wait(
        f"sriovctl status {guest.pf[0].ifname} | tr -s ' \\n' ' ' | grep 'waits for request'",
        30,
        "the PF to wait for a request",
    )


@pytest.mark.long
def test_what_disrupts_waits_for_a_request_or_the_next_boot(guest: Guest) -> None:
    pf = guest.pf[0]
    write(guest, 4, trust=False, when="auto")
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    unit = guest.spawn("signals", "exec busctl --json=short monitor org.sriovd")
    guest.run("sleep 3")
    write(guest, 2)
    sriov.wait_vf(guest, pf.ifname, 1, "trust on")
    wait_pending(guest)
    guest.wait(
        f"journalctl -u {unit} -o cat | grep '\"DisruptionPending\"' | grep {pf.ifname}"
        " | grep all-vfs | grep -F '[0,1,2,3]'",
        20,
        "the VFs that would go to be signalled",
        pause=0.5,
    )
    status = sriov.status(guest, pf.ifname)
    assert (status["state"], status["blocked-by"]) == ("blocked", "request")
    for command in ["status", "plan", "apply"]:
        assert guest.run(f"sriovctl {command}", check=False).rc == 3, command
    assert sriov.numvfs(guest, pf.sysfs) == 4
    guest.run(f"sriovctl apply --disruptive {pf.ifname}")
    assert sriov.numvfs(guest, pf.sysfs) == 2
    sriov.wait_in_sync(guest, pf.ifname)

    # A later start is no boot.
    write(guest, 3)
    wait_pending(guest)
    guest.run("systemctl restart sriovd")
    wait_pending(guest)
    assert sriov.numvfs(guest, pf.sysfs) == 2

    guest.write(
        "/etc/systemd/system/sriovd-witness.service",
        WITNESS.format(ifname=pf.ifname, sysfs=pf.sysfs),
    )
    guest.run("systemctl daemon-reload; systemctl enable sriovd sriovd-witness")
    guest.run("rm -f /var/lib/witness; sync")
    guest.reboot()
    seen = guest.read("/var/lib/witness")
    assert seen.splitlines()[-1] == "3" and seen.count("vlan 100") == 3, seen
    write(guest, 1)
    wait_pending(guest)
    assert sriov.numvfs(guest, pf.sysfs) == 3


def test_vfs_destroyed_on_request_come_back_though_the_daemon_is_killed(guest: Guest) -> None:
    """igb is half a second on its way after it has removed the VFs' devices
    (igb_disable_sriov() in drivers/net/ethernet/intel/igb/igb_main.c): who is killed then dies
    once 0 is written to sriov_numvfs, and nothing else."""
    pf = guest.pf[0]
    write(guest, 2, when="auto")
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    write(guest, 3)
    wait_pending(guest)
    guest.write("/run/systemd/system/sriovd.service.d/once.conf", "[Service]\nRestart=no\n")
    guest.run("systemctl daemon-reload")
    pid = guest.run("systemctl show -P MainPID sriovd").out.strip()
    guest.spawn(
        "killer", f"while test -e {pf.sysfs}/virtfn0; do sleep 0.02; done; exec kill -KILL {pid}"
    )
    guest.run("sleep 1")
    guest.run(f"sriovctl apply --disruptive {pf.ifname}", check=False)
    guest.wait("! systemctl is-active sriovd", 20, "the daemon to be dead")
    assert sriov.numvfs(guest, pf.sysfs) == 0
    assert guest.run("ls /run/sriovd/*.owed").out.split() == [
        f"/run/sriovd/pci-{pf.address}.owed"
    ]
    guest.run("systemctl reset-failed sriovd")
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    assert sriov.numvfs(guest, pf.sysfs) == 3
    assert guest.run("ls /run/sriovd/*.owed", check=False).rc != 0
    # Nobody has asked for that.
    guest.run(f"echo 0 >{pf.sysfs}/sriov_numvfs")
    wait_pending(guest)
    assert sriov.numvfs(guest, pf.sysfs) == 0
