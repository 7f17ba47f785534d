# SPDX-License-Identifier: LGPL-2.1-or-later
"""The laboratory itself: what every other scenario takes for granted."""

from __future__ import annotations

import json

import pytest

from channel import GuestTimeout
from guest import CommandFailed, Guest
from machine import VFS_PER_PF

NETDEVSIM = "/sys/bus/netdevsim/devices"


def link(guest: Guest, ifname: str) -> dict:
    (answer,) = json.loads(guest.run(f"ip -j link show {ifname}").out)
    return answer


def create_vfs(guest: Guest, device: str, count: int) -> int:
    guest.run(f"echo {count} > {device}/sriov_numvfs")
    return int(guest.read(f"{device}/sriov_numvfs"))


def carrier_is(guest: Guest, ifname: str, state: int) -> None:
    guest.wait(
        f"[ $(cat /sys/class/net/{ifname}/carrier) = {state} ]", 30, f"carrier {state} on {ifname}"
    )


def test_boot_is_clean(guest: Guest) -> None:
    """No ordering cycle, no failed unit, and both network services are there."""
    assert guest.run("systemctl is-system-running").out.strip() == "running"
    assert "ordering cycle" not in guest.journal(since_mark=False)
    guest.run(
        "systemctl is-active network-pre.target network.target systemd-networkd networking dbus"
    )


def test_two_igb_pfs(guest: Guest) -> None:
    for pf in guest.pf[:2]:
        assert guest.read(f"{pf.sysfs}/sriov_totalvfs").strip() == f"{VFS_PER_PF}"
        assert guest.read(f"{pf.sysfs}/sriov_numvfs").strip() == "0"
        assert guest.run(f"ls {pf.sysfs}/net").out.split() == [pf.ifname]
        assert link(guest, pf.ifname)["address"] == pf.mac
        assert link(guest, pf.ifname)["operstate"] == "DOWN"


def test_vf_settings_read_back(guest: Guest) -> None:
    pf = guest.pf[0]
    assert create_vfs(guest, pf.sysfs, 2) == 2
    guest.run(f"ip link set {pf.ifname} vf 1 mac 02:00:00:00:00:aa vlan 100 spoofchk off")

    text = guest.run(f"ip link show {pf.ifname}").out
    assert "vf 1     link/ether 02:00:00:00:00:aa" in text
    assert "vlan 100, spoof checking off" in text


def test_vf_goes_to_vfio(guest: Guest) -> None:
    """The order that sriovd keeps: no autoprobe, create, then probe with vfio-pci."""
    pf = guest.pf[1]
    guest.run("modprobe vfio-pci")
    guest.run(f"echo 0 > {pf.sysfs}/sriov_drivers_autoprobe")
    assert create_vfs(guest, pf.sysfs, 1) == 1
    guest.run(
        f"""
        vf=$(readlink -f {pf.sysfs}/virtfn0)
        [ ! -e $vf/driver ]
        echo vfio-pci > $vf/driver_override
        echo ${{vf##*/}} > /sys/bus/pci/drivers_probe
        [ $(basename $(readlink $vf/driver)) = vfio-pci ]
        [ -c /dev/vfio/$(basename $(readlink $vf/iommu_group)) ]
        """
    )


@pytest.mark.long
def test_netdevsim_with_512_vfs(guest: Guest) -> None:
    ifname = guest.netdevsim(7, max_vfs=512)
    assert ifname == "eni7np1"
    assert create_vfs(guest, f"{NETDEVSIM}/netdevsim7", 512) == 512
    guest.run(f"ip link set {ifname} vf 511 vlan 100")
    guest.netdevsim_del(7)
    guest.run(f"[ ! -e /sys/class/net/{ifname} ]")


def test_pf_comes_and_goes(guest: Guest) -> None:
    pf = guest.plug_pf("spare")
    assert link(guest, pf.ifname)["address"] == pf.mac
    assert create_vfs(guest, pf.sysfs, VFS_PER_PF) == VFS_PER_PF

    guest.unplug_pf("spare")
    guest.run(f"[ ! -e {pf.sysfs} ]")


