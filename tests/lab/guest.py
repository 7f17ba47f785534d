# SPDX-License-Identifier: LGPL-2.1-or-later
"""A Debian guest with emulated SR-IOV NICs, driven from the host.

    with Guest(image_directory) as guest:
        guest.run(f"echo 2 > {guest.pf[0].sysfs}/sriov_numvfs")
        guest.reboot()

The guest is the host's Debian release with systemd-networkd and ifupdown, both without
configuration: every NIC is down until somebody wants it up. See machine.py for the
hardware and for the names and addresses of the NICs.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import machine
from channel import Agent, GuestError, GuestTimeout, Monitor
from machine import Drive, Pf

SHARE = "/mnt/lab"
"""Where the guest sees the host's directory Guest.share."""

_ENVIRONMENT = [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "LC_ALL=C.UTF-8",
]
# What a command may need beyond its own timeout, on a host that is busy otherwise.
_GRACE = 60
_BOOT_TIMEOUT = 300


@dataclass(frozen=True)
class Result:
    """What a command in the guest did."""

    command: str
    rc: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"in the guest: {self.command}\nexit code {self.rc}\n{self.out}{self.err}".rstrip()


class CommandFailed(GuestError):
    """A command in the guest had an exit code other than 0."""

    def __init__(self, result: Result):
        super().__init__(str(result))
        self.result = result


def offer_vfs(id: int, max_vfs: int) -> str:
    """The command that has a netdevsim device offer so many VFs. That of Linux 7.3 has no such file
    any more: a kernel offers 4, or what it was built with (NSIM_BUS_DEV_MAX_VFS)."""
    limit = f"/sys/kernel/debug/netdevsim/netdevsim{id}/max_vfs"
    return f"[ ! -e {limit} ] || echo {max_vfs} > {limit}"


