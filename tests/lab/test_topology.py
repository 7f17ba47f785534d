# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl topology shows the ports, the cards and the users that there are."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree
from pathlib import Path
from typing import Any

import sriov
from guest import Guest

SVG = "{http://www.w3.org/2000/svg}"


def topology(guest: Guest) -> dict[str, Any]:
    return json.loads(guest.run("sriovctl topology --json").out)


def group(guest: Guest, address: str) -> int:
    """As the kernel has it."""
    return int(guest.run(f"basename $(realpath /sys/bus/pci/devices/{address}/iommu_group)").out)


def give_to_vfio(guest: Guest, address: str) -> None:
    guest.run(
        f"modprobe vfio-pci; echo {address} > /sys/bus/pci/devices/{address}/driver/unbind; "
        f"echo vfio-pci > /sys/bus/pci/devices/{address}/driver_override; "
        f"echo {address} > /sys/bus/pci/drivers_probe; udevadm settle"
    )


def hold(guest: Guest, address: str) -> None:
    """A program has the VF open, as QEMU has it."""
    guest.push(Path(os.environ["SRIOVD_HELPERS"]) / "hold-vfio", "/usr/local/bin/hold-vfio")
    sriov.wait_held(guest, guest.spawn("hold", f"exec hold-vfio {address}"))


def check_what_anybody_is_told(guest: Guest, told: dict[str, Any]) -> None:
    """The same ports and groups. Who uses a VF may not be told, which makes none of them free."""
    said = guest.run("setpriv --reuid 65534 --clear-groups sriovctl topology --json").out
    for port, known in zip(json.loads(said)["topology"], told["topology"]):
        assert port["address"] == known["address"]
        assert "acs" in known and "acs" not in port, (port, known)
        [card], [known_card] = port["below"], known["below"]
        for vf, known_vf in zip(card["virtual-functions"], known_card["virtual-functions"]):
            assert vf["iommu-group"] == known_vf["iommu-group"]
            assert "holder" in vf or "holder" not in known_vf, (vf, known_vf)


def test_ports_cards_and_who_has_vfs(guest: Guest) -> None:
    for pf, n in zip(guest.pf, (7, 2)):
        guest.run(f"ip link set {pf.ifname} up; echo {n} > {pf.sysfs}/sriov_numvfs")
    guest.run("udevadm settle")
    held = f"{guest.pf[0].address[:-4]}10.0"
    give_to_vfio(guest, held)
    hold(guest, held)
    told = topology(guest)
    assert (told["notes"], told["iommu"]) == ([], True), told
    for pf, port, n in zip(guest.pf, told["topology"], (7, 2)):
        assert port["kind"] == "root-port", told
        assert port["address"] == guest.run(f"basename $(realpath {pf.sysfs}/..)").out.strip()
        [card] = port["below"]
        assert (card["name"], card["driver"], card["totalvfs"]) == (pf.ifname, "igb", 7)
        assert "82576" in card["model"]
        assert card["iommu-group"] == group(guest, pf.address)
        assert len(card["virtual-functions"]) == n
        for vf in card["virtual-functions"]:
            assert vf["iommu-group"] == group(guest, vf["address"])
            assert vf["iommu-group-shared"] is False
    first, *others = told["topology"][0]["below"][0]["virtual-functions"]
    assert (first["address"], first["driver"], first["use"]) == (held, "vfio-pci", "vfio")
    assert first["holder"].startswith("vfio, by hold-vfio (pid "), first
    assert {vf.get("driver") for vf in others} == {"igbvf"}
    assert not [vf for vf in others if "holder" in vf], others

    text = guest.run("sriovctl topology").out
    assert "VFs 1-6" in text, text
    assert "vfio, by hold-vfio (pid " in text, text
    guest.run("sriovctl topology --svg /root/topology.svg")
    picture = guest.read("/root/topology.svg")
    cells = [
        element.text
        for element in xml.etree.ElementTree.fromstring(picture).iter(f"{SVG}title")
        if (element.text or "").startswith("VF ")
    ]
    assert len(cells) == 9, picture
    assert "in use: vfio, by hold-vfio" in (cells[0] or ""), cells
    check_what_anybody_is_told(guest, told)
