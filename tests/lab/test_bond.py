# SPDX-License-Identifier: LGPL-2.1-or-later
"""Drivers that are let at VFs once a bond is up."""

from __future__ import annotations

import sriov
from guest import Guest

DRIVERS = "for vf in {pf}/virtfn*; do basename $(readlink $vf/driver) || :; done 2>/dev/null | wc -w"


def drivers(guest: Guest, sysfs: str) -> int:
    """How many VFs of the PF have one."""
    return int(guest.run(DRIVERS.format(pf=sysfs)).out)


def test_drivers_come_once_the_bond_is_up_with_the_pf_in_it(guest: Guest) -> None:
    first, second = guest.pf
    sriov.policy(
        guest,
        f"""
        - name: lag
          match: {{interface: ["{first.ifname}", "{second.ifname}"]}}
          vfs: 2
          vf-defaults: {{vlan: 100}}
          driver-after: {{bond: bond7}}
        """,
        settings="resync: 0",
    )
    # Nobody who makes bonds comes before the daemon is ready.
    guest.run("timeout 12 systemctl start sriovd")
    for pf in (first, second):
        sriov.wait_vfs(guest, pf.sysfs, 2)
        reason = sriov.status(guest, pf.ifname)["reason"]
        assert reason == "it is not in bond bond7; no driver is let at its VFs before that"
    assert [drivers(guest, pf.sysfs) for pf in (first, second)] == [0, 0]
    assert guest.run("sriovctl status", check=False).rc == 3

    # Two at a time need no partner that talks LACP.
    guest.run(
        f"""
        modprobe bonding max_bonds=0
        ip link add bond7 type bond mode active-backup miimon 100
        ip link set {first.ifname} master bond7
        ip link set {second.ifname} master bond7
        """
    )
    guest.wait(
        f"sriovctl status {second.ifname} | grep -F 'its bond bond7 is not up'", 20, "the bond"
    )
    assert [drivers(guest, pf.sysfs) for pf in (first, second)] == [0, 0]
    guest.run("ip link set bond7 up")
    sriov.wait_in_sync(guest, first.ifname, second.ifname)
    assert [drivers(guest, pf.sysfs) for pf in (first, second)] == [2, 2]

    # Who has a driver keeps it.
    guest.run("ip link del bond7")
    guest.run("sleep 2")
    assert [drivers(guest, pf.sysfs) for pf in (first, second)] == [2, 2]
