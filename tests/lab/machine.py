# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guest's hardware: what QEMU is told to emulate.

Root ports are numbered from 0. What is in port N is PCI device 0000:(N+1):00.0: port 0
has 0000:01:00.0, which Debian's udev names enp1s0, port 1 has 0000:02:00.0, enp2s0, and
so on. The VFs of port 0 are 0000:01:10.0, 01:10.2, … 01:11.4; enp1s0v0, enp1s0v1, …
Names are by path: udev finds no slot numbers, as QEMU's ACPI tables give them to
bridges only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

# Under TCG a plain CPU boots a third faster than "max": no SMAP, AVX state or
# five-level page tables to emulate, no crypto or KVM modules for udev to load.
TCG_CPU = "qemu64,+rdrand,-svm"

KERNEL_ARGUMENTS = (
    "root=/dev/vda rw console=ttyS0 quiet intel_iommu=on panic=-1 "
    # Scenarios read registers of cards that have a driver (test_reset.py).
    "iomem=relaxed "
    # The rest is for speed.
    "mitigations=off tsc=reliable no_timer_check nowatchdog audit=0 "
    "cryptomgr.notests rcupdate.rcu_expedited=1"
)

VFS_PER_PF = 7
"""What igb reports as sriov_totalvfs."""


@dataclass(frozen=True)
class Pf:
    """An emulated Intel 82576, by the root port that it is in."""

    id: str
    """QEMU's name of the device; plug, unplug and set_link take it."""
    port: int

    @property
    def address(self) -> str:
        return f"0000:{self.port + 1:02x}:00.0"

    @property
    def ifname(self) -> str:
        return f"enp{self.port + 1}s0"

    @property
    def mac(self) -> str:
        return f"52:54:00:00:{self.port + 1:02x}:01"

    @property
    def sysfs(self) -> str:
        return f"/sys/bus/pci/devices/{self.address}"

    @property
    def netdev(self) -> str:
        return f"net-{self.id}"

    def device(self) -> dict[str, str]:
        """Arguments of -device and device_add. The link is up: all NICs share a hub."""
        return {
            "driver": "igb",
            "id": self.id,
            "bus": f"port{self.port}",
            "netdev": self.netdev,
            "mac": self.mac,
            "romfile": "",
        }

    def backend(self) -> dict[str, str | int]:
        """Arguments of -netdev and netdev_add."""
        return {"type": "hubport", "id": self.netdev, "hubid": 1}


@dataclass(frozen=True)
class Drive:
    """An emulated NVMe disk with SR-IOV, of which VFs are secondary controllers; without a
    namespace, so that there is nothing to store."""

    id: str
    port: int

    SUBSYSTEM = "subsystem0"
    VFS = 4

    @property
    def address(self) -> str:
        return f"0000:{self.port + 1:02x}:00.0"

    @property
    def sysfs(self) -> str:
        return f"/sys/bus/pci/devices/{self.address}"

    def device(self) -> dict[str, str | int]:
        """Arguments of device_add."""
        return {
            "driver": "nvme",
            "id": self.id,
            "bus": f"port{self.port}",
            "serial": "lab",
            "subsys": self.SUBSYSTEM,
            "sriov_max_vfs": self.VFS,
            "sriov_vq_flexible": 2 * self.VFS,
            "sriov_vi_flexible": self.VFS,
            "max_ioqpairs": 4 * self.VFS,
            "msix_qsize": 4 * self.VFS,
        }


def accelerator() -> list[str]:
    """$SRIOVD_LAB_ACCEL (default tcg): /dev/kvm may exist and yet not boot a guest."""
    if os.environ.get("SRIOVD_LAB_ACCEL", "tcg") == "kvm":
        return ["-accel", "kvm", "-cpu", "host"]
    return ["-accel", "tcg,thread=multi", "-cpu", TCG_CPU]


def command(
    image: Path, run: Path, pfs: list[Pf], ports: int, memory: int, cpus: int, arguments: str = "",
    port_options: str = "",
) -> list[str]:
    """QEMU's command line.

    run is the directory for the sockets qmp and agent, serial.log and share/; pfs are
    plugged from the start; arguments go to the kernel, port_options (",disable-acs=on") to each
    root port. The root disk is a throw-away
    overlay (snapshot=on) that lives as long as the process, guest reboots included.
    """
    args = [
        "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none",
        *accelerator(),
        "-machine", "q35,kernel-irqchip=split",
        "-device", "intel-iommu,intremap=on,caching-mode=on",
        "-smp", str(cpus), "-m", str(memory),
        "-kernel", str(image / "vmlinux"), "-initrd", str(image / "initrd"),
        "-append", f"{KERNEL_ARGUMENTS} {arguments}".strip(),
        "-drive", f"file={image}/root.img,format=raw,if=none,id=root,snapshot=on",
        "-device", "virtio-blk-pci,drive=root",
        "-fsdev", f"local,id=share,path={run}/share,security_model=none",
        "-device", "virtio-9p-pci,fsdev=share,mount_tag=share",
        "-chardev", f"socket,id=agent,path={run}/agent,server=on,wait=off",
        "-device", "virtio-serial-pci",
        # Without an id QEMU sends no VSERPORT_CHANGE event.
        "-device", "virtserialport,id=agent,chardev=agent,name=org.qemu.guest_agent.0",
        "-chardev", f"socket,id=qmp,path={run}/qmp,server=on,wait=off",
        "-mon", "chardev=qmp,mode=control",
        "-serial", f"file:{run}/serial.log",
        # What the guest sees nothing of, until a drive is plugged in.
        "-device", f"nvme-subsys,id={Drive.SUBSYSTEM}",
    ]  # fmt: skip
    for port in range(ports):
        args += [
            "-device",
            f"pcie-root-port,id=port{port},bus=pcie.0,addr={0x10 + port:#x},"
            f"chassis={port + 1},slot={port + 1}{port_options}",
        ]
    for pf in pfs:
        args += ["-netdev", _option(pf.backend()), "-device", _option(pf.device())]
    return args


def _option(arguments: dict[str, str | int]) -> str:
    """key=value,… with the driver or type first, as QEMU's options want it."""
    (_, first), *rest = arguments.items()
    return ",".join([str(first), *(f"{key}={value}" for key, value in rest)])
