# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables of results, for the terminal and RESULTS.md alike."""

from __future__ import annotations

from dataclasses import dataclass, field


def ms(time: float | None) -> str:
    """A time as wide as it is worth: three digits."""
    if time is None:
        return "-"
    digits = 2 if time < 10 else 1 if time < 100 else 0
    return f"{time:,.{digits}f}"


def ratio(time: float | None, floor: float | None) -> str:
    return f"{time / floor:.2f}" if time and floor else "-"


@dataclass
class Section:
    """What one work has measured."""

    letter: str
    title: str
    how: str
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def row(self, *cells: object) -> None:
        self.rows.append([str(cell) for cell in cells])

    def note(self, text: str) -> None:
        self.notes.append(text)

    def __str__(self) -> str:
        lines = [f"## ({self.letter}) {self.title}", "", self.how, ""]
        if self.rows:
            lines += _table(self.head, self.rows) + [""]
        lines += [f"- {note}" for note in self.notes] + [""] * bool(self.notes)
        return "\n".join(lines)


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(cells: list[str]) -> str:
        padded = [cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:]))]
        return f"| {' | '.join(padded)} |"

    rule = "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])])
    return [line(head), f"|{rule}|", *(line(row) for row in rows)]
