# SPDX-License-Identifier: LGPL-2.1-or-later
"""What can happen to a host, at random: a seed is one history.

Nobody waits for anything in between: the daemon is always in the middle of something when the
next thing happens. Commands may fail, as what they are for may not be there just then.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

import sriov
from guest import Guest, offer_vfs

NETDEVSIM = 7
SIM_NAME = f"eni{NETDEVSIM}np1"
SIM_SYSFS = f"/sys/bus/netdevsim/devices/netdevsim{NETDEVSIM}"

IGB_VFS, SIM_VFS = 3, 4

# systemd gives a unit up that starts ten times a minute: 10 s are between two kills.
KILL_PAUSE = 10

RULES = """
    - name: cards
      match: {{interface: "enp*s0"}}
      vfs: {igb_vfs}
      pf-up: true
      vf-defaults: {{mac: stable, trust: {trust}, spoof-check: true}}
      virtual-functions:
        - {{index: 0, vlan: {vlan}}}
        - {{index: 1, altname: "{{pf}}-one", driver: default}}
    - name: sims
      match: {{driver: netdevsim}}
      vfs: {sim_vfs}
      pf-up: true
      vf-defaults: {{trust: {trust}, link-state: enable, query-rss: true, max-tx-rate: 100}}
      virtual-functions:
        - {{index: "0-3", vlan: {{id: {vlan}, qos: 3}}}}
