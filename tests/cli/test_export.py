# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl export: PFs and VFs in the words of other programs, held against their own schemas."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree

import jsonschema
import yaml

from harness import Case, FAILED, INVENTORIES, OK, USAGE, main

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data")
SCHEMAS = "/usr/share/libvirt/schemas"
HYPERVISOR = f"{INVENTORIES}/hypervisor.yaml"
DOMAIN = ("<domain type='kvm'><name>guest</name><memory>1024</memory><os><type>hvm</type></os>"
          "<devices>\n{}</devices></domain>\n")

# By what they make of the name of a group.
WORDS = ["incus", "nova", "proxmox"]
OBJECTS = ["device-plugin", "kubevirt", "kubevirt-interface", "network-attachment"]
FORMATS = ["cdi", "dpdk", "libvirt-interface", "libvirt-network", "libvirt-pair", "neutron",
           *WORDS, *OBJECTS]
# Those that have addresses of VFs in them.
ADDRESSES = ["cdi", "dpdk", "nova", "proxmox"]

with_schemas = unittest.skipUnless(os.path.isdir(SCHEMAS) and shutil.which("xmllint"),
                                   "libvirt's schemas or xmllint are not installed")

# Two ports, four VFs each.
PORTS = "inventory: 1\nphysical-functions:\n" + "".join(f"""- handle: pci/0000:3b:00.{port}
  driver: ice
  interface: ens1f{port}
  ifindex: {port + 3}
  virtual-functions:
""" + "".join(f'  - {{index: {i}, address: "0000:3b:{port + 1:02x}.{i}", driver: vfio-pci}}\n'
              for i in range(4)) for port in range(2))

NAMED = "host: {hostname: node-1}\n"

# What is known of these besides: the ports' VFs are two kinds of card.
FACTS = "facts:\n  iommu: true\n  functions:\n" + "".join(
    f'  - {{address: "0000:3b:{port + 1:02x}.{i}", id: "8086:{["1889", "154c"][port]}", '
    f'subsystem-id: "8086:0001", iommu-group: {10 + 4 * port + i}}}\n'
    for port in range(2) for i in range(4))

# A drive with two VFs, and what is known of them besides.
DRIVES = """inventory: 1
physical-functions:
- handle: pci/0000:01:00.0
  driver: nvme
  class: 0x010802
  virtual-functions:
  - {index: 0, address: "0000:01:00.1", driver: vfio-pci}
  - {index: 1, address: "0000:01:00.2", driver: vfio-pci}
facts:
  iommu: true
  functions:
  - {address: "0000:01:00.1", id: "144d:a824", subsystem-id: "144d:a801", iommu-group: 7}
  - {address: "0000:01:00.2", id: "144d:a824", subsystem-id: "144d:a801", iommu-group: 8}
"""

PF = """inventory: 1
physical-functions:
- handle: pci/0000:3b:00.0
  driver: {driver}
  {netdev}
  virtual-functions:
"""


class Export(Case):
    def inventory(self, *vfs, driver="ice", netdev="{interface: ens1f0, ifindex: 3}"):
        text = PF.format(driver=driver, netdev=netdev.strip("{}").replace(", ", "\n  "))
        text += "".join(f"  - {{index: {i}, {vf}}}\n" for i, vf in enumerate(vfs))
        return self.file("host.yaml", text)

    def export(self, form, inventory, *arguments, **keywords):
        return self.sriovctl("export", form, "--inventory", inventory, *arguments, **keywords)

    def yaml(self, *arguments):
        return yaml.safe_load(self.export(*arguments).out)

    def check_schema(self, name, document):
        """By the schema that was written down from its owner's documentation."""
        with open(f"{DATA}/schemas/{name}.json", encoding="utf-8") as stream:
            jsonschema.Draft7Validator(json.load(stream)).validate(document)

    def pools(self, **pools):
        """A policy of these pools, with the VFs of each: guests="0-1"."""
        lines = [f'  - {{index: "{vfs}", pool: {pool.replace("_", "-")}}}\n'
                 for pool, vfs in pools.items()]
        return self.file("policy.yaml", "version: 1\nphysical-functions:\n- name: pools\n"
                         '  match: {driver: "*"}\n  virtual-functions:\n' + "".join(lines))

    def export_pools(self, form, inventory, *, code=OK, **pools):
        return self.export(form, inventory, "--policy", self.pools(**pools), code=code)

    def validate(self, schema, text):
        path = self.file("document.xml", text)
        result = subprocess.run(["xmllint", "--noout", "--relaxng", f"{SCHEMAS}/{schema}.rng", path],
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr + text)


