# SPDX-License-Identifier: LGPL-2.1-or-later
"""Policies that change, contradict or fail while the daemon runs."""

from __future__ import annotations

import machine
import sriov
from guest import Guest


def test_two_rules_on_one_pf(guest: Guest) -> None:
    """Merged in file order, later wins setting by setting; explain says which line it was."""
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: all-cards
          match: {{driver: igb}}
          vfs: 2
          vf-defaults: {{trust: true, vlan: 5}}
        """,
        path="/etc/sriovd/10-all.yaml",
    )
    sriov.policy(
        guest,
        f"""
        - name: this-card
          match: {{pci: "{pf.address}"}}
          vfs: 3
          virtual-functions: [{{index: 1, vlan: 6}}]
        """,
        path="/etc/sriovd/20-one.yaml",
    )
    sriov.start(guest)
    sriov.wait_in_sync(guest, *(pf.ifname for pf in guest.pf))
    vlans = [vf["vlan_list"][0]["vlan"] for vf in sriov.vfs(guest, pf.ifname)]
    assert vlans == [5, 6, 5]
    assert all(vf["trust"] for vf in sriov.vfs(guest, pf.ifname))
    assert sriov.numvfs(guest, guest.pf[1].sysfs) == 2
    explained = guest.run(f"sriovctl explain {pf.ifname} 1").out
    assert "20-one.yaml:" in explained and "10-all.yaml:" in explained
    assert "places are in /etc/sriovd/" in explained


def test_a_rule_that_matches_nothing_is_reported(guest: Guest) -> None:
    sriov.policy(
        guest,
        """
        - name: elsewhere
          match: {interface: ens7f0}
          vfs: 2
        """,
    )
    sriov.start(guest)
    line = sriov.wait_logged(guest, "rule 'elsewhere' matches no PF")
    assert "no interface matches 'ens7f0'; PFs here: enp1s0, enp2s0" in line
    assert "elsewhere" in guest.run("sriovctl status", check=False).out


def test_a_bad_policy_at_reload_changes_nothing(guest: Guest) -> None:
    pf = guest.pf[0]
    rule = f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          pf-up: true
          vfs: 2
        """
    sriov.policy(guest, rule)
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)

    sriov.policy(guest, rule.replace("vfs: 2", "vfs: two"))
    sriov.wait_logged(guest, "the policy was not reloaded")
    assert "/etc/sriovd/lab.yaml:" in sriov.wait_logged(guest, "error:")
    assert guest.run("systemctl reload sriovd", check=False).rc != 0
    assert sriov.numvfs(guest, pf.sysfs) == 2
    guest.run(f"ip link set {pf.ifname} vf 0 vlan 9; systemctl is-active sriovd")

    sriov.policy(guest, rule.replace("vfs: 2", "vfs: 2\n          vf-defaults: {trust: true}"))
    sriov.wait_vf(guest, pf.ifname, 0, "trust on")


def test_a_bad_policy_at_start_touches_nothing(guest: Guest) -> None:
    pf = guest.pf[0]
    guest.write(sriov.POLICY, "version: 1\nphysical-functions: [{name: x, match: {}, vfs: 2}]\n")
    assert guest.run("sriovd --once", check=False).rc == 2
    sriov.start(guest)
    sriov.wait_logged(guest, "nothing is enforced")
    assert sriov.numvfs(guest, pf.sysfs) == 0


def test_an_untrusted_file_is_refused(guest: Guest) -> None:
    guest.write(sriov.POLICY, "version: 1\n", mode=0o666)
    assert guest.run("sriovd --once", check=False).rc == 2
    assert guest.run("sriovctl check", check=False).rc == 2
    assert guest.run(f"sriovctl check {sriov.POLICY}").rc == 0


