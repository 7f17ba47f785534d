# SPDX-License-Identifier: LGPL-2.1-or-later
"""The socket at which root asks sriovd with no bus in between, and peers that do not read."""

from harness import FAILED, PENDING, main
from room import Room


# Peers of root's own socket, which call a method whose answer is long, and read none.
PEERS = r"""
import select, socket, struct, sys

def call(serial):
    fields = b""
    for code, kind, value in [(1, "o", b"/org/sriovd"), (2, "s", b"org.freedesktop.DBus.Introspectable"),
                              (3, "s", b"Introspect")]:
        fields += bytes(-len(fields) % 8) + struct.pack("<BBBxI", code, 1, ord(kind), len(value)) + value + bytes(1)
    header = struct.pack("<4B3I", ord("l"), 1, 0, 1, 0, serial, len(fields))
    return header + fields + bytes(-len(fields) % 8)

def connect():
    peer = socket.socket(socket.AF_UNIX)
    peer.connect("/run/sriovd/bus")
    peer.settimeout(20)
    peer.sendall(bytes(1) + b"AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n")
    return peer

def ask(count, failure=None):
    try:
        for serial in range(1, count + 1):
            for peer in peers:
                peer.sendall(call(serial))
    except ConnectionError:
        return
    if failure:
        sys.exit(failure)

def await_end():
    poll = select.poll()
    poll.register(peers[-1], 0)
    poll.poll()
"""


class RootSocket(Room):

    def peer(self, connect, then):
        """Shell that has a program do it, in the background if it awaits the daemon's end."""
        self.file("peer.py", PEERS + f"peers = [{connect}]\nprint(flush=True)\n{then}\n")
        run = 'python3 "$DIR/peer.py"'
        if "await_end" not in then:
            return run
        return f'rm -f "$DIR/peer"; {run} >"$DIR/peer" & until [ -s "$DIR/peer" ]; do sleep 0.1; done; sleep 1\n'

    def test_root_is_answered_on_the_bus_where_its_own_socket_has_too_many(self):
        crowd = self.peer("connect() for _ in range(64)", "await_end()")
        result = self.play(f'{crowd}timeout 20 "$SRIOVCTL" status', PENDING)
        self.assertIn("\nthe daemon's view\n", result.out)
        self.need_roots_files()
        result = self.play(f'{crowd}kill $bus; wait $bus; timeout 20 "$SRIOVCTL" reload', FAILED)
        self.assertIn("sriovctl reload: sriovd turns away who asks at /run/sriovd/bus, where as many ask at once "
                      "as it answers, and there is no system bus; try again once others have ended", result.err)

    def test_root_that_asks_and_does_not_read_is_dropped(self):
        """As sriovd does not grow for it."""
        self.play(self.peer("connect()", "ask(20000, 'the daemon takes all')"))


if __name__ == "__main__":
    main()