class Words(Export):
    def test_a_format_that_there_is_not(self):
        result = self.sriovctl("export", "dpkd", code=USAGE)
        self.assertIn("unknown format 'dpkd'; did you mean 'dpdk'?\n", result.err)
        self.assertIn("  libvirt-network    ", result.err)
        self.sriovctl("export", code=USAGE)

    def test_a_bad_policy_leaves_it_open_which_pools_there_are(self):
        path = self.file("policy.yaml", "version: 1\nphysical-functions:\n- name: a\n"
                         "  match: {driver: ice}\n  vf-defaults: {pool: A}\n")
        result = self.export("dpdk", HYPERVISOR, "--policy", path, code=USAGE)
        self.assertEqual(result.out, "")
        self.assertIn("'pool' must be a name", result.err)

    def test_nothing_to_export_is_said(self):
        result = self.export("libvirt-network", HYPERVISOR, "ens1f0", code=FAILED)
        self.assertEqual((result.out, result.err),
                         ("", "ens1f0np0: it has no VFs\nsriovctl: there is nothing to export\n"))


    def test_a_pf_without_vfs_is_named_in_each_format(self):
        for form in FORMATS:
            with self.subTest(form):
                result = self.export(form, HYPERVISOR, "ens1f0", code=FAILED)
                self.assertIn("ens1f0np0: it has no VFs\n", result.err)

    def test_no_two_groups_have_one_name(self):
        for first, second, formats in [
                ("a.b", "a-b", ["cdi"] + OBJECTS), ("a@b", "a-b", ["cdi"] + WORDS + OBJECTS),
                ("Ens1", "ens1", OBJECTS), ("pf-0x", "0x", ["cdi"] + WORDS),
                ("a.b", "a:b", ["cdi"] + OBJECTS)]:
            text = NAMED + PORTS.replace("ens1f0", f'"{first}"').replace("ens1f1", f'"{second}"') + FACTS
            address = 'driver: vfio-pci, vlan: none, mac: "52:54:00:00:00:01"'
            path = self.file("host.yaml", text.replace("driver: vfio-pci", address))
            for form in FORMATS:
                with self.subTest(f"{form}: {first}, {second}"):
                    said = f"{second}: another has the name that it would have there; a pool"
                    result = self.export(form, path)
                    self.assertEqual(said in result.err.replace('"', ""), form in formats, result.err)
                    if form in ADDRESSES:
                        self.assertEqual("0000:3b:02" in result.out, form not in formats)

    def test_what_is_no_identifier_is_not_known(self):
        for bad in ("8086:10c\\n", "8086:10ca\\n", "8086-10ca", '80\\"6:18', "8086:10CA", "8086:10ca0"):
            text = NAMED + PORTS + FACTS.replace('id: "8086:1889"', f'id: "{bad}"')
            path = self.file("host.yaml", text.replace("8086:0001", bad))
            with self.subTest(bad):
                for form in ("proxmox", "kubevirt"):
                    result = self.export(form, path)
                    self.assertNotIn(bad[:7], result.out.replace("8086:154c", ""))
                    self.assertNotIn("subsystem-id", result.out)


