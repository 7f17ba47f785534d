# SPDX-License-Identifier: LGPL-2.1-or-later
"""Policies that want of any PF what plans have steps, refusals and problems for. tests/data/good
has those for the forms that a policy can be written in."""

ANY = '{pci: "*"}'


def rule(body: str, name: str = "any", match: str = ANY) -> str:
    """A rule of which the body, if there is one, is in the form of YAML's flow."""
    return f"- {{name: {name}, match: {match}{', ' if body else ''}{body}}}\n"


def policy(*rules: str, top: str = "") -> str:
    return f"version: 1\n{top}physical-functions:\n{''.join(rules)}"


# Of all PFs there are.
PFS = {
    "vfs-0": "vfs: 0",
    "vfs-2": "vfs: 2",
    "vfs-6": "vfs: 6, vf-defaults: {trust: true, vlan: 9, spoof-check: false, mac: stable}",
    "vfs-half": "vfs: 50%, vf-defaults: {mac: stable}",
    "vfs-max": "vfs: max, on-resize: force",
    "vfs-too-many": "vfs: 1000",
    "resize-refuse": "vfs: 5, on-resize: refuse",
    "resize-refuse-in-use": "vfs: 5, on-resize: refuse-in-use, vf-defaults: {driver: vfio-pci}",
    "resize-force": "vfs: 5, on-resize: force, vf-defaults: {driver: default, trust: true}",
    "switchdev": "eswitch: {mode: switchdev}",
    "switchdev-vfs": "vfs: 4, on-resize: force, eswitch: {mode: switchdev, inline-mode: link}",
    "switchdev-some": "eswitch: {mode: switchdev, inline-mode: transport, encap-mode: basic},"
                      " vf-defaults: {vlan: 5, trust: true, driver: default}",
    "legacy": "eswitch: {mode: legacy, inline-mode: none, encap-mode: none}",
    "pf": "mtu: 9000, pf-up: true, drivers-autoprobe: false",
    "pf-down": "mtu: 1280, pf-up: false, drivers-autoprobe: true, vfs: 3",
    "up-for-vfs": "vfs: 3, pf-up: true, drivers-autoprobe: false, vf-defaults: {driver: default}",
    "observe": "mode: observe, vfs: 3, mtu: 9000, vf-defaults: {trust: true, vlan: 5}",
    "beyond": "virtual-functions: [{index: 200, trust: true}, {index: '0,300', vlan: 3}]",
    "vf-all": "vf-defaults: {vlan: {id: 9, qos: 2, protocol: 802.1ad}, min-tx-rate: 10,"
              " max-tx-rate: 20, spoof-check: false, link-state: disable, query-rss: true,"
              " trust: true, msix-vectors: 4, unmanaged: true, driver: vfio-pci}",
    "vf-none": "vf-defaults: {mac: none, vlan: none, min-tx-rate: 0, max-tx-rate: 0,"
               " spoof-check: true, link-state: auto, query-rss: false, trust: false,"
               " unmanaged: false, driver: none}",
    "vf-each": "virtual-functions: ["
               "{index: 0, mac: '52:54:00:00:00:10', altname: '{rule}-{pf}-vf{index}', mtu: 9000},"
               "{index: 1, vlan: 4095, min-tx-rate: 100, max-tx-rate: 200, driver: default},"
               "{index: 2, link-state: enable, query-rss: true, driver: none},"
               "{index: 3, node-guid: '00:11:22:33:44:55:66:77', msix-vectors: 16}]",
    "vf-later": "vf-defaults: {trust: true, vlan: 1}, virtual-functions: ["
                "{index: all, vlan: 2, max-tx-rate: 100}, {index: 0-1, vlan: 3},"
                "{index: 1-2, vlan: none, trust: false}]",
    "netdev": "vf-defaults: {altname: '{rule}{index}', mtu: 1280, unmanaged: true}",
    "vectors": "vf-defaults: {msix-vectors: 2048}",
    "guids": "virtual-functions: [{index: 0, node-guid: 0x0011223344556677,"
             " port-guid: '00:11:22:33:44:55:66:78'}, {index: 1, driver: mlx5_core}]",
    "nothing-set": "",
}  # fmt: skip

# A key of which no PF has the value, for each.
NOWHERE = (
    "interface: nosuch0", "mac: '52:54:00:ff:ff:ff'", "pci: '0000:ff:00.0'", "path: x",
    "driver: [none-a, none-b]", "device: 'ffff:ffff'", "port: p9", "numa-node: 7",
)  # fmt: skip


def merged() -> str:
    """Rules that win over each other, of which some ask for what makes no sense together."""
    return policy(
        rule("vfs: 4, mtu: 1500, vf-defaults: {min-tx-rate: 500, trust: true, vlan: 3},"
             " virtual-functions: [{index: 0, mac: '52:54:00:00:00:10'}]", "first"),
        rule("mtu: 9000, on-resize: force, vf-defaults: {max-tx-rate: 100},"
             " virtual-functions: [{index: 1, mac: '52:54:00:00:00:10'},"
             " {index: 3, vlan: none}]", "second", "{driver: [ice, igb, mlx5_core]}"),
        rule("mode: observe", "third", "{driver: i40e}"),
        rule("vfs: 3, virtual-functions: [{index: 2, trust: false}]", "fourth", "{driver: ice}"),
    )  # fmt: skip


POLICIES = {name: policy(rule(body)) for name, body in PFS.items()} | {
    "merged": merged(),
    "nowhere": policy(*(rule("vfs: 1", f"r{number}", f"{{{key}}}")
                        for number, key in enumerate(NOWHERE))),
    "near": policy(rule("", "near", "{driver: [ice, igb, mlx5_core], numa-node: 7}")),
    "here": policy(rule("mtu: 1400"), top="host: {hostname: [compute-*, hv-*, lab-3]}\n"),
    "elsewhere": policy(rule("mtu: 1400"), top="host: {machine-id: ['f*'], product-name: X11*}\n"),
    "altname-long": policy(rule("vf-defaults: {altname: '{rule}{rule}{rule}'}", "a" * 60)),
    "escapes": policy(rule("vfs: 2, mtu: 9000", '"\\u00e9\\u202e"')),
    "settings": policy(rule("vf-defaults: {trust: true}"),
                       top="settings: {resync: 5m, boot-wait: 0}\n"),
}  # fmt: skip

# Policies of more than one file, in a directory each.
SEVERAL = {
    "several": {
        "10-a.yaml": policy(rule("vfs: 2, mtu: 9000", "a")),
        "20-b.yaml": policy(rule("vfs: 3, vf-defaults: {vlan: 4}", "b"),
                            top="settings: {resync: 1m}\n"),
        "30-c.yaml": policy(rule("", "c", "{driver: nosuch}")),
        "README": "no policy\n",
    },
    "same-name": {
        "10-a.yaml": policy(rule("vfs: 2", "a")),
        "20-b.yaml": policy(rule("vfs: 3", "a")),
    },
    "one-bad": {
        "10-a.yaml": policy(rule("vfs: 2", "a")),
        "20-b.yaml": policy(rule("vsf: 3", "b")),
        "30-c.yaml": policy(rule("vfs: -1, mtu: 1", "c")),
    },
}
