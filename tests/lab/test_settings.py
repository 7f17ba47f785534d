# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each setting, on a driver that has it."""

from __future__ import annotations

import pytest

import sriov
from guest import Guest

# Setting, value in the policy, what `ip -j` says then.
IGB = [
    ("mac", "02:00:00:00:00:42", {"address": "02:00:00:00:00:42"}),
    ("vlan", "100", {"vlan_list": [{"vlan": 100}]}),
    ("vlan", "{id: 100, qos: 3}", {"vlan_list": [{"vlan": 100, "qos": 3}]}),
    ("trust", "true", {"trust": True}),
    ("spoof-check", "false", {"spoofchk": False}),
    ("max-tx-rate", "250", {"rate": {"max_tx": 250, "min_tx": 0}}),
]

NETDEVSIM = [
    *IGB[:-1],
    ("vlan", "{id: 7, protocol: 802.1ad}", {"vlan_list": [{"vlan": 7, "protocol": "802.1ad"}]}),
    ("query-rss", "true", {"query_rss_en": True}),
    ("link-state", "enable", {"link_state": "enable"}),
    ("link-state", "disable", {"link_state": "disable"}),
    ("min-tx-rate", "10, max-tx-rate: 20", {"rate": {"max_tx": 20, "min_tx": 10}}),
]


@pytest.mark.parametrize(("setting", "value", "expected"), IGB)
def test_setting_on_igb(guest: Guest, setting: str, value: str, expected: dict) -> None:
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 2
          pf-up: true
          virtual-functions: [{{index: 1, {setting}: {value}}}]
        """,
    )
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    sriov.assert_has(sriov.vfs(guest, pf.ifname)[1], expected)


@pytest.mark.parametrize(("setting", "value", "expected"), NETDEVSIM)
def test_setting_on_netdevsim(guest: Guest, setting: str, value: str, expected: dict) -> None:
    ifname = guest.netdevsim(5)
    sriov.policy(
        guest,
        f"""
        - name: simulated
          match: {{interface: {ifname}}}
          vfs: 2
          virtual-functions: [{{index: 1, {setting}: {value}}}]
        """,
    )
    guest.run("sriovd --once")
    guest.run(f"sriovctl status {ifname}")
    sriov.assert_has(sriov.vfs(guest, ifname)[1], expected)


def test_pf_settings(guest: Guest) -> None:
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{mac: "{pf.mac}"}}
          vfs: max
          pf-up: true
          mtu: 4000
          drivers-autoprobe: false
        """,
    )
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    assert sriov.numvfs(guest, pf.sysfs) == 7
    assert guest.read(f"/sys/class/net/{pf.ifname}/mtu").strip() == "4000"
    assert guest.read(f"{pf.sysfs}/sriov_drivers_autoprobe").strip() == "0"
    assert guest.run(f"ls {pf.sysfs}/virtfn*/driver", check=False).rc != 0


def test_vfs_are_configured_before_their_driver_sees_them(guest: Guest) -> None:
    """A VF's own network device is born with the address of the policy."""
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 3
          pf-up: true             # igbvf cannot ask a PF that is down for its address
          vf-defaults: {{mac: stable, trust: true}}
        """,
    )
    for _ in range(3):
        guest.run("sriovd --once; udevadm settle")
        for index, vf in enumerate(sriov.vfs(guest, pf.ifname)):
            own = guest.read(f"{pf.sysfs}/virtfn{index}/net/{pf.ifname}v{index}/address")
            assert own.strip() == vf["address"]
        assert guest.read(f"{pf.sysfs}/sriov_drivers_autoprobe").strip() == "1"
        guest.run(f"echo 0 > {pf.sysfs}/sriov_numvfs")


def has_driver(guest: Guest, sysfs: str) -> bool:
    return guest.run(f"ls -d {sysfs}/virtfn*/driver", check=False).rc == 0


@pytest.mark.parametrize("setting", ["vlan: 55", "mac: stable"])
def test_drivers_wait_for_what_cannot_be_written(guest: Guest, setting: str) -> None:
    """While the PF's network device is in another network namespace nothing of its VFs can be set,
    and the address that theirs are made of is not known."""
    pf = guest.pf[0]
    address = pf.sysfs.rpartition("/")[2]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{pci: "{address}"}}
          vfs: 2
          pf-up: true
          vf-defaults: {{{setting}}}
        """,
        "resync: 1s",
    )
    sriov.start(guest)
    sriov.wait_in_sync(guest, address)
    guest.run(f"ip netns add tenant; ip link set {pf.ifname} netns tenant")
    guest.run(f"echo 0 > {pf.sysfs}/sriov_numvfs")
    guest.wait(f"grep -qx 2 {pf.sysfs}/sriov_numvfs", 30, "the VFs to be made again")
    guest.run("sleep 8")
    assert not has_driver(guest, pf.sysfs)
    status = sriov.status(guest, address)
    assert status["state"] == "waiting"
    assert "no driver is let at its VFs until they can be set up by it" in status["reason"]
    guest.run(f"ip -n tenant link set {pf.ifname} netns 1")
    guest.wait(f"ls -d {pf.sysfs}/virtfn1/driver", 30, "the driver of a VF")
    sriov.wait_in_sync(guest, address)
    if setting == "vlan: 55":
        assert [vf["vlan_list"][0]["vlan"] for vf in sriov.vfs(guest, pf.ifname)] == [55, 55]


