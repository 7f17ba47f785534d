# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl doctor finds each fault that is planted, and nothing on a host that has none."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import sriov
from guest import Guest

NOTHING, FOUND = 0, 3


def doctor(guest: Guest, code: int, *arguments: str) -> dict[str, Any]:
    result = guest.run(f"sriovctl doctor --json {' '.join(arguments)}", check=False)
    assert result.rc == code, result
    return json.loads(result.out)


def find(guest: Guest, check: str) -> dict[str, Any]:
    """The only finding, which is that check's."""
    told = doctor(guest, FOUND)
    assert [finding["check"] for finding in told["findings"]] == [check], told
    return told["findings"][0]


def rule(guest: Guest, settings: str, name: str = "uplink", interface: str = "") -> str:
    return f"""
        - name: {name}
          match: {{interface: {interface or guest.pf[0].ifname}}}
          {settings}
        """


@contextmanager
def booted(guest: Guest, *arguments: str) -> Iterator[None]:
    """Another machine, or another kernel's command line, with sriovd installed."""

    def boot(*arguments: str) -> None:
        guest.stop()
        guest.start(*arguments)
        if destdir := os.environ.get("SRIOVD_DESTDIR"):
            guest.install(destdir)

    boot(*arguments)
    try:
        yield
    finally:
        boot()


def test_nothing_is_found_on_a_clean_host(guest: Guest) -> None:
    assert doctor(guest, NOTHING)["findings"] == []
    sriov.policy(guest, rule(guest, "vfs: 2\n          pf-up: true"))
    sriov.start(guest)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)
    guest.run("udevadm settle")
    told = doctor(guest, NOTHING)
    assert (told["findings"], told["untold"]) == ([], []), told
    assert told["good"] > 10
    assert "nothing found" in guest.run("sriovctl doctor").out
    told = json.loads(guest.run("sriovctl inventory --json").out)["facts"]
    assert (told["iommu-in-firmware"], told["iommu"], told["interrupt-remapping"]) == (True,) * 3
    assert (told["distribution"], told["vfio"]) == ("debian", True)
    functions = {function["address"]: function for function in told["functions"]}
    card = functions[guest.pf[0].address]
    assert (card["driver"], card["class"]) == ("igb", "0x020000")
    assert card["iommu-type"].startswith("DMA")
    assert "82576" in card["name"]
    assert functions[card["upstream"]]["acs"] is True


def test_a_rule_that_matches_nothing(guest: Guest) -> None:
    sriov.policy(guest, rule(guest, "vfs: 2", "elsewhere", "enp9s9"))
    finding = find(guest, "rule-unmatched")
    assert "rule 'elsewhere' matches no PF: no interface matches 'enp9s9'" in finding["finding"]


def test_a_pf_that_is_down(guest: Guest) -> None:
    pf = guest.pf[0]
    guest.run(f"echo 2 > {pf.sysfs}/sriov_numvfs; udevadm settle")
    finding = find(guest, "pf-down")
    assert (finding["pf"], finding["severity"]) == (pf.ifname, "error")
    guest.run(f"ip link set {pf.ifname} up")
    assert doctor(guest, NOTHING)["findings"] == []


def test_a_udev_rule_that_was_left_over(guest: Guest) -> None:
    path = "/etc/udev/rules.d/99-vfs.rules"
    guest.write(path, 'ACTION=="add", SUBSYSTEM=="net", KERNEL=="enp*",'
                      ' ATTR{device/sriov_numvfs}="2"\n')
    sriov.policy(guest, rule(guest, "pf-up: true"))
    assert path in find(guest, "rival")["finding"]


def test_a_module_that_is_missing(guest: Guest) -> None:
    pf = guest.pf[0]
    module = guest.run("modinfo -n igbvf").out.strip()
    guest.run(f"modprobe -r igbvf; mv {module} /root/igbvf; depmod")
    try:
        guest.run(f"ip link set {pf.ifname} up; echo 2 > {pf.sysfs}/sriov_numvfs; udevadm settle")
        finding = find(guest, "vf-without-driver")
        assert finding["finding"] == "VFs 0-1: no driver, and no module for them is installed"
        assert "/modules.alias" in finding["read"]
    finally:
        guest.run(f"mv /root/igbvf {module}; depmod; modprobe igbvf")


@pytest.mark.long
def test_a_kernel_that_uses_no_iommu(guest: Guest) -> None:
    with booted(guest, "intel_iommu=off"):
        guest.run(f"ip link set {guest.pf[0].ifname} up")
        sriov.policy(guest, rule(guest, "vfs: 2"))
        finding = find(guest, "iommu-off")
        assert "take 'intel_iommu=off' off the kernel's command line" in finding["do"]
        assert "/etc/default/grub" in finding["do"]


@pytest.mark.long
def test_a_port_without_acs(guest: Guest) -> None:
    pf = guest.pf[0]
    with booted(guest, "", ",disable-acs=on"):
        guest.run(f"ip link set {pf.ifname} up; echo 2 > {pf.sysfs}/sriov_numvfs; udevadm settle")
        finding = find(guest, "iommu-group-shared")
        assert "VFs 0-1: not alone in the IOMMU group" in finding["finding"]
        port = guest.run(f"basename $(realpath {pf.sysfs}/..)").out.strip()
        assert f"port {port} has no ACS, or it is off" in finding["do"]
        assert " shared " in guest.run("sriovctl topology").out
