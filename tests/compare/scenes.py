#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What happens to a daemon, while it is noted what it says: its answers and signals on the bus, its
messages, what it notifies systemd of, and what sriovctl prints that asks it.

    scenes.py BUILD SCENE >OUTPUTS     in the folder of the inputs; they come pickled, by title

It is to run in a room of its own, as runner.py is. A scene waits for states, not for times, so that
it ends in the same one whenever it is played.
"""

from __future__ import annotations

import errno
import json
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from differences import Output
from place import HERE, MANAGER, OBJECT, PF, SERVICE, SETTLE_S, Place

INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"
PROPERTIES = "org.freedesktop.DBus.Properties"
OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"

# Inventory, policy, what goes wrong in the kernel, and the states of its PFs in the end.
STATES = {
    "in sync": ("igb-drifted", "lab", "", "in-sync"),
    "another number of VFs": ("fits", "resize-force", "", "in-sync in-sync in-sync"),
    "unsupported": ("igb-drifted", "lab", f"refuse:trust:{errno.EOPNOTSUPP}", "degraded"),
    "rejected": ("igb-drifted", "lab", f"refuse:vlan:{errno.EPERM}", "degraded"),
    "not taken": ("igb-drifted", "lab", "forget:trust", "degraded"),
    "busy": ("igb-drifted", "lab", "busy:trust:9999", "retrying"),
    "no link": ("igb-drifted", "lab", "link:9999", "waiting"),
    "in use": ("hypervisor", "vfs-2", "", "in-sync blocked"),
    "forbidden": ("hypervisor", "resize-refuse", "", "in-sync blocked"),
    "not reported": ("storage", "vf-none", "", "waiting waiting"),
    "no driver": ("no-netdev", "pf", "", "waiting in-sync"),
    "only observed": ("igb-drifted", "observe", "", "drifted"),
    "a problem": ("fits", "beyond", "", "degraded degraded degraded"),
    "rules on rules": ("fits", "merged", "", "degraded degraded degraded"),
    "every setting": ("fits", "vf-all", "", "in-sync in-sync in-sync"),
    "eswitch": ("drivers", "switchdev-vfs", "", "in-sync degraded waiting"),
    "no PF for a rule": ("hypervisor", "nowhere", "", ""),
    "no rules": ("hypervisor", "none", "", ""),
    "no PFs": ("empty", "vfs-2", "", ""),
    "odd names": ("odd", "observe", "", "blocked drifted"),
    "512 VFs": ("netdevsim", "nsim", "", "in-sync"),
    "unreadable": ("hypervisor", "uplinks", "broken:pci/0000:3b:00.0", "retrying blocked"),
    "a PF that goes": ("igb-drifted", "lab", "gone:1", ""),
}  # fmt: skip

POLICY = """version: 1
physical-functions:
- name: lab
  match: {{driver: igb}}
  vfs: {vfs}
  on-resize: force
  vf-defaults: {{trust: {trust}}}
