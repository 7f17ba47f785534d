# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon on the system bus, and sriovctl that asks it."""

from __future__ import annotations

import json
from typing import Any

import pytest

import sriov
from guest import Guest, Result

NOBODY = "setpriv --reuid nobody --clear-groups "
PF = "/org/sriovd/pf/pci_2f0000_3a01_3a00_2e0"
"""The object of the first PF, pci/0000:01:00.0."""


def rule(guest: Guest, vlan: int = 100, vfs: int = 2) -> str:
    return f"""
        - name: uplink
          match: {{interface: {guest.pf[0].ifname}}}
          vfs: {vfs}
          pf-up: true
          vf-defaults: {{vlan: {vlan}}}
        """


@pytest.fixture
def running(guest: Guest) -> Guest:
    sriov.policy(guest, rule(guest), "resync: 0")
    sriov.start(guest)
    wait_name(guest)
    sriov.wait_in_sync(guest)
    return guest


def wait_name(guest: Guest) -> None:
    guest.wait("busctl status org.sriovd >/dev/null", 30, "the daemon on the bus")


def call(guest: Guest, method: str, *arguments: str, run_as: str = "") -> Result:
    return guest.run(
        f"{run_as}busctl call org.sriovd /org/sriovd org.sriovd.Manager {method} "
        + " ".join(arguments),
        check=False,
    )


def property(guest: Guest, name: str, run_as: str = "") -> Any:
    out = guest.run(
        f"{run_as}busctl --json=short get-property org.sriovd {PF} org.sriovd.PF {name}"
    ).out
    return json.loads(out)["data"]


@pytest.mark.long
def test_the_name_is_taken_at_boot(guest: Guest) -> None:
    sriov.policy(guest, rule(guest))
    guest.run(f"systemctl enable {sriov.UNIT}")
    guest.reboot()
    wait_name(guest)
    assert guest.run("sriovctl status").out.endswith("the daemon's view\n")


def test_properties_and_introspection(running: Guest) -> None:
    tree = running.run("busctl tree --list org.sriovd").out.splitlines()
    assert PF in tree
    shown = running.run(f"busctl introspect org.sriovd {PF}").out
    for name in ("org.sriovd.PF", ".Describe", ".State", ".InUse"):
        assert name in shown
    assert property(running, "Handle") == "pci/0000:01:00.0"
    assert property(running, "Interface", NOBODY) == running.pf[0].ifname
    assert property(running, "Driver") == "igb"
    assert property(running, "State") == "in-sync"
    assert property(running, "NextRetry") == 0
    assert property(running, "VFs", NOBODY) == 2
    assert property(running, "LinkSpeed", NOBODY) == 1000
    assert property(running, "InUse", NOBODY) == []


def test_holders_are_looked_for_when_asked(running: Guest) -> None:
    assert property(running, "InUse") == []
    running.run("ip link set enp1s0v1 up; ip address add 192.0.2.1/24 dev enp1s0v1")
    status = sriov.status(running, running.pf[0].ifname)
    assert "192.0.2.1" in status["virtual-functions"][1]["holder"] or "address" in (
        status["virtual-functions"][1]["holder"]
    )
    ((index, use),) = property(running, "InUse")
    assert index == 1 and "address" in use and "192.0.2.1" not in use


def test_changes_are_signalled(running: Guest) -> None:
    name = running.pf[0].ifname
    unit = running.spawn("monitor", "exec busctl --json=short monitor org.sriovd")
    running.run("sleep 3")
    sriov.policy(running, rule(running, vlan=200), "resync: 0")
    sriov.wait_vf(running, name, 0, "vlan 200,")
    running.wait(
        f"journalctl -u {unit} -o cat | grep PropertiesChanged | grep {PF} | grep Revision",
        20,
        "the settings to be told as changed",
        pause=0.5,
    )
    # igb refuses link-state: the state is another then.
    sriov.policy(
        running, rule(running).replace("vlan: 100", "vlan: 100, link-state: enable"), "resync: 0"
    )
    running.wait(
        f"journalctl -u {unit} -o cat | grep PropertiesChanged | grep {PF}"
        """ | grep '"State":{"type":"s","data":"degraded"}'""",
        20,
        "the state to be told as changed",
        pause=0.5,
    )
    status = sriov.status(running, name)
    assert "EOPNOTSUPP" in status["last-error"]
    assert status["state"] == "degraded" and "link-state" in status["reason"]
    direct = running.run(f"sriovctl status --direct --json {name}", check=False)
    assert json.loads(direct.out)["pfs"][0]["state"] == "drifted", "nothing learnt is known there"


