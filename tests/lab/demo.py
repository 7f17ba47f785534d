# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tour that tests/demo gives: demo.py IMAGE DESTDIR."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import sriov
from guest import Guest

POLICY = """\
version: 1
physical-functions:
  - name: uplinks
    match:
      driver: igb               # every Intel 82576 of this host
    vfs: 4
    pf-up: true
    vf-defaults:
      mac: stable               # the same at every boot
      spoof-check: true
      trust: false
    virtual-functions:
      - index: "0-1"
        vlan: 100
      - index: 3
        trust: true
        max-tx-rate: 500        # Mbit/s
"""


class Tour:
    """Speaks, and types into the guest."""

    def __init__(self, guest: Guest):
        self.guest = guest
        self.colour = sys.stdout.isatty()

    def say(self, text: str) -> None:
        text = textwrap.fill(" ".join(text.split()), 90)
        print(f"\n\033[1m{text}\033[0m" if self.colour else f"\n{text}", flush=True)

    def type(self, command: str) -> None:
        print(f"# {command}", flush=True)
        result = self.guest.run(command, check=False, timeout=120)
        print(result.out + result.err, end="", flush=True)


def repair(tour: Tour) -> None:
    guest, pf = tour.guest, tour.guest.pf[0]
    tour.say("Somebody changes a VF by hand, as scripts and orchestrators do …")
    guest.mark("drift")
    tour.type(f"ip link set {pf.ifname} vf 0 vlan 666; ip link set {pf.ifname} vf 3 trust off")
    sriov.wait_in_sync(guest, pf.ifname)
    tour.say("… and it is put back, by event, within milliseconds:")
    tour.type(f"ip link show {pf.ifname}")
    tour.type("journalctl -u sriovd -o cat -n 2")

    tour.say("The card's driver is reloaded, and with it the kernel forgets every VF …")
    tour.type(
        f"echo {pf.address} > /sys/bus/pci/drivers/igb/unbind; "
        f"echo {pf.address} > /sys/bus/pci/drivers/igb/bind"
    )
    sriov.wait_vfs(guest, pf.sysfs, 4)
    sriov.wait_in_sync(guest, pf.ifname)
    tour.say("… and they are there again, with no command given:")
    tour.type(f"ip link show {pf.ifname}")


def run(guest: Guest) -> bool:
    tour = Tour(guest)
    tour.say("A host with two SR-IOV cards, as the kernel has them after boot:")
    tour.type("sriovctl list")
    tour.say("The policy:")
    guest.write("/etc/sriovd/uplinks.yaml", POLICY)
    tour.type("cat /etc/sriovd/uplinks.yaml")
    tour.say("Is it right, and what would it do?")
    tour.type("sriovctl check")
    tour.type("sriovctl plan")
    tour.say("The daemon is enabled, and the host boots. No command is given after that.")
    tour.type("systemctl enable sriovd")
    guest.reboot()
    tour.type("systemctl status sriovd --no-pager -n 0")
    tour.type("ip link show enp1s0")
    tour.type("sriovctl status")
    repair(tour)
    tour.say("Which line of the policy is behind a value?")
    tour.type(f"sriovctl explain {guest.pf[0].ifname} 3")
    tour.say("In the end:")
    tour.type("sriovctl status")
    return guest.run("sriovctl status", check=False).rc == 0


def main() -> int:
    image, destdir = Path(sys.argv[1]), Path(sys.argv[2])
    print("Booting the virtual machine (half a minute) …", flush=True)
    with Guest(image) as guest:
        guest.install(destdir)
        return 0 if run(guest) else 1


if __name__ == "__main__":
    sys.exit(main())
