# SPDX-License-Identifier: LGPL-2.1-or-later
"""The eswitch of a card, on the kernel's simulation of one."""

from __future__ import annotations

import sriov
from guest import Guest

DEVLINK = "netdevsim/netdevsim5"


def rule(ifname: str, eswitch: str, vfs: int = 2) -> str:
    return f"""
        - name: simulated
          match: {{interface: {ifname}}}
          vfs: {vfs}
          eswitch: {{{eswitch}}}
          vf-defaults: {{trust: true}}
    """


def wait_mode(guest: Guest, mode: str) -> None:
    guest.wait(f"devlink dev eswitch show {DEVLINK} | grep -w 'mode {mode}'", 30, f"mode {mode}")


def test_to_switchdev_and_back(guest: Guest) -> None:
    ifname = guest.netdevsim(5)
    sriov.policy(guest, rule(ifname, "mode: switchdev"), "resync: 2s")
    sriov.start(guest)
    sriov.wait_in_sync(guest, ifname)
    wait_mode(guest, "switchdev")
    # A network device for the port of each VF, none of which is taken for the PF's.
    guest.wait("cat /sys/class/net/*/phys_port_name | grep -x pf0vf1", 30, "representors")
    assert all(vf["trust"] for vf in sriov.vfs(guest, ifname))
    assert "eswitch.mode" in guest.run(f"sriovctl explain {ifname}").out

    # The kernel tells nobody of a change.
    guest.run(f"devlink dev eswitch set {DEVLINK} mode legacy")
    wait_mode(guest, "switchdev")

    sriov.policy(guest, rule(ifname, "mode: legacy"), "resync: 2s")
    wait_mode(guest, "legacy")
    sriov.wait_in_sync(guest, ifname)


def test_the_count_changes_in_switchdev_mode(guest: Guest) -> None:
    ifname = guest.netdevsim(5)
    sriov.policy(guest, rule(ifname, "mode: switchdev"), "resync: 2s")
    sriov.start(guest)
    sriov.wait_in_sync(guest, ifname)
    sriov.policy(guest, rule(ifname, "mode: switchdev", vfs=3), "resync: 2s")
    sriov.wait_vfs(guest, "/sys/bus/netdevsim/devices/netdevsim5", 3)
    sriov.wait_in_sync(guest, ifname)
    wait_mode(guest, "switchdev")


def test_rates_that_vfs_share_keep_them_and_the_mode(guest: Guest) -> None:
    """The kernel would end them with the VFs, and refuses another mode meanwhile."""
    ifname = guest.netdevsim(5)
    sriov.policy(guest, rule(ifname, "mode: switchdev"), "resync: 1s")
    sriov.start(guest)
    sriov.wait_in_sync(guest, ifname)
    guest.run(f"devlink port function rate add {DEVLINK}/gold tx_max 1gbit")
    sriov.policy(guest, rule(ifname, "mode: switchdev", vfs=3), "resync: 1s")
    told = sriov.wait_logged(guest, "rates that VFs share would end: devlink rate node gold")
    assert "blocked" in told, told
    sriov.policy(guest, rule(ifname, "mode: legacy"), "resync: 1s")
    told = sriov.wait_logged(guest, "eswitch.mode switchdev -> legacy: rates that VFs share")
    assert f"{DEVLINK}/gold" in guest.run("devlink port function rate show").out
    guest.run(f"devlink port function rate del {DEVLINK}/gold")
    wait_mode(guest, "legacy")
    sriov.wait_in_sync(guest, ifname)


def test_what_the_card_does_not_have_is_told(guest: Guest) -> None:
    """igb has no eswitch, netdevsim's has no inline mode: degraded, and all else is done."""
    ifname = guest.netdevsim(5)
    sriov.policy(guest, rule(ifname, "mode: switchdev, inline-mode: transport"), "resync: 2s")
    sriov.start(guest)
    told = sriov.wait_logged(guest, f"{ifname}: degraded")
    assert "'eswitch.inline-mode'" in told, told
    wait_mode(guest, "switchdev")

    sriov.policy(guest, rule("enp1s0", "mode: switchdev").replace("vfs: 2", "vfs: 1"))
    told = sriov.wait_logged(guest, "enp1s0: degraded")
    assert "eswitch.mode switchdev: not supported" in told, told
    assert sriov.numvfs(guest, guest.pf[0].sysfs) == 1
