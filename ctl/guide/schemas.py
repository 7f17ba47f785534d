# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints a JSON Schema: what sriovctl's tables have of it, with definitions that no table has.

    schemas.py DEFINITIONS.json NAME SRIOVCTL
"""

import json
import subprocess
import sys


def references(node):
    """All names that it refers to as #/$defs/NAME."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix("#/$defs/")
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from references(each)


def main():
    definitions, name, sriovctl = sys.argv[1:]
    printed = subprocess.run([sriovctl, "schema", name], stdout=subprocess.PIPE, check=True)
    schema = json.loads(printed.stdout)
    with open(definitions, encoding="utf-8") as stream:
        schema = {**schema, "$defs": {**json.load(stream)["$defs"], **schema["$defs"]}}
    missing = sorted(set(references(schema)) - set(schema["$defs"]))
    if missing:
        sys.exit(f"{definitions} has nothing on {', '.join(missing)}")
    json.dump(schema, sys.stdout, indent=1)
    print()


main()
