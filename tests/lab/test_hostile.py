# SPDX-License-Identifier: LGPL-2.1-or-later
"""An ordinary user does what it can to the daemon: nobody else is to notice."""

from __future__ import annotations

import os
import re
import shlex
import time
from pathlib import Path

import sriov
from guest import Guest

CLIENT = "/usr/local/bin/bus-client"
NOBODY = "setpriv --reuid nobody --regid nogroup --clear-groups --no-new-privs "
SECONDS = 45
LONGEST_TURN_MS = 1000
"""Beside what the bus takes, which looks at each byte of a large message itself."""
LONGEST_STATUS_S = 2
LARGEST_KB = 64 << 10

RULE = """
    - name: uplink
      match: {{interface: {name}}}
      vfs: 2
      pf-up: true
      virtual-functions: [{{index: 0, vlan: 100}}, {{index: 1, driver: vfio-pci}}]
    """

# Calls that nobody waits for, for as long as the scenario takes, and the largest ones.
FLOOD = f"exec {NOBODY}{CLIENT} flood {SECONDS}"
LARGEST = f"end=$((SECONDS + 20)); while ((SECONDS < end)); do {NOBODY}{CLIENT} largest; done"

# Names of processes with bytes that are no text or that terminals act on, each with a directory and
# a regular file that looks like a device of vfio.
NAMES = f"""
cd $(mktemp -d); chmod 777 .
for byte in 01 07 1b 22 27 5c 7f 80 c3 e2 fe ff; do
    name=$(printf "vfio\\\\x$byte[31m")
    cp /usr/bin/sleep "$name"
    {NOBODY}unshare -Urm bash -c 'mount -t tmpfs none /dev && mkdir /dev/vfio && touch /dev/vfio/0 &&
        exec "$0" {SECONDS} 3<>/dev/vfio/0' "$PWD/$name" &
done
wait
"""

# Thousands of descriptors of files with long names, and FIFOs, some of which somebody waits for.
FILES = f"""
cd $(mktemp -d); chmod 777 .
ulimit -n 20000
exec {NOBODY}bash -c '
    for part in 1 2 3 4 5 6 7 8 9; do
        long=$(printf "x%.0s" $(seq 200)); mkdir $long; cd -P $long
    done
    touch file; for fifo in 1 2 3 4; do mkfifo fifo$fifo; cat fifo$fifo & done
    for number in $(seq 15000); do exec {{descriptor}}<file; done
    sleep {SECONDS}'
"""


def spawn_as_user(guest: Guest, name: str, command: str) -> None:
    """In the slice of those who have logged in, which share what one service has."""
    guest.run(
        f"systemd-run --quiet --collect --slice=user.slice --unit=lab-{name}.service "
        f"/bin/bash -ec {shlex.quote(command)}"
    )


def memory_kb(guest: Guest, program: str) -> int:
    """The most that processes of that name have had, of those that there are."""
    out = guest.run(
        f"for pid in $(pgrep -x {program}); do grep VmHWM /proc/$pid/status; done", check=False
    ).out
    return max([int(number) for number in re.findall(r"(\d+) kB", out)], default=0)


def status_seconds(guest: Guest) -> tuple[float, float]:
    """What status takes, and what sriovctl takes to begin and do nothing. On one emulated processor
    that others keep busy a program is seconds on its way to main()."""
    out = guest.run(
        """
        now() { date +%s%N; }
        begin=$(now); sriovctl --version >/dev/null; began=$(now)
        sriovctl status >/dev/null || [ $? -ge 3 ]; end=$(now)
        echo $((end - began)) $((began - begin))
        """
    ).out
    status, start = (int(word) / 1e9 for word in out.split())
    return status, start


def worst_of(guest: Guest, name: str, seconds: int) -> tuple[int, float, float]:
    """The longest Ping(), in ms beside what the bus took, and meanwhile the longest status, in s beside
    what sriovctl takes to begin, and that. The policy goes on being enforced."""
    guest.run("rm -f /run/lab-ping")
    guest.spawn("ping", f"{CLIENT} ping {seconds} >/run/lab-ping")
    slowest, slowest_start, deadline = 0.0, 0.0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        status, start = status_seconds(guest)
        slowest, slowest_start = max(slowest, status), max(slowest_start, start)
        guest.run(f"ip link set {name} vf 0 vlan 7")
        sriov.wait_vf(guest, name, 0, "vlan 100,", timeout=10)
    pings = guest.wait("cat /run/lab-ping; [ -s /run/lab-ping ]", 60, "the last Ping()", pause=0.5)
    longest, of_bus = (int(word) for word in pings.split())
    return longest - of_bus, max(slowest - slowest_start, 0), slowest


def test_a_user_slows_nobody_down(guest: Guest, tell: sriov.Tell) -> None:
    name = guest.pf[0].ifname
    guest.push(Path(os.environ["SRIOVD_HELPERS"]).parent / "cli/bus-client", CLIENT)
    sriov.policy(guest, RULE.format(name=name), "resync: 0")
    sriov.start(guest)
    guest.wait("busctl status org.sriovd >/dev/null", 30, "the daemon on the bus")
    sriov.wait_in_sync(guest)
    before = guest.run(f"systemctl show -P MainPID {sriov.UNIT}").out
    quiet = max(status_seconds(guest)[0] for _ in range(3))

    for unit, command in (("names", NAMES), ("files", FILES), ("flood", FLOOD)):
        spawn_as_user(guest, unit, command)
    flooded = worst_of(guest, name, SECONDS - 20)
    spawn_as_user(guest, "largest", LARGEST)
    largest = worst_of(guest, name, 20)

    daemon, openers = memory_kb(guest, "sriovd"), memory_kb(guest, "sriovd-openers")
    for what, (turn, status, whole) in (("floods", flooded), ("sends much", largest)):
        tell(
            f"a hostile user {what}: Ping() {turn} ms beside the bus's own; status {whole:.2f} s, "
            f"{status:.2f} s beside the program's start, undisturbed {quiet:.2f} s"
        )
        assert turn < LONGEST_TURN_MS and status < LONGEST_STATUS_S
    tell(f"beside a hostile user: sriovd {daemon} kB, sriovd-openers {openers} kB")
    assert daemon < LARGEST_KB and openers < LARGEST_KB
    assert guest.run(f"systemctl show -P MainPID {sriov.UNIT}").out == before
    # With so many descriptors on so slow a host it may be that it cannot be told who has it open.
    told = guest.run(f"sriovctl status {name}").out
    assert "(pid " not in told, f"no process has a device open: {told}"
