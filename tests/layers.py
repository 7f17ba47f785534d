#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds the source to the layout of the house: who may include whom, how many modules a folder has, no
circles, no I/O where things are only computed, and a sentence about itself at the head of each file.

    tests/layers.py [TREE]
"""

import pathlib
import re
import sys

# What a folder may include besides itself: folders, or single headers. A folder without a row fails.
# A file with a row of its own may include that, and what its folder may.
FOLDERS = {
    "lib/util": [],
    "lib/document": ["lib/util"],
    "lib/model": ["lib/util", "lib/document", "lib/model/facts"],
    "lib/model/facts": ["lib/util", "lib/document", "lib/model"],
    "lib/policy": ["lib/util", "lib/document", "lib/model", "lib/policy/read", "lib/policy/resolve"],
    "lib/policy/read": ["lib/util", "lib/document", "lib/model", "lib/policy/rule.h",
                        "lib/policy/policy.h", "lib/policy/segment.h", "lib/policy/counted.h"],
    "lib/policy/resolve": ["lib/util", "lib/document", "lib/model", "lib/policy", "lib/policy/read"],
    "lib/plan": ["lib/util", "lib/model"],
    "lib/policy/capture": ["lib/util", "lib/document", "lib/model", "lib/policy", "lib/policy/read"],
    "lib/kernel": ["lib/util", "lib/model", "lib/kernel/netlink", "lib/kernel/device", "lib/kernel/note",
                   "lib/kernel/privileged", "lib/kernel/holder"],
    "lib/kernel/netlink": ["lib/util", "lib/model", "lib/kernel/kernel.h"],
    "lib/kernel/note": ["lib/util", "lib/model", "lib/kernel/device/sysfs.h"],
    "lib/kernel/device": ["lib/util", "lib/model", "lib/kernel/kernel.h", "lib/kernel/netlink",
                          "lib/kernel/note"],
    "lib/kernel/mount": ["lib/util", "lib/kernel/netlink", "lib/kernel/device/sysfs.h"],
    "lib/kernel/privileged": ["lib/util", "lib/kernel/mount", "lib/kernel/device/pci_config.h",
                              "lib/kernel/device/sysfs.h"],
    "lib/kernel/holder": ["lib/util", "lib/model", "lib/kernel/kernel.h", "lib/kernel/netlink",
                          "lib/kernel/device", "lib/kernel/privileged", "lib/kernel/mount"],
    "lib/kernel/survey": ["lib/util", "lib/model", "lib/model/facts", "lib/kernel/device/sysfs.h"],
    "lib/apply": ["lib/util", "lib/document", "lib/model", "lib/policy",
                  "lib/policy/resolve/resolve.h", "lib/plan", "lib/kernel/kernel.h"],
    "lib/doctor": ["lib/util", "lib/document", "lib/model", "lib/model/facts", "lib/policy",
                   "lib/plan"],
    "lib/foreign": ["lib/util", "lib/document", "lib/model", "lib/policy"],
    "lib/convert": ["lib/util", "lib/document", "lib/model", "lib/policy", "lib/policy/read"],
    "lib/report": ["lib/util", "lib/document", "lib/model", "lib/policy", "lib/plan", "lib/apply"],
    "lib/report/anonymise.c": ["lib/policy/resolve/stable_address.h"],
    "lib/top": ["lib/util", "lib/document", "lib/model"],
    "lib/topology": ["lib/util", "lib/document", "lib/model", "lib/model/facts"],
    "lib/export": ["lib/util", "lib/document", "lib/model", "lib/model/facts",
                   "lib/policy"],
    "daemon": ["lib", "daemon/work", "daemon/files", "daemon/pf"],
    "daemon/main.c": ["daemon/bus"],
    "daemon/work": ["lib", "daemon/log.h"],
    "daemon/files": ["lib", "daemon/log.h", "daemon/timer.h", "daemon/work"],
    "daemon/pf": ["lib", "daemon/log.h", "daemon/work"],
    "daemon/socket": ["lib"],
    "daemon/bus": ["lib", "daemon/log.h", "daemon/manager.h", "daemon/work", "daemon/pf",
                   "daemon/socket"],
    "ctl": ["lib"],
    "ctl/print": ["lib", "ctl"],
    "ctl/host": ["lib", "ctl", "ctl/print"],
    "ctl/top": ["lib", "ctl", "ctl/print", "ctl/host"],
    "ctl/verbs": ["lib", "ctl", "ctl/print", "ctl/host", "ctl/top"],
    "ctl/guide": ["lib", "ctl", "ctl/print", "ctl/host"],
}  # fmt: skip

# Where includes are looked for, by the top folder of the file that includes.
ROOTS = {"lib": ["lib"], "daemon": ["daemon", "lib"], "ctl": ["ctl", "lib"]}

# What only computes: text and structs in, text and structs out. Nothing that it reaches, through
# headers either, opens a way to a file, a device, a clock or a process. Behind each is what it may
# name all the same, since who tests or simulates it brings another: no way leads through these.
PURE = {
    "lib/model": [],
    "lib/policy": [],
    "lib/plan": [],
    "lib/report": [],
    "lib/top": [],
    "lib/export": [],
    "lib/topology": [],
    "lib/convert": [],
    "lib/doctor": [],
    "daemon/pf/reconciler": ["daemon/log.h", "lib/kernel/kernel.h"],
    "daemon/pf/reconcilers": ["daemon/log.h", "lib/kernel/kernel.h"],
    "daemon/pf/retries": [],
    "daemon/pf/attempts": [],
    "daemon/pf/contest": [],
    "daemon/pf/correction": [],
    "daemon/pf/destructions": [],
    "daemon/pf/log_quota": [],
    "daemon/pf/rivals": ["daemon/log.h"],
    "daemon/pf/tally": [],
}

# Headers of our own that open such a way, and folders full of them.
IMPURE = [
    "daemon/log.h", "lib/apply/lock.h", "lib/document/document_file.h", "lib/document/dropin.h",
    "lib/foreign", "lib/kernel", "lib/util/clock.h", "lib/util/directory.h", "lib/util/fd.h",
    "lib/util/file.h", "lib/util/heap.h", "lib/util/runtime.h", "lib/util/trust.h",
]  # fmt: skip

# Headers of others that open none.
PURE_SYSTEM = {
    "assert.h", "ctype.h", "errno.h", "fnmatch.h", "inttypes.h", "limits.h", "stdalign.h",
    "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdlib.h", "string.h", "strings.h",
    "json-c/json_object.h", "json-c/json_types.h", "json-c/json_tokener.h",
    "linux/devlink.h", "linux/if_ether.h", "linux/if_link.h", "nettle/hmac.h",
    "xxhash.h",
}  # fmt: skip

# The most modules of one folder, foo.c and foo.h being one.
MODULES_MAX = 20

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


class File:
    """A source file: its path from the tree, and what it includes as (line, name, is our own)."""

    def __init__(self, tree, path):
        self.path = path.relative_to(tree).as_posix()
        self.folder = self.path.rpartition("/")[0]
        self.unit = self.path.rpartition(".")[0]
        self.lines = path.read_text().splitlines()
        self.includes = [
            (number, match[2], match[1] == '"')
            for number, line in enumerate(self.lines, 1)
            if (match := INCLUDE.match(line))
        ]
        self.own = []  # (line, path) of those of our own that were found


def read(tree):
    paths = [path for top in ROOTS for path in sorted((tree / top).rglob("*.[ch]"))]
    return {file.path: file for file in (File(tree, path) for path in paths)}


def find_includes(files):
    """Fills in what the includes name. Each names one file, from a root."""
    for file in files.values():
        for number, name, own in file.includes:
            if not own:
                continue
            where = f"{file.path}:{number}: \"{name}\""
            found = [f"{root}/{name}" for root in ROOTS[file.path.split("/")[0]]
                     if f"{root}/{name}" in files]  # fmt: skip
            if "." in name.split("/") or ".." in name.split("/"):
                yield f"{where}: name it from its root, without dots"
            elif not found:
                yield f"{where}: no such file below {' or '.join(ROOTS[file.path.split('/')[0]])}"
            elif len(found) > 1:
                yield f"{where}: is both {' and '.join(found)}; rename one"
            else:
                file.own.append((number, found[0]))


def is_below(path, places):
    """Whether a file is one of the places, or in or below a folder of them."""
    return any(path == place or path.startswith(place + "/") for place in places)


def check_direction(files):
    for folder in sorted({file.folder for file in files.values()} - set(FOLDERS)):
        yield f"{folder}/: has no row in FOLDERS of tests/layers.py: give it one"
    for place in sorted(set(FOLDERS) - {file.folder for file in files.values()} - set(files)):
        yield f"{place}: has a row in FOLDERS of tests/layers.py, and is not there"
    for file in files.values():
        allowed = FOLDERS.get(file.folder, []) + FOLDERS.get(file.path, [])
        for number, path in file.own:
            folder = path.rpartition("/")[0]
            if folder != file.folder and path not in allowed and folder not in allowed and not (
                "lib" in allowed and path.startswith("lib/")
            ):
                yield (f"{file.path}:{number}: {file.folder}/ must not include {path}; "
                       f"it may: {', '.join(allowed) or 'nothing'}")  # fmt: skip


def check_sizes(files):
    modules = {}
    for file in files.values():
        modules.setdefault(file.folder, set()).add(file.unit)
    for folder, units in modules.items():
        if len(units) > MODULES_MAX:
            yield f"{folder}/: has {len(units)} modules, more than {MODULES_MAX}: give some a folder"


def components(graph):
    """The circles of a graph: its strongly connected components of two or more (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for after in graph[node]:
            if after not in index:
                visit(after)
                low[node] = min(low[node], low[after])
            elif after in stack:
                low[node] = min(low[node], index[after])
        if low[node] == index[node]:
            circle = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(circle) > 1:
                found.append(sorted(circle))

    for node in graph:
        if node not in index:
            visit(node)
    return sorted(found)


def check_circles(files):
    """x.c and x.h are one unit; units must not include each other, however long the way round."""
    graph = {file.unit: set() for file in files.values()}
    for file in files.values():
        graph[file.unit] |= {files[path].unit for _, path in file.own} - {file.unit}
    for circle in components(graph):
        yield f"a circle of includes: {', '.join(circle)}; these make it:"
        for file in files.values():
            for number, path in file.own:
                if {file.unit, files[path].unit} <= set(circle) and file.unit != files[path].unit:
                    yield f"  {file.path}:{number}: {path}"


def reach(files, file, doors):
    """All that a file includes, through our headers too, but for what is behind the doors: the way
    there, as (path, line) from the file on; its name or path; whether it is our own."""
    seen = set(doors)

    def walk(file, way):
        for number, name, own in file.includes:
            if not own and name not in seen:
                seen.add(name)
                yield way + ((file.path, number),), name, False
        for number, path in file.own:
            if path not in seen:
                seen.add(path)
                step = way + ((file.path, number),)
                yield step, path, True
                yield from walk(files[path], step)

    yield from walk(file, ())


def check_purity(files):
    for place, doors in PURE.items():
        for file in files.values():
            if file.unit != place and not is_below(file.path, [place]):
                continue
            for way, name, own in reach(files, file, doors):
                if is_below(name, IMPURE) if own else name not in PURE_SYSTEM:
                    trail = " <- ".join(f"{path}:{number}" for path, number in reversed(way[1:]))
                    yield (f"{way[0][0]}:{way[0][1]}: reaches {name}, which can do I/O"
                           + (f", by {trail}" if trail else ""))  # fmt: skip


def check_sentences(files):
    """Headers, and .c files without one, say in their first comment what they are."""
    for file in files.values():
        if file.path.endswith(".c") and f"{file.unit}.h" in files:
            continue
        head = [line for line in file.lines
                if line and "SPDX" not in line and line != "#pragma once"]  # fmt: skip
        if not head or not head[0].startswith("/*"):
            yield f"{file.path}:2: begin with a comment that says what this is"


def run(tree):
    """Prints what is wrong with the tree; whether anything is."""
    files = read(tree)
    found = list(find_includes(files))
    for check in (check_direction, check_sizes, check_circles, check_purity, check_sentences):
        found += check(files)
    print("\n".join(found) or f"{len(files)} files in {len(FOLDERS)} folders, in one direction")
    return bool(found)


if __name__ == "__main__":
    sys.exit(run(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
