#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fails when a program was not built hardened: position-independent, with all of its relocations
done and read-only before it starts, no stack that is code, and checks of stack and buffers in it."""

import pathlib
import re
import subprocess
import sys

# What a function begins with that may be called indirectly.
ENDBR64 = b"\xf3\x0f\x1e\xfa"


def readelf(option, program):
    done = subprocess.run(["readelf", "-W", option, program], check=True, capture_output=True,
                          text=True)
    return done.stdout


def complaints(program):
    header, segments = readelf("-h", program), readelf("-l", program)
    dynamic, symbols = readelf("-d", program), readelf("--dyn-syms", program)
    stack = re.search(r"GNU_STACK.*", segments)
    if "DYN" not in header or "PIE" not in dynamic:
        yield "no position-independent executable"
    if "GNU_RELRO" not in segments:
        yield "no relro"
    if not re.search(r"BIND_NOW|Flags:.*NOW", dynamic):
        yield "not bound at start"
    if not stack or "RWE" in stack[0]:
        yield "an executable stack"
    if "RPATH" in dynamic or "RUNPATH" in dynamic:
        yield "a run path"
    if "__stack_chk_fail" not in symbols:
        yield "no stack protector"
    if not re.search(r"__\w+_chk@", symbols):
        yield "no _FORTIFY_SOURCE"
    # Not by its note, which the start files of Debian's C library keep a program from having.
    if "X86-64" in header and pathlib.Path(program).read_bytes().count(ENDBR64) < 15:
        yield "no control-flow protection"


def main():
    found = [f"{program}: {what}" for program in sys.argv[1:] for what in complaints(program)]
    print("\n".join(found) or f"{len(sys.argv) - 1} programs are hardened")
    return 1 if found else 0


sys.exit(main())
