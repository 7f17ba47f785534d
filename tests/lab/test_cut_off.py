# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who would be cut off with the PF's own network device is named where a step has its link go for a
moment: by the daemon in its sandbox as by root, and the step is done."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import sriov
from guest import Guest
from sandbox import assert_same_to_both

HOST, OTHER = "192.0.2.1", "192.0.2.7"

KEY = "/root/.ssh/id_lab"
PORT = "/etc/ssh/sshd_config.d/lab.conf"

# What another host has: all of it in one network namespace, and in one mount namespace of that.
SERVER = "/root/server"
SERVE = """
    mount -t nfsd nfsd /proc/fs/nfsd
    exportfs -o rw,insecure,no_subtree_check,fsid=1 '*:/srv/home'
    rpc.nfsd --no-nfs-version 3 1
    exec rpc.mountd --foreground --no-nfs-version 3
"""


# A policy that is not in force.
NEXT = "/root/next.yaml"


def policy(guest: Guest, mtu: int, path: str = sriov.POLICY) -> None:
    sriov.policy(
        guest,
        f"""
        - name: uplink
          match: {{interface: {guest.pf[0].ifname}}}
          mtu: {mtu}
        """,
        "resync: 0",
        path,
    )


@pytest.fixture
def wired(guest: Guest) -> Iterator[Guest]:
    """The daemon runs on PF 0; PF 1, at the other end of the wire, is another host's."""
    policy(guest, 1500)
    sriov.start(guest)
    guest.run(
        f"""
        ip netns add other
        ip link set {guest.pf[1].ifname} netns other
        ip -n other link set lo up
        ip -n other address add {OTHER}/24 dev {guest.pf[1].ifname}
        ip -n other link set {guest.pf[1].ifname} up
        mkdir -p /srv/home
        """
    )
    yield guest
    guest.run(
        f"""
        umount --lazy --force /home || :
        systemctl stop 'lab-*' ssh || :
        rm -f {PORT} {KEY}* /root/.ssh/authorized_keys {SERVER} {NEXT}
        """,
        check=False,
    )


def join(guest: Guest, ifname: str) -> None:
    """Gives the host its address, and waits for the other one to answer."""
    guest.run(f"ip address add {HOST}/24 dev {ifname}; ip link set {ifname} up")
    refused = f"timeout 2 bash -c ': </dev/tcp/{OTHER}/9' 2>&1 | grep refused"
    guest.wait(refused, 60, "the other host to answer")


def open_session(guest: Guest, port: int = 22) -> None:
    """A session of a real ssh with a real sshd, from the other host."""
    guest.write(PORT, f"Port {port}\n")
    guest.run(
        f"""
        mkdir -p -m 700 /root/.ssh
        ssh-keygen -q -t ed25519 -N '' -f {KEY}
        cp {KEY}.pub /root/.ssh/authorized_keys
        systemctl start ssh
        """
    )
    guest.spawn(
        "session",
        f"exec ip netns exec other ssh -n -p {port} -i {KEY} -o StrictHostKeyChecking=no"
        f" -o UserKnownHostsFile=/dev/null root@{HOST} 'exec sleep 1000'",
    )
    guest.wait("pgrep -f '^sleep 1000$'", 60, "the session")


def assert_named(guest: Guest, user: str, mtu: int) -> None:
    """By root, who asks what would be done, and by the daemon, which does it."""
    name = guest.pf[0].ifname
    disturbed = f"disrupts the PF's link for a moment, which is in use: {user}"
    policy(guest, mtu, NEXT)
    plan = json.loads(guest.run(f"sriovctl plan --json --policy {NEXT} {name}", check=False).out)
    (step,) = plan["pfs"][0]["steps"]
    assert step["note"] == disturbed, step
    policy(guest, mtu)
    told = sriov.wait_logged(guest, f"-> {mtu}: done")
    assert f"; it {disturbed}" in told, told
    sriov.wait_in_sync(guest, name)


def test_an_ssh_session(wired: Guest) -> None:
    """Also at another port, where sshd is known by its unit's cgroup."""
    name = wired.pf[0].ifname
    join(wired, name)
    open_session(wired, 2222)
    user = f"{name} is up and has an address; an ssh session from {OTHER}"
    assert_named(wired, user, 1400)
    # It goes on after that.
    wired.run("pgrep -f '^sleep 1000$'")

    # Nobody's session is named on the link that it does not go by.
    wired.run("systemctl stop lab-session.service; pkill -x sleep", check=False)
    wired.wait("! ss -Htn state established | grep -q :2222", 30, "the end of the session")
    assert_named(wired, f"{name} is up and has an address", 1300)


@pytest.mark.long
def test_an_ssh_session_on_a_bond(wired: Guest) -> None:
    """The address is the bond's, and so is the master of the PF."""
    name = wired.pf[0].ifname
    wired.run(
        f"""
        modprobe bonding max_bonds=0
        ip link add bond7 type bond mode active-backup miimon 100
        ip link set {name} down
        ip link set {name} master bond7
        """
    )
    join(wired, "bond7")
    open_session(wired)
    user = f"{name} is up and has a master: bond7; an ssh session from {OTHER}"
    assert_named(wired, user, 1400)


@pytest.mark.long
def test_the_default_route_and_a_file_system(wired: Guest) -> None:
    """NFS by way of a VLAN; a daemon that is there before and one that comes after it see the same,
    though their sandbox has something on top of /home."""
    name, other = wired.pf[0].ifname, wired.pf[1].ifname
    wired.run(
        f"""
        ip link add link {name} name up7 type vlan id 7
        ip -n other link add link {other} name up7 type vlan id 7
        ip -n other address flush dev {other}
        ip -n other address add {OTHER}/24 dev up7
        ip -n other link set up7 up
        ip link set {name} up
        """
    )
    join(wired, "up7")
    wired.run("ip route add default via 192.0.2.254 dev up7 metric 9000")
    wired.write(SERVER, SERVE)
    wired.spawn("server", f"exec ip netns exec other bash -e {SERVER}")
    wired.wait(f"mount -t nfs4 -o vers=4.2,soft {OTHER}:/srv/home /home", 90, "NFS", pause=2)
    user = (
        f"{name} is up and has a device on top of it: up7, with the host's default route;"
        f" nfs4 {OTHER}:/srv/home at /home"
    )
    assert_named(wired, user, 1496)
    wired.run("systemctl restart sriovd")
    assert_named(wired, user, 1500)
    assert f"; nfs4 {OTHER}:/srv/home at /home" in assert_same_to_both(wired)
