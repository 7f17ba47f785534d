# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hosts that tests/data/inventory has none of: those whose cards need steps that others do not, and
inventories that cannot be read."""

COMPUTE = ('{hostname: compute-1, machine-id: "0123456789abcdef0123456789abcdef",'
           ' kernel-command-line: quiet sriov=on, product-name: PowerEdge R750}')

# What the policies of tests/data/good name: ens1f0, ens1f1, ens2f0, e6.
FITS = f"""\
inventory: 1
host: {COMPUTE}
physical-functions:
- handle: pci/0000:3b:00.0
  driver: ice
  firmware: "4.40 0x8001c967 1.3534.0"
  interface: ens1f0
  ifindex: 4
  mac: "52:54:00:00:01:01"
  path: "pci-0000:3b:00.0"
  port: p0
  device: "8086:1592"
  numa-node: 0
  totalvfs: 64
  carrier: true
  mtu: 1500
  pf-up: true
  drivers-autoprobe: true
  eswitch: {{mode: legacy}}
  virtual-functions:
  - {{index: 0, address: "0000:3b:11.0", mac: "52:54:00:aa:bb:01", vlan: 7, trust: true,
     spoof-check: false, link-state: auto, min-tx-rate: 0, max-tx-rate: 0, driver: iavf,
     interface: ens1f0v0, ifindex: 20, mtu: 1500}}
  - {{index: 1, address: "0000:3b:11.1", mac: none, vlan: {{id: 100, qos: 3}}, trust: false,
     spoof-check: true, link-state: enable, min-tx-rate: 500, max-tx-rate: 1000, driver: none}}
  - {{index: 2, address: "0000:3b:11.2", mac: none, vlan: none, trust: false, spoof-check: true,
     link-state: disable, min-tx-rate: 0, max-tx-rate: 9000, driver: vfio-pci,
     driver-override: vfio-pci}}
  - {{index: 3, address: "0000:3b:11.3", mac: none, vlan: none, trust: false, spoof-check: true,
     link-state: auto, min-tx-rate: 0, max-tx-rate: 0, driver: iavf, interface: ens1f0v3,
     ifindex: 23, mtu: 9000, altnames: [old-name], settling: true}}
- handle: pci/0000:3b:00.1
  driver: ice
  interface: ens1f1
  ifindex: 5
  altnames: [e6]
  mac: "52:54:00:00:01:02"
  totalvfs: 64
  carrier: false
  mtu: 1500
  pf-up: false
  drivers-autoprobe: true
  virtual-functions: []
- handle: pci/0000:5e:00.0
  driver: mlx5_core
  interface: ens2f0
  ifindex: 6
  mac: "52:54:00:00:02:01"
  device: "15b3:101d"
  path: "pci-0000:3b:00.1"
  port: p1
  numa-node: 0
  totalvfs: 16
  vf-msix-vectors: 40
  carrier: true
  mtu: 9000
  pf-up: true
  drivers-autoprobe: true
  eswitch: {{mode: legacy, inline-mode: none, encap-mode: none}}
  virtual-functions:
  - {{index: 0, address: "0000:5e:00.2", mac: none, vlan: none, trust: false, link-state: auto,
     node-guid: "00:11:22:33:44:55:66:77", port-guid: "00:00:00:00:00:00:00:00",
     msix-vectors: 8, driver: mlx5_core, interface: ens2f0v0, ifindex: 30, mtu: 1500}}
  - {{index: 1, address: "0000:5e:00.3", mac: none, vlan: none, trust: false, link-state: auto,
     msix-vectors: 8, driver: mlx5_core, unmanaged: true}}
"""

# The cards of etc/examples/hypervisor.yaml, without VFs.
EXAMPLE = """\
inventory: 1
host: {hostname: hv-3, machine-id: "0123456789abcdef0123456789abcdef"}
physical-functions:
- {handle: "pci/0000:3b:00.0", driver: ice, interface: ens1f0, ifindex: 4, totalvfs: 128,
   mac: "52:54:00:00:01:01", carrier: true, pf-up: true, mtu: 9000, drivers-autoprobe: true,
   eswitch: {mode: legacy}, vfs: 0, virtual-functions: []}
- {handle: "pci/0000:5e:00.0", driver: i40e, interface: ens2f0np0, altnames: [ens2f0], ifindex: 6,
   totalvfs: 32, carrier: true, pf-up: false, mtu: 1500, drivers-autoprobe: true, vfs: 0,
   virtual-functions: []}
- {handle: "pci/0000:5e:00.1", driver: i40e, interface: ens2f1np1, altnames: [ens2f1], ifindex: 7,
   totalvfs: 32, carrier: true, pf-up: true, mtu: 9000, drivers-autoprobe: true, vfs: 0,
   virtual-functions: []}
