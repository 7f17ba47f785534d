# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the daemon's sandbox lets it see, beside what root sees."""

from __future__ import annotations

import difflib

from guest import Guest

# With the properties of sriovd.service, whatever they are, but for what is run, and how often.
LOOK = """
    sed -E '/^(Type|ExecReload|Restart|RestartSec|RestartPreventExitStatus|WatchdogSec)=/d;
            s!^ExecStart=.*!Type=oneshot\\nExecStart=-{command}\\nStandardOutput=file:{out}!' \
        "$(systemctl show -P FragmentPath sriovd.service)" > /run/systemd/system/sriovd-look.service
    systemctl daemon-reload
    systemctl start sriovd-look.service
    cat {out}
"""


def look(guest: Guest, command: str) -> str:
    """What a command says in the daemon's sandbox."""
    guest.run("rm -f /run/look.out")
    return guest.run(LOOK.format(command=command, out="/run/look.out"), timeout=120).out


def without_facts(inventory: str) -> str:
    """What plans go by. The facts behind it only sriovctl reads, and some of them only for root."""
    return inventory.partition("\nfacts:\n")[0]


def assert_same_to_both(guest: Guest) -> str:
    """Byte for byte; returns what both say."""
    told = without_facts(guest.run("sriovctl inventory", timeout=120).out)
    inside = without_facts(look(guest, "/usr/bin/sriovctl inventory"))
    difference = difflib.unified_diff(
        told.splitlines(), inside.splitlines(), "root", "sandbox", lineterm=""
    )
    assert told == inside, "\n".join(difference)
    return told
