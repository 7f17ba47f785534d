# SPDX-License-Identifier: LGPL-2.1-or-later
"""A start with bad files enforces the last good policy; a disk that does not take it is no harm."""

from __future__ import annotations

import pytest

import sriov
from guest import Guest

KEPT = "/var/lib/sriovd/last-good/etc/sriovd/lab.yaml"

BROKEN = "version: 1\nphysical-functions: [{name: uplink, vsf: 2}]\n"


def rule(guest: Guest, vfs: int) -> str:
    return f"""
        - name: uplink
          match: {{interface: {guest.pf[0].ifname}}}
          pf-up: true
          vfs: {vfs}
          vf-defaults: {{vlan: 100}}
        """


def wait_kept(guest: Guest, text: str) -> None:
    guest.wait(f"grep -F -- '{text}' {KEPT}", 10, f"a last good policy with {text!r}")


def status_text(guest: Guest) -> str:
    return guest.run("systemctl show -P StatusText sriovd").out


@pytest.mark.long
def test_a_boot_with_a_broken_policy_enforces_the_last_good_one(guest: Guest) -> None:
    pf = guest.pf[0]
    guest.run("systemctl enable sriovd")
    sriov.policy(guest, rule(guest, 3))
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    wait_kept(guest, "vfs: 3")
    assert guest.run("stat -c '%U %a' /var/lib/sriovd/last-good").out == "root 700\n"
    assert "have errors" not in status_text(guest)

    guest.write(sriov.POLICY, BROKEN)
    sriov.wait_logged(guest, "the policy was not reloaded")
    assert "the policy read before them stays in force" in status_text(guest)
    guest.run("sync")
    guest.reboot()
    assert sriov.numvfs(guest, pf.sysfs) == 3
    sriov.wait_vf(guest, pf.ifname, 2, "vlan 100")
    log = guest.run("journalctl -b -q -o cat -p err -u sriovd").out
    assert "/etc/sriovd/lab.yaml:2:37: error: unknown key 'vsf'" in log
    assert "the last good policy, of 20" in log
    assert "the last good policy, of 20" in status_text(guest)
    assert "1 in-sync" in status_text(guest)

    guest.run(f"ip link set {pf.ifname} vf 1 vlan 7")
    sriov.wait_vf(guest, pf.ifname, 1, "vlan 100")
    guest.run("systemctl restart sriovd")
    assert sriov.numvfs(guest, pf.sysfs) == 3

    sriov.policy(guest, rule(guest, 2))
    sriov.wait_vfs(guest, pf.sysfs, 2)
    guest.wait("! systemctl show -P StatusText sriovd | grep errors", 10, "a status without errors")
    wait_kept(guest, "vfs: 2")


def test_what_was_tampered_with_is_not_enforced(guest: Guest) -> None:
    pf = guest.pf[0]
    sriov.policy(guest, rule(guest, 2))
    sriov.start(guest)
    wait_kept(guest, "vfs: 2")
    guest.run(f"systemctl stop sriovd; echo 0 > {pf.sysfs}/sriov_numvfs; chmod o+w {KEPT}")
    guest.write(sriov.POLICY, BROKEN)
    sriov.start(guest)
    assert f"chmod go-w {KEPT}" in sriov.wait_logged(guest, "others than root can write to it")
    sriov.wait_logged(guest, "nothing is enforced")
    assert sriov.numvfs(guest, pf.sysfs) == 0


def test_once_does_not_fall_back(guest: Guest) -> None:
    sriov.policy(guest, rule(guest, 2))
    sriov.start(guest)
    wait_kept(guest, "vfs: 2")
    guest.run(f"systemctl stop sriovd; echo 0 > {guest.pf[0].sysfs}/sriov_numvfs")
    guest.write(sriov.POLICY, BROKEN)
    assert guest.run("sriovd --once", check=False).rc == 2
    assert sriov.numvfs(guest, guest.pf[0].sysfs) == 0


def assert_enforced_with_a_warning(guest: Guest, words: str) -> None:
    sriov.policy(guest, rule(guest, 2))
    sriov.start(guest)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)
    assert words in sriov.wait_logged(guest, "cannot be kept in /var/lib/sriovd")
    sriov.policy(guest, rule(guest, 3))
    sriov.wait_vfs(guest, guest.pf[0].sysfs, 3)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)
    assert guest.journal(sriov.UNIT).count("cannot be kept") == 1
    guest.run("systemctl stop sriovd; umount /var/lib/sriovd")


def test_a_full_disk_is_a_warning(guest: Guest) -> None:
    guest.run(
        "mkdir -p /var/lib/sriovd; mount -t tmpfs -o size=4k,mode=755 full /var/lib/sriovd;"
        " head -c 4096 /dev/zero > /var/lib/sriovd/ballast"
    )
    assert_enforced_with_a_warning(guest, "No space left on device")


def test_a_read_only_state_directory_is_a_warning(guest: Guest) -> None:
    guest.run("mkdir -p /var/lib/sriovd; mount -t tmpfs -o ro,mode=755 ro /var/lib/sriovd")
    assert_enforced_with_a_warning(guest, "Read-only file system")


def test_the_same_policy_is_not_written_again(guest: Guest) -> None:
    sriov.policy(guest, rule(guest, 2))
    sriov.start(guest)
    wait_kept(guest, "vfs: 2")
    inode = guest.run("stat -c %i /var/lib/sriovd/last-good").out
    guest.run("systemctl restart sriovd; systemctl reload sriovd; systemctl stop sriovd")
    assert guest.run("stat -c %i /var/lib/sriovd/last-good").out == inode
