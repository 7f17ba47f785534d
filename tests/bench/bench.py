# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measures: bench.py IMAGE BUILD DESTDIR [--quick] [--only LETTERS]. See run."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import inventories
from guest import CommandFailed, Guest
from report import Section, ms, ratio

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
NSIM = "/sys/bus/netdevsim/devices/netdevsim{}"
POLICY = "/etc/sriovd/bench.yaml"

# Contestants of the first work, and what they are called.
NAMES = {
    "floor": "floor", "pass": "sriovd", "ip-batch": "ip -batch", "ip-loop": "ip, a loop",
    "udevd": "udevd .link", "nm": "NetworkManager",
}  # fmt: skip
# A loop of more takes minutes a round and says nothing new.
LOOP_MAX = 200
NM_MAX = 200


@dataclass
class Bench:
    """One run: what to measure in, and how much of it."""

    guest: Guest
    build: Path
    quick: bool
    measured: dict[str, float] = field(default_factory=dict)
    """What the works leave for the table of aims."""

    @property
    def rounds(self) -> int:
        return 2 if self.quick else 7

    @property
    def sizes(self) -> tuple[int, ...]:
        return (8, 64) if self.quick else (8, 64, 200, 512, 1000)

    def medians(self, command: str, timeout: float = 900) -> dict[str, float]:
        """What a program prints: name, median, least, most."""
        lines = (line.split() for line in self.guest.run(command, timeout=timeout).out.splitlines())
        return {words[0]: float(words[1]) for words in lines}

    def has(self, program: str) -> bool:
        return self.guest.run(f"command -v {program}", check=False).rc == 0

    def netdevsim(self, id: int, vfs: int) -> str:
        """A netdevsim PF that is up, with VFs."""
        name = self.guest.netdevsim(id, max_vfs=max(vfs, 1))
        self.guest.run(f"echo {vfs} > {NSIM.format(id)}/sriov_numvfs; ip link set {name} up")
        return name


def rules(vfs: int, turn: int, more: str = "", match: str = "{driver: netdevsim}") -> str:
    flag = "true" if turn % 2 else "false"
    entries = "".join(
        f"  - {{index: {i}, mac: '02:{turn:02x}:00:00:{i >> 8:02x}:{i & 255:02x}'}}\n"
        for i in range(vfs)
    )
    return (
        f"version: 1\nphysical-functions:\n- name: bench\n  match: {match}\n{more}"
        f"  vf-defaults: {{vlan: {100 + turn % 2}, spoof-check: {flag}, trust: {flag}}}\n"
        f"  virtual-functions:\n{entries}"
    )


def start_daemon(guest: Guest, policy: str) -> None:
    guest.write(POLICY, policy)
    guest.run("systemctl restart sriovd", timeout=180)


def stop_daemon(guest: Guest) -> None:
    guest.run(f"systemctl stop sriovd; rm -f {POLICY}; systemctl reset-failed", timeout=120)


def by_daemon(bench: Bench, vfs: int) -> float:
    """From a changed policy file to the last write of the daemon."""
    for turn in (0, 1):
        bench.guest.write(f"/tmp/policy.{turn}", rules(vfs, turn))
    start_daemon(bench.guest, rules(vfs, 1))
    times = bench.medians(
        f"bench-watch policy {bench.rounds} 400 {POLICY} /tmp/policy.0 /tmp/policy.1"
    )
    stop_daemon(bench.guest)
    return times["policy"]


# --- the works ----------------------------------------------------------------------


