# SPDX-License-Identifier: LGPL-2.1-or-later
"""Settings that somebody changes: repaired by event with the PF up, by resync with it down."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import sriov
from guest import Guest

# Setting, value of the policy, another one.
IGB = [
    ("mac", "02:00:00:00:00:42", "02:00:00:00:00:43"),
    ("vlan", "100", "101"),
    ("trust", "true", "false"),
    ("spoof-check", "false", "true"),
    ("max-tx-rate", "250", "100"),
]

NETDEVSIM = [
    ("mac", "02:00:00:00:00:42", "02:00:00:00:00:43"),
    ("vlan", "{id: 5, qos: 1}", "{id: 5, qos: 2}"),
    ("trust", "true", "false"),
    ("spoof-check", "true", "false"),
    ("query-rss", "true", "false"),
    ("link-state", "disable", "auto"),
    ("min-tx-rate", "10", "5"),
    ("max-tx-rate", "90", "100"),
]

# The aim is 200 ms, and the times are printed. What is judged is that it was an event and no resync (60 s):
# the machine that this runs on may be busy with anything.
WORST_MS = 10000


@pytest.fixture
def drift(guest: Guest) -> str:
    """The helper that changes a setting and measures the time to its repair."""
    guest.push(Path(os.environ["SRIOVD_HELPERS"]) / "drift", "/usr/local/bin/drift")
    return "/usr/local/bin/drift"


def entry(settings: list[tuple[str, str, str]]) -> str:
    return ", ".join(f"{name}: {wanted!r}" if name == "mac" else f"{name}: {wanted}"
                     for name, wanted, _ in settings)  # fmt: skip


def repair(guest: Guest, drift: str, handle: str, setting: str, value: str) -> float:
    return float(guest.run(f"{drift} {handle} 1 {setting} '{value}'", timeout=90).out)


def test_each_setting_of_igb_by_event(guest: Guest, drift: str) -> None:
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 2
          pf-up: true
          virtual-functions: [{{index: 1, {entry(IGB)}}}]
        """,
        "resync: 0",
    )
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    for setting, _, other in IGB:
        repair(guest, drift, f"pci/{pf.address}", setting, other)


def test_each_setting_of_netdevsim_by_event_and_by_resync(guest: Guest, drift: str) -> None:
    ifname = guest.netdevsim(5)
    rules = f"""
        - name: simulated
          match: {{interface: {ifname}}}
          vfs: 2
          pf-up: true
          virtual-functions: [{{index: 1, {entry(NETDEVSIM)}}}]
        """
    sriov.policy(guest, rules, "resync: 0")
    sriov.start(guest)
    sriov.wait_in_sync(guest, ifname)
    for setting, _, other in NETDEVSIM:
        repair(guest, drift, "netdevsim/netdevsim5", setting, other)

    # With the PF down the kernel tells of no change: only the resync sees it.
    sriov.policy(guest, rules.replace("pf-up: true", "pf-up: false"), "resync: 1s")
    sriov.reload(guest)
    guest.run(f"ip link set {ifname} down")
    for setting, _, other in NETDEVSIM:
        repair(guest, drift, "netdevsim/netdevsim5", setting, other)


def test_repair_by_event_worst_of_ten(guest: Guest, drift: str, tell: sriov.Tell) -> None:
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 7
          pf-up: true
          vf-defaults: {{mac: stable, vlan: 100, trust: true, spoof-check: true}}
        """,
    )
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    guest.run("udevadm settle; sleep 2")
    times = [repair(guest, drift, f"pci/{pf.address}", "vlan", f"{n + 1}") for n in range(10)]
    tell(f"drift of a VLAN repaired after {sorted(times)} ms")
    assert max(times) < WORST_MS


def test_a_rival_is_named_and_outlasted(guest: Guest, tell: sriov.Tell) -> None:
    """What something keeps changing is put back at a bounded rate, and right in the end."""
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 2
          pf-up: true
          vf-defaults: {{vlan: 100}}
        """,
    )
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    rival = guest.spawn(
        "rival",
        f"while :; do ip link set {pf.ifname} vf 0 vlan $((RANDOM % 99 + 1)); sleep 0.1; done",
    )
    sriov.wait_logged(guest, "contested: something else keeps changing settings")
    usage = "systemctl show -P CPUUsageNSec sriovd"
    used = guest.run(f"before=$({usage}); sleep 15; echo $(($({usage}) - before))").out
    tell(f"a rival every 100 ms: the daemon took {int(used) / 15e7:.1f} % of a core")
    corrections = guest.journal(sriov.UNIT).count("set vlan")
    assert corrections <= 25, "each round of a contest is logged"
    guest.run(f"systemctl stop {rival}")
    sriov.wait_vf(guest, pf.ifname, 0, "vlan 100,")
    guest.wait(
        f"journalctl -u {sriov.UNIT} -o cat -n 1 | grep in-sync", 40, "the contest to be over", 1
    )


def test_a_change_that_is_lost_with_its_notification_is_repaired(guest: Guest) -> None:
    """While the daemon does not read, its socket overruns; what was lost can be of any PF."""
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 2
          pf-up: true
          vf-defaults: {{vlan: 100}}
        """,
        "resync: 0",
    )
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    guest.run("ip link add churn type veth peer name churn-peer")
    try:
        guest.run(f"systemctl kill --signal=STOP {sriov.UNIT}")
        guest.run(
            "for n in $(seq 3000); do echo link set churn mtu $((1400 + n % 2)); done"
            f" | ip -batch -; ip link set {pf.ifname} vf 1 vlan 7"
        )
        sriov.wait_vf(guest, pf.ifname, 1, "vlan 7,")
        # The ninth column counts what a socket had no room for.
        dropped = guest.run("awk 'NR > 1 && $2 == 0 { n += $9 } END { print n + 0 }' /proc/net/netlink").out
        assert int(dropped) > 0, "the burst fits: no notification was lost"
    finally:
        guest.run(f"systemctl kill --signal=CONT {sriov.UNIT}; ip link del churn")
    sriov.wait_vf(guest, pf.ifname, 1, "vlan 100,")


def test_the_clock_may_jump(guest: Guest) -> None:
    pf = guest.pf[0]
    rules = f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 2
          pf-up: true
          vf-defaults: {{vlan: 100}}
        """
    sriov.policy(guest, rules)
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    before = guest.run("date +%s; cut -d. -f1 /proc/uptime").out.split()
    try:
        for jump in ("1 year", "2 years ago"):
            guest.run(f"date -s '{jump}'; ip link set {pf.ifname} vf 1 vlan 7")
            sriov.wait_vf(guest, pf.ifname, 1, "vlan 100,", 10)
        # A policy is read after a burst of changes has settled, which takes a timer.
        sriov.policy(guest, rules.replace("vlan: 100", "vlan: 200"))
        sriov.wait_vf(guest, pf.ifname, 1, "vlan 200,", 10)
    finally:
        guest.run(f"date -s @$(({before[0]} - {before[1]} + $(cut -d. -f1 /proc/uptime)))")
    # What is in the journal of the years to come would be news to each scenario that follows.
    guest.run("journalctl --rotate --vacuum-files=1")


def test_mode_observe_reports_and_changes_nothing(guest: Guest) -> None:
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          mode: observe
          vfs: 2
        """,
    )
    sriov.start(guest)
    sriov.wait_logged(guest, "drifted: create 2 VFs")
    assert sriov.numvfs(guest, pf.sysfs) == 0
