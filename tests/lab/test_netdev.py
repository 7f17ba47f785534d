# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a VF's own interface on the host is: another name, an MTU, nobody's but its user's."""

from __future__ import annotations

import json

import sriov
from guest import Guest


def rule(defaults: str, vfs: int = 2, more: str = "") -> str:
    return f"""
        - name: uplink
          match: {{interface: enp1s0}}
          pf-up: true
          mtu: 4000
          vfs: {vfs}
          vf-defaults: {{{defaults}}}
          {more}
    """


def begin(guest: Guest, rules: str, settings: str = "resync: 0") -> None:
    sriov.policy(guest, rules, settings)
    sriov.start(guest)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)


def interface(guest: Guest, vf: int) -> dict:
    name = guest.run(f"ls {guest.pf[0].sysfs}/virtfn{vf}/net").out.strip()
    (link,) = json.loads(guest.run(f"ip -j link show {name}").out)
    return link


def test_names_and_mtu(guest: Guest) -> None:
    """From creation on, over re-creation, and without an event of our own."""
    pf = guest.pf[0]
    begin(guest, rule('altname: "{rule}-vf{index}", mtu: 3000'))
    for _ in range(2):
        for vf in range(2):
            link = interface(guest, vf)
            assert f"uplink-vf{vf}" in link["altnames"], link
            assert (link["ifname"], link["mtu"]) == (f"enp1s0v{vf}", 3000), link
        guest.run(
            f"echo {pf.address} > /sys/bus/pci/drivers/igb/unbind;"
            f"echo {pf.address} > /sys/bus/pci/drivers/igb/bind"
        )
        sriov.wait_vfs(guest, pf.sysfs, 2)
        sriov.wait_in_sync(guest, pf.ifname)


def test_drift(guest: Guest) -> None:
    begin(guest, rule('altname: "vf{index}", mtu: 3000'))
    guest.run("udevadm settle; sleep 1; ip link set enp1s0v0 up; sleep 1")
    guest.run("ip link set enp1s0v0 mtu 1500; ip link property del dev enp1s0v1 altname vf1")
    guest.wait("ip -o link show enp1s0v0 | grep 'mtu 3000'", 30, "the MTU to be back")
    guest.run("systemctl kill -s HUP sriovd")  # of a device that is down the kernel tells nothing
    guest.wait("ip link show vf1", 30, "the name to be back")


def test_a_name_while_udev_gives_another(guest: Guest) -> None:
    guest.write(
        "/etc/systemd/network/10-lab.link",
        "[Match]\nDriver=igbvf\n[Link]\nNamePolicy=\nName=tenant\nMTUBytes=2000\n",
    )
    begin(guest, rule('altname: "vf{index}", mtu: 3000', vfs=1))
    guest.run("udevadm settle")
    link = interface(guest, 0)
    assert link["ifname"] == "tenant" and "vf0" in link["altnames"], link


def test_a_name_that_is_taken(guest: Guest) -> None:
    """The VF that cannot have it is named, and keeps nothing back."""
    guest.run("ip link add vf1 type dummy")
    sriov.policy(guest, rule('altname: "vf{index}", trust: true'), "resync: 0")
    sriov.start(guest)
    told = sriov.wait_logged(guest, "degraded: VF 1: altname vf1")
    assert "there is another network device called vf1" in told, told
    assert "vf0" in interface(guest, 0)["altnames"]
    assert all(vf["trust"] for vf in sriov.vfs(guest, "enp1s0"))


def test_in_another_namespace_and_back(guest: Guest) -> None:
    """It is left to who has it, and gets what it lacks by event when it comes back."""
    begin(guest, rule("trust: true"))
    guest.run("udevadm settle; ip netns add tenant; ip link set enp1s0v1 netns tenant; sleep 1")
    assert "network namespace tenant" in guest.run("sriovctl list").out
    sriov.policy(guest, rule('trust: true, altname: "vf{index}"'), "resync: 0")
    guest.wait("ip link show vf0", 30, "the name of the other VF")
    assert guest.run("ip -n tenant link show vf1", check=False).rc != 0
    guest.run("ip -n tenant link set enp1s0v1 netns 1")
    guest.wait("ip link show vf1", 30, "the name of the VF that is back")


def test_a_holder_in_a_namespace_without_a_name(guest: Guest) -> None:
    begin(guest, rule("trust: true"))
    unit = guest.spawn("tenant", "exec unshare -n sleep 1000")
    pid = guest.run(f"systemctl show -P MainPID {unit}").out.strip()
    guest.run(f"udevadm settle; sleep 1; ip link set enp1s0v0 netns {pid}")
    out = guest.run("sriovctl list").out
    assert f"enp1s0v0 is in the network namespace of sleep (pid {pid})" in out, out
    guest.run(f"systemctl stop {unit}")


