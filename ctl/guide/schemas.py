# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints a JSON Schema: what sriovctl's tables have of it, with definitions that no table has.

    schemas.py DEFINITIONS.json NAME SRIOVCTL
"""

import json
import subprocess
import sys


def references(node):
    """The names of all definitions that it refers to."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix("#/$defs/")
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from references(each)


def needed(schema, definitions):
    """Those that it refers to, and these to."""
    found, left = set(), sorted(set(references(schema)))
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(references(definitions.get(name)))
    return found


def main():
    path, name, sriovctl = sys.argv[1:]
    printed = subprocess.run([sriovctl, "schema", name], stdout=subprocess.PIPE, check=True)
    schema = json.loads(printed.stdout)
    with open(path, encoding="utf-8") as stream:
        definitions = {**json.load(stream)["$defs"], **schema.pop("$defs")}
    names = needed(schema, definitions)
    if missing := sorted(names - set(definitions)):
        sys.exit(f"{path} has nothing on {', '.join(missing)}")
    schema["$defs"] = {name: definitions[name] for name in definitions if name in names}
    json.dump(schema, sys.stdout, indent=1)
    print()


main()
