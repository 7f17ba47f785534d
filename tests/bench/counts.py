#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Catches what has become slower, by counts and not by a clock: counts.py BUILD [--update].

Instructions (callgrind), allocations, looks at the kernel and messages to it, system calls
(strace) of a number of operations, against counts.json beside this file:

- What does not depend on compiler and libraries must be the same, or less.
- Instructions and system calls may be 2 % more. They are kept for each compiler and C library;
  where there are none for those at hand they are printed and not judged.
- Ten times the input may take eleven times the instructions.

After a change that is meant, --update writes what was counted, and "git diff" shows by how much.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import inventories
import room

HERE = Path(__file__).parent
DATA = HERE / "counts.json"
MARGIN = 1.02
GROWTH = 11.0

# Operation and sizes; what is ten times as large is compared.
OPERATIONS = {
    "check": (1000, 10000),
    "same": (100, 512, 1000),
    "differ": (100, 512, 1000),
    "idle": (100, 512, 1000),
    "drift": (100, 512, 1000),
    "apply": (100, 512, 1000),
    "list": (100, 512, 1000),
}
FLEET = (10, 100)
VFS = 64

# The C library has functions for each kind of processor; these all have.
PLAIN = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM",
    "PATH": os.environ["PATH"],
    "LC_ALL": "C.UTF-8",
}


MEASURED = "--toggle-collect=measured"


def instructions(directory: Path, command: list[str], *options: str,
                 inside: list[str] | None = None) -> int:  # fmt: skip
    """inside is a program that runs callgrind, with its arguments."""
    output = directory / "callgrind"
    callgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", *options]
    result = subprocess.run([*(inside or []), *callgrind, *command], capture_output=True,
                            env=room.ENVIRONMENT | PLAIN, text=True, check=False)  # fmt: skip
    counted = re.search(r"Collected : (\d+)", result.stderr)
    if not counted:
        raise SystemExit(f"callgrind: {command}\n{result.stderr}")
    return int(counted[1])