def apply(bench: Bench) -> Section:
    section = Section(
        "a", "apply N VFs x 4 settings", "MAC, VLAN, spoof check and trust of each VF of a "
        "netdevsim, all of which differ; ms, and below it times the floor. *floor* is messages "
        "made before, 64 VFs in each, over a bare socket. *sriovd* is a pass: a look, the plan, "
        "the writes, a look that verifies. *daemon* is from the moment at which a policy file is "
        "replaced to the last write: with 100 ms in which it waits whether more files follow, and "
        "with reading them.",
        ["N", *NAMES.values(), "sriovd, daemon"],
    )  # fmt: skip
    for vfs in bench.sizes:
        contestants = [name for name in NAMES if name != "nm" and (
            name != "ip-loop" or vfs <= LOOP_MAX)]  # fmt: skip
        bench.netdevsim(1, vfs)
        times = bench.medians(
            f"bench-apply netdevsim/netdevsim1 {bench.rounds} {' '.join(contestants)}", 1800
        )
        dump = bench.medians(f"bench-apply netdevsim/netdevsim1 {bench.rounds} dump")["dump"]
        if vfs <= NM_MAX and bench.has("nmcli"):
            times |= by_network_manager(bench)
        daemon = by_daemon(bench, vfs)
        bench.guest.netdevsim_del(1)
        section.row(vfs, *(ms(times.get(name)) for name in NAMES), ms(daemon))
        section.row("", *(ratio(times.get(name), times["floor"]) for name in NAMES),
                    ratio(daemon, times["floor"]))  # fmt: skip
        others = [times[name] for name in NAMES if name in times and name not in ("floor", "pass")]
        best, looks = min(others) / times["pass"], times["floor"] + 2 * dump
        section.note(f"{vfs} VFs: the best other tool takes {best:.1f} times what sriovd takes, "
                     f"and that {times['pass'] / looks:.1f} times the floor and two raw dumps "
                     f"({ms(looks)} ms), without which nobody looks before and after")  # fmt: skip
        bench.measured[f"apply {vfs}"] = times["pass"] / times["floor"]
        bench.measured[f"best {vfs}"] = best
    if bench.has("nmcli"):
        section.note(f"NetworkManager is measured by itself, with up to {NM_MAX} VFs")
    else:
        section.note("NetworkManager is not in the guest's image, and not measured")
    section.note(f"the loop is measured with up to {LOOP_MAX} VFs: more take as long for each")
    return section


NM_CONFIGURATION = """\
[main]
no-auto-default=*
[keyfile]
unmanaged-devices=except:interface-name:eni1np1
"""


def by_network_manager(bench: Bench) -> dict[str, float]:
    """Alone: it would have its part in the time of all others."""
    bench.guest.write("/etc/NetworkManager/conf.d/bench.conf", NM_CONFIGURATION)
    bench.guest.run("mkdir -p /run/NetworkManager/system-connections;"
                    "systemctl start NetworkManager", timeout=120)  # fmt: skip
    bench.guest.wait("nmcli connection reload", 60, "NetworkManager's settings")
    try:
        return bench.medians(f"bench-apply netdevsim/netdevsim1 {bench.rounds} nm")
    except CommandFailed as error:
        print(f"NetworkManager: {error}", file=sys.stderr, flush=True)
        return {}
    finally:
        bench.guest.run("systemctl stop NetworkManager; ip link set eni1np1 up", timeout=120)


def idle_pass(bench: Bench) -> Section:
    section = Section(
        "b", "a pass that finds nothing to do", "Against one raw dump of the same PF: "
        "RTM_GETLINK with its VFs into a buffer that nobody reads. *look* is what the pass begins "
        "with: the same and sysfs, read. ms.",
        ["N", "raw dump", "look", "sriovd", "ratio"],
    )  # fmt: skip
    for vfs in bench.sizes:
        bench.netdevsim(1, vfs)
        times = bench.medians(
            f"bench-apply netdevsim/netdevsim1 {bench.rounds * 3} dump look idle"
        )
        bench.guest.netdevsim_del(1)
        section.row(vfs, *(ms(times[name]) for name in ("dump", "look", "idle")),
                    ratio(times["idle"], times["dump"]))  # fmt: skip
        bench.measured[f"idle {vfs}"] = times["idle"] / times["dump"]
    return section


