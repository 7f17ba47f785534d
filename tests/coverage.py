#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints how much of lib/ the tests reach, by lines and by branches, from what "gcovr
--json-summary" says on standard input. Fails where fewer lines are reached than must be; what is
reached with and without lib/kernel, most of which is reached in namespaces only, is told apart."""

import json
import pathlib
import sys

LINES_WANTED = 90


class Sum:
    def __init__(self):
        self.lines = self.covered = self.branches = self.taken = 0

    def add(self, file):
        self.lines += file["line_total"]
        self.covered += file["line_covered"]
        self.branches += file["branch_total"]
        self.taken += file["branch_covered"]

    @property
    def percent(self):
        return 100 * self.covered / max(self.lines, 1)

    def row(self, name):
        taken = 100 * self.taken / max(self.branches, 1)
        return (f"{name:<28} {self.covered:>5} of {self.lines:>5} {self.percent:5.1f} %   "
                f"{self.taken:>5} of {self.branches:>5} {taken:5.1f} %")


def main():
    files = [file for file in json.load(sys.stdin)["files"]
             if file["filename"].startswith("lib/")]
    sums = {}
    for file in sorted(files, key=lambda file: file["filename"]):
        path = pathlib.Path(file["filename"])
        places = [str(path), f"{path.parent}/", "lib/"]
        if path.parent.name != "kernel":
            places.append("lib/ without lib/kernel")
        for place in places:
            sums.setdefault(place, Sum()).add(file)
    print(f"{'':<28} {'lines':<22}  branches")
    for place in sorted(sums, key=lambda place: (place.startswith("lib/ "), place == "lib/", place)):
        print(sums[place].row(place))
    percent = sums["lib/"].percent if "lib/" in sums else 0
    print(f"coverage: {percent:.1f} % of the lines of lib/, {LINES_WANTED} wanted")
    return 0 if percent >= LINES_WANTED else 1


sys.exit(main())