def operations(build: Path, directory: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Instructions and the rest, by operation and size."""
    program, collected, exact = str(build / "tests/bench/bench-counts"), {}, {}
    for operation, sizes in OPERATIONS.items():
        for size in sizes:
            command = [program, operation, str(size)]
            name = f"{operation} {size}"
            collected[name] = instructions(directory, command, MEASURED)
            out = subprocess.run(command, env=PLAIN, capture_output=True, text=True, check=True)
            for line in out.stdout.splitlines():
                what, number = line.split()
                if int(number):
                    exact[f"{name} {what}"] = int(number)
    return collected, exact


def fleet(build: Path, directory: Path) -> dict[str, int]:
    """On one processor, so that there is one thread."""
    pinned, collected = ["taskset", "-c", str(min(os.sched_getaffinity(0)))], {}
    for count in FLEET:
        root = directory / f"fleet-{count}"
        inventories.make(count, root)
        command = [str(build / "ctl/sriovctl"), "plan", "--inventory", str(root / "hosts"),
                   "--policy", str(root / "policy")]  # fmt: skip
        collected[f"plan {count} hosts"] = instructions(directory, command, inside=pinned)
    return collected


def traced(directory: Path, sys_root: Path, command: list[str]) -> list[str]:
    """The lines of strace."""
    output = directory / "strace"
    subprocess.run(
        [*room.COMMAND, str(sys_root), "strace", "-f", "-qq", "-o", str(output), *command],
        env=room.ENVIRONMENT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return output.read_text(encoding="utf-8").splitlines()


def system_calls(build: Path, directory: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Of doing something once, what twice takes more: system calls and instructions, and messages
    to the kernel, each of which may hold many requests."""
    root, calls, sent = room.make(directory / "sys", VFS), {}, {}
    inside = [*room.COMMAND, str(root)]
    program = str(build / "tests/bench/bench-counts")
    for operation, name in (("observe", f"look at {VFS} VFs"),
                            ("find", f"find 1 PF of {VFS + 1} devices")):  # fmt: skip
        once, twice = (traced(directory, root, [program, operation, n]) for n in ("1", "2"))
        messages = [sum(bool(re.search(r"\bsend(msg|to)\(", line)) for line in lines)
                    for lines in (once, twice)]  # fmt: skip
        counted = [instructions(directory, [program, operation, n], MEASURED, inside=inside)
                   for n in ("1", "2")]  # fmt: skip
        calls[f"{name}: system calls"] = len(twice) - len(once)
        calls[f"{name}: instructions"] = counted[1] - counted[0]
        sent[f"{name}: messages"] = messages[1] - messages[0]
    return calls, sent


def wakeups(build: Path, directory: Path) -> dict[str, int]:
    """System calls of the daemon in 3 seconds, once it has settled."""
    root, policy, output = directory / "sys", directory / "policy", directory / "daemon"
    room.write(policy / "a.yaml", "version: 1\nphysical-functions:\n"
               "- {name: a, match: {driver: ice}, drivers-autoprobe: true}")
    with subprocess.Popen(
        [*room.COMMAND, str(root), "strace", "-f", "-qq", "-o", str(output),
         str(build / "daemon/sriovd"), "--policy", str(policy)],
        env=room.ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as daemon:  # fmt: skip
        lines = settle(output)
        time.sleep(3)
        woken = output.read_text(encoding="utf-8").splitlines()[lines:]
        running = daemon.poll() is None
        stop_children(daemon.pid)
    if not running or lines < 100:
        raise SystemExit(f"the daemon did not run: {woken[-5:]}")
    return {"daemon idle: system calls": len(woken)}


def settle(output: Path) -> int:
    """How many lines there are once none was added for a second."""
    before, count = -1, 0
    for _ in range(30):
        time.sleep(1)
        before, count = count, len(output.read_text(encoding="utf-8").splitlines()) \
            if output.exists() else 0
        if count and count == before:
            break
    return count


def stop_children(pid: int) -> None:
    """Ends the traced daemon, and strace with it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    for child in children:
        stop_children(int(child))
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 15)


def counts_of_system(build: Path, directory: Path) -> tuple[dict[str, int], dict[str, int]]:
    if not room.works():
        print("no namespaces here: system calls are not counted")
        return {}, {}
    calls, sent = system_calls(build, directory)
    return calls, sent | wakeups(build, directory)


def judge(name: str, now: int, limit: float | None) -> bool:
    if limit is None:
        print(f"  {name:34} {now:>12,}")
        return True
    verdict = "ok" if now <= limit else "TOO MANY"
    print(f"  {name:34} {now:>12,}{verdict:>10}  at most {limit:,.0f}")
    return now <= limit


def judge_all(kept: dict, toolchain: str, collected: dict, exact: dict) -> tuple[int, int]:
    known = kept["by toolchain"].get(toolchain)
    unknown = "" if known else "; none are kept for it: they are not judged"
    print(f"with {toolchain}{unknown}")
    results = []
    for name, now in collected.items():
        limit = known[name] * MARGIN if known and name in known else None
        results.append((limit, judge(name, now, limit)))
    print("the rest")
    for name, now in exact.items():
        limit = kept["exact"].get(name)
        results.append((limit, judge(name, now, limit)))
    print("growth with ten times the input")
    for name, times in growth(collected).items():
        print(f"  {name:34} {times:>12.2f}{'ok' if times <= GROWTH else 'TOO MUCH':>10}")
        results.append((GROWTH, times <= GROWTH))
    judged = [good for limit, good in results if limit is not None]
    return sum(judged), len(judged) - sum(judged)


def growth(collected: dict[str, int]) -> dict[str, float]:
    """By operation: those of the larger size to those of the smaller."""
    sizes: dict[str, dict[int, int]] = {}
    for name, now in collected.items():
        size = re.search(r"\d+", name)
        if ":" in name:
            continue
        sizes.setdefault(name.replace(size[0], "N"), {})[int(size[0])] = now
    return {name: found[size * 10] / found[size]
            for name, found in sizes.items() for size in found if size * 10 in found}  # fmt: skip


def main() -> None:
    build, update = Path(sys.argv[1]).resolve(), "--update" in sys.argv[2:]
    version = [str(build / "tests/bench/bench-counts"), "version", "1"]
    toolchain = subprocess.run(version, capture_output=True, text=True, check=True).stdout
    toolchain = toolchain.splitlines()[0]
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        collected, exact = operations(build, directory)
        collected |= fleet(build, directory)
        calls, others = counts_of_system(build, directory)
    collected |= calls
    exact |= others
    kept = {"exact": {}, "by toolchain": {}}
    if DATA.exists():
        kept = json.loads(DATA.read_text(encoding="utf-8"))
    if update:
        kept["exact"] |= exact
        kept["by toolchain"][toolchain] = collected
        DATA.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    passed, failed = judge_all(kept, toolchain, collected, exact)
    print(f"counts: {passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
