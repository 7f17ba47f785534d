# SPDX-License-Identifier: LGPL-2.1-or-later
"""Words of other tools in a policy: each gets the hint that leads to ours."""

from harness import Case, USAGE, main

RULE = """version: 1
physical-functions:
- name: a
  match: {interface: "ens*"}
"""

VF = "under 'vf-defaults' or in an entry of 'virtual-functions'"
ID = "write vlan: 1"
QOS = "'qos' belongs under 'vlan', beside 'id'"
PROTOCOL = "'protocol' belongs under 'vlan', beside 'id'"
TRUNK = ("a VF has one VLAN: the kernel knows no trunks here; with 'vlan: none' it sees and sends "
         "tagged frames itself")
ESWITCH = "'mode' belongs under 'eswitch'"
DEVICE = "'device' is vendor and device, four digits each, such as \"8086:1592\""
RULES = "rules are a list under 'physical-functions'"

# Where a line stands, with what comes before it.
PLACES = {
    "top": "version: 1\n",
    "rule": RULE + "  ",
    "match": RULE.replace('  match: {interface: "ens*"}\n', "  match:\n    interface: x\n    "),
    "defaults": RULE + "  vf-defaults:\n    ",
    "index": RULE + "  virtual-functions:\n  - index: ",
    "entry": RULE + "  virtual-functions:\n  - index: 0\n    ",
}

KEYS = [
    # sysfs
    ("rule", "sriov_numvfs", "did you mean 'vfs'?"),
    ("rule", "sriov_totalvfs", "did you mean 'vfs'?"),
    ("rule", "sriov_drivers_autoprobe", "did you mean 'drivers-autoprobe'?"),
    ("defaults", "driver_override", "did you mean 'driver'?"),
    ("entry", "sriov_vf_msix_count", "did you mean 'msix-vectors'?"),
    # ip-link(8)
    ("rule", "num-vfs", "did you mean 'vfs'?"),
    ("rule", "vf-count", "did you mean 'vfs'?"),
    ("rule", "up", "did you mean 'pf-up'?"),
    ("entry", "vf", "did you mean 'index'?"),
    ("entry", "qos", QOS),
    ("entry", "proto", PROTOCOL),
    ("entry", "rate", "did you mean 'max-tx-rate'?"),
    ("entry", "max_tx_rate", "did you mean 'max-tx-rate'?"),
    ("entry", "min_tx_rate", "did you mean 'min-tx-rate'?"),
    ("entry", "tx-rate", "did you mean 'max-tx-rate'?"),
    ("entry", "spoofchk", "did you mean 'spoof-check'?"),
    ("entry", "query_rss", "did you mean 'query-rss'?"),
    ("entry", "state", "did you mean 'link-state'?"),
    ("entry", "node_guid", "did you mean 'node-guid'?"),
    ("entry", "guid", "a VF has a 'node-guid' and a 'port-guid'"),
    ("entry", "promisc", "'trust: true' lets a VF ask its driver for that"),
    ("defaults", "trunk", TRUNK),
    ("rule", "state", f"'link-state' belongs {VF}"),
    ("rule", "hwaddr", f"'mac' belongs under 'match', or {VF}"),
    # systemd.link(5)
    ("rule", "SR-IOVVirtualFunctions", "did you mean 'vfs'?"),
    ("entry", "MACSpoofCheck", "did you mean 'spoof-check'?"),
    ("entry", "QueryReceiveSideScaling", "did you mean 'query-rss'?"),
    ("entry", "LinkState", "did you mean 'link-state'?"),
    ("entry", "VLANId", ID),
    ("entry", "QualityOfService", QOS),
    ("entry", "VLANProtocol", PROTOCOL),
    ("entry", "MACAddress", "did you mean 'mac'?"),
    ("match", "OriginalName", "did you mean 'interface'?"),
    ("match", "PermanentMACAddress", "did you mean 'mac'?"),
    # netplan
    ("top", "network", RULES),
    ("top", "ethernets", RULES),
    ("rule", "virtual-function-count", "did you mean 'vfs'?"),
    ("rule", "embedded-switch-mode", ESWITCH),
    ("rule", "delay-virtual-functions-rebind",
     "delete it: drivers are always let at VFs only once these are configured"),
    ("match", "name", "did you mean 'interface'?"),
    ("match", "macaddress", "did you mean 'mac'?"),
    ("rule", "set-name", "nothing is renamed; 'altname' gives a VF one more name"),
    # nmstate
    ("top", "interfaces", RULES),
    ("rule", "sr-iov", "its keys stand in the rule itself"),
    ("rule", "total-vfs", "did you mean 'vfs'?"),
    ("entry", "mac-address", "did you mean 'mac'?"),
    ("entry", "vlan-id", ID),
    ("entry", "vlan-proto", PROTOCOL),
    ("entry", "id", "did you mean 'index'?"),
    # devlink(8)
    ("rule", "eswitch-mode", ESWITCH),
    # libvirt and the operators of Kubernetes
    ("entry", "hostdev", "VFs for guests have 'driver: vfio-pci'"),
    ("entry", "bandwidth", "did you mean 'max-tx-rate'?"),
    ("rule", "numVfs", "did you mean 'vfs'?"),
    ("match", "pfNames", "did you mean 'interface'?"),
    ("match", "rootDevices", "did you mean 'pci'?"),
    ("match", "vendor", "'device' is vendor and device: \"8086:*\" is all of a vendor"),
    ("match", "exclude", "did you mean 'not'?"),
    ("rule", "not", "'not' belongs under 'match'"),
    ("match", "deviceID", DEVICE),
    ("match", "address",
     "'mac' is the permanent address of the interface, 'pci' that of the card"),
    ("entry", "address", "did you mean 'mac'?"),
    ("match", "perm-mac", "did you mean 'mac'?"),
    # udev
    ("match", "KERNEL", "did you mean 'interface'?"),
    ("match", "ID_PATH", "did you mean 'path'?"),
    # what people write
    ("rule", "num-virtual-functions", "did you mean 'vfs'?"),
    ("rule", "max_vfs", "did you mean 'vfs'?"),
    ("rule", "autoprobe-drivers", "did you mean 'drivers-autoprobe'?"),
    ("entry", "VirtualFunction", "did you mean 'index'?"),
    ("entry", "msix", "did you mean 'msix-vectors'?"),
    ("entry", "vectors", "did you mean 'msix-vectors'?"),
    ("entry", "macspoofchk", "did you mean 'spoof-check'?"),
    ("entry", "link", "did you mean 'link-state'?"),
    ("match", "link", "did you mean 'interface'?"),
    ("match", "interface-name", "did you mean 'interface'?"),
]

