# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovd-openers at a socket: whom it answers, and what those can do to it who ask."""

import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import time
import unittest

from harness import main, without_sanitizers

QUESTION, ANSWER = 0x53510001, 0x53410001
OPENER, MSIX_VECTORS, MOUNT = 0, 2, 3
FULL = (1, 7)
"""The number of /dev/full."""

# A device that no machine has.
NOWHERE = 0xFFFF << 16 | 0xFF << 8 | 0xFF


def question(*queries):
    return struct.pack("=II", QUESTION, len(queries)) + b"".join(
        struct.pack("=IIQ", kind, 0, of) for kind, of in queries
    )


ASKED = question((MSIX_VECTORS, NOWHERE))
ANSWERED = struct.pack("=IIIIII", ANSWER, 1, 0, 0, 0, 0)


def is_root_with_rights():
    status = pathlib.Path("/proc/self/status").read_text()
    effective = int(status.split("CapEff:")[1].split()[0], 16)
    return os.geteuid() == 0 and effective & 1 << 12


class Openers(unittest.TestCase):

    def setUp(self):
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(b"")  # a name of the kernel's choice
        self.listener.listen(64)
        # The variables are for the process of that number, which the shell stays.
        self.process = subprocess.Popen(
            ["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$SRIOVD_OPENERS" 3<&0 0</dev/null'],
            stdin=self.listener.fileno(),
        )

    def tearDown(self):
        self.process.terminate()
        self.process.wait()
        self.listener.close()

    def connect(self):
        peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.addCleanup(peer.close)
        peer.settimeout(20)
        peer.connect(self.listener.getsockname())
        return peer

    def ask(self, message=ASKED):
        peer = self.connect()
        try:
            peer.send(message)
            return peer.recv(1 << 20)
        except (BrokenPipeError, ConnectionResetError):
            return b""

    def high_water_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0])


@unittest.skipUnless(is_root_with_rights(), "only root with CAP_NET_ADMIN is answered")
class Asked(Openers):

    def test_what_is_not_there(self):
        self.assertEqual(self.ask(), ANSWERED)

    def test_what_is_mounted_can_be_told(self):
        """There are never as many, whatever this host has."""
        answer = self.ask(question((MOUNT, 1 << 40)))
        self.assertEqual(answer, struct.pack("=IIIIII", ANSWER, 1, 0, 0, 0, 0))

    def test_what_is_no_question_has_no_answer(self):
        for message in [b"", b"x", ASKED[:-1], ASKED + b"x", question((9, 0)), b"x" * 100000]:
            self.assertEqual(self.ask(message), b"", message[:40])
        self.assertEqual(self.ask(), ANSWERED)

    def test_who_does_not_ask_keeps_others_waiting_for_a_second_each(self):
        silent = [self.connect() for _ in range(2)]
        begin = time.monotonic()
        self.assertEqual(self.ask(), ANSWERED)
        self.assertLess(time.monotonic() - begin, 8)
        self.assertEqual(len(silent), 2)

    def test_who_does_not_read_keeps_nobody_waiting(self):
        deaf = [self.connect() for _ in range(20)]
        for peer in deaf:
            peer.send(ASKED)
        begin = time.monotonic()
        self.assertEqual(self.ask(), ANSWERED)
        self.assertLess(time.monotonic() - begin, 10)

    def test_who_leaves_ends_nothing(self):
        for _ in range(50):
            peer = self.connect()
            peer.send(ASKED)
            peer.close()
        self.assertEqual(self.ask(), ANSWERED)
        self.assertIsNone(self.process.poll())

    @without_sanitizers
    def test_thousands_of_descriptors_make_no_larger_answer(self):
        self.ask()
        before = self.high_water_kib()
        descriptors = [os.open("/dev/full", os.O_RDONLY) for _ in range(900)]
        holders = [subprocess.Popen(["sleep", "60"], pass_fds=descriptors) for _ in range(5)]
        for _ in range(5):
            answer = self.ask(question(*[(OPENER, FULL[0] << 32 | FULL[1])] * 3))
            self.assertIn(b"(pid ", answer)
            self.assertLess(len(answer), 8 + 3 * (16 + 255))
        for holder in holders:
            holder.terminate()
            holder.wait()
        for descriptor in descriptors:
            os.close(descriptor)
        self.assertLess(self.high_water_kib() - before, 4096)

    def cpu_ticks(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def ask_together(self, message, count):
        self.process.send_signal(signal.SIGSTOP)
        peers = [self.connect() for _ in range(count)]
        for peer in peers:
            peer.send(message)
        self.process.send_signal(signal.SIGCONT)
        return [peer.recv(1 << 20) for peer in peers]

    @without_sanitizers
    def test_who_asks_at_the_same_time_is_answered_by_one_look(self):
        """A look takes as long as users have descriptors, and a host may have many PFs."""
        full, null = (OPENER, FULL[0] << 32 | FULL[1]), (OPENER, 1 << 32 | 3)
        descriptors = [os.open("/dev/null", os.O_RDONLY) for _ in range(900)]
        holders = [subprocess.Popen(["sleep", "60"], pass_fds=descriptors) for _ in range(12)]
        begin = self.cpu_ticks()
        answers = [self.ask(question(full, null)) for _ in range(30)]
        between = self.cpu_ticks()
        together = self.ask_together(question(full, null), 30)
        end = self.cpu_ticks()
        for process in holders:
            process.terminate()
            process.wait()
        for descriptor in descriptors:
            os.close(descriptor)
        self.assertTrue(all(b"(pid " in answer for answer in answers + together))
        self.assertLess(end - between, (between - begin) / 3)

    def test_root_without_rights_is_told_nothing(self):
        script = (
            "import socket, sys\n"
            "peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)\n"
            "peer.connect(bytes.fromhex(sys.argv[1]))\n"
            "try:\n"
            "    peer.send(bytes.fromhex(sys.argv[2]))\n"
            "    print(peer.recv(1000).hex())\n"
            "except OSError:\n"
            "    print()\n"
        )
        arguments = [sys.executable, "-c", script, self.listener.getsockname().hex(), ASKED.hex()]
        for rights, expected in [
            ([], ANSWERED.hex()),
            (["setpriv", "--bounding-set", "-net_admin"], ""),
            (["setpriv", "--bounding-set", "-all"], ""),
            (["setpriv", "--reuid", "65534", "--inh-caps", "+net_admin",
              "--ambient-caps", "+net_admin"], ""),
            # All rights, but in a user namespace of its own.
            (["unshare", "--user", "--map-root-user"], ""),
        ]:  # fmt: skip
            done = subprocess.run([*rights, *arguments], capture_output=True, text=True, check=False)
            if done.returncode and "unshare" in rights:
                continue
            self.assertEqual((done.returncode, done.stdout.strip()), (0, expected), (rights, done.stderr))


class Refused(Openers):

    @unittest.skipIf(is_root_with_rights(), "this is root with CAP_NET_ADMIN")
    def test_who_is_not_root_is_told_nothing(self):
        self.assertEqual(self.ask(), b"")


del Openers

if __name__ == "__main__":
    main()
