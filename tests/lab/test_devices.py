# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices that come, go and change their names while the daemon runs."""

from __future__ import annotations

import pytest

import sriov
from guest import Guest

RULE = """
    - name: uplinks
      match: {{{match}}}
      vfs: 3
      pf-up: true
      vf-defaults: {{mac: stable, trust: true}}
"""


@pytest.fixture
def running(guest: Guest) -> Guest:
    """The daemon runs with 3 VFs on PF 0."""
    sriov.policy(guest, RULE.format(match="interface: [enp1s0, enp3s0, uplink7]"))
    sriov.start(guest)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)
    return guest


def assert_repaired(guest: Guest, ifname: str, sysfs: str) -> None:
    sriov.wait_vfs(guest, sysfs, 3)
    sriov.wait_vf(guest, ifname, 2, "trust on")
    sriov.wait_in_sync(guest, ifname)


@pytest.mark.long
def test_driver_reload(running: Guest) -> None:
    pf = running.pf[0]
    before = sriov.vfs(running, pf.ifname)
    running.run(
        f"echo {pf.address} > /sys/bus/pci/drivers/igb/unbind;"
        f"echo {pf.address} > /sys/bus/pci/drivers/igb/bind"
    )
    assert_repaired(running, pf.ifname, pf.sysfs)
    after = sriov.vfs(running, pf.ifname)
    assert [vf["address"] for vf in after] == [vf["address"] for vf in before]


def test_remove_and_rescan(running: Guest) -> None:
    pf = running.pf[0]
    running.run(f"echo 1 > {pf.sysfs}/remove")
    sriov.wait_logged(running, "gone")
    running.run("echo 1 > /sys/bus/pci/rescan")
    assert_repaired(running, pf.ifname, pf.sysfs)


def test_hotplug(running: Guest) -> None:
    pf = running.plug_pf("spare", wait=False)
    assert_repaired(running, pf.ifname, pf.sysfs)
    running.unplug_pf("spare")
    sriov.wait_logged(running, f"pci/{pf.address}: gone")


def test_vfs_deleted_by_hand(running: Guest) -> None:
    pf = running.pf[0]
    running.run(f"echo 0 > {pf.sysfs}/sriov_numvfs")
    assert_repaired(running, pf.ifname, pf.sysfs)


def test_vfs_deleted_by_hand_with_the_pf_down(running: Guest) -> None:
    """No carrier bounces then: the VFs' own events tell. Of addresses the rule says nothing, since a
    VF's driver that comes while the PF is down makes up its own."""
    pf = running.pf[0]
    rule = RULE.format(match="interface: enp1s0")
    for wish, other in ("pf-up: true", "pf-up: false"), ("mac: stable, ", ""):
        rule = rule.replace(wish, other)
    sriov.policy(running, rule)
    sriov.reload(running)
    running.run(f"ip link set {pf.ifname} down; sleep 1; echo 0 > {pf.sysfs}/sriov_numvfs")
    assert_repaired(running, pf.ifname, pf.sysfs)


def test_renamed_pf(running: Guest) -> None:
    """A PF that gets a name of the policy is taken on, whatever it was called before."""
    pf = running.pf[1]
    assert sriov.numvfs(running, pf.sysfs) == 0
    running.run(f"ip link set {pf.ifname} down; ip link set {pf.ifname} name uplink7")
    assert_repaired(running, "uplink7", pf.sysfs)


def test_altname(running: Guest) -> None:
    pf = running.pf[1]
    running.run(f"ip link set {pf.ifname} up")  # the kernel tells of no change of one that is down
    running.run(f"ip link property add dev {pf.ifname} altname uplink7")
    assert_repaired(running, pf.ifname, pf.sysfs)


def test_killed_and_started_again(running: Guest) -> None:
    """SIGKILL loses nothing, and systemd brings the daemon back."""
    pf = running.pf[0]
    before = running.run(f"ip link show {pf.ifname}").out
    sriov.kill(running)
    assert running.run(f"ip link show {pf.ifname}").out == before
    running.run(f"ip link set {pf.ifname} vf 1 trust off")
    sriov.wait_vf(running, pf.ifname, 1, "trust on")


def test_its_runtime_directory_is_removed(running: Guest) -> None:
    """As by somebody who tidies up. Its sandbox cannot make it again, and without locks it does
    nothing: it says so, and what to do."""
    pf = running.pf[0]
    running.run(f"rm -rf /run/sriovd; ip link set {pf.ifname} vf 1 trust off")
    sriov.wait_logged(running, "'systemctl restart sriovd' makes /run/sriovd again")
    assert running.run(f"sriovctl status {pf.ifname}", check=False).rc != 0
    running.run("systemctl restart sriovd")
    sriov.wait_vf(running, pf.ifname, 1, "trust on")
    sriov.wait_in_sync(running, pf.ifname)
    assert running.run("stat -c %a /run/sriovd").out.strip() == "755"


