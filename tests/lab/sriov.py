# SPDX-License-Identifier: LGPL-2.1-or-later
"""The words that scenarios are written in: policies, states, VFs as iproute2 sees them."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from typing import Any

from guest import Guest

POLICY = "/etc/sriovd/lab.yaml"

UNIT = "sriovd.service"

# The fixture `tell`.
Tell = Callable[[str], None]


def policy(guest: Guest, rules: str, settings: str = "", path: str = POLICY) -> None:
    """Writes a policy file with these rules (the items of physical-functions)."""
    text = "version: 1\n"
    if settings:
        text += f"settings: {{{settings}}}\n"
    guest.write(path, text + "physical-functions:\n" + textwrap.dedent(rules))


def start(guest: Guest) -> None:
    """Starts the daemon; returns when it is ready."""
    guest.run(f"systemctl start {UNIT}")


def kill(guest: Guest, timeout: float = 30) -> None:
    """Kills the daemon as it is; returns when systemd has started another."""
    pid = guest.run(f"systemctl show -P MainPID {UNIT}").out.strip()
    guest.run(f"kill -KILL {pid}")
    guest.wait(
        f"[ $(systemctl show -P MainPID {UNIT}) != {pid} ] && systemctl is-active {UNIT}",
        timeout,
        "systemd to start the daemon again",
    )


def reload(guest: Guest) -> None:
    guest.run(f"systemctl reload {UNIT}")


def wait_in_sync(guest: Guest, *pfs: str, timeout: float = 30) -> None:
    guest.wait(f"sriovctl status {' '.join(pfs)}", timeout, f"{', '.join(pfs)} in sync")


def wait_logged(guest: Guest, text: str, timeout: float = 30) -> str:
    """Until the daemon has logged the text in this scenario; returns the lines with it."""
    guest.wait(
        f"journalctl --sync; journalctl -q -o cat -u {UNIT} --after-cursor '{guest.cursor}'"
        f" | grep -F -- {json.dumps(text)}",
        timeout,
        f"the log to say {text!r}",
        pause=0.3,
    )
    return "\n".join(line for line in guest.journal(UNIT).splitlines() if text in line)


def wait_held(guest: Guest, unit: str) -> None:
    """Until a program of this scenario says that it has what it is to have. Units of earlier ones
    had the same name."""
    guest.wait(
        f"journalctl --sync; journalctl -q -o cat -u {unit} --after-cursor '{guest.cursor}'"
        " | grep -x held",
        30,
        "the VF to be held",
        pause=0.3,
    )


def status(guest: Guest, pf: str) -> dict[str, Any]:
    """What `sriovctl status --json` says of one PF."""
    answer = json.loads(guest.run(f"sriovctl status --json {pf}", check=False).out)
    (only,) = answer["pfs"]
    return only


def numvfs(guest: Guest, sysfs: str) -> int:
    return int(guest.read(f"{sysfs}/sriov_numvfs"))


def vfs(guest: Guest, ifname: str) -> list[dict[str, Any]]:
    """The VFs as iproute2 reports them."""
    (link,) = json.loads(guest.run(f"ip -j -d link show {ifname}").out)
    return link.get("vfinfo_list", [])


def assert_has(vf: dict[str, Any], expected: dict[str, Any]) -> None:
    """That the VF, as vfs() has it, has these among its values."""
    assert {key: vf.get(key) for key in expected} == expected, vf


def wait_vfs(guest: Guest, sysfs: str, count: int, timeout: float = 60) -> None:
    guest.wait(f"[ $(cat {sysfs}/sriov_numvfs) = {count} ]", timeout, f"{count} VFs")


def wait_vf(guest: Guest, ifname: str, vf: int, text: str, timeout: float = 30) -> None:
    """Until `ip link` shows the text in the VF's line."""
    guest.wait(
        f"ip link show {ifname} | grep -E '^ +vf {vf} ' | grep -F -- {json.dumps(text)}",
        timeout,
        f"VF {vf} of {ifname} with {text!r}",
    )