def drift(bench: Bench) -> Section:
    vfs = 64 if bench.quick else 512
    section = Section(
        "c", f"one drifted setting of {vfs} VFs", "From the change of trust of one VF to its "
        "repair by the running daemon, debounce included.",
        ["", "ms"],
    )  # fmt: skip
    bench.netdevsim(1, vfs)
    start_daemon(bench.guest, rules(vfs, 1))
    times = bench.medians(
        f"bench-watch drift {bench.rounds} 700 netdevsim/netdevsim1 {vfs // 2}", timeout=300
    )
    stop_daemon(bench.guest)
    bench.guest.netdevsim_del(1)
    section.row("change to repair", ms(times["drift"]))
    bench.measured["drift"] = times["drift"]
    return section


def create(bench: Bench) -> Section:
    section = Section(
        "d", "creation of 7 igb VFs", "With 4 settings each and their drivers, against the "
        "kernel's own time of writing sriov_numvfs, drivers probed: at once, and after all VFs are "
        "there, which is what settings before drivers take.",
        ["", "ms"],
    )  # fmt: skip
    pf = bench.guest.pf[0]
    bench.guest.run(f"ip link set {pf.ifname} up")
    times = bench.medians(f"bench-create pci/{pf.address} 7 {bench.rounds}", timeout=600)
    bench.guest.run(f"ip link set {pf.ifname} down")
    section.row("the kernel", ms(times["numvfs"]))
    section.row("the kernel, drivers apart", ms(times["apart"]))
    section.row("sriovd", ms(times["pass"]))
    section.row("more than the kernel", ms(times["pass"] - times["numvfs"]))
    section.row("more than the kernel, drivers apart", ms(times["pass"] - times["apart"]))
    return section


SLOW_MS = 1000
SLOW_POLICY = """\
version: 1
physical-functions:
- {name: all, match: {driver: igb}, mtu: 9000}
"""


