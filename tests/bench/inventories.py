#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes up a fleet: inventories.py COUNT DIRECTORY writes DIRECTORY/hosts, COUNT inventories as
sriovctl inventory prints them, and DIRECTORY/policy, the policy for all of them. The same count
gives the same files.

Of 100 hosts 90 are in sync, 7 have drifted, one is new and has no VFs yet, one is blocked by a VM,
one has a part of the policy that makes no sense there.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

POLICIES = {
    "10-compute.yaml": """\
version: 1
host:
  hostname: "compute-*"
physical-functions:
  - name: uplinks
    match: {driver: ice}
    vfs: 8
    mtu: 9000
    vf-defaults:
      trust: false
      spoof-check: true
      link-state: auto
    virtual-functions:
      - index: "0-3"
        vlan: 100
      - index: "4-7"
        vlan: {id: 200, qos: 3}
        max-tx-rate: 2000
""",
    "20-storage.yaml": """\
version: 1
host:
  product-name: ["PowerEdge R7*", "ProLiant*"]
  hostname: "storage-*"
physical-functions:
  - name: storage
    match:
      driver: mlx5_core
      device: "15b3:101d"
    vfs: 4
    vf-defaults: {vlan: 300, spoof-check: true, trust: true}
""",
    "30-edge.yaml": """\
version: 1
host:
  kernel-command-line: "sriov=edge"
physical-functions:
  - name: edge
    match: {interface: ["ens?", "enp1s0f*"]}
    vfs: 7
    vf-defaults: {trust: false, spoof-check: true}
    virtual-functions:
      - {index: "0,2,4,6", vlan: 10}
      - {index: "1,3,5", vlan: 20}
""",
}


@dataclass(frozen=True)
class Kind:
    """What the hosts of a kind have, twice."""

    name: str
    product: str
    arguments: str
    driver: str
    device: str
    interface: str
    totalvfs: int
    mtu: int
    vlans: tuple[str, ...]  # of each VF
    rates: tuple[int, ...]
    trust: str


KINDS = {
    "compute": Kind("compute", "PowerEdge R750", "", "ice", "8086:1592", "ens1f{}np{}", 128, 9000,
                    ("100",) * 4 + ("{id: 200, qos: 3, protocol: 802.1Q}",) * 4,
                    (0,) * 4 + (2000,) * 4, "false"),
    "storage": Kind("storage", "ProLiant DL380 Gen10", "", "mlx5_core", "15b3:101d", "ens2f{}np{}",
                    16, 1500, ("300",) * 4, (0,) * 4, "true"),
    "edge": Kind("edge", "X11SDV-4C-TP8F", " sriov=edge", "igb", "8086:10c9", "enp1s0f{}", 7, 1500,
                 ("10", "20", "10", "20", "10", "20", "10"), (0,) * 7, "false"),
}  # fmt: skip


MIX = ("compute",) * 7 + ("storage",) * 2 + ("edge",)


def vf(kind: Kind, number: int, port: int, index: int, fault: int) -> str:
    vlan = "4" if 90 <= fault < 95 and index == fault % 4 else kind.vlans[index]
    trust = "true" if 95 <= fault < 97 and kind.trust == "false" else kind.trust
    holder = "    holder: vfio-pci has it open\n" if fault == 98 and index == 1 else ""
    native = {"ice": "iavf", "igb": "igbvf"}.get(kind.driver, kind.driver)
    bound = "vfio-pci" if index % 2 else native
    return f"""\
  - index: {index}
    reported: true
    address: "0000:3b:{1 + port:02x}.{index}"
{holder}    mac: "52:54:{number >> 8 & 255:02x}:{number & 255:02x}:{port:02x}:{index:02x}"
    vlan: {vlan}
    min-tx-rate: 0
    max-tx-rate: {kind.rates[index]}
    spoof-check: true
    link-state: auto
    trust: {trust}
    driver: {bound}
"""


def pf(kind: Kind, number: int, port: int, fault: int) -> str:
    n_vfs = {97: 0, 98: 2}.get(fault, len(kind.vlans))
    total = n_vfs - 1 if fault == 99 else kind.totalvfs
    if fault == 99:  # a card that cannot have as many
        n_vfs = 0
    name = kind.interface.format(port, port)
    head = f"""\
- handle: pci/0000:3b:00.{port}
  address: "0000:3b:00.{port}"
  driver: {kind.driver}
  interface: {name}
  ifindex: {4 + port}
  altnames:
  - {name}a
  - enp59s0f{port}
  mac: b4:96:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}:0{port}
  path: pci-0000:3b:00.{port}
  port: p{port}
  device: "{kind.device}"
  numa-node: 0
  totalvfs: {total}
  carrier: true
  vfs: {n_vfs}
  pf-up: true
  mtu: {kind.mtu}
  drivers-autoprobe: true
  eswitch:
    mode: legacy
"""
    vfs = "".join(vf(kind, number, port, index, fault) for index in range(n_vfs))
    return head + (f"  virtual-functions:\n{vfs}" if vfs else "  virtual-functions: []\n")


def host(number: int) -> tuple[str, str]:
    """Name and inventory of a host."""
    kind = KINDS[MIX[number % len(MIX)]]
    fault = number // 10 % 100
    name = f"{kind.name}-{number:05}"
    head = f"""\
# The SR-IOV devices of a host as sriovctl inventory found them, for sriovctl plan
# --inventory FILE. The format, of version 2, is described in sriovctl(1).
inventory: 2
host:
  hostname: {name}
  machine-id: "{number:032x}"
  kernel-command-line: BOOT_IMAGE=/vmlinuz root=/dev/sda2 ro intel_iommu=on{kind.arguments}
  product-name: {kind.product}
physical-functions:
"""
    return name, head + "".join(pf(kind, number, port, fault if port else 0) for port in (0, 1))


def bare(pfs: int) -> str:
    """A host with cards that have no VFs yet."""
    return "inventory: 2\nhost:\n  hostname: bare\nphysical-functions:\n" + "".join(
        f"""\
- handle: pci/0000:{number:02x}:00.0
  address: "0000:{number:02x}:00.0"
  driver: igb
  interface: ens{number}
  ifindex: {number + 2}
  device: "8086:10c9"
  totalvfs: 8
  carrier: true
  mtu: 1500
  vfs: 0
  pf-up: true
  drivers-autoprobe: true
  virtual-functions: []
"""
        for number in range(pfs)
    )


def make(count: int, directory: Path) -> None:
    hosts, policy = directory / "hosts", directory / "policy"
    hosts.mkdir(parents=True)
    policy.mkdir()
    for name, text in POLICIES.items():
        (policy / name).write_text(text, encoding="utf-8")
    for number in range(count):
        name, text = host(number)
        (hosts / f"{name}.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]))
