# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon may do what its job needs, and hardly anything else."""

from __future__ import annotations

import json
import re

import pytest

import sriov
from guest import Guest

RULE = """
    - name: uplink
      match: {interface: enp1s0}
      pf-up: true
      vfs: 2
      vf-defaults: {trust: true, unmanaged: true}
      virtual-functions: [{index: 1, enforce: at-creation, vlan: 100}]
"""

CAP_NET_ADMIN = 1 << 12
CAP_SYS_PTRACE = 1 << 19


def exposure(guest: Guest, unit: str) -> float:
    """What systemd counts; 10 is a service without any sandbox."""
    out = guest.run(f"systemd-analyze security --no-pager --threshold=100 {unit}").out
    (score,) = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", out)
    left = [line for line in out.splitlines() if line.startswith("✗")]
    print(*left, sep="\n")
    return float(score)


def process_status(guest: Guest) -> dict[str, str]:
    pid = guest.run(f"systemctl show -P MainPID {sriov.UNIT}").out.strip()
    lines = guest.read(f"/proc/{pid}/status").splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def begin(guest: Guest) -> None:
    sriov.policy(guest, RULE)
    sriov.start(guest)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)


@pytest.mark.parametrize("unit", [sriov.UNIT, "sriovd-openers.service"])
def test_exposure(guest: Guest, tell: sriov.Tell, unit: str) -> None:
    begin(guest)
    score = exposure(guest, unit)
    tell(f"exposure of {unit}: {score} by systemd-analyze security")
    assert score <= 1.5


@pytest.mark.parametrize("unit", ["sriovd-metrics@.service", "sriovd-textfile.service"])
def test_exposure_of_what_tells_figures(guest: Guest, tell: sriov.Tell, unit: str) -> None:
    """They live for a moment: their files are judged."""
    score = exposure(guest, f"--offline=true /usr/lib/systemd/system/{unit}")
    tell(f"exposure of {unit}: {score} by systemd-analyze security")
    assert score <= 1.8


def test_what_the_process_has(guest: Guest) -> None:
    begin(guest)
    status = process_status(guest)
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2", "calls are filtered"
    for name in ("CapPrm", "CapEff", "CapBnd"):
        assert int(status[name], 16) == CAP_NET_ADMIN, (name, status[name])
    for name in ("CapInh", "CapAmb"):
        assert int(status[name], 16) == 0, (name, status[name])


@pytest.mark.parametrize("unit", [sriov.UNIT, "sriovd-openers.service"])
def test_what_it_may_call_and_use(guest: Guest, unit: str) -> None:
    calls = set(guest.run(f"systemctl show -P SystemCallFilter {unit}").out.split())
    assert {"openat", "read", "statx"} <= calls
    others = {
        "add_key", "chown", "io_setup", "io_uring_setup", "mount", "msgget", "pidfd_getfd",
        "process_vm_readv", "process_vm_writev", "ptrace", "setuid", "shmget", "userfaultfd",
    }  # fmt: skip
    if unit != sriov.UNIT:
        others |= {"clone", "clone3", "connect", "fork", "kill", "socket", "unlink", "unlinkat"}
    assert not calls & others
    properties = "MemoryMax TasksMax LimitNOFILE LimitCORE LogRateLimitBurst PrivateIPC"
    out = guest.run(f"systemctl show -p {properties.replace(' ', ' -p ')} {unit}").out
    limits = dict(line.split("=", 1) for line in out.splitlines())
    assert limits["LimitCORE"] == "0" and limits["PrivateIPC"] == "yes", limits
    for name in ("MemoryMax", "TasksMax", "LimitNOFILE", "LogRateLimitBurst"):
        assert 0 < int(limits[name]) < 1 << 30, limits