class Dpdk(Export):
    def test_vfs_that_a_program_may_drive(self):
        path = self.inventory(
            'address: "0000:3b:01.0", driver: vfio-pci', 'address: "0000:3b:01.1", driver: iavf',
            'address: "0000:3b:01.2", driver: none',
            'address: "0000:3b:01.3", driver: vfio-pci, holder: a guest',
            'address: "0000:3b:01.4", driver: uio_pci_generic', 'address: "0000:3b:01.5"')
        result = self.export("dpdk", path)
        self.assertEqual(result.out, "-a 0000:3b:01.0 -a 0000:3b:01.4\n")
        self.assertEqual(result.err.splitlines(), [
            "ens1f0: VF 1: a driver of the kernel has it; DPDK needs vfio-pci on it",
            "ens1f0: VF 2: no driver has it; DPDK needs vfio-pci on it",
            "ens1f0: VF 3: somebody uses it",
            "ens1f0: VF 5: no driver has it; DPDK needs vfio-pci on it"])

    def test_a_pool_has_a_line_of_its_own(self):
        result = self.export_pools("dpdk", self.file("ports.yaml", PORTS), guests="1-2", other="3")
        self.assertEqual(result.out.splitlines(), [
            "-a 0000:3b:01.0 -a 0000:3b:02.0",
            "-a 0000:3b:01.1 -a 0000:3b:01.2 -a 0000:3b:02.1 -a 0000:3b:02.2",
            "-a 0000:3b:01.3 -a 0000:3b:02.3"])

    def test_cards_that_share_with_the_kernel(self):
        path = self.inventory('address: "0000:3b:01.0", driver: mlx5_core', driver="mlx5_core")
        self.assertEqual(self.export("dpdk", path).out, "-a 0000:3b:01.0\n")

    def test_vfs_without_devices(self):
        path = self.inventory("reported: true", driver="netdevsim")
        self.assertIn("VF 0: it has no PCI address", self.export("dpdk", path, code=FAILED).err)


