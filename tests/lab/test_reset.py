# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a card forgets while the kernel still reports it: a reset of the function, a suspend of the
host. What is asserted is what the card does, read from its registers, not what the kernel says."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest

import sriov
from guest import SHARE, Guest
from machine import Pf

# DTXSWC of the 82576 (E1000_DTXSWC in e1000_82575.h): a bit a pool for the anti-spoof filter of
# addresses, from bit 0, and one for that of VLANs, from bit 8. VF n has pool n.
DTXSWC = 0x3500

READ_REGISTER = """
import mmap, os, struct, sys
fd = os.open(sys.argv[1] + "/resource0", os.O_RDWR | os.O_SYNC)
print(struct.unpack_from("<I", mmap.mmap(fd, 0x20000), int(sys.argv[2]))[0])
"""


def carrier_ups(guest: Guest, pf: Pf) -> int:
    return int(guest.read(f"{pf.sysfs}/net/{pf.ifname}/carrier_up_count"))


def has_come_up(pf: Pf, before: int) -> str:
    return f"test $(cat {pf.sysfs}/net/{pf.ifname}/carrier_up_count) -gt {before}"


@contextlib.contextmanager
def without_share(guest: Guest) -> Iterator[None]:
    """9pnet_virtio cannot resume (it has no restore(), net/9p/trans_virtio.c): who uses the share
    afterwards hangs."""
    driver = "/sys/bus/virtio/drivers/9pnet_virtio"
    device = guest.run(f"umount {SHARE}; basename {driver}/virtio*").out.strip()
    guest.run(f"echo {device} > {driver}/unbind")
    yield
    guest.run(f"echo {device} > {driver}/bind; mount {SHARE}")


@pytest.fixture
def pf(guest: Guest) -> Pf:
    """One whose VF 0 may send what it likes and whose VF 1 may not, in force."""
    pf = guest.pf[0]
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {pf.ifname}}}
          vfs: 2
          pf-up: true
          virtual-functions:
            - {{index: 0, spoof-check: false}}
            - {{index: 1, spoof-check: true}}
        """,
        "resync: 0",
    )
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    wait_in_force(guest, pf)
    return pf


def wait_in_force(guest: Guest, pf: Pf) -> None:
    guest.write("/root/register.py", READ_REGISTER)
    guest.wait(
        f"python3 /root/register.py {pf.sysfs} {DTXSWC} | "
        "python3 -c 'import sys; sys.exit(int(sys.stdin.read()) & 0x303 != 0x202)'",
        60, "the card filters what VF 1 sends and not what VF 0 sends",
    )  # fmt: skip


def test_a_reset_of_the_function(guest: Guest, pf: Pf) -> None:
    """Nothing tells of it, not even to the driver: it sees that nothing is sent any more, resets
    the card, and so turns on the filters of all VFs, whatever it says of them."""
    before = carrier_ups(guest, pf)
    guest.run(f"echo 1 > {pf.sysfs}/reset")
    guest.run(
        f"ip addr add 192.0.2.1/24 dev {pf.ifname};"
        f" ip neigh add 192.0.2.2 lladdr 52:54:00:00:09:09 dev {pf.ifname}"
    )
    guest.wait(
        f"echo > /dev/udp/192.0.2.2/9; {has_come_up(pf, before)}",
        120, "the driver has reset the card", pause=1,
    )  # fmt: skip
    wait_in_force(guest, pf)
    sriov.wait_in_sync(guest, pf.ifname)


@pytest.mark.long
def test_a_suspend_of_the_host(guest: Guest, pf: Pf) -> None:
    """All of it but the sleep itself: drivers suspend and resume their devices (pm_test in
    Documentation/power/basic-pm-debugging.rst). A guest that QEMU starts without firmware of its
    own cannot be woken."""
    before = carrier_ups(guest, pf)
    with without_share(guest):
        unit = guest.spawn(
            "suspend", "sleep 2; echo devices > /sys/power/pm_test; echo freeze > /sys/power/state"
        )
        # A call to a guest that is suspended is lost.
        time.sleep(20)
        guest.wait(f"! systemctl is-active {unit}", 120, "the resume", pause=1)
    guest.wait(has_come_up(pf, before), 60, "the link is up")
    wait_in_force(guest, pf)
    sriov.wait_in_sync(guest, pf.ifname)
    assert sriov.numvfs(guest, pf.sysfs) == 2
