# SPDX-License-Identifier: LGPL-2.1-or-later
"""What convert makes of a file sets up a PF as the program does that the file is of."""

from __future__ import annotations

from typing import Any

import pytest

import sriov
from guest import Guest

MACS = ("02:00:00:00:00:0a", "02:00:00:00:00:0b")

LINK = f"""
[Match]
Path=pci-{{address}}
[Link]
NamePolicy=keep
SR-IOVVirtualFunctions=2
[SR-IOV]
VirtualFunction=0
MACAddress={MACS[0]}
VLANId=100
QualityOfService=3
MACSpoofCheck=no
Trust=yes
[SR-IOV]
VirtualFunction=1
MACAddress={MACS[1]}
VLANId=200
"""

PROFILE = f"""
[connection]
id=uplink
uuid=1c7c8c5e-0c55-4f9d-9c5a-1f1d3c3d9a01
type=ethernet
interface-name={{ifname}}
autoconnect=false
[ipv4]
method=disabled
[ipv6]
method=disabled
[sriov]
total-vfs=2
vf.0=mac={MACS[0]} spoof-check=false trust=true vlans=100.3
vf.1=mac={MACS[1]} vlans=200
"""


def outcome(guest: Guest) -> list[dict[str, Any]]:
    """What the PF's driver has of each VF."""
    keys = ("vf", "address", "vlan_list", "spoofchk", "trust", "link_state")
    return [{key: vf.get(key) for key in keys} for vf in sriov.vfs(guest, guest.pf[0].ifname)]


def assert_sriovd_does_the_same(guest: Guest, policy: str) -> None:
    """Of a PF that has no VFs again."""
    theirs, pf = outcome(guest), guest.pf[0]
    assert [vf["address"] for vf in theirs] == list(MACS), theirs
    guest.run(f"echo 0 >{pf.sysfs}/sriov_numvfs; udevadm settle")
    guest.write(sriov.POLICY, policy)
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    assert outcome(guest) == theirs


@pytest.mark.long
def test_a_link_file(guest: Guest) -> None:
    pf, path = guest.pf[0], "/etc/systemd/network/10-uplink.link"
    guest.write(path, LINK.format(address=pf.address))
    # As a network manager does: igb gives its VFs addresses only then, which sriovd waits for.
    guest.run(f"ip link set {pf.ifname} up")
    again = f"udevadm control --reload; udevadm trigger --action=add {pf.sysfs}/net/{pf.ifname}"
    guest.run(f"{again}; udevadm settle")
    sriov.wait_vf(guest, pf.ifname, 1, MACS[1])
    policy = guest.run(f"sriovctl convert systemd {path}").out
    guest.run(f"rm {path}; {again}; udevadm settle")
    assert_sriovd_does_the_same(guest, policy)


@pytest.mark.long
def test_a_profile_of_network_manager(guest: Guest) -> None:
    pf, path = guest.pf[0], "/etc/NetworkManager/system-connections/uplink.nmconnection"
    guest.write(path, PROFILE.format(ifname=pf.ifname), mode=0o600)
    guest.run("systemctl start NetworkManager; nmcli --wait 60 connection up uplink", timeout=120)
    sriov.wait_vf(guest, pf.ifname, 1, MACS[1])
    policy = guest.run(f"sriovctl convert networkmanager {path}").out
    guest.run(f"systemctl stop NetworkManager; rm {path}")
    assert_sriovd_does_the_same(guest, policy)
