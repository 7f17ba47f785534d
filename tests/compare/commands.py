# SPDX-License-Identifier: LGPL-2.1-or-later
"""The commands that are compared: every verb in every form that works from files, or from a kernel
in memory (tests/cli/sim_kernel.c)."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass, field

from inputs import BAD_POLICIES, Inputs

VERBS = ("check", "plan", "apply", "status", "explain", "list", "inventory", "reload", "resync",
         "monitor")  # fmt: skip
FORMS = ((), ("--json",))

# VFs are explained one by one on these: four on one PF at least, of each kind of policy.
WITH_VFS = ("fits", "hypervisor", "igb-drifted", "no-netdev", "storage")
EXPLAINED_VFS = range(4)

# What goes wrong in the kernel in memory; see sim_kernel.c.
FAULTS = (
    f"refuse:trust:{errno.EOPNOTSUPP}", f"refuse:trust:{errno.EPERM}",
    f"refuse:vlan:{errno.EPROTONOSUPPORT}", f"refuse:mac:{errno.EBUSY}",
    f"refuse:driver:{errno.ENOENT} refuse:trust:{errno.EINVAL}", f"refuse:vlan:{errno.ENETDOWN}",
    f"refuse:max-tx-rate:{errno.EINVAL}", f"refuse:spoof-check:{errno.EIO}", "busy:trust:3",
    "busy:trust:9999", "forget:trust", "forget:vlan", "link:3", "link:9999", "gone:0", "gone:1",
    "gone:2", "broken:pci/0000:3b:00.0", "broken:pci/0000:01:00.0", "dead",
)  # fmt: skip
FAULTY = (("igb-drifted", "lab"), ("igb-drifted", "vf-all"), ("hypervisor", "uplinks"),
          ("fits", "vfs-6"))  # fmt: skip

USAGE = (
    (), ("-h",), ("--help",), ("--version",), ("--vresion",), ("--json",), ("-x",), ("plna",),
    ("frobnicate",), ("\033[31m",), ("",), ("--", "plan"),
    ("plan", "--jsno"), ("plan", "--inventroy=x"), ("plan", "--frobnicate"), ("plan", "-x"),
    ("plan", "--\007"), ("plan", "--wait", "1"), ("plan", "--policy"), ("plan", "--root="),
    ("plan", "--json=yes"), ("plan", "--pol", "policy/none"), ("status", "--inventory", "x"),
    ("explain",), ("explain", "a", "1", "c"), ("list", "a"), ("list", "\007"),
    ("help",), ("help", "plan"), ("help", "mtu"), ("help", "resync"), ("help", "match.driver"),
    ("help", "rate"), ("help", "vlna"), ("help", "sriov_numvfs"), ("schema", "policy"),
    ("schema", "inventory"), ("schema", "x"), ("complete",), ("complete", "--", ""),
    ("complete", "--", "plan", "-"), ("complete", "--", "doctor", "--severity", ""),
    ("complete", "--", "help", ""), ("complete", "--", "frobnicate", ""),
    ("reload", "--policy", "x"), ("monitor", "x"), ("check", "--wait=1"), ("reload", "--json"),
    ("apply", "--wait=x"), ("apply", "--wait="), ("apply", "--wait=-1"), ("apply", "--wait=1s"),
    ("apply", "--wait=86401"), ("apply", "--wait=99999999999999999999"),
    ("check", "--policy", "policy/nowhere"), ("check", "--policy", "policy/lab/lab.yaml"),
    ("check", "/nonexistent.yaml"), ("check", "/nonexistent.yaml", "--json"),
    ("plan", "--inventory", "/nonexistent"), ("list", "--inventory", "hosts"),
    ("plan", "--inventory", "hosts", "--policy", "policy/lab", "enp1s0"),
    ("plan", "--inventory", "standard/etc", "--policy", "policy/lab"),
)  # fmt: skip
DAEMON_USAGE = (("--once", "--policy", "policy/typo"), ("x",), ("--help",), ("--version",),
                ("--frobnicate",), ("--policy",), ("--once", "\033"),
                ("--policy", "a") * 17)  # fmt: skip

# What comes right while apply waits, or does not.
WAITS = (("busy:trust:6", "20"), ("link:6", "20"), ("link:9999", "0"), ("busy:trust:9999", "1"))

# On a terminal of so many columns.
TERMINALS = (60, 80, 132)


ONCE = (("fits", "vfs-6"), ("fits", "resize-force"), ("fits", "beyond"), ("drivers", "switchdev"),
        ("drivers", "up-for-vfs"), ("igb-drifted", "lab"), ("igb-drifted", "none"),
        ("igb-drifted", "typo"), ("hypervisor", "uplinks"), ("hypervisor", "observe"),
        ("hypervisor", "nowhere"), ("storage", "pf"), ("no-netdev", "numbers"),
        ("odd", "vf-all"))  # fmt: skip


@dataclass(frozen=True)
class Command:
    program: str
    words: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    stdin: str = ""
    columns: int = 0  # of the terminal that it writes to; 0: it is none
    alone: bool = False  # on one processor: it has threads, and who of them is first is seen
    unordered: bool = False  # its messages come in no order

    def title(self) -> str:
        given = [f"{key}={value!r}" for key, value in self.environment.items()]
        words = [word if word.isprintable() and word else repr(word) for word in self.words]
        place = [f"on {self.columns} columns"] if self.columns else []
        return " ".join([*given, self.program, *words, *(["<FILE"] if self.stdin else []), *place])


def ctl(*words: str, **more) -> Command:
    return Command("sriovctl", words, **more)


def simulated(inventory: str, *words: str, fault: str = "", columns: int = 0) -> Command:
    environment = {"SIM_INVENTORY": f"inventory/{inventory}.yaml"}
    if fault:
        environment["SIM_SCRIPT"] = fault
    return Command("sriovctl-sim", words, environment, columns=columns)


def on(inventory: str, policy: str) -> tuple[str, ...]:
    return ("--inventory", f"inventory/{inventory}.yaml", "--policy", f"policy/{policy}")


def below(inventory: str, policy: str) -> tuple[str, ...]:
    return ("--root", f"root/{inventory}", "--policy", f"/policy/{policy}")


def usage() -> Iterator[Command]:
    for words in USAGE:
        yield ctl(*words)
    for verb in VERBS:
        for option in ("--help", "-h", "--version"):
            yield ctl(verb, option)
        yield ctl(verb, "--hepl")
    for verb in ("reload", "resync", "monitor", "status"):
        yield ctl(verb, environment={"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"})
    for words in DAEMON_USAGE:
        yield Command("sriovd", words)
    yield Command("sriovd-openers", ())


def check(inputs: Inputs) -> Iterator[Command]:
    for form in FORMS:
        for name in inputs.bad:
            yield ctl("check", f"bad/{name}.yaml", *form)
        for name in (*inputs.policies, *BAD_POLICIES):
            yield ctl("check", "--policy", f"policy/{name}", *form)
        for name in inputs.special:
            yield ctl("check", "--policy", f"special/{name}", *form)
        for root in ("standard", "untrusted"):
            yield ctl("check", "--root", root, *form)
            yield ctl("check", "--root", root, "--policy", "/etc/sriovd//", *form)
        yield ctl("check", "-", stdin="version: 2\nvsf: 1\n", *form)
        good, bad = "policy/lab/lab.yaml", "bad/mtu-range.yaml"
        yield ctl("check", "-", good, bad, stdin="version: 1\n", *form)
        yield ctl("check", good, good, *form)


def read_hosts(inputs: Inputs) -> Iterator[Command]:
    """list and inventory."""
    for verb in ("list", "inventory"):
        for form in FORMS:
            for name in inputs.inventories:
                yield ctl(verb, "--inventory", f"inventory/{name}.yaml", *form)
                yield simulated(name, verb, "--root", f"root/{name}", *form)
            for name in inputs.bad_inventories:
                yield ctl(verb, "--inventory", f"bad-inventory/{name}.yaml", *form)
            yield ctl(verb, "--root", "standard", *form)
    yield ctl("list", "--inventory", "inventory/hypervisor.yaml", environment={"LC_ALL": "C"})


def explain(inputs: Inputs, inventory: str, policy: str) -> Iterator[Command]:
    for pf in inputs.pfs[inventory]:
        for form in FORMS:
            yield ctl("explain", pf, *on(inventory, policy), *form)
        if policy in inputs.of_vfs:
            yield ctl("explain", pf, "1", *on(inventory, policy), "--json")
            for vf in EXPLAINED_VFS if inventory in WITH_VFS else ():
                yield ctl("explain", pf, str(vf), *on(inventory, policy))


def pair(inputs: Inputs, inventory: str, policy: str) -> Iterator[Command]:
    """A policy on a host."""
    yield from explain(inputs, inventory, policy)
    for form in FORMS:
        yield ctl("plan", *on(inventory, policy), *form)
        yield simulated(inventory, "status", *below(inventory, policy), *form)
        yield simulated(inventory, "apply", "--wait=0", *below(inventory, policy), *form)
    if inputs.pfs[inventory]:
        yield simulated(inventory, "status", *inputs.pfs[inventory], *below(inventory, policy))


def words_for_pfs() -> Iterator[Command]:
    """All names of a PF, and what is none."""
    names = ("ens1f0np0", "ens1f0", "enp59s0f0np0", "0000:3b:00.0", "pci/0000:3b:00.0", "ens1f9",
             "ens1f0np2", "eth0", "e\033")  # fmt: skip
    for name in names:
        for policy in ("uplinks", "none"):
            yield ctl("plan", name, *on("hypervisor", policy))
            yield ctl("plan", "eth7", name, "ens1f0", *on("hypervisor", policy), "--json")
            yield ctl("explain", name, *on("hypervisor", policy))
            yield simulated("hypervisor", "status", name, *below("hypervisor", policy))
            yield simulated("hypervisor", "apply", name, "--wait=0", *below("hypervisor", policy))
    for vf in ("7", "x", "-1", "", "1x", "65535", "999999", "99999999999999999999"):
        yield ctl("explain", *on("hypervisor", "uplinks"), "--", "ens1f1", vf)


def corpus(inputs: Inputs) -> Iterator[Command]:
    for name in inputs.corpus:
        inventory = ("--inventory", f"corpus/{name}/inventory.yaml")
        for form in FORMS:
            yield ctl("plan", *inventory, "--policy", f"corpus/{name}/policy", *form)
            yield ctl("list", *inventory, *form)


def trouble(inputs: Inputs) -> Iterator[Command]:
    """Policies and inventories that cannot be used."""
    for form in FORMS:
        for name in BAD_POLICIES:
            yield ctl("plan", *on("hypervisor", name), *form)
            yield ctl("explain", "ens1f0", *on("hypervisor", name), *form)
            yield simulated("hypervisor", "status", *below("hypervisor", name), *form)
            yield simulated("hypervisor", "apply", *below("hypervisor", name), *form)
        for name in inputs.bad_inventories:
            yield ctl("plan", "--inventory", f"bad-inventory/{name}.yaml", "--policy", "policy/lab",
                      *form)  # fmt: skip
        for verb in ("status", "plan"):
            yield ctl(verb, "--root", "untrusted", *form)
            yield simulated("fits", verb, "--root", "standard", *form)
    yield ctl("status", "--direct", "--policy", "policy/lab")
    yield ctl("status", "--policy", "policy/lab", "--json")
    yield ctl("plan", "--policy", "policy/lab", "--json")


def faults() -> Iterator[Command]:
    for fault in FAULTS:
        for form in FORMS:
            for inventory, policy in FAULTY:
                yield simulated(inventory, "apply", "--wait=0", *below(inventory, policy), *form,
                                fault=fault)  # fmt: skip
        for verb in ("status", "plan", "list", "inventory"):
            policy = () if verb in ("list", "inventory") else ("--policy", "/policy/uplinks")
            yield simulated("hypervisor", verb, "--root", "root/hypervisor", *policy, fault=fault)
    for fault, seconds in WAITS:
        yield simulated("igb-drifted", "apply", "--wait", seconds, *below("igb-drifted", "lab"),
                        fault=fault)  # fmt: skip


def plan_folder(folder: str, policy: str, *form: str, columns: int = 0) -> Command:
    words = ("plan", "--inventory", folder, "--policy", policy, *form)
    return ctl(*words, columns=columns, alone=True)


def folders(inputs: Inputs) -> Iterator[Command]:
    for form in FORMS:
        for policy in (*inputs.policies, *BAD_POLICIES):
            yield plan_folder("hosts", f"policy/{policy}", *form)
        yield plan_folder("fleet/hosts", "fleet/policy", *form)
        yield plan_folder("inventory", "fleet/policy", *form)


def terminals(inputs: Inputs) -> Iterator[Command]:
    for columns in TERMINALS:
        for inventory, policy in (("hypervisor", "uplinks"), ("igb-drifted", "lab"),
                                  ("fits", "merged"), ("odd", "observe")):  # fmt: skip
            pf = inputs.pfs[inventory][-1]
            files = on(inventory, policy)
            yield ctl("plan", *files, columns=columns)
            yield ctl("explain", pf, *files, columns=columns)
            yield ctl("list", *files[:2], columns=columns)
            for words in (("status",), ("status", pf), ("apply", "--wait=0")):
                yield simulated(inventory, *words, *below(inventory, policy), columns=columns)
        yield ctl("check", "bad/many-errors.yaml", columns=columns)
        yield plan_folder("hosts", "policy/observe", columns=columns)
    for key, value in (("NO_COLOR", "1"), ("NO_COLOR", ""), ("TERM", "dumb")):
        yield ctl("plan", *on("igb-drifted", "lab"), columns=80, environment={key: value})


def once() -> Iterator[Command]:
    """The daemon, which does what is to be done and exits."""
    for inventory, policy in ONCE:
        environment = {"SIM_INVENTORY": f"inventory/{inventory}.yaml"}
        words = ("--once", *below(inventory, policy), "--policy", "/wait")
        yield Command("sriovd-sim", words, environment, unordered=True)


def all_commands(inputs: Inputs) -> list[Command]:
    commands = [*once(), *usage(), *check(inputs), *read_hosts(inputs), *words_for_pfs(),
                *corpus(inputs), *trouble(inputs), *faults(), *folders(inputs),
                *terminals(inputs)]  # fmt: skip
    for inventory in inputs.inventories:
        for policy in inputs.policies_for(inventory):
            commands += pair(inputs, inventory, policy)
    return commands
