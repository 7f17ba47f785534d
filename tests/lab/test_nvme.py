# SPDX-License-Identifier: LGPL-2.1-or-later
"""An NVMe disk: VFs without a network device, which are dead until somebody sets them online."""

from __future__ import annotations

import pytest

import sriov
from guest import Guest
from machine import Drive

DEAD = (
    "a VF of an NVMe drive does nothing before it is given resources and set online"
    " ('nvme virt-mgmt'), and a driver probes it then"
)


@pytest.fixture
def drive(guest: Guest) -> Drive:
    return guest.plug_drive("drive0")


def policy(guest: Guest, drive: Drive, rest: str) -> None:
    sriov.policy(guest, f"- {{name: disks, match: {{pci: '{drive.address}'}}, {rest}}}")


def vf_address(guest: Guest, drive: Drive, vf: int) -> str:
    return guest.run(f"basename $(readlink {drive.sysfs}/virtfn{vf})").out.strip()


def driver(guest: Guest, address: str) -> str:
    return guest.run(
        f"basename $(readlink /sys/bus/pci/devices/{address}/driver) 2>/dev/null || :"
    ).out.strip()


def wait_dead(guest: Guest, drive: Drive, vf: int) -> None:
    guest.wait(
        f"sriovctl status {drive.address} | grep -F 'dead: VF {vf}: '",
        60,
        f"VF {vf} to be named",
    )
    assert sriov.status(guest, drive.address)["state"] == "degraded"


def set_online(guest: Guest, drive: Drive, vf: int) -> None:
    """What is sriovd's user's to do: two queues and an interrupt, online, and a driver for it."""
    guest.run(
        f"""
        node=/dev/$(ls {drive.sysfs}/nvme)
        secondary={vf + 1}
        nvme virt-mgmt $node -c $secondary -r 0 -a 8 -n 2
        nvme virt-mgmt $node -c $secondary -r 1 -a 8 -n 1
        nvme virt-mgmt $node -c $secondary -a 9
        echo {vf_address(guest, drive, vf)} > /sys/bus/pci/drivers_probe
        """
    )


def test_a_drive_whose_vfs_are_dead_until_they_are_online(guest: Guest, drive: Drive) -> None:
    """One scenario, since each with a drive costs a boot."""
    policy(guest, drive, "vfs: 0")
    begin = float(guest.run("cut -d' ' -f1 /proc/uptime").out)
    sriov.start(guest)
    took = float(guest.run("cut -d' ' -f1 /proc/uptime").out) - begin
    assert took < 10, "boot-wait is 15 s, and there will be no network device"
    sriov.wait_in_sync(guest, drive.address)

    policy(guest, drive, "vfs: 2, virtual-functions: [{index: 1, driver: vfio-pci}]")
    wait_dead(guest, drive, 0)
    assert sriov.numvfs(guest, drive.sysfs) == 2
    assert driver(guest, vf_address(guest, drive, 1)) == "vfio-pci"
    assert sriov.status(guest, drive.address)["reason"] == f"dead: VF 0: {DEAD}"
    assert guest.run(f"sriovctl status {drive.address}", check=False).rc == 3
    text = guest.run(f"sriovctl plan {drive.address}; sriovctl status {drive.address}", check=False)
    assert "link" not in text.out, "a disk has none"
    set_online(guest, drive, 0)
    sriov.wait_in_sync(guest, drive.address)
    assert driver(guest, vf_address(guest, drive, 0)) == "nvme"

    policy(guest, drive, "vfs: 2, vf-defaults: {driver: default}")
    wait_dead(guest, drive, 1)
    set_online(guest, drive, 1)
    sriov.wait_in_sync(guest, drive.address)
    assert driver(guest, vf_address(guest, drive, 1)) == "nvme"
