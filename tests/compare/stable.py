# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a daemon said, without what is another each time that it is started: times, processes, names
of connections, and how often something happened while something else was waited for."""

from __future__ import annotations

import json
import re

VOLATILE = [(re.compile(pattern), replacement) for pattern, replacement in (
    (rb"\b(for|after) \d+ s\b", rb"\1 N s"),
    (rb'("(?:retry[-_]in[-_])?seconds": ?)[\d.]+', rb'\1"N"'),
    (rb'("NextRetry":\{"type":"t","data":)\d+', rb'\1"N"'),
    (rb'("Policy(?:Refused)?Since":\{"type":"t","data":)[1-9]\d*', rb'\1"N"'),
    (rb'("CallSince":\{"type":"t","data":)[1-9]\d*', rb'\1"N"'),
    (rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\+\d{4}| UTC|Z)", rb"TIME"),
    (rb'(held by process |Connection ":1\.)\d+', rb"\1N"),
    (rb"EXTEND_TIMEOUT_USEC=\d+", rb"EXTEND_TIMEOUT_USEC=N"),
)]  # fmt: skip


def stable(said: bytes) -> bytes:
    for pattern, replacement in VOLATILE:
        said = pattern.sub(replacement, said)
    return said


def stable_set(said: list[bytes]) -> bytes:
    """Messages: those of several PFs come in any order."""
    return b"".join(sorted({stable(line).rstrip(b"\n") + b"\n" for line in said}))


def without_repeats(said: list[bytes]) -> bytes:
    lines = [stable(line) for line in said]
    return b"".join(line for before, line in zip([b"", *lines], lines) if line != before)


def journal_entry(entry: bytes) -> bytes:
    """In one line. Each value has its length before it (systemd.io/JOURNAL_NATIVE_PROTOCOL)."""
    said = []
    while entry:
        key, _, entry = entry.partition(b"\n")
        end = 8 + int.from_bytes(entry[:8], "little")
        said.append(key + b"=" + entry[8:end])
        entry = entry[end + 1 :]
    return b" ".join(said)


def notifications(received: list[bytes]) -> bytes:
    """The status at the end, and what else there was."""
    lines = [line for text in received for line in text.splitlines()]
    status = [line for line in lines if line.startswith(b"STATUS=")][-1:]
    return stable_set([*status, *(line for line in lines
                                  if not line.startswith((b"STATUS=", b"WATCHDOG=")))])  # fmt: skip


def is_retry(message: dict) -> bool:
    """Whether a signal says no more than when something is tried again."""
    match message["payload"]["data"]:
        case [_, {"NextRetry": _, **others}, []]:
            return not others
    return False


def signals(lines: list[str], since_us: float) -> bytes:
    """Of what busctl saw on the bus, the daemon's signals and errors, object by object."""
    messages = [json.loads(line) for line in lines]
    said = [message for message in messages
            if message["type"] in ("signal", "error") and message["sender"].startswith(":")
            and message["timestamp-realtime"] >= since_us and not is_retry(message)]  # fmt: skip
    said.sort(key=lambda message: message.get("path", ""))
    return without_repeats([signal_line(message) for message in said])


def signal_line(message: dict) -> bytes:
    words = (message.get("path"), message.get("interface"), message.get("member"),
             message.get("error_name"),
             json.dumps(message["payload"]["data"], separators=(",", ":")))  # fmt: skip
    return " ".join(filter(None, words)).encode() + b"\n"


def unwrap(answer: bytes) -> bytes:
    """A text that busctl has as JSON, as it is; else what busctl says."""
    try:
        data = json.loads(answer)["data"]
    except (ValueError, KeyError, TypeError):
        return answer
    return data[0].encode() if len(data) == 1 and isinstance(data[0], str) else answer