def test_a_policy_appears_and_goes(guest: Guest) -> None:
    """By inotify; a rule that goes away leaves things as they are."""
    pf = guest.pf[0]
    sriov.start(guest)
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 2
        """,
    )
    sriov.wait_vfs(guest, pf.sysfs, 2)
    sriov.wait_in_sync(guest, pf.ifname)
    guest.run(f"rm {sriov.POLICY}")
    sriov.wait_logged(guest, "policy in force: 0 rules")
    assert sriov.numvfs(guest, pf.sysfs) == 2


def test_another_name_of_the_host(guest: Guest) -> None:
    """The unit must not freeze the name, as ProtectHostname= would."""
    pf = guest.pf[0]
    name = guest.run("uname -n").out.strip()
    guest.write(
        sriov.POLICY,
        "version: 1\nhost: {hostname: compute-17}\nphysical-functions:\n"
        f"- {{name: uplink, match: {{interface: {pf.ifname}}}, vfs: 2}}\n",
    )
    sriov.start(guest)
    line = sriov.wait_logged(guest, "not for this host: hostname is ")
    assert f"{sriov.POLICY}:2:18: not for this host: hostname is {name}, wanted 'compute-17'" in line
    assert sriov.numvfs(guest, pf.sysfs) == 0
    try:
        guest.run("hostname compute-17")
        sriov.wait_vfs(guest, pf.sysfs, 2)
    finally:
        guest.run(f"hostname {name}")


def test_masking(guest: Guest) -> None:
    """A symlink to /dev/null masks the file of the same name in a later directory."""
    rule = f"""
        - name: uplink
          match: {{interface: {guest.pf[0].ifname}}}
          vfs: 2
        """
    sriov.policy(guest, rule, path="/run/sriovd/50-lab.yaml")
    guest.run("mkdir -p /etc/sriovd; ln -s /dev/null /etc/sriovd/50-lab.yaml; sriovd --once")
    assert sriov.numvfs(guest, guest.pf[0].sysfs) == 0
    guest.run("rm /etc/sriovd/50-lab.yaml; sriovd --once")
    assert sriov.numvfs(guest, guest.pf[0].sysfs) == 2


def test_a_resize_is_refused_by_policy(guest: Guest) -> None:
    pf = guest.pf[0]
    rule = f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          on-resize: refuse
          vfs: 2
        """
    sriov.policy(guest, rule)
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    sriov.policy(guest, rule.replace("vfs: 2", "vfs: 4\n          vf-defaults: {trust: true}"))
    sriov.wait_vf(guest, pf.ifname, 1, "trust on")
    assert guest.run("sriovctl plan", check=False).rc == 4
    assert guest.run("sriovctl status", check=False).rc == 4
    assert sriov.numvfs(guest, pf.sysfs) == 2
    sriov.policy(guest, rule.replace("vfs: 2", "vfs: 4").replace("refuse", "force"))
    sriov.wait_vfs(guest, pf.sysfs, 4)


def test_not_a_vendor_and_a_class(guest: Guest) -> None:
    """All of a vendor's network cards but one, and as many VFs as they can have."""
    pf, spared = guest.pf
    sriov.policy(
        guest,
        f"""
        - name: graphics
          match: {{class: display}}
          vfs: 1
        - name: ports
          match: {{device: "8086:*", class: network, not: {{interface: {spared.ifname}}}}}
          vfs: 64
          at-most: true
        """,
    )
    sriov.start(guest)
    sriov.wait_vfs(guest, pf.sysfs, machine.VFS_PER_PF)
    sriov.wait_in_sync(guest, pf.ifname)
    sriov.wait_logged(guest, "rule 'graphics' matches no PF: no class matches 'display'")
    assert sriov.numvfs(guest, spared.sysfs) == 0
    explained = guest.run(f"sriovctl explain {spared.ifname}").out
    assert f"interface is {spared.ifname}" in explained and "'not' excludes" in explained
    # Without its driver it has no name, and may be the one that is not meant.
    driver = f"{spared.sysfs}/driver"
    try:
        guest.run(f"readlink -f {driver} >/run/lab-driver; echo {spared.address} >{driver}/unbind")
        explained = guest.run(f"sriovctl explain {spared.address}").out
        assert "'not' cannot tell yet whether it is" in " ".join(explained.split())
        assert "no rule matches: it is left alone" in explained
    finally:
        guest.run(f"echo {spared.address} >$(cat /run/lab-driver)/bind")


def test_a_pf_is_ignored(guest: Guest) -> None:
    """Whatever rules say that are read later; and no longer once the file is gone."""
    pf, other = guest.pf
    mine = "/etc/sriovd/00-management.yaml"
    sriov.policy(
        guest,
        """
        - name: ports
          match: {driver: igb}
          mode: enforce
          vfs: 2
          pf-up: true
          vf-defaults: {vlan: 100}
        """,
    )
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname, other.ifname)
    rule = f"- {{name: management, match: {{interface: {pf.ifname}}}, mode: ignore}}\n"
    sriov.policy(guest, rule, path=mine)
    sriov.wait_logged(guest, f"rule 'management' ignores it ({mine}:3)")
    guest.run(f"ip link set {pf.ifname} vf 1 vlan 7; ip link set {other.ifname} vf 1 vlan 7")
    sriov.wait_vf(guest, other.ifname, 1, "vlan 100,")
    guest.run("systemctl restart sriovd; sriovctl resync; sriovctl apply; sriovctl status")
    told = sriov.status(guest, pf.ifname)
    assert [told["state"], told["mode"]] == ["unmanaged", "ignore"]
    assert "rule 'management' ignores it" in told["reason"]
    assert sriov.vfs(guest, pf.ifname)[1]["vlan_list"][0]["vlan"] == 7
    assert "vlan" not in guest.run(f"sriovctl plan {pf.ifname}").out
    guest.run(f"rm {mine}")
    sriov.wait_vf(guest, pf.ifname, 1, "vlan 100,")