class Libvirt(Export):
    def test_a_network_is_that_of_its_pf(self):
        result = self.export("libvirt-network", HYPERVISOR)
        self.assert_golden("export-libvirt-network.txt", result.out)
        self.assertEqual(result.err, "ens1f0np0: it has no VFs\n")

    def test_a_pool_is_a_network_of_its_vfs_whosever_they_are(self):
        """And what is left of a PF is not all that the PF has."""
        out = self.export_pools("libvirt-network", self.file("ports.yaml", PORTS), guests="1-2").out
        networks = xml.etree.ElementTree.fromstring(f"<x>{out}</x>")
        found = {network.find("name").text:
                 [(int(address.get("slot"), 16), int(address.get("function"), 16))
                  for address in network.findall("forward/address")] for network in networks}
        self.assertEqual(found, {"ens1f0": [(1, 0), (1, 3)], "ens1f1": [(2, 0), (2, 3)],
                                 "guests": [(1, 1), (1, 2), (2, 1), (2, 2)]})
        self.assertEqual(networks.findall("network/forward/pf"), [])

    def test_interfaces_have_what_libvirt_would_change_else(self):
        result = self.export("libvirt-interface", HYPERVISOR)
        self.assert_golden("export-libvirt-interface.txt", result.out)
        self.assertEqual(result.err, "ens1f0np0: it has no VFs\nens1f1np1: VF 3: libvirt sets its "
                         "VLAN as one of 802.1Q without a priority\n")

    def test_a_pair_has_one_address_and_knows_itself_by_an_alias(self):
        path = self.inventory('address: "0000:3b:01.0", mac: "02:00:00:00:00:01", vlan: none',
                              'address: "0000:3b:01.1", mac: "02:00:00:00:00:02", vlan: 5',
                              'address: "0000:3b:01.2", mac: none, vlan: none',
                              'address: "0000:3b:01.3", mac: "02:00:00:00:00:03"',
                              netdev="{interface: ens1.f0, ifindex: 3}")
        result = self.export("libvirt-pair", path)
        virtio, hostdev = xml.etree.ElementTree.fromstring(f"<x>{result.out}</x>")
        for interface in [virtio, hostdev]:
            self.assertEqual(interface.find("mac").get("address"), "02:00:00:00:00:01")
        self.assertEqual(virtio.find("source").get("dev"), "ens1.f0")
        self.assertEqual(virtio.find("alias").get("name"), "ua-ens1_f0-vf0")
        self.assertEqual(hostdev.find("teaming").get("persistent"), "ua-ens1_f0-vf0")
        self.assertEqual(result.err.splitlines(), [
            "ens1.f0: VF 1: it is in a VLAN, or may be, which the other of a pair is not",
            "ens1.f0: VF 2: it has no address that both of a pair could have",
            "ens1.f0: VF 3: it is in a VLAN, or may be, which the other of a pair is not"])

    def test_what_libvirt_makes_up_is_said(self):
        path = self.inventory('address: "0000:3b:01.0", mac: none', 'address: "0000:3b:01.1"')
        self.assertEqual(self.export("libvirt-interface", path).err.splitlines(), [
            "ens1f0: VFs 0-1: it has no address, and libvirt makes one up"])

    def test_a_drive_has_no_interfaces(self):
        path = self.inventory('address: "0000:3b:01.0"', driver="nvme", netdev="{numa-node: 0}")
        result = self.export("libvirt-interface", path, code=FAILED)
        self.assertIn("VF 0: its PF has no network device", result.err)
        result = self.export("libvirt-network", path, code=FAILED)
        self.assertIn("0000:3b:00.0: it has VFs that are no network devices\n", result.err)

    def test_names_do_not_break_out_of_their_attribute(self):
        path = self.inventory('address: "0000:3b:01.0"',
                              netdev="{interface: \"a'><&b\", ifindex: 3}")
        root = xml.etree.ElementTree.fromstring(self.export("libvirt-network", path).out)
        self.assertEqual(root.find("name").text, "a'><&b")
        self.assertEqual(root.find("forward/pf").get("dev"), "a'><&b")

    @with_schemas
    def test_libvirt_takes_its_documents(self):
        self.validate("network", self.export("libvirt-network", HYPERVISOR).out)
        self.validate("domain", DOMAIN.format(self.export("libvirt-interface", HYPERVISOR).out))
        path = self.inventory('address: "0000:3b:01.0", mac: "02:00:00:00:00:01", vlan: none')
        self.validate("domain", DOMAIN.format(self.export("libvirt-pair", path).out))


