#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fails when an include runs against the house's one direction, or when a pure layer does I/O.

    util <- model <- policy, plan, kernel <- apply <- daemon, ctl
"""

import pathlib
import re
import sys

# What each layer may include of the others.
MAY_INCLUDE = {
    "util": {"util"},
    "model": {"util", "model"},
    "policy": {"util", "model", "policy"},
    "plan": {"util", "model", "plan"},
    "kernel": {"util", "model", "kernel"},
    "apply": {"util", "model", "policy", "plan", "kernel", "apply"},
}

# Layers that only compute: text and structs in, text and structs out.
PURE = {"model", "policy", "plan"}

# Allowed in pure layers: no way to reach a file, a device, a clock or a process.
PURE_HEADERS = {
    "assert.h", "ctype.h", "errno.h", "fnmatch.h", "inttypes.h", "limits.h", "stdalign.h",
    "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdlib.h", "string.h", "strings.h",
    "json-c/json_object.h", "json-c/json_types.h", "json-c/json_tokener.h",
    "linux/devlink.h", "linux/if_ether.h", "linux/if_link.h", "xxhash.h",
}

# Of the project's own headers, those that open a way to I/O.
IMPURE_OWN = {"util/dropin.h", "util/fd.h", "util/trust.h"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def complaints(lib):
    for path in sorted(lib.glob("*/*.[ch]")):
        layer = path.parent.name
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            kind, header = match.groups()
            where = f"{path}:{number}: {layer}/ must not include {header}"
            if kind == '"':
                if header.split("/")[0] not in MAY_INCLUDE.get(layer, set()):
                    yield f"{where}: against the direction"
                elif layer in PURE and header in IMPURE_OWN:
                    yield f"{where}: it does I/O"
            elif layer in PURE and header not in PURE_HEADERS:
                yield f"{where}: not one of the headers without I/O"


def main():
    lib = pathlib.Path(sys.argv[1])
    layers = {path.name for path in lib.iterdir() if path.is_dir()}
    found = list(complaints(lib))
    found += [f"{lib / name}: a layer without a place in the direction"
              for name in sorted(layers - set(MAY_INCLUDE))]
    print("\n".join(found) or f"{len(layers)} layers, all includes in one direction")
    return 1 if found else 0


sys.exit(main())
