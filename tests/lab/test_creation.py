# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values that VFs are given once, and that are left to others from then on."""

from __future__ import annotations

import pytest

import sriov
from guest import Guest

RULE = """
    - name: pods
      match: {{interface: {ifname}}}
      pf-up: true
      vfs: {vfs}
      vf-defaults: {{enforce: at-creation, vlan: {vlan}, driver: igbvf}}
      virtual-functions: [{{index: all, trust: true}}]
    """


def vlans(guest: Guest, ifname: str) -> list[int]:
    return [vf["vlan_list"][0]["vlan"] for vf in sriov.vfs(guest, ifname)]


def settle(guest: Guest, ifname: str) -> None:
    """Until the daemon has looked since, as the repair of what it enforces shows."""
    guest.run(f"ip link set {ifname} vf 1 trust off")
    sriov.wait_vf(guest, ifname, 1, "trust on")
    sriov.wait_in_sync(guest, ifname)


def test_a_vlan_is_left_to_who_changes_it_until_vfs_are_made_anew(guest: Guest) -> None:
    """As sriov-cni does: it sets another VLAN while a pod has the VF, and restores the one before."""
    pf = guest.pf[0]
    sriov.policy(guest, RULE.format(ifname=pf.ifname, vfs=2, vlan=100))
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    assert vlans(guest, pf.ifname) == [100, 100]

    guest.run(f"ip link set {pf.ifname} vf 0 vlan 200")
    settle(guest, pf.ifname)
    assert vlans(guest, pf.ifname) == [200, 100]
    assert "another by now" in guest.run(f"sriovctl status {pf.ifname}").out
    planned = guest.run("sriovctl plan").out
    assert "1 value is another than is given at creation" in planned
    assert "nothing to do" in planned
    assert "given at creation" in guest.run(f"sriovctl explain {pf.ifname} 0").out

    guest.run("systemctl restart sriovd")
    settle(guest, pf.ifname)
    sriov.kill(guest)
    settle(guest, pf.ifname)
    assert vlans(guest, pf.ifname) == [200, 100]
    guest.run("sriovctl apply")
    assert vlans(guest, pf.ifname) == [200, 100]

    # Of another policy only VFs that are made later have anything.
    sriov.policy(guest, RULE.format(ifname=pf.ifname, vfs=2, vlan=101))
    settle(guest, pf.ifname)
    assert vlans(guest, pf.ifname) == [200, 100]
    guest.run(f"echo 0 > {pf.sysfs}/sriov_numvfs; echo 2 > {pf.sysfs}/sriov_numvfs", check=False)
    sriov.wait_vf(guest, pf.ifname, 0, "vlan 101")
    sriov.wait_in_sync(guest, pf.ifname)
    assert vlans(guest, pf.ifname) == [101, 101]
    sriov.policy(guest, RULE.format(ifname=pf.ifname, vfs=3, vlan=102))
    sriov.wait_vfs(guest, pf.sysfs, 3)
    sriov.wait_in_sync(guest, pf.ifname)
    assert vlans(guest, pf.ifname) == [102, 102, 102]


def test_what_another_has_made_of_vfs_that_he_uses_is_left_when_they_are_first_seen(
    guest: Guest,
) -> None:
    pf = guest.pf[0]
    guest.run(f"ip link set {pf.ifname} up; echo 2 > {pf.sysfs}/sriov_numvfs")
    netdev = guest.wait_netdev(f"{pf.sysfs}/virtfn0")
    guest.run(
        f"ip link set {pf.ifname} vf 0 vlan 7; ip netns add pod; ip link set {netdev} netns pod"
    )
    try:
        sriov.policy(guest, RULE.format(ifname=pf.ifname, vfs=2, vlan=100))
        sriov.start(guest)
        sriov.wait_in_sync(guest, pf.ifname)
        assert vlans(guest, pf.ifname) == [7, 100]
    finally:
        guest.run("ip netns del pod")
    settle(guest, pf.ifname)
    assert vlans(guest, pf.ifname) == [7, 100]


@pytest.mark.long
def test_a_note_that_cannot_be_read_gives_nothing_again(guest: Guest) -> None:
    pf = guest.pf[0]
    sriov.policy(guest, RULE.format(ifname=pf.ifname, vfs=2, vlan=100))
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    guest.run(
        f"ip link set {pf.ifname} vf 0 vlan 200; systemctl stop sriovd;"
        f"echo nonsense > /run/sriovd/given/pci-{pf.address}"
    )
    sriov.start(guest)
    settle(guest, pf.ifname)
    assert vlans(guest, pf.ifname) == [200, 100]
    assert "cannot be told" in guest.run(f"sriovctl status {pf.ifname}").out
    guest.run(f"echo 0 > {pf.sysfs}/sriov_numvfs")
    sriov.wait_vf(guest, pf.ifname, 0, "vlan 100")
