# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Ansible role, played by the real ansible-core against systemd and a card.

Ansible runs on the host, as on the machine that a fleet is managed from: emulated, it would take
minutes to start. What the role makes of bad policies, and much else, is tested without a guest, by
etc/fleet/ansible/tests/run, in the suite "fleet".
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

import sriov
from guest import Guest
from remote import served

ROLES = "usr/share/doc/sriovd/fleet/ansible/roles"

PLAY = """\
- hosts: all
  gather_facts: false
  roles: [sriovd]
"""


def play(guest: Guest, directory: Path, vfs: object) -> str:
    """What ansible-playbook printed; it has succeeded."""
    policy = {
        "physical-functions": [
            {"name": "fleet", "match": {"interface": guest.pf[0].ifname}, "pf-up": True, "vfs": vfs}
        ]
    }
    variables = {
        "ansible_connection": "guest",
        "ansible_python_interpreter": "/usr/bin/python3",
        "sriovd_policies": [{"name": "50-fleet.yaml", "policy": policy}],
    }
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(directory),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_CONFIG": str(directory / "ansible.cfg"),
        "ANSIBLE_CONNECTION_PLUGINS": str(Path(__file__).with_name("connections")),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_ROLES_PATH": str(Path(os.environ["SRIOVD_DESTDIR"]) / ROLES),
    }
    (directory / "ansible.cfg").touch()
    (directory / "play.yml").write_text(PLAY)
    with served(guest) as socket:
        (directory / "vars.json").write_text(json.dumps({**variables, "lab_socket": socket}))
        # Debian's own, as the laboratory's Python is.
        result = subprocess.run(
            ["/usr/bin/ansible-playbook", "-i", "lab,", "-e", "@vars.json", "play.yml"],
            cwd=directory, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300,
        )  # fmt: skip
    print(result.stdout)
    assert result.returncode == 0, result.stdout
    return result.stdout


def changed(output: str) -> int:
    return int(re.search(r"changed=(\d+)", output)[1])


@pytest.mark.long
def test_the_role_makes_vfs_and_a_second_run_changes_nothing(guest: Guest, tmp_path: Path) -> None:
    pf = guest.pf[0]
    assert changed(play(guest, tmp_path, 2)) > 0
    sriov.wait_vfs(guest, pf.sysfs, 2)
    sriov.wait_in_sync(guest, pf.ifname)
    assert changed(play(guest, tmp_path, 2)) == 0, "a second run is not to change anything"