class Kubernetes(Export):
    def resources(self, path, *arguments, **keywords):
        """What the device plugin would read, with keys and values that its README knows."""
        out = self.export("device-plugin", path, *arguments, **keywords).out
        head, config = out.split("  config.json: |\n")
        self.assertTrue(head.startswith("apiVersion: v1\nkind: ConfigMap\n"))
        self.assertTrue(all(line.startswith("    ") for line in config.splitlines()))
        resources = json.loads(config)
        self.assertEqual(list(resources), ["resourceList"])
        for resource in resources["resourceList"]:
            self.assertRegex(resource["resourceName"], r"^[a-zA-Z0-9_]+$")
            self.assertLessEqual(set(resource["selectors"]), {"pfNames", "rootDevices", "drivers"})
        return {resource["resourceName"]: resource["selectors"]
                for resource in resources["resourceList"]}

    def test_a_resource_is_the_vfs_that_a_driver_has(self):
        self.assertEqual(self.resources(HYPERVISOR), {
            "ens1f1np1_iavf": {"pfNames": ["ens1f1np1#1,3"], "drivers": ["iavf"]},
            "ens1f1np1_vfio_pci": {"pfNames": ["ens1f1np1#2"], "drivers": ["vfio-pci"]}})
        result = self.export("device-plugin", HYPERVISOR)
        self.assertEqual(result.err, "ens1f0np0: it has no VFs\nens1f1np1: VF 0: no driver has it\n")
        self.assert_golden("export-device-plugin.txt", result.out)

    def test_a_pool_is_one_resource(self):
        path = self.file("ports.yaml", PORTS)
        policy = ["--policy", self.pools(guests="1-2", storage_1="3")]
        self.assertEqual(self.resources(path, *policy), {
            "ens1f0_vfio_pci": {"pfNames": ["ens1f0#0"], "drivers": ["vfio-pci"]},
            "ens1f1_vfio_pci": {"pfNames": ["ens1f1#0"], "drivers": ["vfio-pci"]},
            "guests": {"pfNames": ["ens1f0#1-2", "ens1f1#1-2"], "drivers": ["vfio-pci"]},
            "storage_1": {"pfNames": ["ens1f0#3", "ens1f1#3"], "drivers": ["vfio-pci"]}})
        out = self.export("network-attachment", path, *policy).out
        self.assertIn("  name: storage-1\n  annotations:\n"
                      "    k8s.v1.cni.cncf.io/resourceName: intel.com/storage_1\n", out)

    def test_a_pool_of_several_drivers_is_remarked(self):
        result = self.export_pools("device-plugin", HYPERVISOR, guests="1-2")
        self.assertIn("pool guests: its VFs have several drivers\n", result.err)
        self.assertIn('"iavf",\n              "vfio-pci"', result.out)

    def test_a_pool_with_a_pf_without_an_interface_goes_by_addresses(self):
        path = self.file("ports.yaml", PORTS.replace("  interface: ens1f1\n  ifindex: 4\n", ""))
        resources = self.resources(path, "--policy", self.pools(guests="0-3"))
        self.assertEqual(resources["guests"]["rootDevices"],
                         ["0000:3b:00.0#0-3", "0000:3b:00.1#0-3"])

    def test_ranges_of_vfs(self):
        path = self.inventory(*(f'address: "0000:3b:01.{i}", driver: {driver}'
                                for i, driver in enumerate(["a", "a", "b", "a", "b", "b", "b"])))
        self.assertEqual([resource["pfNames"] for resource in self.resources(path).values()],
                         [["ens1f0#0-1,3"], ["ens1f0#2,4-6"]])

    def test_a_pf_without_an_interface_is_named_by_its_address(self):
        path = self.inventory('address: "0000:3b:01.0", driver: vfio-pci', driver="vfio-pci",
                              netdev="{class: 0x020000}")
        self.assertEqual(self.resources(path), {"0000_3b_00_0_vfio_pci": {
            "rootDevices": ["0000:3b:00.0#0"], "drivers": ["vfio-pci"]}})

    def test_a_drive_is_no_network(self):
        path = self.inventory('address: "0000:3b:01.0", driver: nvme', driver="nvme",
                              netdev="{class: 0x010802}")
        for form in ["device-plugin", "network-attachment"]:
            self.assertEqual(self.export(form, path, code=FAILED).err,
                             "0000:3b:00.0: it is no network card\n"
                             "sriovctl: there is nothing to export\n")

    def test_networks_of_pods_are_those_of_the_resources(self):
        out = self.export("network-attachment", HYPERVISOR).out
        self.assert_golden("export-network-attachment.txt", out)
        names = re.findall(r"^    k8s.v1.cni.cncf.io/resourceName: intel.com/(.*)$", out, re.M)
        self.assertEqual(names, list(self.resources(HYPERVISOR)))
        for document in out.split("---\n"):
            head, config = document.split("  config: |\n")
            config = json.loads(config)
            self.assertEqual((config["type"], config["cniVersion"]), ("sriov", "0.3.1"))
            [name] = re.findall(r"^  name: ([a-z0-9-]+)$", head, re.M)
            self.assertEqual(config["name"], name)


