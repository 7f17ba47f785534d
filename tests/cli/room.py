# SPDX-License-Identifier: LGPL-2.1-or-later
"""A place where sriovctl and sriovd have a bus of their own."""

import os
import shutil

from harness import IN_A_ROOM, INVENTORIES, OK, Case, execute, have_room

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
"""

POLICY = """version: 1
physical-functions:
- name: nowhere
  match: {interface: nosuch0}
  vfs: 2
"""

# The daemon is there before the bus, as at boot. It has to end well: so sanitizers are heard.
BEGIN = """
mkdir -p /run/dbus
"$SRIOVD" --policy "$DIR/policy" 2>"$DIR/log" & daemon=$!
sleep 0.3
bus() { dbus-daemon --config-file="$DIR/bus.conf" --nofork 2>/dev/null & bus=$!; }
on_bus() {
    for try in $(seq 100); do
        busctl call org.sriovd /org/sriovd org.freedesktop.DBus.Peer Ping >/dev/null 2>&1 && return
        sleep 0.1
    done
    cat "$DIR/log" >&2
    exit 99
}
finish() {
    code=$?
    kill $daemon $bus 2>/dev/null
    wait $daemon || { code=98; cat "$DIR/log" >&2; }
    wait
    exit $code
}
trap finish EXIT
bus
on_bus
"""


# With all users, whose programs are the same file system's: only root can make it.
IN_A_ROOM_OF_USERS = ["unshare", "--mount", *IN_A_ROOM[IN_A_ROOM.index("sh"):]]


class Room(Case):
    sriovd = "SRIOVD"
    users = False

    def setUp(self):
        super().setUp()
        if not have_room():
            self.skipTest("no user namespaces here")
        if not shutil.which("dbus-daemon"):
            self.skipTest("no dbus-daemon here")
        if self.users and os.geteuid() != 0:
            self.skipTest("only root can be several users")
        self.file("bus.conf", BUS)
        self.file("policy/a.yaml", POLICY)

    def need_roots_files(self):
        """In a user namespace of somebody else what is root's belongs to nobody."""
        if os.stat("/").st_uid != os.geteuid():
            self.skipTest("only root has a room in which /etc/sriovd can be trusted")

    def play(self, script, code=OK, sim_script=""):
        env = {"DIR": self.directory, "SRIOVD": os.environ[self.sriovd],
               "SRIOVCTL": os.environ["SRIOVCTL"], "SIM_SCRIPT": sim_script,
               "SRIOVCTL_SIM": os.environ["SRIOVCTL_SIM"], "CLIENT": os.environ["BUS_CLIENT"],
               "SIM_INVENTORY": f"{INVENTORIES}/igb-drifted.yaml",
               "SIM_HANG": f"{self.directory}/hang", "SIM_HOLDER": f"{self.directory}/holder",
               "SIM_DEAF": f"{self.directory}/deaf", "SIM_SLEEPY": f"{self.directory}/sleepy"}
        room = IN_A_ROOM_OF_USERS if self.users else IN_A_ROOM
        result = execute([*room, "bash", "-c", BEGIN + script], env=env)
        self.assert_code(code, result, script)
        return result
