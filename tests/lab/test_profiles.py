# SPDX-License-Identifier: LGPL-2.1-or-later
"""The simulated drivers of tests/sim answer as the real ones do, operation by operation."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import sriov
from guest import Guest

PROGRAMS = Path(os.environ.get("SRIOVD_HELPERS", "")).parent / "sim"
TABLE = Path(__file__).parent.parent / "sim" / "operations.txt"
SECTIONS = ["pf-down", "link-up", "cable-out", "eswitch", "drivers"]

UP = ["link-up", "eswitch"]


def simulated(driver: str, sections: list[str]) -> list[str]:
    command = [PROGRAMS / "profile-sim", driver, TABLE, *sections]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()


def real(guest: Guest, handle: str, section: str) -> list[str]:
    guest.push(PROGRAMS / "profile-real", "/usr/local/bin/profile-real")
    guest.push(TABLE, "/tmp/operations.txt")
    command = f"profile-real {handle} /tmp/operations.txt {section}"
    return guest.run(command, timeout=180).out.splitlines()


def compare(what: str, expected: list[str], actual: list[str], tell: sriov.Tell) -> None:
    different = [(sim, real) for sim, real in zip(expected, actual, strict=True) if sim != real]
    tell(f"profile rows of {what}: {len(actual)} compared, {len(actual) - len(different)} equal")
    told = "\n".join(f"simulated: {sim}\n     real: {real}" for sim, real in different)
    assert not different, f"{len(different)} of {len(actual)} rows differ\n{told}"


def carrier(guest: Guest, ifname: str, state: int) -> None:
    guest.wait(f"[ $(cat /sys/class/net/{ifname}/carrier) = {state} ]", 60, f"carrier {state}")


@pytest.mark.long
def test_igb(guest: Guest, tell: sriov.Tell) -> None:
    pf = guest.pf[0]
    handle = f"pci/{pf.address}"
    guest.run(f"modprobe vfio-pci; ip link set {pf.ifname} down")
    rows = real(guest, handle, "pf-down")
    guest.run(f"ip link set {pf.ifname} up")
    carrier(guest, pf.ifname, 1)
    rows += real(guest, handle, "link-up")
    guest.set_link(pf, False)
    carrier(guest, pf.ifname, 0)
    rows += real(guest, handle, "cable-out")
    guest.set_link(pf, True)
    carrier(guest, pf.ifname, 1)
    rows += real(guest, handle, "eswitch")
    guest.run(f"ip link set {pf.ifname} down")
    rows += real(guest, handle, "drivers")
    compare("igb", simulated("igb", SECTIONS), rows, tell)


@pytest.mark.parametrize("section", ["pf-down", "link-up", "eswitch", "bare"])
def test_netdevsim(guest: Guest, tell: sriov.Tell, section: str) -> None:
    ifname = guest.netdevsim(6)
    guest.run(f"ip link set {ifname} {'up' if section in UP else 'down'}")
    rows = real(guest, "netdevsim/netdevsim6", section)
    compare(f"netdevsim, {section}", simulated("netdevsim", [section]), rows, tell)
