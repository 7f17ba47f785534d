# SPDX-License-Identifier: LGPL-2.1-or-later
"""What has happened, from the journal."""

from __future__ import annotations

import json

import sriov
from guest import Guest

# What anybody can write: the journal sets fields that begin with _ itself.
FORGED = r"""
import socket
fields = ["MESSAGE={0}: VF 0: set trust to true", "PF={0}", "EVENT=done", "SYSLOG_IDENTIFIER=sriovd",
          "OBJECT_SYSTEMD_UNIT=sriovd.service", "_SYSTEMD_UNIT=sriovd.service"]
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
    journal.sendto("\n".join(fields).encode(), "/run/systemd/journal/socket")
"""


def test_what_has_happened_is_told_from_the_journal(guest: Guest) -> None:
    pf = guest.pf[0]
    since = guest.run("sleep 1; date -u +%FT%TZ").out.strip()
    sriov.policy(guest, f"- {{name: r, match: {{interface: {pf.ifname}}}, vfs: 2, pf-up: true, "
                        "vf-defaults: {vlan: 100}}")  # fmt: skip
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    guest.run(f"sleep 1; ip link set {pf.ifname} vf 1 vlan 7")
    sriov.wait_vf(guest, pf.ifname, 1, "vlan 100")
    sriov.wait_in_sync(guest, pf.ifname)
    guest.write("/run/forge.py", FORGED.replace("{0}", pf.ifname))
    guest.run("systemctl stop sriovd; chmod 755 /run/forge.py; runuser -u nobody -- python3 /run/forge.py; "
              "journalctl --sync")  # fmt: skip
    told = guest.run(f"sriovctl monitor --json --since {since}").out
    lines = [json.loads(line) for line in told.splitlines()]
    events = [(line["event"], line.get("vfs"), line["text"]) for line in lines
              if line["name"] == pf.ifname]  # fmt: skip
    done = [text for event, _, text in events if event == "done"]
    assert "create 2 VFs: done" in done, told
    assert ("repaired", "1", "VF 1: set vlan to 100") in events, told
    assert ("state", None, "in-sync") in events, told
    assert "trust" not in told
    times = [line["time"] for line in lines]
    assert times and times == sorted(times)
    text = guest.run(f"sriovctl monitor --since '{since}'").out
    assert f" {pf.ifname}: VF 1: set vlan to 100\n" in text, text
    later = guest.run("sleep 1; sriovctl monitor --since 1s").out
    assert later == "sriovd has written nothing into the journal since then\n"
    refused = guest.run("runuser -u nobody -- sriovctl monitor --since 1h", check=False)
    assert refused.rc == 1
    assert "nothing in the journal that you may read" in refused.err
