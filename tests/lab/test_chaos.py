# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random faults on real drivers; when they stop, all is as the policy wants it, and nothing leaked.

SRIOVD_CHAOS_SECONDS  how long faults happen; default 45
SRIOVD_CHAOS_SEED     which history; default 1
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

import sriov
from chaos import IGB_VFS, SIM_NAME, SIM_VFS, Chaos
from guest import Guest

SECONDS = float(os.environ.get("SRIOVD_CHAOS_SECONDS", "45"))
SEED = int(os.environ.get("SRIOVD_CHAOS_SEED", "1"))

# Passes in threads come and go; what stays must not grow with what happened.
RSS_SLACK_KIB = 1024


def memory_kib(guest: Guest, pid: str) -> int:
    return int(guest.run(f"awk '/^VmRSS/ {{print $2}}' /proc/{pid}/status").out)


def descriptors(guest: Guest, pid: str) -> int:
    return int(guest.run(f"ls /proc/{pid}/fd | wc -l").out)


def main_pid(guest: Guest) -> str:
    return guest.run(f"systemctl show -P MainPID {sriov.UNIT}").out.strip()


def wait_idle(guest: Guest, pid: str) -> None:
    """Until the daemon has one thread: no pass is under way."""
    guest.wait(f"[ $(ls /proc/{pid}/task | wc -l) = 1 ]", 60, "the daemon to be idle")


def test_chaos(guest: Guest, tell: sriov.Tell) -> None:
    chaos = Chaos(guest, SEED)
    chaos.begin()
    chaos.run(SECONDS)
    chaos.end()
    chaos.wait_in_sync()
    tell(f"chaos: seed {SEED}, {chaos}; in sync at the end")

    for ifname in (pf.ifname for pf in guest.pf):
        assert len(sriov.vfs(guest, ifname)) == IGB_VFS
        assert all(vf["trust"] for vf in sriov.vfs(guest, ifname))
    assert len(sriov.vfs(guest, SIM_NAME)) == SIM_VFS

    # A kill is the only end that the daemon came to, and systemd has not given it up.
    assert guest.run(f"systemctl show -P ActiveState {sriov.UNIT}").out.strip() == "active"
    assert int(guest.run(f"systemctl show -P NRestarts {sriov.UNIT}").out) <= chaos.kills
    journal = guest.journal(sriov.UNIT)
    for word in ("Failed with result 'watchdog'", "Failed with result 'core-dump'",
                 "Failed with result 'exit-code'", "Failed with result 'timeout'"):  # fmt: skip
        assert word not in journal


@pytest.mark.long
def test_nothing_leaks(guest: Guest, tell: sriov.Tell) -> None:
    chaos = Chaos(guest, SEED)
    chaos.begin()
    pid = main_pid(guest)

    def round(count: int, *happenings: Callable[[], None]) -> tuple[int, int]:
        for i in range(count):
            happenings[i % len(happenings)]()
        chaos.end()
        chaos.wait_in_sync()
        wait_idle(guest, pid)
        return descriptors(guest, pid), memory_kib(guest, pid)

    kinds = (chaos.drift, chaos.burst, chaos.flap, chaos.numvfs, chaos.good_policy,
             chaos.netdevsim, chaos.bad_policy)  # fmt: skip
    before = round(len(kinds), *kinds)
    after = round(len(kinds) * 5, *kinds)
    tell(f"chaos: descriptors {before[0]} -> {after[0]}, RSS {before[1]} -> {after[1]} KiB")
    assert main_pid(guest) == pid
    assert after[0] <= before[0]
    assert after[1] <= before[1] + RSS_SLACK_KIB
