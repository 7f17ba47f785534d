# SPDX-License-Identifier: LGPL-2.1-or-later
"""A place where a daemon runs on a kernel in memory, with a bus, a journal and a service manager to
which it says things. Only for a room of its own (tests/cli/harness.py: IN_A_ROOM)."""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from differences import Output  # noqa: E402
from room import BUS  # noqa: E402
from runner import ENVIRONMENT, path_of  # noqa: E402
from stable import (journal_entry, notifications, signals, stable, stable_set, unwrap,  # noqa: E402
                    without_repeats)  # fmt: skip

HERE = Path("/run/scene")
SOCKET = Path("/run/dbus/system_bus_socket")
JOURNAL = "/run/systemd/journal/socket"
SERVICE = "org.sriovd"
OBJECT = "/org/sriovd"
MANAGER, PF = f"{SERVICE}.Manager", f"{SERVICE}.PF"
BUSCTL = ("busctl", "--system", "--json=short")
TIMEOUT_S = 30
WAIT_S = 15
SETTLE_S = 0.3


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)


def end(process: subprocess.Popen) -> None:
    process.terminate()
    process.wait(TIMEOUT_S)


def states_in(description: bytes) -> list[str] | None:
    try:
        return [pf["state"] for pf in json.loads(description)["pfs"]]
    except ValueError:  # the daemon is not there yet
        return None