def nm_states(guest: Guest) -> dict[str, str]:
    lines = guest.run("nmcli -t -f DEVICE,STATE device").out.splitlines()
    return dict(line.split(":", 1) for line in lines)


def wait_nm(guest: Guest, device: str, managed: bool) -> None:
    negation = "! " if managed else ""
    guest.wait(
        f"nmcli -t -f DEVICE,STATE device | grep '^{device}:' &&"
        f" {negation}nmcli -t -f DEVICE,STATE device | grep -x '{device}:unmanaged'",
        30,
        f"NetworkManager to manage {device}: {managed}",
    )


ONE = "virtual-functions: [{{index: 0, unmanaged: {zero}}}, {{index: 1, unmanaged: {one}}}]"


def test_unmanaged_by_network_manager(guest: Guest) -> None:
    guest.run("systemctl start NetworkManager")
    wait_nm(guest, "enp2s0", True)  # it takes a while to begin
    begin(guest, rule("trust: true", more=ONE.format(zero="true", one="false")))
    guest.run("udevadm settle")
    wait_nm(guest, "enp1s0v1", True)
    wait_nm(guest, "enp1s0v0", False)
    log = guest.run("journalctl -b -q -o cat -u NetworkManager").out
    assert "(enp1s0v1): state change: unmanaged ->" in log, log
    assert "(enp1s0v0): state change" not in log, "it was managed for a moment"

    # The other way round: what it has taken on it keeps until the device appears again.
    sriov.policy(
        guest, rule("trust: true", more=ONE.format(zero="false", one="true")), "resync: 0"
    )
    guest.wait(
        "udevadm info -q property -p /sys/class/net/enp1s0v1 | grep -x NM_UNMANAGED=1 &&"
        " ! udevadm info -q property -p /sys/class/net/enp1s0v0 | grep UNMANAGED",
        30,
        "udev to know",
    )
    sriov.wait_in_sync(guest, "enp1s0")
    guest.run(
        "for vf in 0000:01:10.0 0000:01:10.2; do"
        " echo $vf > /sys/bus/pci/drivers/igbvf/unbind;"
        " echo $vf > /sys/bus/pci/drivers/igbvf/bind; done; udevadm settle"
    )
    wait_nm(guest, "enp1s0v0", True)
    wait_nm(guest, "enp1s0v1", False)


def test_unmanaged_by_networkd(guest: Guest) -> None:
    guest.write(
        "/etc/systemd/network/10-lab.network",
        "[Match]\nDriver=igbvf\n[Network]\nLinkLocalAddressing=no\n",
    )
    # Not "networkctl reload": it was seen that networkd of the boot had not found the bus.
    guest.run("systemctl restart systemd-networkd")
    begin(guest, rule("trust: true", more=ONE.format(zero="true", one="false")))
    guest.run("udevadm settle")
    guest.wait("networkctl list | grep 'enp1s0v1 .*configured'", 30, "networkd to have enp1s0v1")
    guest.run("networkctl list | grep 'enp1s0v0 .*unmanaged'")
    assert "UP" in interface(guest, 1)["flags"]
    assert "UP" not in interface(guest, 0)["flags"]

    # The other way round: what it has configured stays until it is asked to look again.
    sriov.policy(
        guest, rule("trust: true", more=ONE.format(zero="false", one="true")), "resync: 0"
    )
    guest.wait("networkctl list | grep 'enp1s0v0 .*configured'", 30, "networkd to have enp1s0v0")
    guest.run("networkctl reconfigure enp1s0v1")
    guest.wait("networkctl list | grep 'enp1s0v1 .*unmanaged'", 30, "networkd to give it up")


def test_the_note_of_an_unmanaged_vf_ends_with_its_card(guest: Guest) -> None:
    """Another card at the same address inherits nothing."""
    pf = guest.plug_pf("spare")
    vf = f"/sys/bus/pci/devices/{pf.address[:-4]}10.0"
    sriov.policy(
        guest,
        f"""
        - name: spare
          match: {{pci: "{pf.address}"}}
          pf-up: true
          vfs: 1
          vf-defaults: {{unmanaged: true}}
        """,
    )
    guest.run("sriovd --once; udevadm settle")
    query = f"udevadm info -q property -p {vf}/net/*"
    assert "SRIOVD_UNMANAGED=1" in guest.run(query).out
    # The VF is created again by others: still this card's.
    guest.run(f"echo 0 > {pf.sysfs}/sriov_numvfs; echo 1 > {pf.sysfs}/sriov_numvfs; udevadm settle")
    assert "SRIOVD_UNMANAGED=1" in guest.run(query).out

    guest.unplug_pf("spare")
    guest.run("udevadm settle")
    guest.plug_pf("spare")
    guest.run(f"ip link set {pf.ifname} up; echo 1 > {pf.sysfs}/sriov_numvfs; udevadm settle")
    assert "UNMANAGED" not in guest.run(query).out
