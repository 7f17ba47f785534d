# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Ansible role, played by the real ansible-core against systemd and a card.

What it makes of bad policies, and much else, is tested without a guest, where Ansible is not as slow: by
etc/fleet/ansible/tests/run, in the suite "fleet".
"""

from __future__ import annotations

import json
import re

import sriov
from guest import Guest, Result

ANSIBLE = "/usr/share/doc/sriovd/fleet/ansible"

PLAY = """\
- hosts: localhost
  connection: local
  gather_facts: false
  roles: [sriovd]
"""


def play(guest: Guest, vfs: object) -> Result:
    policy = {
        "physical-functions": [
            {"name": "fleet", "match": {"interface": guest.pf[0].ifname}, "pf-up": True, "vfs": vfs}
        ]
    }
    variables = {"sriovd_policies": [{"name": "50-fleet.yaml", "policy": policy}]}
    guest.write("/root/play.yml", PLAY)
    guest.write("/root/vars.json", json.dumps(variables))
    return guest.run(
        f"ANSIBLE_ROLES_PATH={ANSIBLE}/roles ANSIBLE_NOCOLOR=1 ANSIBLE_PIPELINING=1 LC_ALL=C.UTF-8 "
        "ansible-playbook -i localhost, -e @/root/vars.json /root/play.yml",
        timeout=300,
        check=False,
    )


def changed(result: Result) -> int:
    assert result.rc == 0, result
    return int(re.search(r"changed=(\d+)", result.out)[1])


def test_the_role_makes_vfs_and_a_second_run_changes_nothing(guest: Guest) -> None:
    pf = guest.pf[0]
    assert changed(play(guest, 2)) > 0
    sriov.wait_vfs(guest, pf.sysfs, 2)
    sriov.wait_in_sync(guest, pf.ifname)
    assert changed(play(guest, 2)) == 0, "a second run is not to change anything"
