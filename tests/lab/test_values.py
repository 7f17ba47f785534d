# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values that are said once for many VFs, on a real card's driver."""

from __future__ import annotations

import sriov
from guest import Guest


def test_values_count_over_vfs(guest: Guest) -> None:
    """One line of the plan says them all, before they are there and after they were lost."""
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 6
          pf-up: true
          vf-defaults:
            mac: {{from: "02:00:00:00:10:fe"}}
            vlan: {{from: 100, qos: 3}}
          virtual-functions:
            - {{index: 2, vlan: none}}
            - {{index: "5,3", vlan: {{from: 4093}}}}
        """,
    )
    plan = guest.run(f"sriovctl plan {pf.ifname}", check=False).out
    assert "VFs 0-5: mac 02:00:00:00:10:fe to 02:00:00:00:11:03" in plan
    assert "VFs 0-1,4: vlan {id: 100-101,104, qos: 3}" in plan
    assert "VFs 3,5: vlan 4093-4094" in plan

    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    vfs = sriov.vfs(guest, pf.ifname)
    assert [vf["address"] for vf in vfs] == [
        "02:00:00:00:10:fe",
        "02:00:00:00:10:ff",
        *(f"02:00:00:00:11:0{i}" for i in range(4)),
    ]
    assert [vf["vlan_list"][0].get("vlan", 0) for vf in vfs] == [100, 101, 0, 4093, 104, 4094]
    sriov.assert_has(vfs[4], {"vlan_list": [{"vlan": 104, "qos": 3}]})

    guest.run(f"systemctl stop sriovd; ip link set {pf.ifname} vf 1 vlan 7; ip link set {pf.ifname} vf 4 vlan 8")
    plan = guest.run(f"sriovctl plan {pf.ifname}", check=False).out
    assert "VFs 1,4: vlan {id: 101,104, qos: 3}" in plan
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    vfs = sriov.vfs(guest, pf.ifname)
    assert [vf["vlan_list"][0].get("vlan", 0) for vf in vfs] == [100, 101, 0, 4093, 104, 4094]


def test_a_share_of_the_link_waits_for_it(guest: Guest) -> None:
    """Half of 1 Gbit/s once there is a link; all else is there before, drivers of VFs too."""
    pf = guest.pf[0]
    guest.set_link(pf, False)
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 2
          pf-up: true
          vf-defaults: {{max-tx-rate: 50%, vlan: {{from: 20}}}}
        """,
    )
    sriov.start(guest)
    sriov.wait_logged(
        guest,
        "waiting: VF 0: max-tx-rate 0 Mbit/s -> 50%: it is a share of the link's speed, "
        "and there is no link",
    )
    assert [vf["vlan_list"][0].get("vlan", 0) for vf in sriov.vfs(guest, pf.ifname)] == [20, 21]
    guest.wait(f"[ -e {pf.sysfs}/virtfn1/driver ]", 30, "a driver of the second VF")
    settings = sriov.status(guest, pf.ifname)["virtual-functions"][1]["settings"]
    assert [item["desired"] for item in settings if item["setting"] == "max-tx-rate"] == ["50%"]

    guest.set_link(pf, True)
    for vf in range(2):
        sriov.wait_vf(guest, pf.ifname, vf, "max_tx_rate 500Mbps")
    sriov.wait_in_sync(guest, pf.ifname)
    assert '"speed":1000' in guest.run(f"sriovctl list --json {pf.ifname}").out.replace(" ", "")
    assert "max-tx-rate  500 Mbit/s" in guest.run(f"sriovctl explain {pf.ifname}").out

    guest.set_link(pf, False)
    sriov.wait_logged(guest, "max-tx-rate 500 Mbit/s -> 50%: it is a share of the link's speed")
    guest.set_link(pf, True)
    sriov.wait_in_sync(guest, pf.ifname)
    for vf in range(2):
        sriov.wait_vf(guest, pf.ifname, vf, "max_tx_rate 500Mbps")