"""

# Drivers with habits of their own: switchdev with its VFs bound, with one in use; none while down.
DRIVERS = """\
inventory: 1
host: {hostname: "compute-2", machine-id: not-one}
physical-functions:
- handle: pci/0000:01:00.0
  driver: mlx5_core
  interface: enp1s0np0
  ifindex: 2
  mac: "52:54:00:00:03:01"
  totalvfs: 8
  carrier: true
  mtu: 1500
  pf-up: true
  drivers-autoprobe: true
  eswitch: {mode: switchdev, inline-mode: transport, encap-mode: basic}
  virtual-functions:
  - {index: 0, address: "0000:01:00.2", mac: none, vlan: none, trust: false, driver: mlx5_core,
     holder: it has an address}
  - {index: 1, address: "0000:01:00.3", mac: none, vlan: none, trust: false, driver: mlx5_core}
- {handle: "pci/0000:02:00.0", driver: bnxt_en, interface: enp2s0, ifindex: 3, totalvfs: 4,
   carrier: false, mtu: 1500, pf-up: false, drivers-autoprobe: true, vfs: 0,
   virtual-functions: []}
- handle: pci/0000:03:00.0
  driver: ice
  interface: enp3s0
  ifindex: 8
  totalvfs: 8
  carrier: true
  pf-up: true
  mtu: 1500
  drivers-autoprobe: true
  drivers-held: true
  settling: true
  eswitch: {mode: switchdev}
  virtual-functions:
  - {index: 0, address: "0000:03:01.0", mac: none, vlan: none, trust: false, spoof-check: true,
     link-state: auto, driver: none}
"""

NETDEVSIM = """\
inventory: 1
host: {hostname: sim}
physical-functions:
- handle: netdevsim/netdevsim1
  driver: netdevsim
  interface: eni1np1
  ifindex: 7
  virtual-functions:
""" + "".join(
    f"  - {{index: {i}, mac: none, vlan: {7 if i % 2 else 'none'}, min-tx-rate: 0, max-tx-rate: 0,"
    f" trust: {'true' if i == 30 else 'false'}}}\n" for i in range(512)
)

# Names that are not to reach a terminal as they are; and a device that this host has too, lo.
ODD = """\
inventory: 1
host: {hostname: "odd\\e[31m"}
physical-functions:
- {handle: "pci/0000:01:00.0", driver: "ice\\e[31m", interface: "e\\u202e\\x07", ifindex: 3,
   virtual-functions: [{index: 0, holder: "a \\e[31m VM", interface: "v\\x07", ifindex: 9,
                        driver: odd_driver, trust: true}]}
- {handle: "pci/0000:01:00.1", driver: igb, interface: lo, ifindex: 1, mac: "52:54:00:00:04:01",
   totalvfs: 7, vfs: 0, virtual-functions: []}
"""

INVENTORIES = {
    "fits": FITS,
    "example": EXAMPLE,
    "drivers": DRIVERS,
    "netdevsim": NETDEVSIM,
    "odd": ODD,
    "empty": "inventory: 1\n",
}

# Those that policies of tests/data/good and etc/examples match PFs of.
FIT = ("fits", "example")

# After "inventory: 1\nphysical-functions:\n".
BAD_PFS = {
    "no-handle": "- {driver: ice}\n",
    "handle": "- {handle: nonsense}\n",
    "handle-twice": "- {handle: pci/0000:01:00.0}\n- {handle: pci/0000:01:00.0}\n",
    "key": "- {handle: pci/0000:01:00.0, totalvf: 3}\n",
    "key-of-policy": "- {handle: pci/0000:01:00.0, vf-defaults: {trust: true}}\n",
    "key-twice": "- {handle: pci/0000:01:00.0, driver: a, driver: b}\n",
    "no-ifindex": "- {handle: pci/0000:01:00.0, interface: e0}\n",
    "count": "- {handle: pci/0000:01:00.0, vfs: 3, virtual-functions: []}\n",
    "vf-twice": "- {handle: pci/0000:01:00.0, virtual-functions: [{index: 0}, {index: 0}]}\n",
    "vf-missing": "- {handle: pci/0000:01:00.0, virtual-functions: [{index: 1}]}\n",
    "vf-without": "- {handle: pci/0000:01:00.0, virtual-functions: [{trust: true}]}\n",
    "vf-values": "- {handle: pci/0000:01:00.0, virtual-functions:\n"
                 "   [{index: 0, trust: maybe, vlan: 5000, mac: x, link-state: up, mtu: 1}]}\n",
    "types": "- {handle: [1], driver: {a: b}, ifindex: x, altnames: e0, mac: 1, device: 8086,\n"
             "   numa-node: a, totalvfs: -1, carrier: 3, virtual-functions: {}}\n",
    "mode": "- {handle: pci/0000:01:00.0, mode: enforce, on-resize: force}\n",
    "list": "pci/0000:01:00.0\n",
}  # fmt: skip

BAD = {name: f"inventory: 1\nphysical-functions:\n{text}" for name, text in BAD_PFS.items()} | {
    "nothing": "",
    "version": "inventory: 2\n",
    "no-version": "host: {hostname: a}\n",
    "host-key": "inventory: 1\nhost: {hostnam: a}\n",
    "host-list": "inventory: 1\nhost: [a]\n",
    "syntax": "inventory: 1\nhost: {hostname: 'a}\n",
    "text": "a text\n",
    "policy": "version: 1\nphysical-functions: [{name: a, match: {driver: ice}}]\n",
}
