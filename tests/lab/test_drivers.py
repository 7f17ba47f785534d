# SPDX-License-Identifier: LGPL-2.1-or-later
"""The driver of a VF is the policy's, unless somebody uses the VF."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import sriov
from guest import Guest

VF0 = "0000:01:10.0"


def rule(driver: str, more: str = "", vfs: int = 3) -> str:
    """VF 0 has the driver, the others what the kernel chooses."""
    return f"""
        - name: uplink
          match: {{interface: enp1s0}}
          pf-up: true
          vfs: {vfs}
          {more}
          virtual-functions: [{{index: 0, driver: {driver}}}]
    """


def begin(guest: Guest, rules: str, settings: str = "resync: 1s") -> None:
    sriov.policy(guest, rules, settings)
    sriov.start(guest)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)


def drivers(guest: Guest) -> list[str]:
    """Of each VF of PF 0, "-" for none."""
    return guest.run(
        f"for vf in {guest.pf[0].sysfs}/virtfn*; do"
        " basename $(readlink $vf/driver || echo -); done"
    ).out.split()


def override(guest: Guest, vf: str = VF0) -> str:
    return guest.read(f"/sys/bus/pci/devices/{vf}/driver_override").strip()


def wait_drivers(guest: Guest, expected: str, timeout: float = 30) -> None:
    guest.wait(
        f"[ \"$(for vf in {guest.pf[0].sysfs}/virtfn*; do"
        f" basename $(readlink $vf/driver || echo -); done | xargs)\" = '{expected}' ]",
        timeout,
        f"drivers {expected}",
    )


@pytest.mark.long
def test_vfio_at_boot_and_over_recreation(guest: Guest) -> None:
    pf = guest.pf[0]
    sriov.policy(guest, rule("vfio-pci"), "resync: 0")
    guest.run("systemctl enable sriovd; sync")
    guest.reboot()
    sriov.wait_in_sync(guest, pf.ifname)
    assert drivers(guest) == ["vfio-pci", "igbvf", "igbvf"]
    log = guest.run("journalctl -b -q -k -o cat --no-pager").out
    assert f"igbvf {VF0}" not in log, "igbvf has never had it"

    guest.run(
        f"echo {pf.address} > /sys/bus/pci/drivers/igb/unbind;"
        f"echo {pf.address} > /sys/bus/pci/drivers/igb/bind"
    )
    sriov.wait_vfs(guest, pf.sysfs, 3)
    sriov.wait_in_sync(guest, pf.ifname)
    assert drivers(guest) == ["vfio-pci", "igbvf", "igbvf"]


def test_each_form(guest: Guest) -> None:
    begin(guest, rule("vfio-pci"))
    assert (drivers(guest)[0], override(guest)) == ("vfio-pci", "vfio-pci")

    sriov.policy(guest, rule("default"), "resync: 1s")
    wait_drivers(guest, "igbvf igbvf igbvf")
    assert override(guest) == "(null)"

    sriov.policy(guest, rule("none"), "resync: 1s")
    wait_drivers(guest, "- igbvf igbvf")
    guest.run(f"echo {VF0} > /sys/bus/pci/drivers_probe", check=False)
    assert (drivers(guest)[0], override(guest)) == ("-", "none")
    sriov.wait_in_sync(guest, guest.pf[0].ifname)

    # Others are let at their drivers when VFs are created; this one is not.
    sriov.policy(guest, rule("none", vfs=2), "resync: 1s")
    wait_drivers(guest, "- igbvf")
    sriov.wait_in_sync(guest, guest.pf[0].ifname)
    assert (drivers(guest), override(guest)) == (["-", "igbvf"], "none")

    sriov.policy(guest, rule("igbvf", vfs=2), "resync: 1s")
    wait_drivers(guest, "igbvf igbvf")


def test_without_autoprobe(guest: Guest) -> None:
    """A driver that is named is bound; others are not."""
    begin(guest, rule("igbvf", more="drivers-autoprobe: false"))
    assert drivers(guest) == ["igbvf", "-", "-"]


def test_taken_away_by_hand(guest: Guest) -> None:
    """An event tells, without a resync."""
    begin(guest, rule("vfio-pci"), "resync: 0")
    guest.run(f"echo {VF0} > /sys/bus/pci/drivers/vfio-pci/unbind")
    wait_drivers(guest, "vfio-pci igbvf igbvf")


def test_never_taken_from_under_a_holder(guest: Guest) -> None:
    pf = guest.pf[0]
    begin(guest, rule("vfio-pci"))
    guest.push(Path(os.environ["SRIOVD_HELPERS"]) / "hold-vfio", "/usr/local/bin/hold-vfio")
    unit = guest.spawn("hold", f"exec hold-vfio {VF0}")
    sriov.wait_held(guest, unit)

    sriov.policy(guest, rule("igbvf", more="vf-defaults: {trust: true}"), "resync: 1s")
    sriov.wait_vf(guest, pf.ifname, 0, "trust on")
    told = sriov.wait_logged(guest, "blocked: VF 0: driver")
    assert "VF 0 is in use: vfio, by hold-vfio (pid " in told, told
    assert guest.run("sriovctl status", check=False).rc == 4
    guest.run("sleep 3")
    assert drivers(guest)[0] == "vfio-pci"
    assert guest.run(f"systemctl is-active {unit}").out.strip() == "active"

    guest.run(f"systemctl stop {unit}")
    wait_drivers(guest, "igbvf igbvf igbvf")
    sriov.wait_in_sync(guest, pf.ifname)


@pytest.mark.long
def test_an_unknown_driver_is_waited_for_and_keeps_nothing_back(guest: Guest) -> None:
    pf = guest.pf[0]
    sriov.policy(guest, rule("nosuch", more="vf-defaults: {vlan: 7}"), "resync: 1s")
    sriov.start(guest)
    told = sriov.wait_logged(guest, "VF 0: driver")
    assert "there is no driver nosuch yet; udev was asked to load a module" in told, told
    assert sriov.status(guest, pf.ifname)["state"] == "waiting"
    for vf in sriov.vfs(guest, pf.ifname):
        assert vf["vlan_list"] == [{"vlan": 7}]
    # It was meant for another than the kernel's choice.
    assert (drivers(guest), override(guest)) == (["-", "igbvf", "igbvf"], "nosuch")
    assert guest.journal().count("nosuch") < 40, "it is asked for ever more seldom"

    sriov.policy(guest, rule("vfio-pci"), "resync: 1s")
    wait_drivers(guest, "vfio-pci igbvf igbvf")
    sriov.wait_in_sync(guest, pf.ifname)
    # The one that has it is not given up for one that is not there.
    sriov.policy(guest, rule("nosuch"), "resync: 1s")
    guest.wait(
        f"journalctl -u {sriov.UNIT} -o cat -n 3 | grep 'VF 0: driver nosuch'",
        30,
        "the driver to be asked for again",
    )
    assert (drivers(guest)[0], override(guest)) == ("vfio-pci", "nosuch")


def unload(guest: Guest, *modules: str) -> None:
    for module in modules:
        guest.run(f"if [ -d /sys/module/{module} ]; then modprobe -r {module}; fi")


def test_udev_loads_the_module_when_asked(guest: Guest) -> None:
    """With dashes in its name, and off a driver too; not when others make events."""
    unload(guest, "vfio_pci", "uio_pci_generic")
    begin(guest, rule("vfio-pci"))
    assert drivers(guest)[0] == "vfio-pci"
    sriov.policy(guest, rule("uio_pci_generic"), "resync: 0")
    wait_drivers(guest, "uio_pci_generic igbvf igbvf")
    sriov.wait_in_sync(guest, guest.pf[0].ifname)
    guest.run("systemctl stop sriovd")

    vf = f"/sys/bus/pci/devices/{VF0}"
    guest.run(f"echo {VF0} > {vf}/driver/unbind")
    unload(guest, "vfio_pci")
    guest.run(f"echo vfio-pci > {vf}/driver_override; echo change > {vf}/uevent; udevadm settle")
    assert not guest.run("ls -d /sys/module/vfio_pci", check=False).out


def test_a_module_that_comes_later(guest: Guest) -> None:
    """The VF is taken when it is there, with drivers-autoprobe off as well; no resync."""
    unload(guest, "uio_pci_generic")
    guest.write("/etc/modprobe.d/lab.conf", "install uio_pci_generic /bin/false\n")
    guest.run("udevadm control --reload")
    sriov.policy(guest, rule("uio_pci_generic", more="drivers-autoprobe: false"), "resync: 0")
    sriov.start(guest)
    sriov.wait_logged(guest, "there is no driver uio_pci_generic yet")
    assert drivers(guest) == ["-", "-", "-"]
    assert not guest.run("ls -d /sys/module/uio_pci_generic", check=False).out, "forbidden"
    guest.run("rm /etc/modprobe.d/lab.conf; udevadm control --reload; modprobe uio_pci_generic")
    wait_drivers(guest, "uio_pci_generic - -", timeout=5)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)


def test_a_driver_that_does_not_take_the_vf(guest: Guest) -> None:
    begin(guest, rule("igbvf"))
    sriov.policy(guest, rule("pcieport"), "resync: 1s")
    told = sriov.wait_logged(guest, "degraded: VF 0: driver")
    assert "driver pcieport does not take the VF, which igbvf has left" in told, told
    sriov.policy(guest, rule("default"), "resync: 1s")
    wait_drivers(guest, "igbvf igbvf igbvf")


def test_interrupts_that_are_not_dealt_out(guest: Guest) -> None:
    """igb does not: no driver is taken off a VF to find that out."""
    pf = guest.pf[0]
    begin(guest, rule("default"))
    before = guest.read(f"{pf.sysfs}/virtfn1/net/enp1s0v1/ifindex")
    sriov.policy(guest, rule("default", more="vf-defaults: {msix-vectors: 4}"), "resync: 1s")
    sriov.wait_logged(guest, "msix-vectors 4: not supported by the driver (EOPNOTSUPP)")
    assert guest.read(f"{pf.sysfs}/virtfn1/net/enp1s0v1/ifindex") == before


@pytest.mark.long
def test_all_drivers_are_taken_off_and_come_back(guest: Guest) -> None:
    """What cards need that change their eswitch mode with VFs in place."""
    pf = guest.pf[0]
    begin(guest, rule("vfio-pci"))
    guest.run("systemctl stop sriovd")
    guest.push(Path(os.environ["SRIOVD_HELPERS"]) / "unbind", "/usr/local/bin/unbind")
    guest.run(f"unbind pci/{pf.address} take")
    assert drivers(guest) == ["-", "-", "-"]
    guest.run(f"unbind pci/{pf.address} give")
    assert drivers(guest) == ["vfio-pci", "igbvf", "igbvf"]
    assert guest.read(f"{pf.sysfs}/sriov_drivers_autoprobe").strip() == "1"