class Receiver:
    """What comes in at a socket for datagrams."""

    END = b"the end"

    def __init__(self, path: str) -> None:
        self.path = path
        self.received: list[bytes] = []
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        threading.Thread(target=self.receive, daemon=True).start()

    def receive(self) -> None:
        while True:
            self.received.append(self.socket.recv(1 << 20))

    def all(self) -> list[bytes]:
        """All that was sent until now."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(self.END, self.path)
        wait_until(lambda: self.received[-1:] == [self.END])
        return self.received[:-1]


class Place:
    """outputs is what was said so far, by title."""

    def __init__(self, build: Path, name: str) -> None:
        self.build, self.name = build, name
        self.outputs: dict[str, Output] = {}
        self.since_us = math.inf
        HERE.mkdir()
        self.journal = Receiver(JOURNAL)
        self.manager = Receiver(str(HERE / "notify"))
        self.bus: subprocess.Popen | None = None
        self.start_bus()
        self.monitor = self.start_monitor()
        self.daemon: subprocess.Popen | None = None

    def start_bus(self, allows: bool = True) -> None:
        """Also instead of one that there is. It allows to own a name, or does not."""
        if self.bus:
            end(self.bus)
            SOCKET.unlink(missing_ok=True)
        configuration = HERE / "bus.conf"
        text = BUS if allows else BUS.replace('<allow own="*"/>', f'<deny own="{SERVICE}"/>')
        configuration.write_text(text, encoding="utf-8")
        SOCKET.parent.mkdir(exist_ok=True)
        self.bus = subprocess.Popen(["dbus-daemon", f"--config-file={configuration}", "--nofork"],
                                    stderr=subprocess.DEVNULL)  # fmt: skip
        wait_until(SOCKET.exists)

    def start_monitor(self) -> subprocess.Popen:
        messages = HERE / "monitor.messages"
        with (HERE / "monitor").open("wb") as out, messages.open("wb") as err:
            monitor = subprocess.Popen([*BUSCTL, "monitor", SERVICE], stdout=out, stderr=err)
        wait_until(lambda: b"Monitoring" in messages.read_bytes())
        return monitor

    def start(self, inventory: str, *words: str, fault: str = "", journal: bool = False,
              state: Path | None = None) -> None:  # fmt: skip
        """The daemon; its messages go to the journal, or to a file as standard error."""
        environment = ENVIRONMENT | {
            "SIM_INVENTORY": f"inventory/{inventory}.yaml", "SIM_HANG": str(HERE / "hang"),
            "SIM_HOLDER": str(HERE / "holder"), "NOTIFY_SOCKET": str(HERE / "notify"),
        }  # fmt: skip
        environment |= {"SIM_SCRIPT": fault} if fault else {}
        environment |= {"STATE_DIRECTORY": str(state)} if state else {}
        with (HERE / "messages").open("ab") as messages:
            status = os.fstat(messages.fileno())
            if journal:
                environment["JOURNAL_STREAM"] = f"{status.st_dev}:{status.st_ino}"
            program = path_of(self.build, "sriovd-sim")
            self.daemon = subprocess.Popen(["sriovd", *words], executable=program,
                                           env=environment, stderr=messages)  # fmt: skip

    def stop(self, title: str = "stop") -> None:
        self.daemon.send_signal(signal.SIGTERM)
        self.daemon.wait(TIMEOUT_S)
        self.note(title, Output(self.daemon.returncode, b""))

    def note(self, title: str, output: Output) -> None:
        output = Output(output.code, stable(output.out), stable(output.err))
        self.outputs[f"daemon, {self.name}: {title}"] = output

    def busctl(self, *words: str) -> Output:
        done = subprocess.run([*BUSCTL, *words], capture_output=True, env=ENVIRONMENT, check=False,
                              timeout=TIMEOUT_S)  # fmt: skip
        return Output(done.returncode, unwrap(done.stdout), done.stderr)

    def call(self, path: str, interface: str, method: str, *arguments: str) -> Output:
        return self.busctl("call", SERVICE, path, interface, method, *arguments)

    def describe(self) -> Output:
        return self.call(OBJECT, MANAGER, "Describe", "as", "0")

    def begin_ctl(self, *words: str, program: str = "sriovctl") -> subprocess.Popen:
        environment = ENVIRONMENT | {"SIM_INVENTORY": "inventory/igb-drifted.yaml"}
        return subprocess.Popen(["sriovctl", *words], executable=path_of(self.build, program),
                                env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)  # fmt: skip

    def note_process(self, title: str, process: subprocess.Popen) -> None:
        out, err = process.communicate(timeout=TIMEOUT_S)
        self.note(title, Output(process.returncode, out, err))

    def ctl(self, title: str, *words: str) -> None:
        self.note_process(f"{title}: sriovctl {' '.join(words)}", self.begin_ctl(*words))

    @contextlib.contextmanager
    def watching(self, title: str) -> Iterator[None]:
        """With "sriovctl monitor", which is read once it is over."""
        commands = [("monitor",), ("monitor", "--json")]
        monitors = [self.begin_ctl(*words) for words in commands]
        time.sleep(SETTLE_S)
        yield
        for words, monitor in zip(commands, monitors):
            monitor.terminate()
            lines = monitor.communicate()[0].splitlines(keepends=True)
            self.note(f"{title}: sriovctl {' '.join(words)}", Output(None, without_repeats(lines)))

    def until(self, states: str, text: str = "") -> None:
        """Until the PFs are in these states, the text is in their description, and all signals are
        sent. If that does not come, what is noted next shows it."""

        def is_so() -> bool:
            description = self.describe().out
            return text.encode() in description and states.split() == states_in(description)

        def is_so_for_good() -> bool:
            return is_so() and not time.sleep(SETTLE_S) and is_so()

        wait_until(is_so_for_good)

    def mark(self) -> None:
        """Signals count from here. Before, it is a race who comes first, the bus or the PFs."""
        self.since_us = time.time_ns() / 1000

    def note_all(self) -> None:
        """What is complete once the daemon has ended."""
        seen = (HERE / "monitor").read_text(encoding="utf-8").splitlines()
        self.note("signals and errors", Output(None, signals(seen, self.since_us)))
        messages = (HERE / "messages").read_bytes().splitlines()
        self.note("messages", Output(None, stable_set(messages)))
        entries = [journal_entry(entry) for entry in self.journal.all()]
        self.note("journal", Output(None, stable_set(entries)))
        self.note("notifications", Output(None, notifications(self.manager.all())))

    def end(self) -> None:
        for process in (self.daemon, self.monitor, self.bus):
            if process:
                end(process)
