# SPDX-License-Identifier: LGPL-2.1-or-later
"""The package is installed, upgraded, removed and purged on a host whose VFs are in use.

SRIOVD_PACKAGES is a directory with what `packaging/build deb` makes. While a scenario goes on the guest
has that in place of the tree that it has otherwise.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sriov
from guest import Guest

pytestmark = pytest.mark.long

VFS = ["0000:01:10.0", "0000:01:10.2", "0000:01:10.4"]

RULE = """
    - name: uplink
      match: {{interface: enp1s0}}
      vfs: {vfs}
      vf-defaults: {{vlan: 100}}
"""

BROKEN = "version: 1\nphysical-functions: [{name: uplink, vsf: 2}]\n"


@pytest.fixture
def package(guest: Guest) -> Iterator[Path]:
    """The package, for a guest that has nothing of sriovd."""
    if "SRIOVD_PACKAGES" not in os.environ:
        pytest.skip("SRIOVD_PACKAGES does not say where the packages are")
    (package,) = Path(os.environ["SRIOVD_PACKAGES"]).glob("sriovd_*.deb")
    tree = os.environ["SRIOVD_DESTDIR"]
    guest.run("systemctl stop 'sriovd*'")
    guest.uninstall(tree)
    yield package
    guest.run("dpkg --purge sriovd", timeout=180)
    guest.install(tree)


def install(guest: Guest, package: Path) -> None:
    guest.push(package, f"/tmp/{package.name}")
    # Debian's frontend is asked nothing; a conffile that was changed would end this.
    guest.run(f"dpkg -i /tmp/{package.name} </dev/null", timeout=300)


def later(package: Path, directory: Path) -> Path:
    """The same with a higher version: what an upgrade does with files and services is the same."""
    tree = directory / "tree"
    subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^(Version: .*)$", r"\1+later", control.read_text()))
    result = directory / "later.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", tree, result], check=True)
    return result


def is_installed(guest: Guest) -> str:
    return guest.run("dpkg-query -W -f '${db:Status-Status} ${Version}' sriovd", check=False).out


def main_pid(guest: Guest, unit: str = sriov.UNIT) -> str:
    return guest.run(f"systemctl show -P MainPID {unit}").out.strip()


def links(guest: Guest, namespace: str) -> list[tuple[Any, ...]]:
    """The interfaces of a namespace with the addresses that were given to them."""
    return [
        (link["ifindex"], link["ifname"], link["address"],
         [info["local"] for info in link["addr_info"] if info["scope"] == "global"])
        for link in json.loads(guest.run(f"ip -n {namespace} -j address").out)
    ]  # fmt: skip


def vfs(guest: Guest) -> dict[str, Any]:
    """All by which somebody who uses one of the VFs would notice that it is another."""
    return {
        "count": sriov.numvfs(guest, guest.pf[0].sysfs),
        "devices": guest.run(f"cd /sys/bus/pci/devices; stat -L -c '%n %i' {' '.join(VFS)}").out,
        "drivers": guest.run(f"cd /sys/bus/pci/devices; readlink {'/driver '.join(VFS)}/driver").out,
        "addresses": [vf["address"] for vf in sriov.vfs(guest, guest.pf[0].ifname)],
        "tenant": links(guest, "tenant"),
        "pod": links(guest, "pod"),
        "machine": main_pid(guest, "lab-machine"),
        "open": guest.run(f"ls -l /proc/{main_pid(guest, 'lab-machine')}/fd | grep -c vfio").out,
    }


@pytest.fixture
def in_use(package: Path, guest: Guest) -> dict[str, Any]:
    """Three VFs that somebody made by hand: vfio has one, a namespace another, and on the third there
    is a macvlan that is in a namespace. Returns vfs()."""
    guest.push(Path(os.environ["SRIOVD_HELPERS"]) / "hold-vfio", "/usr/local/bin/hold-vfio")
    guest.run(
        f"""
        ip link set enp1s0 up
        echo 3 > {guest.pf[0].sysfs}/sriov_numvfs
        for vf in 0 1 2; do ip link set enp1s0 vf $vf mac 52:54:00:aa:00:0$vf; done
        udevadm settle
        modprobe vfio-pci
        echo {VFS[0]} > /sys/bus/pci/devices/{VFS[0]}/driver/unbind
        echo vfio-pci > /sys/bus/pci/devices/{VFS[0]}/driver_override
        echo {VFS[0]} > /sys/bus/pci/drivers_probe
        ip netns add tenant; ip link set enp1s0v1 netns tenant
        ip -n tenant address add 192.0.2.1/24 dev enp1s0v1; ip -n tenant link set enp1s0v1 up
        ip netns add pod; ip link set enp1s0v2 up
        ip link add pod0 link enp1s0v2 type macvlan mode bridge; ip link set pod0 netns pod
        ip -n pod address add 198.51.100.1/24 dev pod0; ip -n pod link set pod0 up
        """
    )
    sriov.wait_held(guest, guest.spawn("machine", f"exec hold-vfio {VFS[0]}"))
    found = vfs(guest)
    assert found["count"] == 3 and found["machine"] != "0" and int(found["open"]) > 0, found
    assert "vfio-pci" in found["drivers"] and "igbvf" in found["drivers"], found
    assert [link[3] for link in found["tenant"] + found["pod"] if link[3]] == [
        ["192.0.2.1"], ["198.51.100.1"]
    ], found  # fmt: skip
    return found


def test_no_vf_notices_that_it_is_installed_upgraded_removed_and_purged(
    guest: Guest, package: Path, in_use: dict[str, Any], tmp_path: Path
) -> None:
    pf = guest.pf[0]
    install(guest, package)
    assert guest.run("systemctl is-active sriovd; systemctl is-enabled sriovd").out.split() == [
        "active", "enabled"
    ]  # fmt: skip
    assert guest.run("journalctl -b -q -o cat -p notice -u 'sriovd*'").out == "", "it has no policy"
    for unit in ["sriovd-metrics.socket", "sriovd-textfile.timer"]:
        asked = guest.run(f"systemctl is-active {unit} || :; systemctl is-enabled {unit} || :")
        assert asked.out.split() == ["inactive", "disabled"], unit
    assert vfs(guest) == in_use

    sriov.policy(guest, RULE.format(vfs=3))
    sriov.wait_vf(guest, pf.ifname, 2, "vlan 100")
    sriov.wait_in_sync(guest, pf.ifname)
    # What the daemon would do if it could, an upgrade is not to do.
    sriov.policy(guest, RULE.format(vfs=5))
    guest.wait("sriovctl status; [ $? = 4 ]", 60, "the PF to be blocked")
    before = main_pid(guest)
    install(guest, later(package, tmp_path))
    assert is_installed(guest).endswith("+later")
    assert main_pid(guest) not in ("0", before), "the daemon is the new one"
    guest.wait("sriovctl status; [ $? = 4 ]", 60, "the PF to be blocked")
    assert vfs(guest) == in_use

    guest.run("dpkg --remove sriovd", timeout=180)
    assert is_installed(guest).startswith("config-files ")
    assert guest.run("systemctl list-units --no-legend --plain 'sriovd*'").out == ""
    assert guest.run("test -e /usr/bin/sriovctl", check=False).rc == 1
    assert "vfs: 5" in guest.read("/var/lib/sriovd/last-good/etc/sriovd/lab.yaml")
    assert vfs(guest) == in_use

    guest.run("dpkg --purge sriovd", timeout=180)
    assert is_installed(guest) == ""
    left = guest.run(
        "find /etc /usr /var/lib -xdev -iname '*sriov*' ! -path '/usr/lib/modules/*'"
        " ! -path '/usr/share/bash-completion/*' ! -path '/var/lib/dpkg/*'"
    ).out
    assert left == "/etc/sriovd\n", "the policy is the administrator's, all else is gone"
    assert "vfs: 5" in guest.read(sriov.POLICY)
    assert vfs(guest) == in_use


def test_a_newer_one_goes_on_with_what_the_older_one_kept(
    guest: Guest, package: Path, tmp_path: Path
) -> None:
    """The last good policy, what VFs were given once, and which PF is paused."""
    pf, paused = guest.pf[:2]
    install(guest, package)
    sriov.policy(
        guest,
        f"""
        - name: uplinks
          match: {{interface: [{pf.ifname}, {paused.ifname}]}}
          pf-up: true
          vfs: 2
          vf-defaults: {{vlan: 100}}
          virtual-functions: [{{index: 0, vlan: 7, enforce: at-creation}}]
        """,
    )
    sriov.wait_in_sync(guest, pf.ifname, paused.ifname)
    guest.run(f"ip link set {pf.ifname} vf 0 vlan 8; sriovctl pause {paused.ifname} 1h")
    guest.wait("grep -r 'vfs: 2' /var/lib/sriovd/last-good", 10, "the last good policy to be kept")
    guest.write(sriov.POLICY, BROKEN)
    sriov.wait_logged(guest, "the policy was not reloaded")
    guest.run(f"ip link set {paused.ifname} vf 1 vlan 9; ip link set {pf.ifname} vf 1 vlan 9")

    install(guest, later(package, tmp_path))
    sriov.wait_vf(guest, pf.ifname, 1, "vlan 100")
    guest.run("udevadm settle; sriovctl resync; sleep 2")
    assert "the last good policy, of 20" in guest.run("systemctl show -P StatusText sriovd").out
    assert [vf["vlan_list"][0]["vlan"] for vf in sriov.vfs(guest, pf.ifname)] == [8, 100], "given once"
    assert [vf["vlan_list"][0]["vlan"] for vf in sriov.vfs(guest, paused.ifname)] == [7, 9]
    assert sriov.status(guest, paused.ifname)["reason"].startswith("paused until ")


def test_once_it_is_installed_it_works_at_each_boot(guest: Guest, package: Path) -> None:
    pf = guest.pf[0]
    sriov.policy(guest, RULE.format(vfs=2))
    install(guest, package)
    sriov.wait_vfs(guest, pf.sysfs, 2)
    guest.run("sync")
    guest.reboot()
    assert sriov.numvfs(guest, pf.sysfs) == 2
    sriov.wait_vf(guest, pf.ifname, 1, "vlan 100")
    guest.run("dpkg --remove sriovd", timeout=180)
    guest.run("sync")
    guest.reboot()
    assert sriov.numvfs(guest, pf.sysfs) == 0
    assert guest.run("systemctl --failed --no-legend --plain").out == ""
