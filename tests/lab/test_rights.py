# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rights change nothing: who looks from within the daemon's sandbox sees what root sees."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import sriov
from guest import Guest
from sandbox import assert_same_to_both, look

RULE = """
    - name: uplink
      match: {interface: enp1s0}
      pf-up: true
      vfs: 6
"""

PROGRAM = "/usr/local/bin/hold-vfio"
# A name that is no UTF-8, and would colour a terminal.
ODD_PROGRAM = r"$'/usr/local/bin/q\xff\x1b[31m'"


def hold(guest: Guest, vf: str, program: str, user: str) -> None:
    """Has a user open the VF through vfio, as a virtual machine does."""
    guest.run(
        f"""
        echo {vf} > /sys/bus/pci/devices/{vf}/driver/unbind
        echo vfio-pci > /sys/bus/pci/devices/{vf}/driver_override
        echo {vf} > /sys/bus/pci/drivers_probe
        udevadm settle
        chown {user} /dev/vfio/$(basename $(readlink /sys/bus/pci/devices/{vf}/iommu_group))
        """
    )
    unit = guest.spawn(f"hold-{vf[-1]}", f"exec setpriv --reuid={user} --clear-groups {program} {vf}")
    sriov.wait_held(guest, unit)


@pytest.fixture
def used(guest: Guest) -> Guest:
    """A PF whose VFs are used in every way that takes rights to see: 0 and 1 by virtual machines of
    another user, one of them with an odd name; 2 by a container of sriov-cni; 3 by libvirt; 4 in
    a network namespace with a name, 5 in one of a process of another user. The daemon has ended.
    """
    sriov.policy(guest, RULE)
    sriov.start(guest)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)
    guest.run(f"udevadm settle; systemctl stop {sriov.UNIT}; modprobe vfio-pci; chmod 666 /dev/vfio/vfio")
    guest.push(Path(os.environ["SRIOVD_HELPERS"]) / "hold-vfio", PROGRAM)
    guest.run(f"cp {PROGRAM} {ODD_PROGRAM}")
    hold(guest, "0000:01:10.0", PROGRAM, "nobody")
    hold(guest, "0000:01:10.2", ODD_PROGRAM, "nobody")
    guest.run(
        """
        ip netns add pod
        # As os.MkdirAll(..., 0600) and os.WriteFile(..., 0600) of sriov-cni make them.
        for directory in /var/lib/cni /var/lib/cni/sriov /var/lib/cni/sriov/pci; do
            [ -d $directory ] || mkdir -m 0600 $directory
        done
        install -m 0600 /dev/null /var/lib/cni/sriov/pci/0000:01:10.4
        printf /var/run/netns/pod > /var/lib/cni/sriov/pci/0000:01:10.4
        mkdir -p /run/libvirt/hostdevmgr
        install -m 0600 /dev/null /run/libvirt/hostdevmgr/enp1s0_vf3
        ip netns add tenant; ip link set enp1s0v4 netns tenant
        """
    )
    unit = guest.spawn("tenant", "exec unshare --net setpriv --reuid=nobody --clear-groups sleep infinity")
    pid = guest.wait(
        f"pid=$(systemctl show -P MainPID {unit}); [ $(cat /proc/$pid/comm) = sleep ] && echo $pid",
        30,
        "the namespace",
    ).strip()
    guest.run(f"ip link set enp1s0v5 netns {pid}")
    return guest


def test_who_uses_vfs_is_the_same_to_root_and_in_the_sandbox(used: Guest) -> None:
    told = assert_same_to_both(used)
    for holder in (
        r"vfio, by hold-vfio \(pid \d+\)",
        r"vfio, by q\\+xff\\+x1b\[31m \(pid \d+\)",
        r"a container at /var/run/netns/pod, as noted in /var/lib/cni/sriov/pci/0000:01:10\.4",
        r"libvirt, as noted in /run/libvirt/hostdevmgr/enp1s0_vf3",
        r"enp1s0v4 is in network namespace tenant",
        r"enp1s0v5 is in the network namespace of sleep \(pid \d+\)",
    ):
        assert re.search(holder, told), (holder, told)
    used.run("systemctl stop lab-hold-0 lab-hold-2; rm /var/lib/cni/sriov/pci/0000:01:10.4")
    assert_same_to_both(used)


@pytest.mark.long
def test_what_nobody_may_read_for_the_sandbox_is_held(used: Guest) -> None:
    """Without sriovd-openers, and for root without the capabilities."""
    bare = "setpriv --bounding-set=-all --inh-caps=-all sriovctl inventory"
    used.run("systemctl stop lab-hold-0 lab-hold-2; rm /var/lib/cni/sriov/pci/0000:01:10.4")
    refused = [used.run(bare).out]
    # The unit wants it.
    used.run("systemctl mask --runtime --now sriovd-openers.socket; systemctl stop sriovd-openers.service")
    unasked = [look(used, "/usr/bin/sriovctl inventory")]
    used.run("rm -r /var/lib/cni")
    unasked.append(look(used, "/usr/bin/sriovctl inventory"))
    used.run("systemctl unmask --runtime sriovd-openers.socket; systemctl start sriovd-openers.socket")
    refused.append(used.run(bare).out)
    for told, error in ((refused, "ECONNRESET"), (unasked, "ECONNREFUSED")):
        assert f"whether a container has it cannot be told now ({error})" in told[0], told[0]
        assert f"vfio, by a process that cannot be told now ({error})" in told[1], told[1]