def test_killed_between_creating_and_binding(guest: Guest) -> None:
    """What a killed daemon has begun is finished: drivers get the VFs they were kept off."""
    pf = guest.pf[0]
    sriov.policy(guest, RULE.format(match="interface: enp1s0"))
    instance = int(guest.run(f"stat -L -c %i {pf.sysfs}").out)
    guest.run(
        f"mkdir -p /run/sriovd; echo -n '1 {instance:020}' > /run/sriovd/pci-{pf.address}.hold;"
        f"echo 0 > {pf.sysfs}/sriov_drivers_autoprobe; echo 3 > {pf.sysfs}/sriov_numvfs"
    )
    sriov.start(guest)
    assert_repaired(guest, pf.ifname, pf.sysfs)
    guest.wait(f"[ $(ls -d {pf.sysfs}/virtfn*/driver | wc -l) = 3 ]", 30, "drivers of 3 VFs")
    assert guest.read(f"{pf.sysfs}/sriov_drivers_autoprobe").strip() == "1"
    assert guest.run(f"ls /run/sriovd/*.hold", check=False).rc != 0


def test_stopping_leaves_the_vfs(running: Guest) -> None:
    pf = running.pf[0]
    before = running.run(f"ip link show {pf.ifname}").out
    running.run("systemctl stop sriovd")
    assert running.run("systemctl show -P Result sriovd").out.strip() == "success"
    assert running.run(f"ip link show {pf.ifname}").out == before


def test_a_hold_of_drivers_is_of_the_device_that_it_was_noted_of(guest: Guest) -> None:
    """A card that was pulled while its VFs were made leaves a note; the next one is no part of it."""
    pf = guest.pf[0]
    guest.run("mkdir -p /run/sriovd")
    guest.write(f"/run/sriovd/pci-{pf.address}.hold", f"0 {1:020}")
    sriov.policy(guest, RULE.format(match=f"interface: {pf.ifname}"))
    sriov.start(guest)
    assert_repaired(guest, pf.ifname, pf.sysfs)
    assert guest.read(f"{pf.sysfs}/sriov_drivers_autoprobe").strip() == "1"
    assert guest.run(f"ls {pf.sysfs}/virtfn0/driver/module", check=False).rc == 0


def test_a_hold_that_a_killed_daemon_left_is_taken_back(guest: Guest) -> None:
    pf = guest.pf[0]
    instance = int(guest.run(f"stat -L -c %i {pf.sysfs}").out)
    guest.run(f"mkdir -p /run/sriovd; echo 0 > {pf.sysfs}/sriov_drivers_autoprobe")
    guest.write(f"/run/sriovd/pci-{pf.address}.hold", f"1 {instance:020}")
    guest.run(f"echo 3 > {pf.sysfs}/sriov_numvfs")
    sriov.policy(guest, RULE.format(match=f"interface: {pf.ifname}"))
    sriov.start(guest)
    assert_repaired(guest, pf.ifname, pf.sysfs)
    assert guest.read(f"{pf.sysfs}/sriov_drivers_autoprobe").strip() == "1"
    assert guest.run(f"ls {pf.sysfs}/virtfn0/driver/module", check=False).rc == 0


# Until the kernel takes the first VF away, and until it makes the first of the next ones; each goes on
# for a second or more, which nothing interrupts.
PLACES = {
    "destroyed": "while [ -e {sysfs}/virtfn0 ]; do sleep 0.01; done",
    "made": "while [ -e {sysfs}/virtfn0 ]; do sleep 0.01; done;"
    " until [ -e {sysfs}/virtfn0 ]; do sleep 0.01; done",
}


@pytest.fixture
def resizing(guest: Guest, request: pytest.FixtureRequest) -> Guest:
    """The daemon makes 5 VFs of 7, and the kernel is at a place in it."""
    pf = guest.pf[0]
    rule = RULE.format(match=f"interface: {pf.ifname}")
    sriov.policy(guest, rule.replace("vfs: 3", "vfs: 7"))
    sriov.start(guest)
    sriov.wait_in_sync(guest)
    guest.run("udevadm settle")
    sriov.policy(guest, rule.replace("vfs: 3", "vfs: 5"))
    guest.run(PLACES[request.param].format(sysfs=pf.sysfs))
    return guest


@pytest.mark.long
@pytest.mark.parametrize("resizing", PLACES, indirect=True)
def test_killed_while_vfs_are(resizing: Guest) -> None:
    """The next process finishes it."""
    pf = resizing.pf[0]
    sriov.kill(resizing, timeout=60)
    sriov.wait_vfs(resizing, pf.sysfs, 5)
    sriov.wait_vf(resizing, pf.ifname, 4, "trust on")
    sriov.wait_in_sync(resizing, pf.ifname)
    resizing.wait(f"[ $(ls -d {pf.sysfs}/virtfn*/driver | wc -l) = 5 ]", 30, "drivers of 5 VFs")
    assert resizing.read(f"{pf.sysfs}/sriov_drivers_autoprobe").strip() == "1"
    assert resizing.run("ls /run/sriovd/*.hold", check=False).rc != 0
