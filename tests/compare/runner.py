#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs commands with the programs of two builds, and tells of those that say something else.

    runner.py OLD NEW <COMMANDS >DIFFERENCES     in the folder of the inputs; both are pickled

It is to run in a place of its own (tests/cli/harness.py: IN_A_ROOM): nothing is in /run there.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

from commands import Command
from differences import Output

PROGRAMS = {
    "sriovctl": "ctl/sriovctl",
    "sriovd": "daemon/sriovd",
    "sriovd-openers": "daemon/sriovd-openers",
    "sriovctl-sim": "tests/cli/sriovctl-sim",
    "sriovd-sim": "tests/cli/sriovd-sim",
}
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm", "TZ": "UTC"}
TIMEOUT_S = 60

# udev's database has this of the one network device that there is everywhere.
UDEV = ("/run/udev/data/n1", "E:ID_NET_LINK_FILE=/etc/systemd/network/10-rival.link\n")


def path_of(build: Path, name: str) -> Path:
    return build / PROGRAMS[name]


def read_terminal(terminal: int) -> bytes:
    output = b""
    try:
        while chunk := os.read(terminal, 65536):
            output += chunk
    except OSError:  # its other end is closed
        pass
    os.close(terminal)
    return output


def run_on_terminal(command: Command, arguments: dict) -> Output:
    terminal, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 50, command.columns, 0, 0))
    with subprocess.Popen(**arguments, stdin=inside, stdout=inside, stderr=inside) as process:
        os.close(inside)
        output = read_terminal(terminal)
    return Output(process.returncode, output, b"")


@contextlib.contextmanager
def on_one_processor() -> Iterator[None]:
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(everywhere)[os.getpid() % len(everywhere)]})
    yield
    os.sched_setaffinity(0, everywhere)


def run(build: Path, command: Command) -> Output:
    if not command.alone:
        return run_anywhere(build, command)
    with on_one_processor():
        return run_anywhere(build, command)


def run_anywhere(build: Path, command: Command) -> Output:
    """The program is called by its bare name: it may say it."""
    arguments = {"args": [command.program, *command.words],
                 "executable": path_of(build, command.program),
                 "env": ENVIRONMENT | command.environment}  # fmt: skip
    if command.columns:
        return run_on_terminal(command, arguments)
    try:
        done = subprocess.run(**arguments, input=command.stdin.encode(), capture_output=True,
                              timeout=TIMEOUT_S, check=False)  # fmt: skip
    except subprocess.TimeoutExpired as over:
        return Output(None, over.stdout or b"", b"does not end\n")
    messages = done.stderr
    if command.unordered:
        messages = b"".join(sorted(messages.splitlines(keepends=True)))
    return Output(done.returncode, done.stdout, messages)


def main() -> None:
    old, new = Path(sys.argv[1]), Path(sys.argv[2])
    Path(UDEV[0]).parent.mkdir(parents=True)
    Path(UDEV[0]).write_text(UDEV[1], encoding="utf-8")
    different = []
    for command in pickle.load(sys.stdin.buffer):
        before, after = run(old, command), run(new, command)
        if before != after:
            different.append((command.title(), before, after))
    pickle.dump(different, sys.stdout.buffer)


if __name__ == "__main__":
    main()