def test_what_it_cannot_do(guest: Guest) -> None:
    """Tried from within, with the same sandbox."""
    guest.write(
        "/run/systemd/system/sriovd.service.d/try.conf",
        "[Service]\nExecStart=\nType=oneshot\nExecStart=-/bin/bash /run/try\n",
    )
    tries = {
        "etc": "touch /etc/sriovd/x",
        "usr": "touch /usr/x",
        "run": "touch /run/x",
        "lock": "touch /run/lock/x",
        "proc": "echo 1 > /proc/sys/net/ipv4/ip_forward",
        "module": "modprobe dummy",
        "memory": "dd if=/dev/mem of=/dev/null count=1",
        "kmsg": "dd if=/dev/kmsg of=/dev/null count=1",
        "disk": "dd if=/dev/vda of=/dev/null count=1",
        "namespace": "unshare --net true",
        "mount": "mount -t tmpfs none /mnt",
        "time": "date -s 2001-01-01",
        "inet": "exec 3<>/dev/udp/127.0.0.1/9",
        "processes": "readlink /proc/1/exe",
        "other": "echo 0 > /proc/self/oom_score_adj",
        "home": "ls /root",
        "tmp": "ls /tmp",
        # What it may.
        "OK-state": "touch /var/lib/sriovd/x && rm /var/lib/sriovd/x",
        "OK-runtime": "touch /run/sriovd/x && rm /run/sriovd/x",
        "OK-uevent": f"echo change > {guest.pf[0].sysfs}/uevent",
        "OK-probe": f"echo {guest.pf[0].address} > /sys/bus/pci/drivers_probe",
    }
    script = "".join(
        f"if ( {command} ) >/dev/null 2>&1; then echo tried {name} yes;"
        f" else echo tried {name} no; fi\n"
        for name, command in tries.items()
    )
    guest.write("/run/try", script)
    guest.run(f"systemctl daemon-reload; systemctl start {sriov.UNIT}; journalctl --sync")
    tried = dict(re.findall(r"tried (\S+) (yes|no)", guest.journal(sriov.UNIT)))
    guest.run("rm /run/try")
    assert tried == {name: "yes" if name.startswith("OK-") else "no" for name in tries}


def test_modes_of_files_are_not_the_sandboxs(guest: Guest) -> None:
    """Its umask is strict; who is not root can still see what is unmanaged, and what was given
    once."""
    begin(guest)
    out = guest.run("find /run/sriovd -type d -printf '%m %p\\n'").out
    modes = {name: mode for mode, name in (line.split() for line in out.splitlines())}
    assert modes["/run/sriovd/unmanaged"] == modes["/run/sriovd/given"] == "755", modes
    assert set(modes.values()) == {"755"}, modes
    report = guest.run(
        "setpriv --reuid=nobody --regid=nogroup --clear-groups"
        " sriovctl status --direct --json enp1s0",
        check=False,
    )
    (pf,) = json.loads(report.out)["pfs"]
    assert pf["state"] == "in-sync", report


def test_a_drop_in_widens_it(guest: Guest) -> None:
    """As sriovd(8) says, and the daemon then looks for itself."""
    guest.write(
        "/etc/systemd/system/sriovd.service.d/wide.conf",
        "[Service]\nCapabilityBoundingSet=CAP_SYS_PTRACE\nReadWritePaths=/srv\n",
    )
    guest.run("systemctl daemon-reload")
    begin(guest)
    assert int(process_status(guest)["CapBnd"], 16) == CAP_NET_ADMIN | CAP_SYS_PTRACE


def test_nobody_is_told_that_he_may_not(guest: Guest) -> None:
    """A whole life: start, reload, a change of the policy, repair of drift, stop."""
    begin(guest)
    sriov.reload(guest)
    guest.run("ip link set enp1s0 vf 0 trust off")
    sriov.wait_vf(guest, "enp1s0", 0, "trust on")
    sriov.policy(guest, RULE.replace("vfs: 2", "vfs: 3"))
    sriov.wait_vfs(guest, guest.pf[0].sysfs, 3)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)
    guest.run(f"systemctl stop {sriov.UNIT}")
    log = guest.journal()
    assert not re.search(r"seccomp|SECCOMP|Operation not permitted|EPERM|EACCES", log), log
