#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes what "reuse spdx" says of a tree the same each time: in order, of a given time, and under a
name that follows from what is in it.

    reuse spdx | packaging/sbom.py NAME SECONDS
"""

import datetime
import hashlib
import re
import sys


def main():
    name, seconds = sys.argv[1], int(sys.argv[2])
    head, *parts = sys.stdin.read().rstrip("\n").split("\n\n")
    lines = head.splitlines()
    relations = sorted(line for line in lines if line.startswith("Relationship: "))
    lines = [line for line in lines if not line.startswith("Relationship: ")]
    parts.sort(key=lambda part: (not part.startswith("FileName: "), part))
    body = "\n".join(relations) + "\n\n" + "\n\n".join(parts) + "\n"
    created = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    digest = hashlib.sha256(body.encode()).hexdigest()
    values = {
        "DocumentName": name,
        "DocumentNamespace": f"http://spdx.org/spdxdocs/{name}-{digest}",
        "Created": f"{created:%Y-%m-%dT%H:%M:%SZ}",
    }
    for key, value in values.items():
        lines = [re.sub(f"^{key}: .*", f"{key}: {value}", line) for line in lines]
    print("\n".join(lines) + "\n" + body, end="")


main()
