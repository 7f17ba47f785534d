# SPDX-License-Identifier: LGPL-2.1-or-later
"""More VFs than one netlink attribute can count."""

from __future__ import annotations

import json

import sriov
from guest import Guest

COUNT = 512


def test_512_vfs_are_planned_applied_and_read(guest: Guest) -> None:
    ifname = guest.netdevsim(9, max_vfs=COUNT)
    # netdevsim has no permanent address that "mac: stable" could be made of.
    macs = "".join(
        f"\n            - {{index: {n}, mac: '02:00:00:00:{n >> 8:02x}:{n & 255:02x}'}}"
        for n in range(COUNT)
    )
    sriov.policy(
        guest,
        f"""
        - name: many
          match: {{interface: {ifname}}}
          vfs: {COUNT}
          vf-defaults: {{trust: true, spoof-check: false, vlan: 100}}
          virtual-functions:
            - {{index: 511, vlan: {{id: 4000, qos: 7, protocol: 802.1ad}}}}{macs}
        """,
    )
    planned = json.loads(guest.run("sriovctl plan --json", check=False).out)["pfs"][0]["steps"]
    assert len(planned) == 1 + 4 * COUNT

    guest.run("sriovd --once", timeout=120)
    guest.run(f"sriovctl status {ifname}")
    seen = json.loads(guest.run("sriovctl inventory --json").out)["physical-functions"]
    vfs = next(pf for pf in seen if pf["interface"] == ifname)["virtual-functions"]
    assert [vf["index"] for vf in vfs] == list(range(COUNT))
    assert all(vf["trust"] is True for vf in vfs)
    assert len({vf["mac"] for vf in vfs}) == COUNT
    assert vfs[510]["vlan"] == 100
    assert vfs[511]["vlan"] == {"id": 4000, "qos": 7, "protocol": "802.1ad"}

    guest.run(f"ip link set {ifname} vf 400 trust off")
    assert guest.run("sriovctl plan", check=False).rc == 3
    guest.run("sriovctl apply")
    guest.run("sriovctl plan")
