# SPDX-License-Identifier: LGPL-2.1-or-later
"""A VF that somebody uses is not destroyed, and all else goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import sriov
from guest import Guest

RULE = """
    - name: uplink
      match: {{interface: enp1s0}}
      pf-up: true
      vfs: {vfs}
      on-resize: {on_resize}
      vf-defaults: {{mac: stable, trust: {trust}}}
"""


def rule(vfs: int, trust: str = "false", on_resize: str = "refuse-in-use") -> str:
    return RULE.format(vfs=vfs, trust=trust, on_resize=on_resize)


@pytest.fixture
def running(guest: Guest) -> Guest:
    """The daemon runs with 2 VFs on PF 0, looked at each second for want of events."""
    sriov.policy(guest, rule(2), "resync: 1s")
    sriov.start(guest)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)
    guest.run("udevadm settle")
    return guest


def assert_guarded(guest: Guest, holder: str, release: str, settings: str = "resync: 1s") -> None:
    """Another number of VFs is wanted: blocked by name until the release, the rest is done."""
    pf = guest.pf[0]
    assert holder in guest.run("sriovctl list").out
    sriov.policy(guest, rule(4, trust="true"), settings)
    sriov.wait_vf(guest, pf.ifname, 0, "trust on")
    assert sriov.numvfs(guest, pf.sysfs) == 2
    assert holder in sriov.wait_logged(guest, "blocked")
    plan = guest.run("sriovctl plan", check=False)
    assert plan.rc == 4 and holder in plan.out
    assert guest.run("sriovctl status", check=False).rc == 4
    guest.run(release)
    sriov.wait_vfs(guest, pf.sysfs, 4)
    sriov.wait_in_sync(guest, pf.ifname)


def test_in_another_network_namespace(running: Guest) -> None:
    """Its way back is an event."""
    running.run("ip netns add tenant; ip link set enp1s0v1 netns tenant")
    assert_guarded(
        running, "enp1s0v1 is in network namespace tenant", "ip netns del tenant", "resync: 0"
    )


def test_in_a_network_namespace_without_a_name(running: Guest) -> None:
    """A process in it names it."""
    unit = running.spawn("tenant", "exec unshare --net sleep infinity")
    pid = running.wait(
        f"pid=$(systemctl show -P MainPID {unit});"
        ' [ "$(cat /proc/$pid/comm)" = sleep ] && echo $pid',
        30,
        "the namespace",
    ).strip()
    running.run(f"ip link set enp1s0v1 netns {pid}")
    assert_guarded(
        running,
        f"enp1s0v1 is in the network namespace of sleep (pid {pid})",
        f"systemctl stop {unit}",
        "resync: 0",
    )


def test_with_an_address(running: Guest) -> None:
    running.run("ip link set enp1s0v0 up; ip address add 192.0.2.1/24 dev enp1s0v0")
    assert_guarded(running, "enp1s0v0 is up and has an address", "ip address flush dev enp1s0v0")


def test_with_a_master(running: Guest) -> None:
    running.run(
        "ip link add tenant type bridge; ip link set enp1s0v0 up; ip link set enp1s0v0 master tenant"
    )
    assert_guarded(running, "enp1s0v0 is up and has a master", "ip link set enp1s0v0 nomaster")


def test_with_a_route(running: Guest) -> None:
    running.run("ip link set enp1s0v0 up; ip route add 198.51.100.0/24 dev enp1s0v0")
    assert_guarded(
        running, "enp1s0v0 is up and has a route", "ip route del 198.51.100.0/24 dev enp1s0v0"
    )


def test_noted_by_libvirt(running: Guest) -> None:
    record = "/run/libvirt/hostdevmgr/enp1s0_vf1"
    running.write(record, "{}")
    assert_guarded(running, f"libvirt, as noted in {record}", f"rm {record}")


def test_noted_by_sriov_cni(running: Guest) -> None:
    record = "/var/lib/cni/sriov/pci/0000:01:10.2"
    running.write(record, "/var/run/netns/cni-1234")
    assert_guarded(running, "a container at /var/run/netns/cni-1234", f"rm {record}")


def test_open_through_vfio(running: Guest) -> None:
    vf = "0000:01:10.0"
    running.push(Path(os.environ["SRIOVD_HELPERS"]) / "hold-vfio", "/usr/local/bin/hold-vfio")
    running.run(
        f"""
        modprobe vfio-pci
        echo {vf} > /sys/bus/pci/devices/{vf}/driver/unbind
        echo vfio-pci > /sys/bus/pci/devices/{vf}/driver_override
        echo {vf} > /sys/bus/pci/drivers_probe
        """
    )
    assert "vfio" not in running.run("sriovctl list").out.replace("vfio-pci", ""), "idle is not held"
    unit = running.spawn("hold", f"exec hold-vfio {vf}")
    running.wait(f"journalctl -u {unit} -o cat | grep -x held", 30, "the VF to be open")
    assert_guarded(running, "vfio, by hold-vfio (pid ", f"systemctl stop {unit}")


def test_whom_the_daemon_cannot_ask_about_holds(running: Guest) -> None:
    """Without sriovd-openers nobody knows who has a VF open: none is destroyed."""
    pf, vf = running.pf[0], "0000:01:10.0"
    running.run(
        f"""
        modprobe vfio-pci
        echo {vf} > /sys/bus/pci/devices/{vf}/driver/unbind
        echo vfio-pci > /sys/bus/pci/devices/{vf}/driver_override
        echo {vf} > /sys/bus/pci/drivers_probe
        systemctl stop sriovd-openers.socket sriovd-openers.service
        """
    )
    sriov.policy(running, rule(4), "resync: 1s")
    told = sriov.wait_logged(running, "blocked")
    assert "vfio, by a process that cannot be told now (ENOENT)" in told, told
    assert sriov.numvfs(running, pf.sysfs) == 2
    running.run("systemctl start sriovd-openers.socket")
    sriov.wait_vfs(running, pf.sysfs, 4)


def test_idle_vfs_are_not_held(running: Guest) -> None:
    """Up, with the link-local address that the kernel makes: nobody's."""
    running.run("ip link set enp1s0v0 up; sleep 3")
    sriov.policy(running, rule(4), "resync: 1s")
    sriov.wait_vfs(running, running.pf[0].sysfs, 4)


def test_force(running: Guest) -> None:
    running.run("ip link set enp1s0v0 up; ip address add 192.0.2.1/24 dev enp1s0v0")
    sriov.policy(running, rule(3, on_resize="force"))
    sriov.wait_vfs(running, running.pf[0].sysfs, 3)
