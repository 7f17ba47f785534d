# SPDX-License-Identifier: LGPL-2.1-or-later
"""A write that hangs in the kernel hangs alone, is told of by name, and ends well."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import sriov
from guest import Guest

VF = "0000:01:10.0"
"""VF 0 of the first PF, which a virtual machine has open."""


def policy(guest: Guest, vfs: int, vlan: int = 100, others: int = 2) -> None:
    first, second = guest.pf
    sriov.policy(
        guest,
        f"""
        - name: held
          match: {{interface: {first.ifname}}}
          vfs: {vfs}
          on-resize: force-open
        - name: other
          match: {{interface: {second.ifname}}}
          vfs: {others}
          pf-up: true
          vf-defaults: {{vlan: {vlan}}}
        """,
    )


@pytest.fixture
def hanging(guest: Guest) -> Iterator[Guest]:
    """The daemon, with a watchdog that would bite soon, hangs in a write for the first PF."""
    guest.write(
        f"/run/systemd/system/{sriov.UNIT}.d/watchdog.conf", "[Service]\nWatchdogSec=4s\n"
    )
    # vfio's message on the held VF makes the journal ask for the VF's uevent, and hang as well:
    # with it everything that logs.
    guest.write("/run/systemd/journald.conf.d/kmsg.conf", "[Journal]\nReadKMsg=no\n")
    guest.push(Path(os.environ["SRIOVD_HELPERS"]) / "hold-vfio", "/usr/local/bin/hold-vfio")
    guest.run("systemctl daemon-reload; systemctl restart systemd-journald")
    policy(guest, vfs=2)
    sriov.start(guest)
    sriov.wait_in_sync(guest)
    guest.run(
        f"""
        udevadm settle
        modprobe vfio-pci
        echo {VF} > /sys/bus/pci/devices/{VF}/driver/unbind
        echo vfio-pci > /sys/bus/pci/devices/{VF}/driver_override
        echo {VF} > /sys/bus/pci/drivers_probe
        """
    )
    unit = guest.spawn("hold", f"exec hold-vfio {VF}")
    sriov.wait_held(guest, unit)
    policy(guest, vfs=3)
    yield guest
    # Nothing that reads the number of VFs could be done to restore the guest otherwise.
    guest.run(
        """
        systemctl stop lab-hold.service || :
        sleep 1
        rm -f /run/systemd/journald.conf.d/kmsg.conf
        systemctl restart systemd-journald
        """
    )


def let_go(guest: Guest) -> None:
    guest.run("systemctl stop lab-hold.service")
    sriov.wait_vfs(guest, guest.pf[0].sysfs, 3)
    sriov.wait_in_sync(guest)


def ask(guest: Guest, command: str = "sriovctl status --json") -> tuple[dict[str, dict], float]:
    """The daemon's view by the PFs' addresses, and how many seconds it took."""
    answer = guest.run(
        f"start=$(date +%s%N); {command} || :; echo $((($(date +%s%N) - start) / 1000))"
    ).out
    document, _, microseconds = answer.strip().rpartition("\n")
    view = json.loads(document)
    assert view["source"] == "daemon"
    return {pf["address"]: pf for pf in view["pfs"]}, int(microseconds) / 1e6


def test_it_hangs_alone_and_recovers(hanging: Guest, tell: sriov.Tell) -> None:
    first, other = hanging.pf
    hanging.wait(
        f"sriovctl status {first.ifname} | grep -E 'applying: sriov_numvfs = 0, for [0-9]+ s'",
        30,
        "the call to be shown before it is stuck",
        pause=0.5,
    )
    sriov.wait_logged(hanging, "stuck: sriov_numvfs = 0 has not returned for", timeout=60)

    view, seconds = ask(hanging)
    tell(f"status beside a hanging write: answered after {seconds:.2f} s")
    assert seconds < 2, "an emulated machine takes its time to start a program, but not that much"
    assert view[first.address]["state"] == "stuck"
    assert view[first.address]["reason"].startswith("sriov_numvfs = 0 has not returned for ")
    assert view[first.address]["call"]["seconds"] > 10
    assert view[other.address]["state"] == "in-sync"
    view, _ = ask(hanging, "setpriv --reuid nobody --clear-groups sriovctl status --json")
    assert view[first.address]["state"] == "stuck"
    assert hanging.run("sriovctl apply", check=False).rc == 1, "it is not waited for"

    hanging.run(f"ip link set {other.ifname} vf 1 vlan 7")
    sriov.wait_vf(hanging, other.ifname, 1, "vlan 100,")
    policy(hanging, vfs=3, vlan=200)
    sriov.wait_vf(hanging, other.ifname, 0, "vlan 200,")
    hanging.run("udevadm trigger --subsystem-match=net; sleep 5")
    assert "1 stuck" in hanging.run(f"systemctl show -P StatusText {sriov.UNIT}").out
    assert hanging.run(f"systemctl show -P NRestarts {sriov.UNIT}").out.strip() == "0"
    log = hanging.journal(sriov.UNIT)
    assert log.count("has not returned") == 1
    assert "matches no PF" not in log, "the PF that is stuck has its rule still"
    let_go(hanging)
    assert "sriov_numvfs = 0 has returned after" in hanging.journal(sriov.UNIT)


@pytest.mark.long
def test_another_number_of_vfs_waits_by_name_and_in_the_open(hanging: Guest) -> None:
    """The kernel writes one at a time: it would not let go of who waits for that in it."""
    first, other = hanging.pf
    sriov.wait_logged(hanging, "stuck: sriov_numvfs = 0 has not returned for", timeout=60)
    policy(hanging, vfs=3, vlan=200, others=4)
    sriov.wait_vf(hanging, other.ifname, 0, "vlan 200,")
    # Not in the moment in which it tries again.
    hanging.wait(
        f"sriovctl status {other.ifname} | grep 'waiting: .*waits for the VFs of {first.ifname}'",
        30,
        "the other PF to say what it waits for",
    )
    hanging.run(f"ip link set {other.ifname} vf 1 vlan 7")
    sriov.wait_vf(hanging, other.ifname, 1, "vlan 200,")
    let_go(hanging)
    sriov.wait_vfs(hanging, other.sysfs, 4)


@pytest.mark.long
def test_a_new_daemon_is_told_whom_it_waits_for(hanging: Guest) -> None:
    """The thread of the old one has the lock of its PF for as long as the kernel keeps it."""
    sriov.wait_logged(hanging, "stuck: sriov_numvfs = 0 has not returned for", timeout=60)
    old = hanging.run(f"systemctl show -P MainPID {sriov.UNIT}").out.strip()
    hanging.run(f"systemctl stop {sriov.UNIT}", timeout=60)
    hanging.run(f"systemctl start {sriov.UNIT}", timeout=40)
    sriov.wait_logged(hanging, f"stuck: waiting for the lock, held by process {old}", timeout=40)
    view, _ = ask(hanging)
    assert f"held by process {old}" in view[hanging.pf[0].address]["reason"]
    hanging.run(f"ip link set {hanging.pf[1].ifname} vf 1 vlan 7")
    sriov.wait_vf(hanging, hanging.pf[1].ifname, 1, "vlan 100,")
    let_go(hanging)


@pytest.mark.long
def test_a_stop_waits_for_the_vfs_that_follow_those_that_go(hanging: Guest) -> None:
    """Longer than for anything else: nobody would make them."""
    first = hanging.pf[0]
    hanging.wait(
        f"sriovctl status {first.ifname} | grep 'applying: sriov_numvfs = 0'", 30, "the write", 0.5
    )
    hanging.run(f"systemctl stop --no-block {sriov.UNIT}")
    sriov.wait_logged(hanging, "waiting for VFs that are to follow those that were destroyed")
    hanging.run("systemctl stop lab-hold.service")
    hanging.wait(
        f"[ $(systemctl is-active {sriov.UNIT}) = inactive ]", 30, "the daemon to end", 0.5
    )
    assert hanging.run(f"systemctl show -P Result {sriov.UNIT}").out.strip() == "success"
    assert sriov.numvfs(hanging, first.sysfs) == 3
    assert hanging.read(f"{first.sysfs}/sriov_drivers_autoprobe").strip() == "1"
    # Whether the journal knows of which unit a process was that has ended is a matter of luck.
    ours = f"_UID=0 OBJECT_SYSTEMD_UNIT={sriov.UNIT} --after-cursor '{hanging.cursor}'"
    said = hanging.run(f"journalctl --sync; journalctl -q -o cat {ours}").out
    assert f"{first.ifname}: destroy 2 VFs: done\n" in said
    assert f"{first.ifname}: create 3 VFs: done\n" in said
    sriov.start(hanging)
    sriov.wait_in_sync(hanging)
