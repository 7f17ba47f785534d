#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows that two builds of sriovctl and sriovd say the same, byte for byte.

    tests/outputs.py OLD_BUILD NEW_BUILD [--allow FILE]

For work that is to change nothing that users see, such as a rebuilding of the source: build the
commit before it in a worktree of its own, and compare. Both builds need the tests (meson's option
"tests"), which have the programs over a kernel in memory; busctl and dbus-daemon are needed too.

Every verb of sriovctl is run in every form that works without hardware, on many hosts and policies
(compare/commands.py); the daemon is taken through scenes, on a bus of its own (compare/scenes.py).
What differs is printed, once for all that differs alike. A FILE of lines "REGEX<TAB>why" says which
changes are meant: lines that only one build says may, if one of the expressions matches them. The
last line sums up; the exit code is 1 if anything differs that may not.
"""

from __future__ import annotations

import argparse
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TESTS = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTS / "cli"), str(TESTS / "compare")]
import commands  # noqa: E402
import differences  # noqa: E402
import inputs  # noqa: E402
import scenes  # noqa: E402
from harness import IN_A_ROOM, have_room  # noqa: E402
from runner import PROGRAMS  # noqa: E402

# Scenes mostly wait.
SCENES_AT_ONCE = 6
PLAYED_AT_MOST = 3


class Comparison:
    """Two builds, and the folder of the inputs."""

    def __init__(self, builds: list[Path], folder: Path) -> None:
        self.builds, self.folder = builds, folder

    def script(self, name: str, *words: str, stdin: bytes = b"") -> object:
        """What a script of compare/ answers from a place of its own."""
        command = [*IN_A_ROOM, sys.executable, "-B", str(TESTS / "compare" / name), *words]
        done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, cwd=self.folder,
                              check=False)  # fmt: skip
        if done.returncode:
            raise SystemExit(f"outputs: {name} {' '.join(words)} failed")
        return pickle.loads(done.stdout)

    def run(self, part: list[commands.Command]) -> list[differences.Different]:
        return self.script("runner.py", *map(str, self.builds), stdin=pickle.dumps(part))

    def play_once(self, scene: str) -> tuple[int, dict[str, differences.Different]]:
        old, new = (self.script("scenes.py", str(build), scene) for build in self.builds)
        titles = list(old | new)
        return len(titles), {title: (title, old.get(title), new.get(title)) for title in titles
                             if old.get(title) != new.get(title)}  # fmt: skip

    def play(self, scene: str) -> tuple[int, list[differences.Different]]:
        """What differs by chance, since the machine was slow, does not do so each time."""
        count, different = self.play_once(scene)
        for _ in range(PLAYED_AT_MOST - 1):
            if different:
                again = self.play_once(scene)[1]
                different = {title: again[title] for title in different if title in again}
        return count, list(different.values())

    def all(self, wanted: inputs.Inputs) -> tuple[int, list[differences.Different]]:
        everything = commands.all_commands(wanted)
        n = len(os.sched_getaffinity(0))
        with ThreadPoolExecutor(SCENES_AT_ONCE) as stage, ThreadPoolExecutor(n) as bench:
            played = stage.map(self.play, scenes.SCENES)
            ran = bench.map(self.run, (everything[i::n] for i in range(n)))
            counts, found = zip(*played)
            different = [item for part in (*found, *ran) for item in part]
        return len(everything) + sum(counts), different


def missing(builds: list[Path]) -> Iterator[str]:
    yield from (f"{build / path} is not there" for build in builds for path in PROGRAMS.values()
                if not (build / path).exists())  # fmt: skip
    tools = ("busctl", "dbus-daemon")
    yield from (f"{tool} is not there" for tool in tools if not shutil.which(tool))
    if not have_room():
        yield "there are no user namespaces"


def main() -> None:
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip())
    parser.add_argument("builds", type=Path, nargs=2)
    parser.add_argument("--allow", type=Path)
    arguments = parser.parse_args()
    builds = [build.resolve() for build in arguments.builds]
    for what in missing(builds):
        raise SystemExit(f"outputs: {what}")
    allowed = differences.read_allowed(arguments.allow)
    with tempfile.TemporaryDirectory() as name:
        comparison = Comparison(builds, Path(name))
        compared, different = comparison.all(inputs.make(Path(name)))
    found = differences.collect(different, allowed)
    sys.exit(0 if differences.report(found, allowed, compared) else 1)


if __name__ == "__main__":
    main()
