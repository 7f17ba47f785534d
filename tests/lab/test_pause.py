# SPDX-License-Identifier: LGPL-2.1-or-later
"""A PF that is paused, and who waits for one, on a real card under a real systemd."""

from __future__ import annotations

import pytest

import sriov
from guest import Guest


@pytest.fixture
def running(guest: Guest) -> Guest:
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 2
          pf-up: true
          vf-defaults: {{vlan: 100}}
        """,
        "resync: 0",
    )
    sriov.start(guest)
    guest.run(f"sriovctl wait {pf.ifname} --wait 1m")
    return guest


def vlan(guest: Guest, ifname: str) -> str:
    return guest.run(f"ip link show {ifname} | grep -E '^ +vf 1 '").out


@pytest.mark.long
def test_a_pause_survives_the_daemon_and_ends_by_itself(running: Guest) -> None:
    ifname = running.pf[0].ifname
    paused = running.run(f"sriovctl pause {ifname} 20").out
    assert paused.startswith(f"{ifname}: paused until "), paused
    running.run(f"ip link set {ifname} vf 1 vlan 7")
    sriov.kill(running)
    running.run("sriovctl resync; sleep 1")
    told = sriov.status(running, ifname)
    assert told["state"] == "drifted" and told["reason"].startswith("paused until "), told
    assert "vlan 7," in vlan(running, ifname)
    refused = running.run(f"sriovctl apply {ifname}", check=False)
    assert refused.rc == 3 and "paused until " in refused.out, refused
    assert "vlan 7," in vlan(running, ifname)

    early = running.run(f"sriovctl wait {ifname} --wait 1", check=False)
    assert early.rc == 1 and "drifted: paused until " in early.err, early
    running.run(f"sriovctl wait {ifname} --wait 40")
    assert "vlan 100," in vlan(running, ifname)
    sriov.wait_logged(running, f"{ifname}: no longer paused")


def test_a_pause_without_the_daemon_is_heeded_by_the_next_one(running: Guest) -> None:
    ifname = running.pf[0].ifname
    running.run(f"systemctl stop {sriov.UNIT}; ip link set {ifname} vf 1 vlan 7")
    running.run(f"sriovctl pause {ifname} 1h")
    assert running.run(f"sriovctl apply {ifname}", check=False).rc == 3
    sriov.start(running)
    assert sriov.status(running, ifname)["state"] == "drifted"
    running.run(f"sriovctl pause {ifname} off; sriovctl wait {ifname}")
    assert "vlan 100," in vlan(running, ifname)