VALUES = [
    ("entry", "max-tx-rate: 10Gbit", "in Mbit/s: 10000"),
    ("entry", "max-tx-rate: 10 Gbit/s", "in Mbit/s: 10000"),
    ("entry", "min-tx-rate: 500M", "in Mbit/s: 500"),
    ("rule", "mtu: 50%", "no share of anything can be said here; write it in bytes"),
    ("entry", "max-tx-rate: 500kbit", "write a whole number, in Mbit/s"),
    ("entry", "max-tx-rate: 10GB/s", "write a whole number, in Mbit/s"),
    ("rule", "mtu: 9K", "in bytes: 9000"),
    ("entry", 'vlan: "100-200"', TRUNK),
    ("entry", "vlan: 100,200", TRUNK),
    ("entry", "vlan: trunk", TRUNK),
    ("entry", "vlan: untagged", "write none"),
    ("entry", "link-state: yes", "write enable"),
    ("entry", "link-state: up", "write enable"),
    ("entry", "link-state: Down", "write disable"),
    ("entry", "link-state: follow", "write auto"),
    ("entry", "mac: random", "write stable, or leave the key out"),
    ("defaults", "vlan: {id: 5, proto: 802.1q}", "did you mean 'protocol'?"),
    ("defaults", "vlan: {id: 5, priority: 3}", "did you mean 'qos'?"),
    ("defaults", "driver: null", "write none; or delete the key: what is not named is left alone"),
    ("match", "device: 0x8086:0x1592", 'write "8086:1592"'),
    ("match", "numa-node: 0-1", "write [0, 1]"),
    ("match", "numa-node: 0,2", "write [0,2]"),
    ("index", '"*"', "write all"),
    ("index", "All", "write all"),
    ("rule", "mode: switchdev", "that is the eswitch's: write eswitch: {mode: switchdev}"),
]


LIST = "several patterns are a list: [a, b]"