def slow_cards(bench: Bench, pfs: int) -> float:
    """The daemon over a kernel in memory whose drivers take so long to take an MTU."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "policy").mkdir()
        (root / "policy/a.yaml").write_text(SLOW_POLICY, encoding="utf-8")
        (root / "host.yaml").write_text(inventories.bare(pfs), encoding="utf-8")
        environment = {"SIM_SLOW_MS": str(SLOW_MS), "SIM_INVENTORY": str(root / "host.yaml")}
        program = str(bench.build / "tests/cli/sriovd-sim")
        command = [*OWN_RUN, program, "--once", "--policy", str(root / "policy")]
        return timed(command, bench.rounds, environment, check=True)


# What locks are in goes with it.
OWN_RUN = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs tmpfs /run && exec "$@"', "sh"]


def many(bench: Bench) -> Section:
    section = Section(
        "e", "many PFs at once", "*netdevsim*: each of 8 VFs x 4 settings; from the moment at which "
        "the policy file is replaced to the last write of the daemon. The guest has one processor: "
        "what is done beside each other takes as long as after each other. *slow cards*: the "
        "daemon's whole run, `sriovd --once`, over a kernel in memory, on the host, where each "
        f"card takes {SLOW_MS} ms for its MTU: PFs are worked on beside each other, but for their "
        "number of VFs, which the kernel writes one at a time on a host.",
        ["PFs", "netdevsim", "ms a PF", "slow cards"],
    )  # fmt: skip
    made, slow = 0, {}
    for count in (1, 4) if bench.quick else (1, 16, 64):
        while made < count:
            made += 1
            bench.netdevsim(made, 8)
        daemon = by_daemon(bench, 8)
        slow[count] = slow_cards(bench, count)
        section.row(count, ms(daemon), ms(daemon / count), ms(slow[count]))
    for id in range(1, made + 1):
        bench.guest.netdevsim_del(id)
    bench.measured["many"] = slow[max(slow)] / slow[1]
    return section


# In the place that sriovd.service has in a boot.
BOOT_UNIT = """\
[Unit]
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target
After=systemd-udevd.service systemd-udev-trigger.service
After=systemd-modules-load.service local-fs.target
[Service]
Type=oneshot
RemainAfterExit=yes
{}
[Install]
WantedBy=multi-user.target
"""


def write_unit(guest: Guest, name: str, service: str) -> None:
    guest.write(f"/etc/systemd/system/{name}.service", BOOT_UNIT.format(service))
    guest.run("systemctl daemon-reload")


def sandbox(guest: Guest) -> str:
    """The lines of sriovd.service that confine it."""
    lines = guest.read("/lib/systemd/system/sriovd.service").splitlines()
    begin = next(i for i, line in enumerate(lines) if line.startswith("CapabilityBoundingSet="))
    return "\n".join(lines[begin : lines.index("[Install]")])


def stamps(guest: Guest, unit: str) -> tuple[float, float]:
    """When the unit began to start, and when it had, in ms."""
    show = "systemctl show -P {}TimestampMonotonic {}"
    out = guest.run(f"{show.format('InactiveExit', unit)}; {show.format('ActiveEnter', unit)}").out
    begin, end = (float(word) / 1e3 for word in out.split())
    if end < begin:
        state = guest.run(f"systemctl status {unit}; journalctl -b -n 20 -u {unit}", check=False)
        raise RuntimeError(f"{unit} did not start: {state.out}")
    return begin, end


def start_times(guest: Guest, unit: str, rounds: int, prepare: str = "") -> list[float]:
    times = []
    for _ in range(rounds):
        guest.run(f"systemctl stop {unit}; {prepare}systemctl start {unit}", timeout=180)
        begin, end = stamps(guest, unit)
        times.append(end - begin)
    return times


def igb_rules() -> str:
    return rules(7, 1, "  vfs: 7\n  pf-up: true\n", "{driver: igb}")


def no_vfs(guest: Guest) -> str:
    return "".join(f"echo 0 > {pf.sysfs}/sriov_numvfs; " for pf in guest.pf)


def clear_vfs(guest: Guest) -> None:
    guest.run(no_vfs(guest), timeout=120)


def boots(bench: Bench, unit: str) -> tuple[float, float]:
    """With that unit: when network-pre.target was reached, and what the unit took; medians."""
    reached, took = [], []
    bench.guest.run(f"systemctl enable {unit}")
    for _ in range(1 if bench.quick else 3):
        bench.guest.run("sync")
        bench.guest.reboot()
        bench.guest.wait(f"[ $(systemctl show -P ActiveState {unit}) = active ]", 60, unit)
        reached.append(stamps(bench.guest, "network-pre.target")[1])
        begin, end = stamps(bench.guest, unit)
        took.append(end - begin)
    bench.guest.run(f"systemctl disable {unit}; systemctl stop {unit}", check=False, timeout=120)
    clear_vfs(bench.guest)
    return statistics.median(reached), statistics.median(took)


def numvfs_command(guest: Guest) -> str:
    """What somebody writes who has no sriovd: to be waited for are the PFs."""
    paths = " ".join(f"{pf.sysfs}/sriov_numvfs" for pf in guest.pf)
    return (
        f"ExecStart=/bin/sh -c 'for path in {paths}; do "
        "until echo 7 >$$path; do sleep 0.05; done 2>/dev/null & done; wait'"
    )


def boot(bench: Bench) -> Section:
    guest = bench.guest
    section = Section(
        "f", "start and boot", "*start* is of the unit, from its beginning to READY, medians of "
        f"{bench.rounds}; *boot* is what it took in a boot, and when network-pre.target was "
        "reached, medians of 3 boots. All units have the same place in a boot. Two PFs get 7 igb "
        "VFs each, in a boot beside all that udev starts for them. ms.",
        ["", "start", "boot: the unit", "boot: target reached"],
    )  # fmt: skip

    def measure(title: str, unit: str, prepare: str = "") -> tuple[float, float]:
        start = statistics.median(start_times(guest, unit, bench.rounds, prepare))
        guest.run(f"systemctl stop {unit}", timeout=120)
        reached, took = boots(bench, unit)
        section.row(title, ms(start), ms(took), ms(reached))
        return start, took

    write_unit(guest, "bench-true", "ExecStart=/bin/true")
    true = measure("true", "bench-true")
    write_unit(guest, "bench-true", f"ExecStart=/bin/true\n{sandbox(guest)}")
    confined = measure("true, confined as sriovd is", "bench-true")
    idle = measure("sriovd, no policy", "sriovd")
    write_unit(guest, "bench-numvfs", numvfs_command(guest))
    kernel = measure("echo 7 >sriov_numvfs, for both PFs", "bench-numvfs", no_vfs(guest))
    guest.write(POLICY, igb_rules())
    busy = measure("sriovd, 2 x 7 VFs", "sriovd", no_vfs(guest))
    for i, name in enumerate(("start", "boot")):
        section.note(f"{name}: the sandbox takes {ms(confined[i] - true[i])} ms, sriovd without a "
                     f"policy {ms(idle[i] - confined[i])} ms more, and with one "
                     f"{ms(busy[i] - kernel[i])} ms more than echo")  # fmt: skip
        bench.measured[f"{name} idle"] = idle[i] - true[i]
        bench.measured[f"{name} confined"] = idle[i] - confined[i]
        bench.measured[name] = busy[i] - kernel[i]
    stop_daemon(guest)
    clear_vfs(guest)
    return section


def watch_idle(bench: Bench, policy: str, seconds: int) -> dict[str, str]:
    """What IDLE prints of a daemon with that policy."""
    start_daemon(bench.guest, policy)
    time.sleep(5)
    out = bench.guest.run(IDLE.format(seconds=seconds), timeout=seconds + 60).out
    return dict(line.split() for line in out.splitlines())


def idle(bench: Bench) -> Section:
    seconds = 5 if bench.quick else 120
    section = Section(
        "g", "a daemon that has nothing to do", f"Over {seconds} s, with 2 igb PFs of 7 VFs in "
        "sync, a resync every 60 s. *Wakeups* are voluntary context switches of the main thread: "
        "a look at two PFs has several.",
        ["", ""],
    )  # fmt: skip
    clear_vfs(bench.guest)
    facts = watch_idle(bench, igb_rules(), seconds)
    quiet = watch_idle(
        bench, igb_rules().replace("physical", "settings: {resync: 0}\nphysical", 1), seconds
    )
    stop_daemon(bench.guest)
    clear_vfs(bench.guest)
    minutes = seconds / 60
    bench.measured |= {"rss": int(facts["Rss"]), "pss": int(facts["Pss"]),
                       "wakeups": int(quiet["wakeups"]) / minutes}  # fmt: skip
    section.row("RSS", f"{int(facts['Rss']):,} KiB")
    section.row("of an event loop with the same libraries", f"{int(facts['LeastRss']):,} KiB")
    section.row("of it the program and libraries", f"{int(facts['File']):,} KiB")
    section.row("of it memory of its own", f"{int(facts['Anonymous']):,} KiB")
    section.row("PSS", f"{int(facts['Pss']):,} KiB")
    section.row("of such an event loop", f"{int(facts['LeastPss']):,} KiB")
    section.row("wakeups a minute", f"{int(facts['wakeups']) / minutes:.1f}")
    section.row("without resync", f"{int(quiet['wakeups']) / minutes:.1f}")
    section.row("CPU an hour", f"{int(facts['cpu']) / 1e6 / minutes * 60:,.0f} ms")
    section.row("threads", facts["Threads"])
    return section


IDLE = """
pid=$(systemctl show -P MainPID sriovd)
wakeups() {{ cat /proc/$pid/task/*/status | awk '/^voluntary/ {{ n += $2 }} END {{ print n }}'; }}
cpu() {{ systemctl show -P CPUUsageNSec sriovd; }}
w=$(wakeups); c=$(cpu)
sleep {seconds}
echo wakeups $(($(wakeups) - w))
echo cpu $(($(cpu) - c))
awk '/^(Rss|Pss|Anonymous):/ {{ sub(":", ""); print $1, $2 }}' /proc/$pid/smaps_rollup
bench-idle
awk '/^RssFile/ {{ print "File", $2 }} /^Threads/ {{ print "Threads", $2 }}' /proc/$pid/status
"""


# --- on the host --------------------------------------------------------------------


def timed(command: list[str], rounds: int, environment: dict[str, str] | None = None,
          check: bool = False) -> float:  # fmt: skip
    times = []
    for _ in range(rounds):
        start = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=check,
                       env={**os.environ, **(environment or {})})  # fmt: skip
        times.append((time.monotonic() - start) * 1e3)
    return statistics.median(times)


def policy_of(lines: int) -> str:
    rules = "".join(
        f"- name: rule-{i}\n  match:\n    interface: \"ens{i}f*\"\n    driver: ice\n  vfs: 8\n"
        f"  vf-defaults:\n    trust: false\n  virtual-functions:\n  - index: \"0-3\"\n    vlan: 5\n"
        for i in range(lines // 10)
    )
    return f"version: 1\nphysical-functions:\n{rules}"


def offline(bench: Bench) -> Section:
    section = Section(
        "h", "without a kernel", "On the host and not in the guest: a process from its start to "
        f"its end, medians of {bench.rounds}; {len(os.sched_getaffinity(0))} processors.",
        ["", "ms"],
    )  # fmt: skip
    program = str(bench.build / "ctl/sriovctl")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for lines in (10, 1000, 100000):
            path = root / f"{lines}.yaml"
            path.write_text(policy_of(lines), encoding="utf-8")
            section.row(f"check of {lines:,} lines",
                        ms(timed([program, "check", str(path)], bench.rounds)))  # fmt: skip
        hosts = 500 if bench.quick else 10000
        inventories.make(hosts, root / "fleet")
        command = [program, "plan", "--inventory", str(root / "fleet/hosts"),
                   "--policy", str(root / "fleet/policy")]  # fmt: skip
        bench.measured["hosts"] = timed(command, bench.rounds)
        section.row(f"plan of {hosts:,} hosts", ms(bench.measured["hosts"]))
        section.row("the same as JSON", ms(timed([*command, "--json"], bench.rounds)))
    return section


WORKS: dict[str, Callable[[Bench], Section]] = {
    "a": apply, "b": idle_pass, "c": drift, "d": create, "e": many, "f": boot, "g": idle,
    "h": offline,
}  # fmt: skip


# What is aimed at, by the key of what was measured; "least" aims are not to be fallen short of.
AIMS = [
    ("apply 200", "apply 200 VFs x 4 settings, times the floor", 1.25),
    ("apply 512", "apply 512 VFs x 4 settings, times the floor", 1.25),
    ("best 200", "the best other tool, 200 VFs, times sriovd: least", 20),
    ("best 512", "the best other tool, 512 VFs, times sriovd: least", 20),
    ("idle 512", "a pass of 512 VFs with nothing to do, times a raw dump", 1.2),
    ("drift", "one drifted setting of 512 VFs repaired, ms", 20),
    ("start", "start with 2 x 7 VFs, over echo 7 >sriov_numvfs, ms", 50),
    ("boot", "the same in a boot, ms", 50),
    ("start idle", "start with nothing to do, over true, ms", 10),
    ("boot idle", "the same in a boot, ms", 10),
    ("start confined", "start with nothing to do, over true in the same sandbox, ms", 10),
    ("boot confined", "the same in a boot, ms", 10),
    ("rss", "idle: RSS, KiB", 4096),
    ("pss", "idle: PSS, KiB", 1536),
    ("wakeups", "idle: wakeups a minute, but for the resync", 0),
    ("many", "64 slow cards, times one", 1.1),
    ("hosts", "plan of 10,000 hosts, ms", 5000),
]


def aims(bench: Bench) -> Section:
    section = Section("aims", "what was aimed at", "Of the works above, in the same run.",
                      ["", "aim", "measured", ""])  # fmt: skip
    for key, title, aim in AIMS:
        if key not in bench.measured:
            continue
        measured = bench.measured[key]
        met = measured >= aim if title.endswith("least") else measured <= aim
        section.row(title, f"{aim:,}", f"{measured:,.{2 if measured < 10 else 0}f}",
                    "met" if met else "not met")  # fmt: skip
    return section


def preamble(bench: Bench, took: float) -> str:
    guest = bench.guest
    kernel = guest.run("uname -r").out.strip()
    systemd = guest.run("systemctl --version").out.split()[1]
    qemu = subprocess.run(["qemu-system-x86_64", "--version"], capture_output=True, text=True,
                          check=True).stdout.split()[3]  # fmt: skip
    accelerator = os.environ.get("SRIOVD_LAB_ACCEL", "tcg")
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=HERE,
                            capture_output=True, text=True, check=False).stdout.strip()  # fmt: skip
    load = os.getloadavg()
    return f"""\
<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->
<!-- Written by tests/bench/run. -->
# Results

Taken {datetime.date.today()} at {commit or "an unknown commit"}, in {took / 60:.0f} minutes, by
`tests/bench/run`. The guest is Linux {kernel} with systemd {systemd} and one processor, emulated by
QEMU {qemu} ({accelerator}): times are longer than on hardware, ratios of one run are what counts.
The host has {os.cpu_count()} processors and runs Linux {platform.release()}; its load at the end
was {load[0]:.1f} {load[1]:.1f} {load[2]:.1f}, the guest's own with it. Each number is the median of
{bench.rounds} rounds if nothing else is said, after one to warm up; contestants take turns, and
each is checked to have done its work.

"""


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("image", type=Path)
    parser.add_argument("build", type=Path)
    parser.add_argument("destdir", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="".join(WORKS))
    return parser.parse_args()


def set_up(bench: Bench, destdir: Path) -> None:
    bench.guest.install(destdir)
    bench.guest.run("systemctl stop systemd-networkd.socket systemd-networkd", check=False)
    for program in ("apply", "create", "idle", "watch"):
        bench.guest.push(bench.build / f"tests/bench/bench-{program}",
                         f"/usr/local/bin/bench-{program}")  # fmt: skip


def clean(guest: Guest) -> None:
    """What a work that failed has left."""
    stop_daemon(guest)
    guest.run(
        "for id in /sys/bus/netdevsim/devices/netdevsim*; do [ ! -e $id ] ||"
        " echo ${id##*netdevsim} > /sys/bus/netdevsim/del_device; done"
    )
    clear_vfs(guest)


def work(bench: Bench, letter: str) -> str:
    """The section of one work; one that fails does not end the others."""
    try:
        return str(WORKS[letter](bench))
    except Exception as error:  # noqa: BLE001
        print(f"({letter}) failed: {error}", file=sys.stderr, flush=True)
        clean(bench.guest)
        return f"## ({letter}) failed\n"


def main() -> None:
    arguments = parse()
    begin, sections = time.monotonic(), []
    with Guest(arguments.image) as guest:
        bench = Bench(guest, arguments.build, arguments.quick)
        set_up(bench, arguments.destdir)
        for letter in arguments.only:
            sections.append(work(bench, letter))
            print(sections[-1], flush=True)
        sections.append(str(aims(bench)))
        print(sections[-1], flush=True)
        text = preamble(bench, time.monotonic() - begin) + "\n".join(sections)
    if not arguments.quick and arguments.only == "".join(WORKS):
        RESULTS.write_text(text, encoding="utf-8")
        print(f"written to {RESULTS}")
    sys.exit(any("failed" in section.splitlines()[0] for section in sections))


if __name__ == "__main__":
    main()