def test_drivers_wait_for_a_pf_that_gives_them_addresses_only_while_it_is_up(guest: Guest) -> None:
    """igbvf_probe() makes an address up where it cannot reach the PF. A boot does not wait for that."""
    pf = guest.pf[0]
    guest.run(f"ip link set {pf.ifname} down")
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 2
          vf-defaults: {{mac: stable}}
        """,
        "boot-wait: 120s",
    )
    guest.run("timeout 60 systemctl start sriovd.service")
    guest.run("sleep 7")
    assert sriov.numvfs(guest, pf.sysfs) == 2
    assert not has_driver(guest, pf.sysfs)
    status = sriov.status(guest, pf.ifname)
    assert status["state"] == "degraded"
    assert "none is let at a VF until it is up; 'pf-up: true' brings it up" in status["reason"]
    guest.run(f"ip link set {pf.ifname} up")
    guest.wait(f"ls -d {pf.sysfs}/virtfn1/driver", 30, "the driver of a VF")
    sriov.wait_in_sync(guest, pf.ifname)
    guest.run("udevadm settle")
    for index, vf in enumerate(sriov.vfs(guest, pf.ifname)):
        own = guest.read(f"{pf.sysfs}/virtfn{index}/net/{pf.ifname}v{index}/address")
        assert own.strip() == vf["address"]
    assert guest.read(f"{pf.sysfs}/sriov_drivers_autoprobe").strip() == "1"


@pytest.mark.long
def test_a_rule_by_name_goes_on_while_the_pf_is_away_in_a_hold(guest: Guest) -> None:
    """The PF is down, so drivers are held; then its network device goes, and its name with it."""
    pf = guest.pf[0]
    address = pf.sysfs.rpartition("/")[2]
    guest.run(f"ip link set {pf.ifname} down")
    rule = f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 2
          vf-defaults: {{mac: stable, vlan: 55}}
        """
    sriov.policy(guest, rule, "resync: 1s")
    sriov.start(guest)
    guest.wait(f"test -e /run/sriovd/pci-{address}.hold", 30, "drivers to be held")
    guest.wait(f"grep -qx 2 {pf.sysfs}/sriov_numvfs", 30, "VFs")
    guest.run(f"ip netns add tenant; ip link set {pf.ifname} netns tenant; systemctl restart sriovd")
    guest.run("sleep 8")
    assert not has_driver(guest, pf.sysfs)
    status = sriov.status(guest, address)
    assert status["state"] == "waiting"
    assert "no driver is let at its VFs until they can be set up by it" in status["reason"]
    guest.run(f"ip -n tenant link set {pf.ifname} netns 1; ip link set {pf.ifname} up")
    guest.wait(f"ls -d {pf.sysfs}/virtfn1/driver", 30, "the driver of a VF")
    sriov.wait_in_sync(guest, pf.ifname)
    assert [vf["vlan_list"][0]["vlan"] for vf in sriov.vfs(guest, pf.ifname)] == [55, 55]


def test_an_unsupported_setting_keeps_no_other_back(guest: Guest) -> None:
    """igb knows no link-state: it is named, once, and everything else is there."""
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 4
          pf-up: true
          vf-defaults: {{vlan: 9, link-state: enable, trust: true}}
        """,
    )
    sriov.start(guest)
    sriov.wait_logged(guest, "degraded")
    for vf in sriov.vfs(guest, pf.ifname):
        sriov.assert_has(vf, {"vlan_list": [{"vlan": 9}], "trust": True})
    guest.run("systemctl kill -s HUP sriovd; sleep 2")
    told = sriov.wait_logged(guest, "VF 0: link-state enable: not supported by the driver (EOPNOTSUPP)")
    assert "and so for 3 more VFs" in told.splitlines()[0]
    assert len([line for line in told.splitlines() if "degraded:" not in line]) == 1


def test_a_rate_waits_for_the_link(guest: Guest) -> None:
    """igb refuses a rate while the link is down; it is written when the link comes."""
    pf = guest.pf[0]
    guest.set_link(pf, False)
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 1
          pf-up: true
          vf-defaults: {{max-tx-rate: 300, trust: true}}
        """,
    )
    sriov.start(guest)
    sriov.wait_logged(guest, "waiting: VF 0: max-tx-rate 300 Mbit/s: refused while the link is down")
    sriov.assert_has(sriov.vfs(guest, pf.ifname)[0], {"trust": True})
    guest.set_link(pf, True)
    sriov.wait_vf(guest, pf.ifname, 0, "max_tx_rate 300Mbps")
    sriov.wait_in_sync(guest, pf.ifname)