@pytest.mark.long
def test_pf_of_the_start_can_be_replugged(guest: Guest) -> None:
    guest.unplug_pf("pf1")
    guest.run(f"[ ! -e {guest.pf[1].sysfs} ]")
    pf = guest.plug_pf("pf1")
    assert pf == guest.pf[1]
    assert link(guest, pf.ifname)["address"] == pf.mac


def test_link_goes_down_and_up(guest: Guest) -> None:
    pf = guest.pf[0]
    guest.run(f"ip link set {pf.ifname} up")
    carrier_is(guest, pf.ifname, 1)
    guest.set_link(pf, False)
    carrier_is(guest, pf.ifname, 0)
    guest.set_link(pf, True)
    carrier_is(guest, pf.ifname, 1)


@pytest.mark.long
def test_reboot_keeps_files(guest: Guest) -> None:
    guest.write("/etc/lab-file", "kept\n", mode=0o600)
    create_vfs(guest, guest.pf[0].sysfs, 1)
    guest.reboot()
    assert guest.read("/etc/lab-file") == "kept\n"
    assert guest.run("stat -c %a /etc/lab-file").out.strip() == "600"
    assert guest.read(f"{guest.pf[0].sysfs}/sriov_numvfs").strip() == "0"
    guest.run("rm /etc/lab-file")


def test_commands(guest: Guest, tmp_path) -> None:
    """What run, wait, push, spawn and journal promise."""
    assert guest.run("cat; echo oops >&2", stdin="in").out == "in"
    assert guest.run("exit 3", check=False).rc == 3
    with pytest.raises(CommandFailed, match="exit code 1\n.*no-such-file"):
        guest.run("ls /no-such-file || false")
    with pytest.raises(GuestTimeout, match="before"):
        guest.run("echo before; sleep 100", timeout=1)
    with pytest.raises(GuestTimeout, match="waited in vain for a miracle"):
        guest.wait("false", 1, "a miracle")

    (tmp_path / "tool").write_text("#!/bin/sh\necho it ran; exec sleep 1000\n")
    (tmp_path / "tool").chmod(0o755)
    guest.push(tmp_path / "tool", "/usr/local/bin/lab-tool")
    unit = guest.spawn("tool", "exec lab-tool")
    guest.wait(f"journalctl -u {unit} | grep -q 'it ran'", 20, "the tool's output")
    assert "it ran" in guest.journal(unit)
    assert "it ran" not in guest.journal("dbus.service")


@pytest.mark.long
def test_restore_takes_everything_back(guest: Guest) -> None:
    pf, other = guest.pf
    create_vfs(guest, pf.sysfs, 2)
    guest.netdevsim(1)
    guest.run(
        f"""
        ip netns add blue
        ip link set {pf.ifname}v1 netns blue
        ip link add bond0 type bond
        ip link set {pf.ifname} master bond0
        ip link set {pf.ifname} mtu 2000 up
        ip link property add dev {pf.ifname} altname uplink0
        ip address add 192.0.2.1/24 dev {pf.ifname}
        ip link set {other.ifname} name renamed0
        echo 0 > {pf.sysfs}/sriov_drivers_autoprobe
        echo {other.address} > /sys/bus/pci/drivers/igb/unbind
        """
    )
    guest.spawn("sleeper", "sleep 1000")
    guest.write("/etc/sriovd/policy.yaml", "version: 1\n")
    guest.write("/run/systemd/system/sriovd.service.d/x.conf", "[Service]\n")
    guest.plug_pf("spare")
    guest.unplug_pf("pf0")

    guest.restore()

    netdevs = {line.split()[0] for line in guest.run("ip -br link").out.splitlines()}
    assert netdevs == {"lo", pf.ifname, other.ifname}
    for each in guest.pf:
        state = link(guest, each.ifname)
        assert (state["operstate"], state["mtu"]) == ("DOWN", 1500)
        assert "altnames" not in state and "master" not in state
        assert guest.read(f"{each.sysfs}/sriov_drivers_autoprobe").strip() == "1"
    guest.run("[ ! -e /etc/sriovd/policy.yaml ] && ! systemctl is-active lab-sleeper")
