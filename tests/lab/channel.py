# SPDX-License-Identifier: LGPL-2.1-or-later
"""The two sockets by which a guest is driven: QEMU's monitor and the guest agent.

Both speak JSON, one object a line, over a UNIX socket. Calls may come from several
threads; each call is one request and its answer.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class GuestError(Exception):
    """The guest, its agent or QEMU did not do what was asked."""


class GuestTimeout(GuestError):
    """It did not do it in time."""


class _Lines:
    """JSON objects over a socket, each with a deadline (time.monotonic())."""

    def __init__(self, path: Path, deadline: float):
        self._socket = socket.socket(socket.AF_UNIX)
        self._path = path
        self._buffer = b""
        while True:
            try:
                self._socket.connect(str(path))
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise GuestTimeout(f"cannot connect to {path}: {error}") from error
                time.sleep(0.02)

    def close(self) -> None:
        self._socket.close()

    def send(self, message: dict[str, Any], prefix: bytes = b"") -> None:
        try:
            self._socket.sendall(prefix + json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise GuestError(f"{self._path.name}: {error}") from error

    def receive(self, deadline: float) -> bytes:
        """One line, without its end."""
        while b"\n" not in self._buffer:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                data = self._socket.recv(1 << 16)
            except TimeoutError as error:
                raise GuestTimeout(f"no answer on {self._path.name}") from error
            except OSError as error:
                raise GuestError(f"{self._path.name}: {error}") from error
            if not data:
                raise GuestError(f"{self._path.name}: QEMU has closed the connection")
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line


class Monitor:
    """QMP, with the events that have come so far."""

    def __init__(self, path: Path, timeout: float = 30):
        deadline = time.monotonic() + timeout
        self._lock = threading.RLock()
        self._lines = _Lines(path, deadline)
        self._events: list[dict[str, Any]] = []
        self._lines.receive(deadline)  # the greeting
        self.command("qmp_capabilities")

    def close(self) -> None:
        self._lines.close()

    def command(self, name: str, /, timeout: float = 30, **arguments: Any) -> Any:
        with self._lock:
            deadline = time.monotonic() + timeout
            self._lines.send({"execute": name, "arguments": arguments})
            while True:
                message = json.loads(self._lines.receive(deadline))
                if "event" in message:
                    self._events.append(message)
                elif "error" in message:
                    raise GuestError(f"QMP {name}: {message['error']['desc']}")
                else:
                    return message["return"]

    def forget_events(self) -> None:
        """Events that came before now shall not satisfy wait_event()."""
        with self._lock:
            self.command("query-status")  # reads what is in the socket
            self._events.clear()

    def wait_event(
        self,
        name: str,
        timeout: float,
        matches: Callable[[dict[str, Any]], bool] = lambda data: True,
    ) -> dict[str, Any]:
        """Takes the first such event since forget_events(); returns its data."""
        deadline = time.monotonic() + timeout
        with self._lock:
            while True:
                for event in self._events:
                    data = event.get("data", {})
                    if event["event"] == name and matches(data):
                        self._events.remove(event)
                        return data
                try:
                    message = json.loads(self._lines.receive(deadline))
                except GuestTimeout as error:
                    raise GuestTimeout(f"no event {name} in {timeout:.0f} s") from error
                self._events.append(message)


class Agent:
    """The protocol of qemu-guest-agent."""

    def __init__(self, path: Path, timeout: float = 30):
        self._lock = threading.RLock()
        self._lines = _Lines(path, time.monotonic() + timeout)
        self._synchronous = False

    def close(self) -> None:
        self._lines.close()

    def synchronise(self, timeout: float = 60) -> None:
        """Makes both ends agree on where a message starts, whatever came before: the
        0xff byte resets the agent's parser, and its answer starts with one too."""
        with self._lock:
            deadline = time.monotonic() + timeout
            token = random.getrandbits(31)
            self._lines.send(
                {"execute": "guest-sync-delimited", "arguments": {"id": token}}, prefix=b"\xff"
            )
            while True:
                line = self._lines.receive(deadline)
                _, delimiter, answer = line.rpartition(b"\xff")
                if delimiter and json.loads(answer).get("return") == token:
                    self._synchronous = True
                    return

    def call(self, name: str, /, timeout: float = 60, **arguments: Any) -> Any:
        with self._lock:
            if not self._synchronous:
                self.synchronise(timeout)
            self.send(name, **arguments)
            answer = json.loads(self._lines.receive(time.monotonic() + timeout))
            self._synchronous = True
        if "error" in answer:
            raise GuestError(f"agent {name}: {answer['error']['desc']}")
        return answer["return"]

    def send(self, name: str, /, **arguments: Any) -> None:
        """A call whose answer, if one comes, the next call drops."""
        self._synchronous = False
        self._lines.send({"execute": name, "arguments": arguments})
