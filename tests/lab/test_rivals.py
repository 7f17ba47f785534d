# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who else is told to set up VFs of a PF is named, once."""

from __future__ import annotations

import pytest

import sriov
from guest import Guest

LINK = """
[Match]
Path=pci-{address}
[Link]
NamePolicy=keep
[SR-IOV]
VirtualFunction=0
Trust=yes
"""


def rule(guest: Guest, mode: str) -> str:
    return f"""
        - name: uplink
          match: {{interface: {guest.pf[0].ifname}}}
          mode: {mode}
          vfs: 2
          vf-defaults: {{trust: true}}
        """


@pytest.mark.long
def test_a_link_file_with_sr_iov(guest: Guest) -> None:
    """As systemd-udevd has it in its database, whatever version of systemd that is."""
    pf = guest.pf[0]
    link = "/etc/systemd/network/10-rival.link"
    guest.write(link, LINK.format(address=pf.address))
    guest.run(
        f"udevadm control --reload; udevadm trigger --action=add {pf.sysfs}/net/{pf.ifname};"
        " udevadm settle"
    )
    assert link in guest.run(f"udevadm info {pf.sysfs}/net/{pf.ifname}").out
    sentence = f"systemd-udevd sets up its VFs too: {link} has [SR-IOV]"
    sriov.policy(guest, rule(guest, "observe"), "resync: 1s")
    sriov.start(guest)
    sriov.policy(guest, rule(guest, "enforce"), "resync: 1s")
    assert f"{pf.ifname}: {sentence}" in sriov.wait_logged(guest, "systemd-udevd sets up")
    sriov.wait_in_sync(guest, pf.ifname)
    assert f"{pf.ifname}: {sentence}" in guest.run("sriovctl status").out
    assert sriov.status(guest, pf.ifname)["rivals"] == [sentence]

    guest.run("sleep 4")
    assert guest.journal(sriov.UNIT).count("sets up its VFs too") == 1, "once, whatever the resyncs"

    profile = "/etc/NetworkManager/system-connections/rival.nmconnection"
    text = f"[connection]\ninterface-name={pf.ifname}\n[sriov]\ntotal-vfs=2\n"
    guest.write(profile, text, mode=0o600)
    sriov.wait_logged(guest, f"NetworkManager sets up its VFs too: {profile} has [sriov]")
    guest.run(f"rm {profile} {link}; udevadm control --reload;"
              f" udevadm trigger --action=add {pf.sysfs}/net/{pf.ifname}; udevadm settle")
    assert sriov.status(guest, pf.ifname)["rivals"] == []
