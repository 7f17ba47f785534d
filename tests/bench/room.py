# SPDX-License-Identifier: LGPL-2.1-or-later
"""A made up /sys for real programs to look at: a PF with VFs, out of plain files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

# Root in a namespace will do. /run is empty: nothing of this host is found, nothing is left.
ENTER = """
mount -t tmpfs tmpfs /run && mkdir /run/sriovd &&
mount --rbind "$1" /sys && shift && exec "$@"
"""
COMMAND = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", ENTER, "sh"]

# libudev would see that it is no sysfs.
ENVIRONMENT = {"SYSTEMD_DEVICE_VERIFY_SYSFS": "0", "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def write(path: Path, text: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")


def link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def add_netdev(device: Path, name: str, ifindex: int) -> None:
    for attribute, value in (("ifindex", ifindex), ("mtu", 1500), ("dev_port", 0),
                             ("name_assign_type", 4),  # renamed: udev is done with it
                             ("uevent", f"INTERFACE={name}\nIFINDEX={ifindex}")):  # fmt: skip
        write(device / "net" / name / attribute, value)


def add_device(sys: Path, address: str, driver: str) -> Path:
    device = sys / "devices/pci0000:00" / address
    write(device / "uevent", f"DRIVER={driver}\nPCI_SLOT_NAME={address}")
    link(device / "subsystem", "../../../bus/pci")
    link(device / "driver", f"../../../bus/pci/drivers/{driver}")
    link(sys / "bus/pci/devices" / address, f"../../../devices/pci0000:00/{address}")
    (sys / "bus/pci/drivers" / driver).mkdir(parents=True, exist_ok=True)
    return device


def make(sys: Path, vfs: int) -> Path:
    """One PF, whose network device is the loopback: that one is there in every kernel."""
    pf = add_device(sys, "0000:01:00.0", "ice")
    for attribute, value in (("vendor", "0x8086"), ("device", "0x1592"), ("numa_node", 0),
                             ("sriov_totalvfs", 256), ("sriov_numvfs", vfs),
                             ("sriov_drivers_autoprobe", 1)):  # fmt: skip
        write(pf / attribute, value)
    add_netdev(pf, "lo", 1)
    for number in range(vfs):
        address = f"0000:02:{number >> 3:02x}.{number & 7}"
        add_netdev(add_device(sys, address, "iavf"), f"v{number}", 100 + number)
        link(pf / f"virtfn{number}", f"../{address}")
        link(sys / "devices/pci0000:00" / address / "physfn", "../0000:01:00.0")
    return sys


def works() -> bool:
    try:
        room = subprocess.run([*COMMAND, "/sys", "true"], capture_output=True, check=False)
        return room.returncode == 0
    except FileNotFoundError:
        return False