"""


class Chaos:
    """One history over a guest; run() ends with everything in reach again."""

    def __init__(self, guest: Guest, seed: int):
        self.guest = guest
        self.random = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.kills = 0
        self._killed_at = 0.0
        self._vlan = 100

    # --- the world --------------------------------------------------------------

    def policy(self, **words: object) -> None:
        values = {"igb_vfs": IGB_VFS, "sim_vfs": SIM_VFS, "trust": "true", "vlan": self._vlan}
        sriov.policy(self.guest, RULES.format(**{**values, **words}), "resync: 5s")

    def begin(self) -> None:
        self.policy()
        self.guest.netdevsim(NETDEVSIM, max_vfs=16)
        sriov.start(self.guest)
        self.wait_in_sync()

    def end(self) -> None:
        """Takes the faults back, and nothing else."""
        for pf in self.guest.pf:
            self.guest.set_link(pf, True)
            self._sh(
                "echo 1 > /sys/bus/pci/rescan;"
                f"[ -e {pf.sysfs}/driver ] || echo {pf.address} > /sys/bus/pci/drivers/igb/bind"
            )
        self._sh(f"[ -e {SIM_SYSFS} ] || {self._new_netdevsim()}")
        self.policy()
        self._sh(f"systemctl reload-or-restart {sriov.UNIT}")

    def wait_in_sync(self, timeout: float = 120) -> None:
        """By what sriovctl sees itself: the plan is empty."""
        self.guest.wait("sriovctl plan", timeout, "a plan without steps", pause=0.5)

    def _sh(self, command: str) -> None:
        self.guest.run(f"({command}) 2>/dev/null", check=False, timeout=120)

    def _netdev(self) -> tuple[str, int]:
        """A PF's interface and one of its VFs."""
        name, vfs = self.random.choice(
            [*((pf.ifname, IGB_VFS) for pf in self.guest.pf), (SIM_NAME, SIM_VFS)]
        )
        return name, self.random.randrange(vfs)

    # --- what happens ---------------------------------------------------------------

    def drift(self) -> None:
        name, vf = self._netdev()
        change = self.random.choice(
            [
                f"vlan {self.random.randrange(1, 4000)}",
                f"trust {self.random.choice(['on', 'off'])}",
                f"spoofchk {self.random.choice(['on', 'off'])}",
                f"mac 02:00:00:00:{self.random.randrange(256):02x}:{self.random.randrange(256):02x}",
                f"max_tx_rate {self.random.randrange(1, 900)}",
            ]
        )
        self._sh(f"ip link set {name} vf {vf} {change}")

    def burst(self) -> None:
        name, _ = self._netdev()
        self._sh(f"for i in 0 1 2; do ip link set {name} vf $i vlan 7; done")

    def flap(self) -> None:
        name, _ = self._netdev()
        self._sh(f"ip link set {name} down; ip link set {name} up")

    def down(self) -> None:
        name, _ = self._netdev()
        self._sh(f"ip link set {name} down")

    def cable(self) -> None:
        self.guest.set_link(self.random.choice(self.guest.pf), self.random.random() < 0.5)

    def numvfs(self) -> None:
        sysfs = self.random.choice([*(pf.sysfs for pf in self.guest.pf), SIM_SYSFS])
        self._sh(f"echo 0 > {sysfs}/sriov_numvfs; echo {self.random.randrange(3)} > {sysfs}/sriov_numvfs")

    def autoprobe(self) -> None:
        pf = self.random.choice(self.guest.pf)
        self._sh(f"echo {self.random.randrange(2)} > {pf.sysfs}/sriov_drivers_autoprobe")

    def vf_driver(self) -> None:
        pf = self.random.choice(self.guest.pf)
        vf = f"{pf.sysfs}/virtfn{self.random.randrange(IGB_VFS)}"
        self._sh(f"a=$(basename $(readlink {vf})); echo $a > {vf}/driver/unbind;"
                 " echo $a > /sys/bus/pci/drivers_probe")  # fmt: skip

    def pf_driver(self) -> None:
        pf = self.random.choice(self.guest.pf)
        self._sh(f"cd /sys/bus/pci/drivers/igb; echo {pf.address} > unbind; echo {pf.address} > bind")

    def remove(self) -> None:
        pf = self.random.choice(self.guest.pf)
        self._sh(f"echo 1 > {pf.sysfs}/remove; echo 1 > /sys/bus/pci/rescan")

    def _new_netdevsim(self) -> str:
        return (
            f"echo '{NETDEVSIM} 1' > /sys/bus/netdevsim/new_device;"
            f" {offer_vfs(NETDEVSIM, 16)}"
        )

    def netdevsim(self) -> None:
        self._sh(f"echo {NETDEVSIM} > /sys/bus/netdevsim/del_device; {self._new_netdevsim()}")

    def good_policy(self) -> None:
        self._vlan = self.random.randrange(1, 4000)
        self.policy(trust=self.random.choice(["true", "false"]))
        if self.random.random() < 0.5:
            self._sh(f"systemctl reload {sriov.UNIT}")

    def bad_policy(self) -> None:
        self.guest.write(sriov.POLICY, "version: 1\nphysical-functions: [{name: x, vsf: 3}]\n")
        self._sh(f"systemctl reload {sriov.UNIT}")

    def kill(self) -> None:
        if time.monotonic() - self._killed_at < KILL_PAUSE:
            return
        self._killed_at = time.monotonic()
        self.kills += 1
        self._sh(f"systemctl kill -s KILL {sriov.UNIT}")

    def freeze(self) -> None:
        self._sh(f"systemctl kill -s STOP {sriov.UNIT}; sleep 0.5; systemctl kill -s CONT {sriov.UNIT}")

    def apply(self) -> None:
        self._sh("sriovctl apply")

    # --- the history ----------------------------------------------------------------

    def happenings(self) -> list[tuple[int, Callable[[], None]]]:
        """How often each happens, relative to the others."""
        return [
            (12, self.drift), (4, self.burst), (3, self.flap), (1, self.down), (2, self.cable),
            (2, self.numvfs), (1, self.autoprobe), (2, self.vf_driver), (1, self.pf_driver),
            (1, self.remove), (1, self.netdevsim), (2, self.good_policy), (1, self.bad_policy),
            (1, self.kill), (1, self.freeze), (1, self.apply),
        ]  # fmt: skip

    def run(self, seconds: float) -> None:
        weights, functions = zip(*self.happenings())
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            (function,) = self.random.choices(functions, weights)
            self.counts[function.__name__] += 1
            function()
            if self.random.random() < 0.3:
                time.sleep(self.random.random())

    def __str__(self) -> str:
        words = ", ".join(f"{name} {count}" for name, count in sorted(self.counts.items()))
        return f"{sum(self.counts.values())} steps: {words}"
