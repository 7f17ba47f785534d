# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl capture of what somebody has set up by hand, and back from nothing."""

from __future__ import annotations

import pytest

import sriov
from guest import Guest


def take_over(guest: Guest, ifname: str) -> str:
    """Makes the capture the policy, by which there is nothing to do; returns it."""
    captured = guest.run(f"sriovctl capture {ifname} > {sriov.POLICY}; cat {sriov.POLICY}").out
    guest.run("sriovctl check")
    plan = guest.run("sriovctl plan").out
    assert plan.endswith("nothing to do\n"), plan
    return captured


def drivers(guest: Guest, sysfs: str, count: int) -> list[str]:
    return [
        guest.run(f"basename $(readlink {sysfs}/virtfn{i}/driver)", check=False).out.strip()
        for i in range(count)
    ]


@pytest.mark.long
def test_an_igb_that_was_set_up_by_hand(guest: Guest) -> None:
    """Addresses before drivers, so that these have them; a guest's VF, and one without driver."""
    pf = guest.pf[0]
    guest.run(
        f"""
        ip link set {pf.ifname} up mtu 4000
        modprobe vfio-pci
        echo 0 > {pf.sysfs}/sriov_drivers_autoprobe
        echo 6 > {pf.sysfs}/sriov_numvfs
        for i in 0 1 2 3 4 5; do
            ip link set {pf.ifname} vf $i mac 02:00:00:00:10:0$i
            ip link set {pf.ifname} vf $i vlan 100
        done
        ip link set {pf.ifname} vf 1 vlan 0
        ip link set {pf.ifname} vf 3 vlan 7 qos 3
        ip link set {pf.ifname} vf 4 trust on spoofchk off
        echo 1 > {pf.sysfs}/sriov_drivers_autoprobe
        for i in 0 1 2 3; do
            basename $(readlink {pf.sysfs}/virtfn$i) > /sys/bus/pci/drivers_probe
        done
        echo vfio-pci > {pf.sysfs}/virtfn4/driver_override
        basename $(readlink {pf.sysfs}/virtfn4) > /sys/bus/pci/drivers_probe
        echo none > {pf.sysfs}/virtfn5/driver_override
        udevadm settle
        """
    )
    guest.wait(f"ip link show {pf.ifname} | grep LOWER_UP", 30, "a link")
    guest.run(f"ip link set {pf.ifname} vf 2 max_tx_rate 250")
    before = sriov.vfs(guest, pf.ifname)
    bound = drivers(guest, pf.sysfs, 6)
    assert bound == ["igbvf"] * 4 + ["vfio-pci", ""]

    captured = take_over(guest, pf.ifname)
    assert f'mac: "{pf.mac}"' in captured
    for line in [
        'mac: {from: "02:00:00:00:10:00"}',
        "vlan: 100",
        "vlan: {id: 7, qos: 3}",
        "max-tx-rate: 250Mbit/s",
        "driver: default",
        "driver: vfio-pci",
        "driver: none",
        "mtu: 4000",
    ]:
        assert line in captured, captured

    guest.run(
        f"""
        echo 0 > {pf.sysfs}/sriov_numvfs
        ip link set {pf.ifname} down mtu 1500
        """
    )
    guest.run("sriovctl apply --wait 60", timeout=120)
    assert sriov.vfs(guest, pf.ifname) == before
    assert drivers(guest, pf.sysfs, 6) == bound
    assert guest.read(f"/sys/class/net/{pf.ifname}/mtu").strip() == "4000"
    assert guest.run(f"sriovctl capture {pf.ifname}").out == captured


def test_an_address_that_an_igb_vf_has_not_taken_up_is_a_comment(guest: Guest) -> None:
    """A rule with it would have the driver bound anew."""
    pf = guest.pf[0]
    guest.run(f"ip link set {pf.ifname} up; echo 1 > {pf.sysfs}/sriov_numvfs; udevadm settle")
    guest.wait(f"[ -e {pf.sysfs}/virtfn0/net ]", 30, "the VF's network device")
    guest.run(f"ip link set {pf.ifname} vf 0 mac 02:00:00:00:20:00; udevadm settle")
    captured = take_over(guest, pf.ifname)
    assert "# - VF 0: mac 02:00:00:00:20:00: the VF's driver goes on with another" in captured


def test_a_netdevsim_that_was_set_up_by_hand(guest: Guest) -> None:
    """All settings that ip link has; the device is a new one meanwhile, of the same name."""
    ifname = guest.netdevsim(5)
    device = f"/sys/class/net/{ifname}/device"
    guest.run(
        f"""
        ip link set {ifname} up
        echo 4 > {device}/sriov_numvfs
        for i in 0 1 2 3; do
            ip link set {ifname} vf $i mac 02:00:00:00:20:1$i spoofchk on trust on
            ip link set {ifname} vf $i vlan 20$i qos 2 proto 802.1ad
        done
        ip link set {ifname} vf 1 state disable query_rss on
        ip link set {ifname} vf 2 min_tx_rate 10 max_tx_rate 2000
        ip link set {ifname} vf 3 trust off vlan 0
        """
    )
    before = sriov.vfs(guest, ifname)
    captured = take_over(guest, ifname)
    for line in [
        f"interface: {ifname}",
        'mac: {from: "02:00:00:00:20:10"}',
        "vlan: {from: 200, qos: 2, protocol: 802.1ad}",
        "max-tx-rate: 2Gbit/s",
        "link-state: disable",
    ]:
        assert line in captured, captured

    guest.netdevsim_del(5)
    assert guest.netdevsim(5) == ifname
    assert sriov.vfs(guest, ifname) == []
    guest.run("sriovctl apply", timeout=60)
    assert sriov.vfs(guest, ifname) == before
    assert guest.run(f"sriovctl capture {ifname}").out == captured
