# SPDX-License-Identifier: LGPL-2.1-or-later
"""VFs and their settings are there before the network is."""

from __future__ import annotations

import pytest

import sriov
from guest import Guest

# Runs between network-pre.target and the network, and notes what it sees.
WITNESS = """
[Unit]
DefaultDependencies=no
After=network-pre.target
Before=network.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'ip link show {ifname} > /var/lib/witness; cat {sysfs}/sriov_numvfs >> /var/lib/witness'
[Install]
WantedBy=multi-user.target
"""


def test_vfs_are_there_at_network_pre_target_of_every_boot(guest: Guest) -> None:
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplinks
          match: {{driver: igb}}
          vfs: 4
          pf-up: true
          vf-defaults: {{mac: stable, vlan: 100, trust: true, max-tx-rate: 500}}
        """,
        # What is seen is the order, on a machine that may be busy with anything.
        "boot-wait: 2m",
    )
    guest.write(
        "/etc/systemd/system/sriovd-witness.service",
        WITNESS.format(ifname=pf.ifname, sysfs=pf.sysfs),
    )
    guest.run("systemctl daemon-reload; systemctl enable sriovd sriovd-witness")
    seen = []
    for _ in range(2):
        guest.run("rm -f /var/lib/witness; sync")
        guest.reboot()
        seen.append(guest.read("/var/lib/witness"))
        assert seen[-1].splitlines()[-1] == "4", seen[-1]
        assert seen[-1].count("vlan 100") == 4 and seen[-1].count("trust on") == 4, seen[-1]
        sriov.wait_in_sync(guest, *(pf.ifname for pf in guest.pf))
        assert guest.run("systemctl is-system-running --wait").out.strip() == "running"
        assert "ordering cycle" not in guest.run("journalctl -b -q --no-pager").out
    addresses = [[line for line in text.splitlines() if " vf " in line] for text in seen]
    assert addresses[0] == addresses[1], "stable addresses differ from boot to boot"


@pytest.mark.long
def test_a_boot_without_a_policy_is_a_boot_as_ever(guest: Guest) -> None:
    guest.run("systemctl enable sriovd; sync")
    guest.reboot()
    assert guest.run("systemctl is-active sriovd").out.strip() == "active"
    assert guest.run("systemctl is-system-running --wait").out.strip() == "running"
    assert sriov.numvfs(guest, guest.pf[0].sysfs) == 0


def test_a_hotplugged_pf_starts_an_enabled_daemon(guest: Guest) -> None:
    """And one that is not enabled stays off."""
    guest.plug_pf("spare")
    guest.run("udevadm settle; sleep 1")
    assert guest.run("systemctl is-active sriovd", check=False).rc != 0
    guest.unplug_pf("spare")
    guest.run("systemctl enable sriovd")
    guest.plug_pf("spare")
    guest.wait("systemctl is-active sriovd", 30, "udev to have the daemon started")
