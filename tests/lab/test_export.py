# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl export of real VFs in two pools: what it names is there, and libvirt takes it."""

from __future__ import annotations

import json
import re

import sriov
from guest import Guest

ADDRESS = re.compile(r"[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]")

# Each with the addresses that it has in it, of VF 0 to 3: those of guests, 0 and 1, have vfio-pci.
ADDRESSES = {
    "dpdk": [0, 1],
    "nova": [0, 1, 2, 3],
    "proxmox": [0, 1, 2, 3],
    "incus": [0, 1, 2, 3],
    "cdi": [0, 1],
}


def export(guest: Guest, form: str) -> str:
    result = guest.run(f"sriovctl export {form} {guest.pf[0].ifname}")
    return result.out


def test_what_an_export_names_is_there(guest: Guest) -> None:
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: pools
          match: {{interface: {pf.ifname}}}
          vfs: 4
          pf-up: true
          vf-defaults: {{mac: stable}}
          virtual-functions:
          - {{index: "0-1", pool: guests, driver: vfio-pci}}
          - {{index: "2-3", pool: pods, driver: igbvf}}
        """,
    )
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname, timeout=60)
    vfs = [
        guest.run(f"basename $(readlink {pf.sysfs}/virtfn{i})").out.strip() for i in range(4)
    ]
    for form, expected in ADDRESSES.items():
        told = export(guest, form)
        assert set(ADDRESS.findall(told)) == {vfs[i] for i in expected}, told
    # The driver that is named for a pool has the VFs that are named, by the numbers of theirs.
    config = json.loads(export(guest, "device-plugin").split("config.json: |\n")[1])
    resources = {item["resourceName"]: item["selectors"] for item in config["resourceList"]}
    assert list(resources) == ["guests", "pods"]
    for name, driver, numbers in [("guests", "vfio-pci", "0-1"), ("pods", "igbvf", "2-3")]:
        assert resources[name] == {"pfNames": [f"{pf.ifname}#{numbers}"], "drivers": [driver]}
        first, last = numbers.split("-")
        for i in range(int(first), int(last) + 1):
            path = f"/sys/class/net/{pf.ifname}/device/virtfn{i}/driver"
            assert guest.run(f"basename $(readlink {path})").out.strip() == driver
    # What a device is called, and its group, are those that the kernel says.
    line = next(line for line in export(guest, "proxmox").splitlines() if vfs[0] in line)
    device = f"/sys/bus/pci/devices/{vfs[0]}"
    ids = guest.run(
        f"for f in vendor device subsystem_vendor subsystem_device; do cut -c3- {device}/$f; done"
    ).out.split()
    group = guest.run(f"basename $(readlink {device}/iommu_group)").out.strip()
    assert f"id={ids[0]}:{ids[1]},iommugroup={group}," in line, line
    assert line.endswith(f"subsystem-id={ids[2]}:{ids[3]}"), line
    for node in re.findall(r"/dev/vfio/\S+", export(guest, "cdi")):
        guest.run(f"test -c {node}")
    neutron = export(guest, "neutron")
    assert f"physical_device_mappings = guests:{pf.ifname}\n" in neutron
    assert f"exclude_devices = {pf.ifname}:{vfs[2]};{vfs[3]}\n" in neutron
    permitted = export(guest, "kubevirt")
    assert f'pciVendorSelector: "{ids[0]}:{ids[1]}"\n' in permitted, permitted
    assert "resourceName: intel.com/guests\n" in permitted


def test_libvirt_takes_the_networks_of_pools(guest: Guest) -> None:
    """It hands out what is named, by definitions that it has held against its own schema."""
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: pools
          match: {{interface: {pf.ifname}}}
          vfs: 4
          pf-up: true
          vf-defaults: {{mac: stable}}
          virtual-functions: [{{index: "0-1", pool: guests}}, {{index: "2-3", pool: others}}]
        """,
    )
    guest.run("sriovctl apply")
    guest.run("systemctl start libvirtd", timeout=60)
    guest.run(
        f"""
        sriovctl export libvirt-network {pf.ifname} | csplit -s -z -f /tmp/net - '/^<network>/' '{{*}}'
        for file in /tmp/net00 /tmp/net01; do
            virsh net-define --validate $file
        done
        """,
        timeout=60,
    )
    vfs = [guest.run(f"basename $(readlink {pf.sysfs}/virtfn{i})").out.strip() for i in range(4)]
    for name, numbers in [("guests", (0, 1)), ("others", (2, 3))]:
        xml = guest.run(f"virsh net-dumpxml {name}").out
        found = re.findall(r"bus='0x(..)' slot='0x(..)' function='0x(.)'", xml)
        expected = [re.split("[:.]", vfs[i])[1:] for i in numbers]
        assert [list(address) for address in found] == expected, xml
        guest.run(f"virsh net-start {name} && virsh net-destroy {name}; virsh net-undefine {name}")