class Guest:
    """One virtual machine; start() and stop(), or a with block.

    It has one processor: where the host is busy, an emulated second one was seen to lose
    its timer and to stall the guest for good.

    pf[0], pf[1], … are in the machine from the start; `ports` counts all root ports, so
    that ports - pfs are free for plug_pf().
    """

    def __init__(
        self, image: Path, pfs: int = 2, ports: int = 4, memory: int = 1536, cpus: int = 1
    ):
        self.image = image
        self.pf = [Pf(f"pf{n}", n) for n in range(pfs)]
        self.plugged: dict[str, Pf] = {}
        self.drives: dict[str, Drive] = {}
        self._ports, self._memory, self._cpus = ports, memory, cpus
        self._process: subprocess.Popen[bytes] | None = None
        self.cursor = ""
        """Where journal() begins to read."""

    # --- the machine ---------------------------------------------------------

    def __enter__(self) -> Guest:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, arguments: str = "", port_options: str = "") -> None:
        """Boots a fresh system; arguments go to the kernel's command line, port_options to the root
        ports of the machine."""
        self._dir = Path(tempfile.mkdtemp(prefix="sriovd-lab-"))
        atexit.register(self.stop)
        try:
            self._launch(arguments, port_options)
            self.wait_boot()
        except BaseException as error:
            tail = self.serial()
            self.stop()
            if isinstance(error, GuestError):
                raise type(error)(f"{error}\nserial console:\n{tail}") from error
            raise

    def _launch(self, arguments: str, port_options: str) -> None:
        self.share.mkdir()
        self.plugged = {pf.id: pf for pf in self.pf}
        self.drives = {}
        command = machine.command(
            self.image, self._dir, self.pf, self._ports, self._memory, self._cpus, arguments,
            port_options,
        )
        with open(self._dir / "qemu.log", "wb") as log:
            # A killed test run shall not leave a machine behind.
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            self._monitor = Monitor(self._dir / "qmp")
            self._agent = Agent(self._dir / "agent")
        except GuestError as error:
            raise GuestError(f"{error}\n{(self._dir / 'qemu.log').read_text()}") from error

    def wait_boot(self, settled: bool = True, timeout: float = _BOOT_TIMEOUT) -> None:
        """Until the agent answers; with settled, until systemd has no more jobs and udev
        no more events."""
        try:
            self._wait_agent(timeout)
        except GuestTimeout:
            if not self.has_stalled():
                raise
            # The emulator's fault; a power cycle cures it.
            print("the emulated processor lost its timer during a boot; reset", file=sys.stderr)
            self._monitor.forget_events()
            self.qmp("system_reset")
            self._wait_agent(timeout)
        if settled:
            self.run("systemctl is-system-running --wait || :; udevadm settle", timeout)
            self.run(f"mountpoint -q {SHARE} || mount {SHARE}")

    def _wait_agent(self, timeout: float) -> None:
        self._monitor.wait_event(
            "VSERPORT_CHANGE", timeout, lambda data: data["id"] == "agent" and data["open"]
        )
        self._agent.synchronise(timeout)

    def has_stalled(self) -> bool:
        """Whether the guest's kernel says that its timer does not tick any more."""
        return "kthread timer wakeup didn't happen" in self.serial()

    def stop(self) -> None:
        """Ends the machine at once and forgets its disk."""
        atexit.unregister(self.stop)
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
        for channel in ("_monitor", "_agent"):
            if hasattr(self, channel):
                getattr(self, channel).close()
        shutil.rmtree(self._dir, ignore_errors=True)

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def reboot(self, settled: bool = True, timeout: float = _BOOT_TIMEOUT) -> None:
        """A clean reboot; files stay, what is in the share too."""
        before = self.boot_id()
        self._monitor.forget_events()
        self._agent.send("guest-exec", path="/usr/bin/systemctl", arg=["reboot"])
        self._monitor.wait_event("RESET", timeout, lambda data: data["guest"])
        self.wait_boot(settled, timeout)
        if self.boot_id() == before:
            raise GuestError("the guest did not reboot")

    def reset(self, settled: bool = True, timeout: float = _BOOT_TIMEOUT) -> None:
        """A power cycle: nothing in the guest gets a chance to end well."""
        self._monitor.forget_events()
        self.qmp("system_reset")
        self.wait_boot(settled, timeout)

    def boot_id(self) -> str:
        return self.read("/proc/sys/kernel/random/boot_id").strip()

    def qmp(self, command: str, /, **arguments: Any) -> Any:
        return self._monitor.command(command, **arguments)

    def serial(self, lines: int = 60) -> str:
        """The end of the serial console's log: kernel warnings and panics."""
        with contextlib.suppress(OSError):
            text = (self._dir / "serial.log").read_text(errors="replace")
            return "\n".join(text.splitlines()[-lines:])
        return ""

    # --- commands ---------------------------------------------------------------

    def run(
        self, command: str, timeout: float = 60, check: bool = True, stdin: str | None = None
    ) -> Result:
        """Runs a shell command (bash -e) as root. Its descendants are killed at the
        timeout; a background process must not outlive it: use spawn() for that."""
        arguments: dict[str, Any] = {
            "path": "/usr/bin/timeout",
            "arg": ["--kill-after=5", f"{timeout}", "/bin/bash", "-ec", command],
            "env": _ENVIRONMENT,
            "capture-output": True,
        }
        if stdin is not None:
            arguments["input-data"] = base64.b64encode(stdin.encode()).decode()
        pid = self._agent.call("guest-exec", **arguments)["pid"]
        status = self._wait_exit(pid, command, timeout + _GRACE)
        result = Result(
            command,
            status.get("exitcode", 128 + status.get("signal", 0)),
            _decode(status, "out-data"),
            _decode(status, "err-data"),
        )
        if result.rc in (124, 137):
            raise GuestTimeout(f"killed after {timeout:.0f} s, {result}")
        if check and result.rc != 0:
            raise CommandFailed(result)
        return result

    def _wait_exit(self, pid: int, command: str, timeout: float) -> dict[str, Any]:
        deadline = time.monotonic() + timeout
        pause = 0.01
        while True:
            status = self._agent.call("guest-exec-status", pid=pid)
            if status["exited"]:
                return status
            if time.monotonic() > deadline:
                raise GuestTimeout(
                    f"hangs in the kernel, or left a process that holds its output: {command}"
                )
            time.sleep(pause)
            # Each look costs the guest some milliseconds, too.
            pause = min(pause * 1.5, 0.25)

    def wait(self, predicate: str, timeout: float, what: str, pause: float = 0.1) -> str:
        """Polls, in the guest, until the shell commands' last exit code is 0; returns what
        they printed then. `what` completes "waited in vain for …"."""
        script = f"""
            end=$((SECONDS + {max(int(timeout), 1)}))
            until output=$( ({predicate}
            ) 2>&1 ); do
                if ((SECONDS >= end)); then echo "$output"; exit 75; fi
                sleep {pause}
            done
            echo "$output"
        """
        result = self.run(script, timeout + _GRACE, check=False)
        if result.rc != 0:
            raise GuestTimeout(
                f"waited in vain for {what}, {timeout:.0f} s\n{predicate}\n{result.out}{result.err}"
            )
        return result.out

    def spawn(self, name: str, command: str) -> str:
        """Starts a command that goes on, as the transient unit lab-NAME.service; its
        output is in the journal. Returns the unit's name, for run("systemctl …")."""
        unit = f"lab-{name}.service"
        self.run(
            f"systemd-run --quiet --collect --service-type=exec --unit={unit} "
            f"/bin/bash -ec {shlex.quote(command)}"
        )
        return unit

    # --- files ------------------------------------------------------------------

    @property
    def share(self) -> Path:
        """The host's directory that the guest has at /mnt/lab."""
        return self._dir / "share"

    def read(self, path: str) -> str:
        return self.run(f"cat {shlex.quote(path)}").out

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Atomically: nobody in the guest sees half a file. Makes the directory too."""
        directory, name = path.rsplit("/", 1)
        temporary = shlex.quote(f"{directory}/.{name}.lab")
        self.run(
            f"mkdir -p {shlex.quote(directory or '/')}; cat > {temporary}; "
            f"chmod {mode:o} {temporary}; mv -T {temporary} {shlex.quote(path)}",
            stdin=text,
        )

    def push(self, host_path: Path | str, guest_path: str) -> None:
        """Copies a file or a directory, with its modes, owned by root."""
        with tempfile.TemporaryDirectory(dir=self.share) as directory:
            source = Path(host_path)
            copy = Path(directory) / source.name
            if source.is_dir():
                shutil.copytree(source, copy, symlinks=True)
            else:
                shutil.copy(source, copy)
            self.run(
                f"cp -rT --preserve=mode,timestamps,links "
                f"{shlex.quote(f'{SHARE}/{Path(directory).name}/{source.name}')} "
                f"{shlex.quote(guest_path)}"
            )

    def install(self, destdir: Path | str) -> None:
        """Copies the tree of a `make install DESTDIR=…` into /."""
        archive = self.share / "install.tar"
        subprocess.run(["tar", "-C", destdir, "-cf", archive, "."], check=True)
        # The guest's own directories and symlinks (/lib) stay what they are.
        self.run(
            f"tar -C / -xpf {SHARE}/install.tar --no-same-owner "
            "--keep-directory-symlink --no-overwrite-dir; "
            "systemctl daemon-reload; systemctl reload dbus; udevadm control --reload",
            timeout=120,
        )
        archive.unlink()

    def uninstall(self, destdir: Path | str) -> None:
        """Takes the files of such a tree out of / again; directories stay."""
        files = subprocess.run(
            ["find", ".", "!", "-type", "d", "-print0"],
            cwd=destdir, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.run("cd /; xargs -0 rm -f; systemctl daemon-reload", stdin=files.stdout)

    def build(self, source: Path, *flags: str) -> str:
        """Compiles a C helper on the host, for /usr/local/bin; returns the guest's path."""
        with tempfile.TemporaryDirectory() as directory:
            program = Path(directory) / source.stem
            subprocess.run(
                ["gcc", "-std=c17", "-D_GNU_SOURCE", "-O1", "-o", program, source, *flags],
                check=True,
            )
            self.push(program, f"/usr/local/bin/{source.stem}")
        return f"/usr/local/bin/{source.stem}"

    # --- journal ------------------------------------------------------------------

    def mark(self, message: str) -> None:
        """Writes a line into the journal, from where journal() reads from now on."""
        out = self.run(
            f"logger -t lab -- {shlex.quote(message)}; journalctl --sync; "
            "journalctl -q -n 1 --show-cursor -o cat"
        ).out
        self.cursor = out.rpartition("-- cursor: ")[2].strip()

    def journal(self, unit: str = "", since_mark: bool = True) -> str:
        """The journal of a unit or of everything, since mark() or from the beginning,
        across reboots. Monotonic times, which start again at each boot."""
        arguments = ["-q", "--no-pager", "-o", "short-monotonic"]
        if unit:
            arguments += ["-u", unit]
        if since_mark and self.cursor:
            arguments += ["--after-cursor", self.cursor]
        return self.run(f"journalctl --sync; journalctl {shlex.join(arguments)}").out

    # --- NICs -----------------------------------------------------------------------

    def plug_pf(self, id: str, wait: bool = True) -> Pf:
        """Hotplugs an igb; pf0, pf1 into their own root ports, others into a free one.
        With wait, until udev has named the interface."""
        pf = next((pf for pf in self.pf if pf.id == id), None) or Pf(id, self._free_port())
        self.qmp("netdev_add", **pf.backend())
        self.qmp("device_add", **pf.device())
        self.plugged[id] = pf
        if wait:
            self.wait_netdev(pf.sysfs)
        return pf

    def _free_port(self) -> int:
        taken = {pf.port for pf in [*self.pf, *self.plugged.values(), *self.drives.values()]}
        for port in range(self._ports):
            if port not in taken:
                return port
        raise GuestError("no free root port; give Guest() more ports")

    def unplug_pf(self, id: str, timeout: float = 60) -> None:
        """Asks the guest to give the PF up, as the button at a hotplug slot does, and
        waits until it has."""
        pf = self.plugged[id]
        self._monitor.forget_events()
        self.qmp("device_del", id=pf.id)
        self._monitor.wait_event(
            "DEVICE_DELETED", timeout, lambda data: data.get("device") == pf.id
        )
        self.qmp("netdev_del", id=pf.netdev)
        del self.plugged[id]

    def plug_drive(self, id: str) -> Drive:
        """Hotplugs an NVMe disk into a free root port. QEMU 10.0 does not survive it when such a
        disk is to leave: the guest goes with the scenario, which costs a boot."""
        drive = Drive(id, self._free_port())
        self.qmp("device_add", **drive.device())
        self.drives[id] = drive
        self.wait(
            f"grep -qx live {drive.sysfs}/nvme/nvme*/state", 60, f"a controller at {drive.address}"
        )
        return drive

    def set_link(self, pf: Pf | str, up: bool) -> None:
        """Pulls the PF's cable, or puts it in again."""
        self.qmp("set_link", name=pf if isinstance(pf, str) else pf.id, up=up)

    def wait_netdev(self, sysfs: str, timeout: float = 60) -> str:
        """Until udev is done with the (first) interface of a device; returns its name."""
        return self.wait(
            f"name=$(ls {sysfs}/net | head -n 1) && [ $name ] &&"
            f" data=/run/udev/data/n$(cat {sysfs}/net/$name/ifindex) &&"
            " [ -e $data ] && ! grep -q ID_RENAMING $data && echo $name",
            timeout,
            f"an interface of {sysfs}",
        ).strip()

    def netdevsim(self, id: int, ports: int = 1, max_vfs: int = 4) -> str:
        """Makes a netdevsim device; returns the name of its first interface, eniIDnp1.
        Its sriov_numvfs is in /sys/bus/netdevsim/devices/netdevsimID."""
        self.run(
            "modprobe -a psample udp_tunnel macsec ptp 2>/dev/null || :; modprobe netdevsim;"
            f" echo '{id} {ports}' > /sys/bus/netdevsim/new_device; {offer_vfs(id, max_vfs)}"
        )
        return self.wait_netdev(f"/sys/bus/netdevsim/devices/netdevsim{id}")

    def netdevsim_del(self, id: int) -> None:
        self.run(f"echo {id} > /sys/bus/netdevsim/del_device")

    # --- between scenarios ----------------------------------------------------------

    def restore(self) -> None:
        """Takes back what a scenario did: hardware, policy, interfaces, units. See
        guest-restore for the list; raises GuestError with what could not be restored."""
        for id in [id for id in self.plugged if id not in {pf.id for pf in self.pf}]:
            self.unplug_pf(id)
        for pf in self.pf:
            if pf.id not in self.plugged:
                self.plug_pf(pf.id)
            self.set_link(pf, True)
        shutil.copy(Path(__file__).with_name("guest-restore"), self.share)
        pfs = " ".join(f"{pf.address}={pf.ifname}" for pf in self.pf)
        self.run(f"{SHARE}/guest-restore {pfs}", timeout=180)


def _decode(status: dict[str, Any], key: str) -> str:
    return base64.b64decode(status.get(key, "")).decode(errors="replace")
