# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the benchmarks in a guest: bench.py IMAGE BUILD."""

from __future__ import annotations

import sys
from pathlib import Path

from guest import Guest

SIZES = (200, 512)
ROUNDS = 9


def apply(guest: Guest, program: Path) -> None:
    guest.push(program, "/usr/local/bin/bench-apply")
    guest.netdevsim(1, max_vfs=max(SIZES))
    device = "/sys/bus/netdevsim/devices/netdevsim1"
    for size in SIZES:
        guest.run(f"echo 0 > {device}/sriov_numvfs; echo {size} > {device}/sriov_numvfs")
        print(guest.run(f"bench-apply netdevsim/netdevsim1 {ROUNDS}", timeout=600).out, flush=True)


def main() -> None:
    image, build = Path(sys.argv[1]), Path(sys.argv[2])
    with Guest(image) as guest:
        guest.run("systemctl stop systemd-networkd.socket systemd-networkd", check=False)
        apply(guest, build / "bench-apply")


if __name__ == "__main__":
    main()
