# SPDX-License-Identifier: LGPL-2.1-or-later
"""A VF that somebody uses is not destroyed, and all else goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import sriov
from guest import Guest
from sandbox import assert_same_to_both

RULE = """
    - name: uplink
      match: {{interface: enp1s0}}
      pf-up: true
      vfs: {vfs}
      on-resize: {on_resize}
      vf-defaults: {{mac: stable, trust: {trust}}}
"""


def rule(vfs: int, trust: str = "false", on_resize: str = "refuse-in-use") -> str:
    return RULE.format(vfs=vfs, trust=trust, on_resize=on_resize)


@pytest.fixture
def running(guest: Guest) -> Guest:
    """The daemon runs with 2 VFs on PF 0, looked at each second for want of events."""
    sriov.policy(guest, rule(2), "resync: 1s")
    sriov.start(guest)
    sriov.wait_in_sync(guest, guest.pf[0].ifname)
    guest.run("udevadm settle")
    return guest


def assert_guarded(guest: Guest, holder: str, release: str, settings: str = "resync: 1s") -> None:
    """Another number of VFs is wanted: blocked by name until the release, the rest is done."""
    pf = guest.pf[0]
    assert holder in guest.run("sriovctl list").out
    sriov.policy(guest, rule(4, trust="true"), settings)
    sriov.wait_vf(guest, pf.ifname, 0, "trust on")
    assert sriov.numvfs(guest, pf.sysfs) == 2
    assert "blocked" in sriov.wait_logged(guest, holder)
    plan = guest.run("sriovctl plan", check=False)
    assert plan.rc == 4 and holder in plan.out
    # Between two passes; each takes its time where the guest is slow.
    guest.wait("sriovctl status; [ $? = 4 ]", 60, "the PF to be blocked")
    guest.run(release)
    sriov.wait_vfs(guest, pf.sysfs, 4)
    sriov.wait_in_sync(guest, pf.ifname)


def spawn_in_namespace(guest: Guest) -> tuple[str, str]:
    """A process in a network namespace of its own, which has no name: its unit, and its ID."""
    unit = guest.spawn("tenant", "exec unshare --net sleep infinity")
    pid = guest.wait(
        f"pid=$(systemctl show -P MainPID {unit});"
        ' [ "$(cat /proc/$pid/comm)" = sleep ] && echo $pid',
        30,
        "the namespace",
    ).strip()
    return unit, pid


def test_in_another_network_namespace(running: Guest) -> None:
    """Its way back is an event."""
    running.run("ip netns add tenant; ip link set enp1s0v1 netns tenant")
    assert_guarded(
        running, "enp1s0v1 is in network namespace tenant", "ip netns del tenant", "resync: 0"
    )


def test_in_a_network_namespace_without_a_name(running: Guest) -> None:
    """A process in it names it."""
    unit, pid = spawn_in_namespace(running)
    running.run(f"ip link set enp1s0v1 netns {pid}")
    assert_guarded(
        running,
        f"enp1s0v1 is in the network namespace of sleep (pid {pid})",
        f"systemctl stop {unit}",
        "resync: 0",
    )


def test_with_an_address(running: Guest) -> None:
    running.run("ip link set enp1s0v0 up; ip address add 192.0.2.1/24 dev enp1s0v0")
    assert_guarded(running, "enp1s0v0 is up and has an address", "ip address flush dev enp1s0v0")


@pytest.mark.long
def test_with_a_master(running: Guest) -> None:
    running.run(
        "ip link add tenant type bridge; ip link set enp1s0v0 up; ip link set enp1s0v0 master tenant"
    )
    assert_guarded(running, "enp1s0v0 is up and has a master", "ip link set enp1s0v0 nomaster")


@pytest.mark.long
def test_with_a_route(running: Guest) -> None:
    running.run("ip link set enp1s0v0 up; ip route add 198.51.100.0/24 dev enp1s0v0")
    assert_guarded(
        running, "enp1s0v0 is up and has a route", "ip route del 198.51.100.0/24 dev enp1s0v0"
    )


def test_who_is_on_the_pfs_link_is_named(running: Guest) -> None:
    """A step that has the link go for a moment is done."""
    user = "enp1s0 is up and has the host's default route"
    running.run(
        "ip address add 192.0.2.1/24 dev enp1s0;"
        "ip route add default via 192.0.2.254 dev enp1s0 metric 9000"
    )
    sriov.policy(running, rule(2) + "      mtu: 1400\n", "resync: 1s")
    told = sriov.wait_logged(running, "mtu 1500 -> 1400: done")
    assert f"it disrupts the PF's link for a moment, which is in use: {user}" in told, told
    sriov.wait_in_sync(running, "enp1s0")


# What is on top of the interface of VF 1, in the pod's network namespace.
KINDS = {
    "macvlan": {"mode": "bridge"},
    "ipvlan": {"mode": "l2"},
    "vlan": {"vlanId": 5},
}


@pytest.mark.parametrize("kind", KINDS)
def test_below_a_device_in_another_namespace(running: Guest, kind: str) -> None:
    """As Docker makes it: here, and then moved (moby/moby#21735)."""
    options = "id 5" if kind == "vlan" else ""
    running.run(
        f"""
        ip netns add pod
        ip link set enp1s0v1 up
        ip link add link enp1s0v1 name top0 type {kind} {options}
        ip link set top0 netns pod
        ip -n pod address add 192.0.2.1/24 dev top0
        ip -n pod link set top0 up
        """
    )
    assert_guarded(
        running, "top0 in network namespace pod is on top of enp1s0v1", "ip netns del pod"
    )


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_below_a_device_of_a_cni_plugin(running: Guest, kind: str) -> None:
    """The plugin makes it right over there, so that the namespace has no number here."""
    network = {
        "cniVersion": "0.4.0", "name": "tenant", "type": kind, "master": "enp1s0v1",
        "ipam": {"type": "static", "addresses": [{"address": "192.0.2.1/24"}]},
    }  # fmt: skip
    running.run("ip netns add pod; ip link set enp1s0v1 up")
    running.run(
        "CNI_COMMAND=ADD CNI_CONTAINERID=tenant CNI_NETNS=/run/netns/pod CNI_IFNAME=eth0"
        f" CNI_PATH=/usr/lib/cni /usr/lib/cni/{kind}",
        stdin=json.dumps({**network, **KINDS[kind]}),
    )
    assert_guarded(
        running, "eth0 in network namespace pod is on top of enp1s0v1", "ip netns del pod"
    )


def test_below_a_device_in_a_network_namespace_without_a_name(running: Guest) -> None:
    unit, pid = spawn_in_namespace(running)
    running.run(f"ip link add link enp1s0v1 name top0 netns {pid} type macvlan")
    assert_guarded(
        running,
        f"top0 in the network namespace of sleep (pid {pid}) is on top of enp1s0v1",
        f"systemctl stop {unit}",
    )


ROOTFS = "/run/rootfs"


@pytest.fixture
def podman(running: Guest) -> Iterator[Guest]:
    """With what containers of this scenario consist of; they are gone after it."""
    running.run(f"mkdir -p {ROOTFS}/{{bin,dev,etc,proc,sys,tmp}}")
    running.push("/bin/busybox", f"{ROOTFS}/bin/busybox")
    yield running
    running.run(f"podman rm --force --all --time 0; podman network rm --force tenant; rm -r {ROOTFS}")


def run_container(guest: Guest, options: str, command: str) -> str:
    """Starts it; returns what ends it again, once it says "held"."""
    guest.run(
        f"podman run --detach --name tenant {options} --rootfs {ROOTFS} /bin/busybox"
        f" sh -c '{command}; echo held; exec /bin/busybox sleep infinity'",
        timeout=120,
    )
    guest.wait("podman logs tenant | grep -x held", 60, "the container", pause=0.5)
    return "podman rm --force --time 0 tenant"


@pytest.mark.long
def test_below_a_network_of_podman(podman: Guest) -> None:
    podman.run(
        "podman network create --driver macvlan --opt parent=enp1s0v1 --subnet 192.0.2.0/24 tenant;"
        " ip link set enp1s0v1 up"
    )
    release = run_container(podman, "--network tenant", ":")
    namespace = podman.run("ip netns").out.split()[0]
    holder = f"eth0 in network namespace {namespace} is on top of enp1s0v1"
    assert holder in assert_same_to_both(podman)
    assert_guarded(podman, holder, f"{release}; podman network rm tenant")


# What something else has just bound is left alone for ten seconds, whoever uses it: a VF that is
# held is told by its holder afterwards.
GRACE = "sleep 12"


def hold(guest: Guest, command: str) -> str:
    """Starts a program that uses the VF; returns what ends it again, once it says "held"."""
    unit = guest.spawn("hold", command)
    sriov.wait_held(guest, unit)
    return f"systemctl stop {unit}"


# Of the protocol: ETH_P_ALL.
PACKET_SOCKET = """
import signal, socket
held = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
held.bind(("enp1s0v1", 3))
print("held", flush=True)
signal.pause()
"""


def test_with_a_packet_socket(running: Guest) -> None:
    running.write("/run/packet-socket.py", PACKET_SOCKET)
    running.run("ip link set enp1s0v1 up")
    release = hold(running, "exec python3 /run/packet-socket.py")
    assert_guarded(running, "a packet socket is bound to enp1s0v1", release)


@pytest.mark.long
def test_with_an_xdp_program(running: Guest) -> None:
    running.push(Path(os.environ["SRIOVD_HELPERS"]) / "hold-xdp", "/usr/local/bin/hold-xdp")
    running.run("ip link set enp1s0v1 up")
    release = hold(running, "exec hold-xdp enp1s0v1")
    assert_guarded(running, "enp1s0v1 is up and has an XDP program", release)


@pytest.mark.long
def test_with_a_user_of_rdma(running: Guest) -> None:
    running.run(
        """
        modprobe -a rdma_rxe ib_uverbs
        ip link set enp1s0v1 up
        rdma link add rxe0 type rxe netdev enp1s0v1
        udevadm settle
        """
    )
    assert "RDMA" not in running.run("sriovctl list").out, "idle is not held"
    unit = running.spawn("hold", "exec ibv_asyncwatch -d rxe0")
    running.wait("rdma resource show ctx dev rxe0 | grep ctxn", 30, "the device to be open")
    assert_guarded(
        running, "RDMA device rxe0, by ibv_asyncwatch (pid ", f"systemctl stop {unit}"
    )


@pytest.mark.long
def test_open_through_uio(running: Guest) -> None:
    vf = "0000:01:10.2"
    running.run(
        f"""
        modprobe uio_pci_generic
        echo {vf} > /sys/bus/pci/devices/{vf}/driver/unbind
        echo uio_pci_generic > /sys/bus/pci/devices/{vf}/driver_override
        echo {vf} > /sys/bus/pci/drivers_probe
        udevadm settle
        {GRACE}
        """
    )
    node = running.run(f"ls /sys/bus/pci/devices/{vf}/uio").out.strip()
    assert "uio, by" not in running.run("sriovctl list").out, "idle is not held"
    release = hold(running, f"exec 3<>/dev/{node}; echo held; exec sleep infinity")
    assert_guarded(running, "uio, by sleep (pid ", release)


def test_noted_by_libvirt(running: Guest) -> None:
    record = "/run/libvirt/hostdevmgr/enp1s0_vf1"
    running.write(record, "{}")
    assert_guarded(running, f"libvirt, as noted in {record}", f"rm {record}")


@pytest.mark.long
def test_noted_by_libvirt_when_the_pf_had_another_name(running: Guest) -> None:
    record = "/run/libvirt/hostdevmgr/ens7f0_vf1"
    running.write("/run/libvirt/hostdevmgr/enp2s0_vf0", "{}")
    running.write(record, "{}")
    assert_guarded(running, f"libvirt, as noted in {record}", f"rm {record}")


CNI_RECORD = "/var/lib/cni/sriov/pci/0000:01:10.2"


def make_cni_directories(guest: Guest) -> None:
    """As os.MkdirAll(..., 0600) does: to look into them takes a right that the daemon has not."""
    guest.run("mkdir -m 0600 /var/lib/cni /var/lib/cni/sriov /var/lib/cni/sriov/pci")


def test_noted_by_sriov_cni(running: Guest) -> None:
    """Until the namespace is gone; the record stays."""
    make_cni_directories(running)
    running.run(f"ip netns add cni-1234; echo -n /var/run/netns/cni-1234 > {CNI_RECORD}")
    assert_guarded(
        running,
        f"a container at /var/run/netns/cni-1234, as noted in {CNI_RECORD}",
        "ip netns del cni-1234",
    )
    assert running.run(f"test -s {CNI_RECORD}", check=False).rc == 0


def test_locked_by_sriov_cni(running: Guest) -> None:
    """It has an empty record, which it keeps locked, before it gives the VF away."""
    make_cni_directories(running)
    release = hold(running, f"exec flock {CNI_RECORD} bash -c 'echo held; exec sleep infinity'")
    assert_guarded(running, f"a container at an unknown place, as noted in {CNI_RECORD}", release)
    assert running.run(f"test -e {CNI_RECORD}", check=False).rc == 0


def give_to_vfio(guest: Guest, vf: str) -> str:
    """Returns the node of its group, which nobody has open."""
    guest.run(
        f"""
        modprobe vfio-pci
        echo {vf} > /sys/bus/pci/devices/{vf}/driver/unbind
        echo vfio-pci > /sys/bus/pci/devices/{vf}/driver_override
        echo {vf} > /sys/bus/pci/drivers_probe
        udevadm settle
        {GRACE}
        """
    )
    assert "vfio" not in guest.run("sriovctl list").out.replace("vfio-pci", ""), "idle is not held"
    group = guest.run(f"readlink /sys/bus/pci/devices/{vf}/iommu_group").out.strip()
    return f"/dev/vfio/{group.rpartition('/')[2]}"


def test_open_through_vfio(running: Guest) -> None:
    vf = "0000:01:10.0"
    running.push(Path(os.environ["SRIOVD_HELPERS"]) / "hold-vfio", "/usr/local/bin/hold-vfio")
    give_to_vfio(running, vf)
    release = hold(running, f"exec hold-vfio {vf}")
    assert_guarded(running, "vfio, by hold-vfio (pid ", release)


# A group that is open alone, as QEMU has it when it starts, by names that say nothing of it.
NODES = {
    "elsewhere": "mknod /dev/card c $(stat -c '0x%t 0x%T' {node}); exec 3<>/dev/card; rm /dev/card",
    "anew": "exec 3<>{node}; rm {node}; mknod {node} c $(stat -L -c '0x%t 0x%T' /dev/fd/3)",
}


@pytest.mark.long
@pytest.mark.parametrize("made", NODES)
def test_open_through_a_node_that_was_made(running: Guest, made: str) -> None:
    node = give_to_vfio(running, "0000:01:10.2")
    command = NODES[made].format(node=node)
    release = hold(running, f"{command}; echo held; exec sleep infinity")
    assert "vfio, by sleep (pid " in assert_same_to_both(running)
    # That of the kernel is not there any more.
    assert_guarded(running, "vfio, by sleep (pid ", f"{release}; rm {node}")


@pytest.mark.long
def test_open_in_a_container_by_another_name(podman: Guest) -> None:
    """As `docker run --device /dev/vfio/12:/dev/card` has it there."""
    node = give_to_vfio(podman, "0000:01:10.2")
    release = run_container(
        podman, f"--network none --device {node}:/dev/card", "exec 3<>/dev/card"
    )
    assert "vfio, by busybox (pid " in assert_same_to_both(podman)
    assert_guarded(podman, "vfio, by busybox (pid ", release)


def test_whom_the_daemon_cannot_ask_about_holds(running: Guest) -> None:
    """Without sriovd-openers nobody knows who has a VF open: none is destroyed."""
    pf = running.pf[0]
    give_to_vfio(running, "0000:01:10.0")
    running.run("systemctl stop sriovd-openers.socket sriovd-openers.service")
    sriov.policy(running, rule(4), "resync: 1s")
    told = sriov.wait_logged(running, "blocked")
    assert "vfio, by a process that cannot be told now (ENOENT)" in told, told
    assert sriov.numvfs(running, pf.sysfs) == 2
    running.run("systemctl start sriovd-openers.socket")
    sriov.wait_vfs(running, pf.sysfs, 4)


def test_idle_vfs_are_not_held(running: Guest) -> None:
    """Up, with the link-local address that the kernel makes: nobody's."""
    running.run("ip link set enp1s0v0 up; sleep 3")
    sriov.policy(running, rule(4), "resync: 1s")
    sriov.wait_vfs(running, running.pf[0].sysfs, 4)


def test_force(running: Guest) -> None:
    running.run("ip link set enp1s0v0 up; ip address add 192.0.2.1/24 dev enp1s0v0")
    sriov.policy(running, rule(3, on_resize="force"))
    sriov.wait_vfs(running, running.pf[0].sysfs, 3)