# Ask nova itself, as Debian 12 has it, what it makes of a file: of a VF by its address, and of
# flavors.
ASK_NOVA = """
import json, sys
import nova.conf
from nova.pci import devspec, request
nova.conf.CONF(["--config-file", sys.argv[1]], project="nova", default_config_dirs=[])
specs = [devspec.PciDeviceSpec(json.loads(spec)) for spec in nova.conf.CONF.pci.device_spec]
found = {}
for address in sys.argv[2:]:
    device = {"vendor_id": "8086", "product_id": "1889", "address": address}
    found[address] = [spec.get_tags().get("physical_network") for spec in specs
                      if spec.match(device)]
aliases = request._get_alias_from_config()
print(json.dumps([found, aliases]))
"""


class OpenStack(Export):
    def nova(self, out, *addresses):
        """What nova says of each VF: the physical networks it is in; and of aliases."""
        path = self.file("nova.conf", out)
        result = subprocess.run([sys.executable, "-W", "ignore", "-c", ASK_NOVA, path, *addresses],
                                capture_output=True, text=True, check=True)
        return json.loads(result.stdout)

    def test_each_vf_is_in_the_physical_network_of_its_group(self):
        path = self.file("ports.yaml", PORTS)
        out = self.export_pools("nova", path, guests="1-2").out
        self.assertEqual(out.splitlines()[:3], [
            "[pci]", 'device_spec = {"address":"0000:3b:01.0","physical_network":"ens1f0"}',
            'device_spec = {"address":"0000:3b:01.3","physical_network":"ens1f0"}'])
        self.assertEqual(out.count('"physical_network":"guests"'), 4)
        self.assertNotIn("alias", out)

    def test_what_is_no_network_is_asked_for_by_an_alias(self):
        path = self.file("host.yaml", DRIVES)
        result = self.export("nova", path)
        self.assertEqual(result.out.splitlines(), [
            "[pci]", 'device_spec = {"address":"0000:01:00.1"}',
            'device_spec = {"address":"0000:01:00.2"}',
            'alias = {"name":"pf-0000-01-00.0","vendor_id":"144d","product_id":"a824",'
            '"device_type":"type-VF"}'])
        self.assertEqual(result.err, "")

    def test_a_card_that_is_not_known_has_no_alias(self):
        result = self.export("nova", self.file("host.yaml", DRIVES[:DRIVES.index("facts:")]))
        self.assertNotIn("alias", result.out)
        self.assertIn("0000:01:00.0: VFs 0-1: what card it is is not known, for an alias", result.err)

    @unittest.skipUnless(importlib.util.find_spec("nova"), "nova is not installed")
    def test_nova_takes_them(self):
        out = self.export_pools("nova", self.file("ports.yaml", PORTS), guests="1-2").out
        found, aliases = self.nova(out, "0000:3b:01.0", "0000:3b:01.1", "0000:3b:02.2",
                                   "0000:3b:03.0")
        self.assertEqual((found, aliases), ({
            "0000:3b:01.0": ["ens1f0"], "0000:3b:01.1": ["guests"], "0000:3b:02.2": ["guests"],
            "0000:3b:03.0": []}, {}))
        found, aliases = self.nova(self.export("nova", self.file("host.yaml", DRIVES)).out,
                                   "0000:01:00.1")
        self.assertEqual(found, {"0000:01:00.1": [None]})
        self.assertEqual(aliases["pf-0000-01-00.0"][1], [
            {"vendor_id": "144d", "product_id": "a824", "dev_type": "type-VF"}])

    def test_neutron_has_a_pf_in_one_network(self):
        result = self.export_pools("neutron", self.file("ports.yaml", PORTS), guests="1-2")
        self.assertEqual(result.out.splitlines(), [
            "[sriov_nic]", "physical_device_mappings = ens1f0:ens1f0,guests:ens1f1",
            "exclude_devices = ens1f0:0000:3b:01.1;0000:3b:01.2,ens1f1:0000:3b:02.0;0000:3b:02.3"])
        self.assertEqual(result.err.splitlines(), [
            "ens1f0: VFs 1-2: excluded: the agent has its PF in the network of another",
            "ens1f1: VFs 0,3: excluded: the agent has its PF in the network of another"])

    def test_neutron_knows_pfs_by_their_network_devices(self):
        self.assertIn("0000:01:00.0: it has no network device, by which the agent knows it\n",
                      self.export("neutron", self.file("host.yaml", DRIVES), code=FAILED).err)
        path = self.inventory('address: "0000:3b:01.0"',
                              netdev='{interface: "a,b;c", ifindex: 3}')
        self.assertIn("its name has characters that mean something else there",
                      self.export("neutron", path, code=FAILED).err)


