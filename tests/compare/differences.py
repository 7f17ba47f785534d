# SPDX-License-Identifier: LGPL-2.1-or-later
"""What two builds say of the same, side by side: which lines differ, which of these are allowed to,
and a report in which what differs alike is printed once."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

SHOWN_NAMES = 3
SHOWN_LINES = 40


@dataclass(frozen=True)
class Output:
    """What a program said. What has no exit code has None."""

    code: int | None
    out: bytes
    err: bytes = b""

    def lines(self) -> list[str]:
        lines = [] if self.code is None else [f"exit code {self.code}"]
        for heading, said in (("standard output:", self.out), ("standard error:", self.err)):
            if said:
                lines += [heading, *readable(said)]
        return lines


# By name; None is an output that a build does not have.
Different = tuple[str, Output | None, Output | None]


def readable(said: bytes) -> list[str]:
    """As lines, without what a terminal would obey. JSON is in many lines, whatever it was in."""
    text = said.decode("utf-8", "backslashreplace")
    try:
        document = json.loads(text)
    except ValueError:
        pass
    else:
        if "\n" not in text.strip() and isinstance(document, dict | list):
            text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    lines = ["".join(c if c.isprintable() or c == "\t" else ascii(c)[1:-1] for c in line)
             for line in text.split("\n")]  # fmt: skip
    return lines[:-1] if not lines[-1] else [*lines[:-1], f"{lines[-1]} (no newline)"]


@dataclass
class Allowed:
    """A change that is meant."""

    pattern: re.Pattern
    why: str
    lines: int = 0


def read_allowed(path: Path | None) -> list[Allowed]:
    """Of lines "REGEX<TAB>why"; empty ones and those that begin with # say nothing."""
    allowed = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path else (), 1):
        pattern, tab, why = line.partition("\t")
        if not line or line.startswith("#"):
            continue
        if not tab or not why.strip():
            raise SystemExit(f"{path}:{number}: a line is a regular expression, a tab, and why")
        allowed.append(Allowed(re.compile(pattern), why.strip()))
    return allowed


@dataclass
class Difference:
    """What differs alike, of how many outputs."""

    lines: list[str]  # the unified diff of the first, without its heading
    allowed: bool
    names: list[str] = field(default_factory=list)


def unified(before: Output | None, after: Output | None) -> list[str]:
    sides = [output.lines() if output else [] for output in (before, after)]
    lines = list(difflib.unified_diff(*sides, lineterm=""))[2:]
    return lines or ["+(the same JSON, but not byte for byte)"]


def changed(lines: list[str]) -> list[str]:
    """Those of a unified diff that only one side has, with the side's sign."""
    return [line for line in lines if line[0] in "+-"]


def is_allowed(line: str, allowed: list[Allowed]) -> bool:
    for change in allowed:
        if change.pattern.search(line[1:]):
            change.lines += 1
            return True
    return False


def words_that_differ(old: str, new: str) -> tuple[str, str]:
    """Of a line in two versions, what is between the words that both begin and end with."""
    before, after = (re.findall(r"\w+|\W", line) for line in (old, new))
    shorter = min(len(before), len(after))
    begin = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    shorter -= begin
    end = next((i for i in range(shorter) if before[-1 - i] != after[-1 - i]), shorter)
    return "".join(before[begin : len(before) - end]), "".join(after[begin : len(after) - end])


def essence(lines: list[str]) -> frozenset[tuple[str, str]]:
    """What differs in lines of a unified diff, wherever it is said."""
    old = [line[1:] for line in lines if line[0] == "-"]
    new = [line[1:] for line in lines if line[0] == "+"]
    if len(old) == len(new):
        return frozenset(map(words_that_differ, old, new))
    return frozenset({("", line) for line in new} | {(line, "") for line in old})


def collect(different: list[Different], allowed: list[Allowed]) -> list[Difference]:
    """Those are alike of which the same is not allowed."""
    found: dict[tuple, Difference] = {}
    for name, before, after in sorted(different, key=lambda item: item[0]):
        lines = unified(before, after)
        refused = [line for line in changed(lines) if not is_allowed(line, allowed)]
        key = essence(refused), not refused
        found.setdefault(key, Difference(lines, not refused)).names.append(name)
    return list(found.values())


def show(difference: Difference) -> None:
    print(f"== {len(difference.names)} that differ like this:")
    for name in difference.names[:SHOWN_NAMES]:
        print(f"   {name}")
    print("--- old", "+++ new", *difference.lines[:SHOWN_LINES], sep="\n")
    if len(difference.lines) > SHOWN_LINES:
        print(f"({len(difference.lines) - SHOWN_LINES} lines more)")
    print()


def report(differences: list[Difference], allowed: list[Allowed], compared: int) -> bool:
    """Prints all that is not allowed, and sums up. Whether there is nothing of that."""
    for difference in differences:
        if not difference.allowed:
            show(difference)
    for change in allowed:
        print(f"allowed: {change.lines} lines: {change.why}")
    differ = sum(len(difference.names) for difference in differences)
    accepted = sum(len(difference.names) for difference in differences if difference.allowed)
    print(f"{compared} outputs compared, {differ} differ, {accepted} of these as allowed")
    return accepted == differ
