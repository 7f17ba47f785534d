# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ansible's way into the guest: what a play on the host has to do there is asked of the scenario,
which has the channel; see remote.py."""

from __future__ import annotations

DOCUMENTATION = """
    name: guest
    short_description: a guest of the laboratory
    description: Runs commands in the guest, and copies files to it, by way of a scenario.
    author: The sriovd authors
    options:
      socket:
        description: Where the scenario listens.
        type: path
        vars:
          - name: lab_socket
"""

import shlex  # noqa: E402
from multiprocessing.connection import Client  # noqa: E402
from typing import Any  # noqa: E402

from ansible.errors import AnsibleConnectionFailure  # noqa: E402
from ansible.plugins.connection import ConnectionBase  # noqa: E402


class Connection(ConnectionBase):
    transport = "guest"
    has_pipelining = True

    def _connect(self) -> Connection:
        self._connected = True
        return self

    def _ask(self, method: str, *arguments: Any) -> Any:
        with Client(self.get_option("socket")) as scenario:
            scenario.send((method, arguments))
            good, answer = scenario.recv()
        if not good:
            raise AnsibleConnectionFailure(answer)
        return answer

    def exec_command(
        self, cmd: str, in_data: bytes | None = None, sudoable: bool = True
    ) -> tuple[int, bytes, bytes]:
        super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        rc, out, err = self._ask("run", cmd, (in_data or b"").decode())
        return rc, out.encode(), err.encode()

    def put_file(self, in_path: str, out_path: str) -> None:
        super().put_file(in_path, out_path)
        self._ask("push", in_path, out_path)

    def fetch_file(self, in_path: str, out_path: str) -> None:
        super().fetch_file(in_path, out_path)
        rc, out, err = self._ask("run", f"cat {shlex.quote(in_path)}", "")
        if rc != 0:
            raise AnsibleConnectionFailure(err)
        with open(out_path, "w", encoding="utf-8") as file:
            file.write(out)

    def close(self) -> None:
        self._connected = False