# Patterns that can match nothing: the warning ends so, with this hint.
NOTHING = [
    ("top", 'host: {hostname: "!hv-1"}', "a pattern cannot exclude what begins with '!'",
     "write what is meant"),
    ("match", 'port: "p0|p1"', "'|', ',' and braces have no meaning in a pattern", LIST),
    ("match", 'path: "pci-{a,b}"', "'|', ',' and braces have no meaning in a pattern", LIST),
    ("match", 'driver: "ice i40e"', "no such name has a blank in it", LIST),
    ("match", 'driver: "/sys/bus/pci"', "no such name has a '/' in it", "write the name alone"),
    ("match", 'pci: "0000:3b:0.0"', "it is no whole PCI address",
     'write it as lspci -D does: "0000:3b:00.0"'),
    ("match", 'path: "0000:3b:00.0"', "a path begins with the kind of its bus",
     "write \"pci-0000:3b:00.0\", or use 'pci'"),
    ("match", "driver: vfio_pci", "no driver is called 'vfio_pci'", "did you mean 'vfio-pci'?"),
    ("entry", "driver: Vfio-pci", "no driver is called 'Vfio-pci'", "did you mean 'vfio-pci'?"),
    ("entry", "driver: vfio-pc", "no driver is called 'vfio-pc'", "did you mean 'vfio-pci'?"),
    ("entry", "driver: vfio_pci", "no driver is called 'vfio_pci'", "did you mean 'vfio-pci'?"),
    ("defaults", "driver: mlx5", "no driver is called 'mlx5'", "did you mean 'mlx5_core'?"),
    ("top", 'host: {hostname: "hv-1,hv-2"}', "'|', ',' and braces have no meaning in a pattern",
     LIST),
    ("top", 'host: {kernel-command-line: "sriov=on quiet"}',
     "it is compared with each word of the command line, which has no blank in it",
     "write one word; of a list one must be there"),
    ("top", "host: {machine-id: 01234567-89ab-cdef-0123-456789ABCDEF}",
     "a machine-id has 32 hexadecimal digits, in lower case",
     'write "0123456789abcdef0123456789abcdef"'),
    ("top", "host: {machine-id: host1}",
     "a machine-id has 32 hexadecimal digits, in lower case", "write what is in /etc/machine-id"),
    ("match", "port: \u201cp0\u201d", "are a part of it: they are not YAML's",
     'write "p0"'),
    ("defaults", "altname: \u00abvf{index}-{pf}\u00bb", "are a part of it: they are not YAML's",
     'write "vf{index}-{pf}"'),
    ("top", 'host: {machine-id: "0f1e 2d3c"}', "no such name has a blank in it", LIST),
]

# What is right and must not be warned of.
SOMETHING = [
    ("match", 'driver: "mlx5_*"'),
    ("match", "driver: [vfio-pci, uio_pci_generic]"),
    ("match", 'pci: "10000:01:00.0"'),
    ("match", 'pci: "0000:3b:*"'),
    ("match", 'path: ["pci-0000:3b:00.0", "platform-a-pci-0000:3b:00.0", "*:3b:00.[01]"]'),
    ("match", 'port: "[!p]0"'),
    ("top", 'host: {product-name: "PowerEdge R750, rev. 2/3"}'),
    ("top", 'host: {kernel-command-line: "isolcpus=1,2"}'),
    ("top", 'host: {machine-id: "0123456789abcdef0123456789abcdef"}'),
    ("top", 'host: {machine-id: "[0-7]*"}'),
    ("match", "port: p0\u201d"),
    ("top", 'host: {hostname: "hv-[12].example.com"}'),
    ("entry", "driver: iavf"),
    ("entry", "driver: virtio-pci"),
    ("entry", "driver: xe_vfio_pci"),
    ("entry", "driver: pci-pf-stub"),
]


class Foreign(Case):
    def hint(self, place, line):
        result = self.sriovctl("check", "-", "--json", stdin=PLACES[place] + line + "\n",
                               code=USAGE)
        return result.json[0].get("hint")

    def warnings(self, place, line):
        said = self.sriovctl("check", "-", "--json", stdin=PLACES[place] + line + "\n").json
        return [item for item in said if item["severity"] == "warning"]

    def test_each_key_leads_to_ours(self):
        for place, key, hint in KEYS:
            with self.subTest(place=place, key=key):
                self.assertEqual(self.hint(place, f"{key}: 1"), hint)

    def test_each_value_leads_to_ours(self):
        for place, line, hint in VALUES:
            with self.subTest(line=line):
                self.assertEqual(self.hint(place, line), hint)

    def test_a_pattern_that_can_match_nothing_is_warned_of(self):
        for place, line, why, hint in NOTHING:
            with self.subTest(line=line):
                warnings = self.warnings(place, line)
                self.assertEqual(len(warnings), 1)
                self.assertTrue(warnings[0]["message"].endswith(why), warnings[0]["message"])
                self.assertEqual(warnings[0]["hint"], hint)

    def test_others_are_not(self):
        for place, line in SOMETHING:
            with self.subTest(line=line):
                self.assertEqual(self.warnings(place, line), [])


if __name__ == "__main__":
    main()