def test_who_may_not_change_things_may_look(running: Guest) -> None:
    view = json.loads(running.run(f"{NOBODY}sriovctl status --json").out)
    assert view["source"] == "daemon" and view["pfs"][0]["state"] == "in-sync"
    assert view["view"] == "public" and "rules" not in view["pfs"][0]
    for method, arguments in (
        ("Reload", ()),
        ("Resync", ()),
        ("Apply", ("asa{sv}", "0", "0")),
        ("Pause", ("st", running.pf[0].ifname, "0")),
    ):
        refused = call(running, method, *arguments, run_as=NOBODY)
        assert refused.rc != 0 and "Access denied" in refused.err, "busctl's own words"
        assert call(running, method, *arguments).rc == 0
    for verb in ("reload", "resync"):
        refused = running.run(f"{NOBODY}sriovctl {verb}", check=False)
        assert refused.rc == 1 and "only root may" in refused.err


def test_reload_resync_and_apply(running: Guest) -> None:
    pf = running.pf[0]
    # With the PF down no event tells of a change: only a look does.
    sriov.policy(running, rule(running).replace("pf-up: true", "pf-up: false"), "resync: 0")
    running.run(f"sriovctl reload; ip link set {pf.ifname} down; ip link set {pf.ifname} vf 0 vlan 7")
    running.run("sleep 1; ip link show enp1s0 | grep -q 'vf 0 .*vlan 7,'")
    running.run("sriovctl resync")
    sriov.wait_vf(running, pf.ifname, 0, "vlan 100,")

    running.run(f"ip link set {pf.ifname} vf 1 vlan 9")
    done = json.loads(running.run("sriovctl apply --json").out)
    assert done["source"] == "daemon"
    (step,) = done["pfs"][0]["done"]
    assert (step["vf"], step["text"]) == (1, "vlan 9 -> 100")
    assert done["pfs"][0]["state"] == "in-sync" and done["pfs"][0]["steps"] == []
    assert running.run("sriovctl apply nosuch", check=False).rc == 1

    running.write("/etc/sriovd/lab.yaml", "version: 1\nrules: 3\n")
    for verb in ("reload", "apply"):
        assert running.run(f"sriovctl {verb}", check=False).rc == 2
    kept = running.run("sriovctl status", check=False)
    assert kept.rc == 3 and "the policy read before them stays in force" in kept.out
    assert kept.out.endswith("the daemon's view\n")

    running.run(f"systemctl stop {sriov.UNIT}")
    for verb in ("reload", "resync"):
        failed = running.run(f"sriovctl {verb}", check=False)
        assert failed.rc == 1 and "sriovd does not run" in failed.err


def test_without_the_daemon_sriovctl_looks_itself(running: Guest) -> None:
    running.run(f"systemctl stop {sriov.UNIT}")
    answer = json.loads(running.run("sriovctl status --json").out)
    assert answer["source"] == "direct" and answer["pfs"][0]["state"] == "in-sync"
    assert "the daemon does not run" in running.run("sriovctl status").out


@pytest.mark.long
def test_the_bus_may_come_and_go(running: Guest) -> None:
    pf = running.pf[0]
    before = running.run(f"systemctl show -P MainPID {sriov.UNIT}").out
    running.run("systemctl stop dbus.socket dbus.service")
    running.run(f"ip link set {pf.ifname} vf 0 vlan 7")
    sriov.wait_vf(running, pf.ifname, 0, "vlan 100,")
    assert running.run("sriovctl status").out.endswith("the daemon's view\n")
    assert "there is no system bus" in running.run(f"{NOBODY}sriovctl status", check=False).out
    running.run("systemctl start dbus.socket dbus.service")
    wait_name(running)
    assert property(running, "State") == "in-sync"
    running.run("systemctl restart dbus.service")
    wait_name(running)
    assert running.run(f"systemctl show -P MainPID {sriov.UNIT}").out == before