"""


def write_policy(vfs: int, trust: str = "true", more: str = "",
                 folder: Path = HERE / "policy") -> None:  # fmt: skip
    """At once, as a program that takes care does."""
    folder.mkdir(exist_ok=True)
    (HERE / "new").write_text(POLICY.format(vfs=vfs, trust=trust) + more, encoding="utf-8")
    (HERE / "new").rename(folder / "a.yaml")


def count_is(vfs: int) -> str:
    return f'"vfs":{{"actual":{vfs},"desired":{vfs}}}'


def ask_objects(place: Place, title: str) -> None:
    """All that anybody can read on the bus, where it is and where it is not."""
    tree = place.busctl("tree", "--list", SERVICE)
    place.note(f"{title}: objects", tree)
    for path in tree.out.decode().split():
        for interface, method, *arguments in ((INTROSPECTABLE, "Introspect"), (PF, "Describe"),
                                              (PROPERTIES, "GetAll", "s", MANAGER),
                                              (PROPERTIES, "GetAll", "s", PF)):  # fmt: skip
            answer = place.call(path, interface, method, *arguments)
            place.note(f"{title}: {' '.join((path, method, *arguments[1:]))}", answer)


def ask(place: Place, title: str) -> None:
    """What can be asked without changing anything."""
    description = place.describe()
    place.note(f"{title}: Describe", description)
    place.note(f"{title}: GetAll", place.call(OBJECT, PROPERTIES, "GetAll", "s", MANAGER))
    place.note(f"{title}: PFs", place.call(OBJECT, OBJECT_MANAGER, "GetManagedObjects"))
    for words in (("status",), ("status", "--json"), ("status", "nosuch0"), ("apply", "nosuch0")):
        place.ctl(title, *words)
    pfs = [pf["handle"] for pf in json.loads(description.out)["pfs"]]
    if pfs:
        place.ctl(title, "status", *pfs)


def settled(inventory: str, policy: str, fault: str, states: str) -> Callable:
    def play(place: Place) -> None:
        place.start(inventory, "--root", f"root/{inventory}", "--policy", f"/policy/{policy}",
                    fault=fault)  # fmt: skip
        place.until(states)
        place.mark()
        ask(place, "settled")
        for words in ("resync", "apply --wait=0", "apply --wait=0 --json", "reload"):
            place.ctl("afterwards", *words.split())
        place.until(states)
        place.ctl("in the end", "status", "--json")
        place.stop()

    return play


def begin(place: Place, **more) -> None:
    """With all in sync, seven VFs."""
    write_policy(7)
    place.start("igb-drifted", "--policy", str(HERE / "policy"), **more)
    place.until("in-sync")
    place.mark()


def change(place: Place) -> None:
    """Files change, for the better and for the worse."""
    begin(place, journal=True)
    ask_objects(place, "at first")
    with place.watching("the policy changes"):
        write_policy(3, "false")
        place.until("in-sync", count_is(3))
        write_policy(3, "true", "  mode: observe\n")
        place.until("drifted")
        write_policy(9)
        place.until("degraded")
        write_policy(7)
        place.until("in-sync", count_is(7))
    (HERE / "holder").write_text("vfio, by qemu\n", encoding="utf-8")
    ask(place, "with a holder")
    write_policy(7, "false")
    place.ctl("a new policy", "apply")
    write_policy(3, "false", "vsf: 2\n")
    for words in (("reload",), ("apply",), ("status",)):
        place.ctl("a bad policy", *words)
    place.daemon.send_signal(signal.SIGHUP)
    time.sleep(SETTLE_S)
    place.stop()


def hang(place: Place) -> None:
    """A call into the kernel does not return for a while; meanwhile others want the same PF."""
    begin(place)
    with place.watching("a call hangs"):
        (HERE / "hang").touch()
        write_policy(3)
        place.until("applying")
        ask(place, "while it hangs")
        ask_objects(place, "while it hangs")
        others = [("sriovctl", "apply", "--json"),
                  ("sriovctl-sim", "apply", "--direct", "--policy", "policy/lab")]  # fmt: skip
        processes = [place.begin_ctl(*words, program=program) for program, *words in others]
        time.sleep(1)
        (HERE / "hang").unlink()
        place.until("in-sync", count_is(3))
        for words, process in zip(others, processes):
            place.note_process(f"meanwhile: {' '.join(words)}", process)
        place.stop()
        time.sleep(SETTLE_S)


def stuck(place: Place) -> None:
    """A call into the kernel does not return at all."""
    begin(place)
    (HERE / "hang").touch()
    write_policy(3)
    place.until("stuck")
    ask(place, "stuck")
    place.ctl("stuck", "apply", "--wait=0", "--json")
    place.stop()


def bad(place: Place) -> None:
    """A policy that was never good, and then is."""
    write_policy(3, more="vsf: 2\n")
    place.start("igb-drifted", "--policy", str(HERE / "policy"))
    place.until("unmanaged", '"policy-in-force":false')
    place.mark()
    ask(place, "without a policy")
    ask_objects(place, "without a policy")
    place.ctl("without a policy", "reload")
    write_policy(3)
    place.until("in-sync", count_is(3))
    place.stop()


def last_good(place: Place) -> None:
    """A policy that is bad when the daemon starts, and was good before."""
    folder, state = Path("/run/sriovd"), HERE / "state"
    for title, more in (("good", ""), ("bad", "vsf: 2\n")):
        write_policy(3, more=more, folder=folder)
        place.start("igb-drifted", state=state)
        place.until("in-sync", count_is(3))
        place.mark()
        ask(place, title)
        place.stop(title)
    kept = [f"{path.relative_to(state)}\n{path.read_text() if path.is_file() else ''}"
            for path in sorted(state.rglob("*"))]  # fmt: skip
    place.note("kept", Output(None, "".join(kept).encode()))


def impatient(place: Place) -> None:
    """A boot that does not wait until all is settled."""
    place.start("igb-drifted", "--root", "root/igb-drifted", "--policy", "/policy/lab", "--policy",
                "/wait", fault="busy:trust:9999")  # fmt: skip
    place.until("retrying")
    place.stop()


def rejoin(place: Place) -> None:
    """The bus goes, one comes that refuses the name, and then one that gives it."""
    begin(place)
    place.start_bus(allows=False)
    place.ctl("refused", "resync")
    time.sleep(1.5)
    place.start_bus()
    place.until("in-sync")
    place.ctl("back", "status")
    place.stop()


# The longest first.
SCENES = {
    "a call that is stuck": stuck, "a call that hangs": hang, "changes": change,
    "no good policy": bad, "the last good policy": last_good, "a short boot": impatient,
    "another bus": rejoin,
} | {name: settled(*row) for name, row in STATES.items()}  # fmt: skip


def main() -> None:
    name = sys.argv[2]
    place = Place(Path(sys.argv[1]), name)
    try:
        SCENES[name](place)
        place.note_all()
    except Exception:  # noqa: BLE001: whatever it is, it is to be seen beside the other build
        place.note("how it ended", Output(None, traceback.format_exc().encode()))
    finally:
        place.end()
    pickle.dump(place.outputs, sys.stdout.buffer)


if __name__ == "__main__":
    main()