class KubeVirt(Export):
    def test_cards_are_permitted_by_resource(self):
        policy = ["--policy", self.pools(guests="1-2")]
        document = self.yaml("kubevirt", self.file("ports.yaml", PORTS + FACTS), *policy)
        self.check_schema("kubevirt", document)
        devices = document["spec"]["configuration"]["permittedHostDevices"]["pciHostDevices"]
        self.assertEqual([(device["pciVendorSelector"], device["resourceName"])
                          for device in devices],
                         [("8086:1889", "intel.com/ens1f0_vfio_pci"),
                          ("8086:1889", "intel.com/guests"), ("8086:154c", "intel.com/guests"),
                          ("8086:154c", "intel.com/ens1f1_vfio_pci")])

    def test_cards_that_are_not_known_are_told(self):
        result = self.export("kubevirt", self.file("ports.yaml", PORTS), code=FAILED)
        self.assertIn("ens1f0: VFs 0-3: what card it is is not known\n", result.err)

    def test_a_machine_has_an_interface_of_each(self):
        policy = ["--policy", self.pools(guests="1-2")]
        path = self.file("ports.yaml", PORTS)
        document = self.yaml("kubevirt-interface", path, *policy)
        self.check_schema("kubevirt-interface", document)
        names = [item["name"] for item in document["domain"]["devices"]["interfaces"]]
        networks = {item["name"]: item["multus"]["networkName"] for item in document["networks"]}
        self.assertEqual(names, ["ens1f0-vfio-pci", "guests", "ens1f1-vfio-pci"])
        self.assertEqual(networks, {name: name for name in names})
        out = self.export("network-attachment", path, *policy).out
        self.assertEqual(re.findall("^  name: (.*)$", out, re.M), names)

    def test_what_the_kernel_drives_is_for_no_guest(self):
        result = self.export("kubevirt-interface", HYPERVISOR)
        self.assertIn("ens1f1np1: VFs 1,3: a driver of the kernel has it; KubeVirt needs vfio-pci on "
                      "it\n", result.err)
        self.assertNotIn("iavf", result.out)


class Cdi(Export):
    def test_a_group_is_a_kind_and_a_vf_a_device(self):
        path = self.file("ports.yaml", PORTS + FACTS)
        out = self.export_pools("cdi", path, guests="1-2").out
        documents = list(yaml.safe_load_all(out))
        for document in documents:
            self.check_schema("cdi", document)
        self.assertEqual([document["kind"] for document in documents],
                         ["sriovd/ens1f0", "sriovd/guests", "sriovd/ens1f1"])
        self.assertEqual(documents[1]["devices"][2], {
            "name": "0000:3b:02.1",
            "containerEdits": {"deviceNodes": [{"path": "/dev/vfio/15"}]}})
        self.assertEqual(documents[1]["containerEdits"],
                         {"deviceNodes": [{"path": "/dev/vfio/vfio"}]})

    def test_a_class_has_no_dots(self):
        path = self.file("host.yaml", DRIVES)
        self.assertIn('kind: "sriovd/pf-0000-01-00-0"\n', self.export("cdi", path).out)

    def test_what_has_no_node_is_told(self):
        path = self.inventory('address: "0000:3b:01.0", driver: iavf', "reported: true",
                              'address: "0000:3b:01.2", driver: vfio-pci')
        self.assertEqual(self.export("cdi", path, code=FAILED).err.splitlines()[:3], [
            "ens1f0: VF 0: vfio-pci does not have it, by whose device nodes a container gets it",
            "ens1f0: VF 1: it has no PCI address",
            "ens1f0: VF 2: it is not known that the kernel uses an IOMMU"])
        path = self.file("host.yaml", DRIVES.replace(", iommu-group: 8", ""))
        self.assertIn("0000:01:00.0: VF 1: its IOMMU group is not known",
                      self.export("cdi", path).err)


