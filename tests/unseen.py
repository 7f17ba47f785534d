#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares lib/util/unseen.h with the Unicode data of this Python: characters that nobody sees but
that change how text looks (Cf), end lines (Zl, Zp), look like a blank and are none (Zs) or mean what
somebody agreed on (Co). The table may have more of them than an older Unicode.

    tests/unseen.py lib/util/unseen.h            complains of what is missing, and fails
    tests/unseen.py --print                      prints the rows"""

import re
import sys
import unicodedata

CATEGORIES = ("Cf", "Zl", "Zp", "Zs", "Co")


def ranges():
    first = last = None
    for code in range(0x110000):
        if code == ord(" ") or unicodedata.category(chr(code)) not in CATEGORIES:
            continue
        if last is not None and code == last + 1:
            last = code
            continue
        if last is not None:
            yield first, last
        first = last = code
    yield first, last


def main():
    if sys.argv[1:] == ["--print"]:
        for first, last in ranges():
            print(f"\t{{ {first:#06x}, {last:#06x} }},")
        return 0
    with open(sys.argv[1], encoding="utf-8") as stream:
        rows = [(int(a, 16), int(b, 16))
                for a, b in re.findall(r"\{ (0x\w+), (0x\w+) \}", stream.read())]
    missing = [(first, last) for first, last in ranges()
               if not any(a <= first and last <= b for a, b in rows)]
    for first, last in missing:
        print(f"{sys.argv[1]}: lacks {first:#06x} to {last:#06x}")
    if rows != sorted(rows):
        print(f"{sys.argv[1]}: is not in order")
    return 1 if missing or rows != sorted(rows) else 0


sys.exit(main())
