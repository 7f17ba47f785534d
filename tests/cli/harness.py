# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the real sriovctl and looks at what it prints and how it exits."""

import fcntl
import functools
import glob
import json
import os
import struct
import subprocess
import tempfile
import termios
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
INVENTORIES = "../data/inventory"

# Exit codes of sriovctl(1).
OK, FAILED, USAGE, PENDING, BLOCKED = range(5)

# A tmpfs on /run, so that apply finds and leaves nothing there; root in a namespace will do.
IN_A_ROOM = [
    "unshare", "--user", "--map-root-user", "--mount", "--uts", "sh", "-c",
    'mount -t tmpfs tmpfs /run && exec "$@"', "sh",
]


# Of memory and time the programs have limits as they are built for use.
without_sanitizers = unittest.skipIf(os.environ.get("SANITIZERS", "none") != "none",
                                     "sanitizers take memory and time of their own")


@functools.cache
def have_room():
    try:
        return subprocess.run(IN_A_ROOM + ["true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def kebab_case(pairs):
    """An object of JSON, whose keys are as those of policies."""
    for key, _ in pairs:
        assert "_" not in key, f"{key!r} is not in kebab-case"
    return dict(pairs)


def assert_defined(texts):
    """Whatever sriovctl prints as JSON has a definition in its schema."""
    import schema  # not all tests have what it needs

    for text in texts:
        complaints = schema.complaints(json.loads(text), "output")
        assert not complaints, f"{complaints}\n{text[:2000]}"


class Result:
    def __init__(self, process):
        self.code = process.returncode
        self.out = process.stdout
        self.err = process.stderr

    @property
    def json(self):
        assert_defined([self.out])
        return json.loads(self.out, object_pairs_hook=kebab_case)


def read_terminal(ours):
    """What comes to the other end of a terminal until nobody has it open any more."""
    text = b""
    with open(ours, "rb", buffering=0) as stream:
        try:
            while chunk := stream.read(65536):
                text += chunk
        except OSError:  # so a terminal ends
            pass
    return text.decode("utf-8")


def execute(command, stdin=None, env=None, cwd=HERE):
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            environment[name] = os.environ[name]
    environment.update(env or {})
    return Result(subprocess.run(command, input=stdin or "", cwd=cwd, env=environment,
                                 capture_output=True, text=True, timeout=120))


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.given = set()  # files that the test has made
        self.addCleanup(self.check_printed)

    def check_printed(self):
        """What sriovctl has put into files: a document, or one a line."""
        for path in set(glob.glob(f"{self.directory}/*.json")) - self.given:
            with open(path, encoding="utf-8") as stream:
                text = stream.read()
            assert_defined(text.splitlines() if text.startswith('{"') else [text] if text else [])

    def file(self, name, text):
        path = os.path.join(self.directory, name)
        self.given.add(path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        return path

    def sriovctl(self, *arguments, code=OK, stdin=None, env=None, cwd=HERE):
        result = execute([os.environ["SRIOVCTL"], *arguments], stdin, env, cwd)
        self.assert_code(code, result, arguments)
        return result

    def assert_code(self, code, result, arguments):
        if code is None:
            return
        self.assertEqual(result.code, code,
                         f"{arguments}\n{result.err[:2000]}\n{result.out[:2000]}")

    def terminal(self, *arguments, columns=80, simulated=None, messages=False):
        """What it prints on a terminal of that width, without colours; with a kernel in memory
        where an inventory is named; or its messages."""
        command = [os.environ["SRIOVCTL"]]
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "dumb"}
        if simulated:
            command = [*IN_A_ROOM, os.environ["SRIOVCTL_SIM"]]
            environment["SIM_INVENTORY"] = f"{INVENTORIES}/{simulated}.yaml"
        with subprocess.Popen([*command, *arguments], cwd=HERE, env=environment,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL if messages else theirs,
                              stderr=theirs if messages else subprocess.DEVNULL) as process:
            os.close(theirs)
            text = read_terminal(ours)
        self.assertIn(process.returncode, [OK, PENDING, BLOCKED])
        return text.replace("\r\n", "\n")

    def simulated(self, inventory, *arguments, code=OK, script=""):
        """The same with a kernel in memory, which has the PFs of the inventory, one of the fixtures
        or a file, without ".yaml"."""
        if not have_room():
            self.skipTest("no user namespaces here")
        env = {"SIM_INVENTORY": os.path.join(INVENTORIES, f"{inventory}.yaml"), "SIM_SCRIPT": script}
        result = execute([*IN_A_ROOM, os.environ["SRIOVCTL_SIM"], *arguments], env=env)
        self.assert_code(code, result, arguments)
        return result

    def on(self, inventory, policy, verb, *arguments, **keywords):
        """A verb on an inventory with a policy, both of the fixtures."""
        return self.sriovctl(verb, *arguments, "--inventory", f"{INVENTORIES}/{inventory}.yaml",
                             "--policy", f"policy/{policy}", **keywords)

    def assert_golden(self, name, text):
        """The text is the golden file's; with UPDATE_GOLDEN set it becomes so."""
        path = os.path.join(HERE, "golden", name)
        if os.environ.get("UPDATE_GOLDEN"):
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
        with open(path, encoding="utf-8") as stream:
            self.assertEqual(text, stream.read())


def main():
    unittest.main(verbosity=2)