class Proxmox(Export):
    # A line of a mapping, as $map_fmt in src/PVE/Mapping/PCI.pm of pve-guest-common has its parts.
    MAP = re.compile(r"\tmap id=[0-9a-f]{4}:[0-9a-f]{4}(,iommugroup=[0-9]+)?,node=([a-zA-Z0-9-]+),"
                     r"path=([0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f])"
                     r"(,subsystem-id=[0-9a-f]{4}:[0-9a-f]{4})?")

    def test_a_group_is_a_mapping(self):
        host = PORTS.replace("inventory: 1\n", "inventory: 1\nhost: {hostname: pve1.example.org}\n")
        out = self.export_pools("proxmox", self.file("ports.yaml", host + FACTS), guests="1-2").out
        sections = {}
        for section in out.split("\n\n"):
            name, *maps = section.rstrip("\n").split("\n")
            # The format pve-configid.
            self.assertRegex(name, r"^[a-zA-Z][a-zA-Z0-9_.-]+$")
            found = [self.MAP.fullmatch(line) for line in maps]
            self.assertTrue(all(found), maps)
            self.assertEqual({match.group(2) for match in found}, {"pve1"})
            sections[name] = [match.group(3) for match in found]
        self.assertEqual(list(sections), ["ens1f0", "guests", "ens1f1"])
        self.assertEqual(sections["guests"],
                         ["0000:3b:01.1", "0000:3b:01.2", "0000:3b:02.1", "0000:3b:02.2"])
        self.assertIn("id=8086:1889,iommugroup=10,node=pve1,path=0000:3b:01.0,"
                      "subsystem-id=8086:0001\n", out)

    def test_what_is_checked_and_not_known_is_told(self):
        host = PORTS.replace("inventory: 1\n", "inventory: 1\nhost: {hostname: pve1}\n")
        self.assertIn("ens1f0: VFs 0-3: what card it is is not known",
                      self.export("proxmox", self.file("ports.yaml", host), code=FAILED).err)
        self.assertIn("the host has no name, by which a mapping knows it",
                      self.export("proxmox", self.file("ports.yaml", PORTS), code=FAILED).err)


class Incus(Export):
    def test_incus_chooses_of_a_pf_and_is_told_each_vf_of_a_pool(self):
        document = self.yaml("incus", self.file("ports.yaml", PORTS), "--policy",
                             self.file("policy.yaml", """version: 1
physical-functions:
- name: pools
  match: {interface: ens1f1}
  virtual-functions: [{index: "0-1", pool: guests}]
"""))
        self.check_schema("incus", document)
        devices = {profile["name"]: profile["devices"]["vf"] for profile in document["profiles"]}
        self.assertEqual(devices, {
            "ens1f0": {"type": "nic", "nictype": "sriov", "parent": "ens1f0"},
            "guests-0000-3b-02.0": {"type": "pci", "address": "0000:3b:02.0"},
            "guests-0000-3b-02.1": {"type": "pci", "address": "0000:3b:02.1"},
            "ens1f1-0000-3b-02.2": {"type": "pci", "address": "0000:3b:02.2"},
            "ens1f1-0000-3b-02.3": {"type": "pci", "address": "0000:3b:02.3"}})

    def test_a_drive_has_no_nic(self):
        document = self.yaml("incus", self.file("host.yaml", DRIVES))
        self.check_schema("incus", document)
        self.assertEqual([profile["devices"]["vf"]["type"] for profile in document["profiles"]],
                         ["pci", "pci"])


if __name__ == "__main__":
    main()
