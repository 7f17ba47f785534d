# SPDX-License-Identifier: LGPL-2.1-or-later
"""Lets other processes of the host, Ansible for one, run commands in a guest.

    with served(guest) as socket:
        subprocess.run([…, "--extra-vars", f"lab_socket={socket}"])

A client sends (method, arguments) and is sent (True, result) or (False, what was wrong).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from multiprocessing.connection import Client, Listener
from typing import Any

from guest import Guest


def _run(guest: Guest, command: str, stdin: str) -> tuple[int, str, str]:
    result = guest.run(command, timeout=120, check=False, stdin=stdin)
    return result.rc, result.out, result.err


def _push(guest: Guest, host_path: str, guest_path: str) -> None:
    guest.push(host_path, guest_path)


METHODS = {"run": _run, "push": _push}


def _answer(guest: Guest, method: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, METHODS[method](guest, *arguments)
    except Exception as error:  # without an answer a client would wait for ever
        return False, f"{type(error).__name__}: {error}"


def _serve(guest: Guest, listener: Listener) -> None:
    """One request a connection, until one that is None."""
    while True:
        with listener.accept() as client, contextlib.suppress(EOFError, ConnectionError):
            request = client.recv()
            if request is None:
                return
            client.send(_answer(guest, *request))


@contextlib.contextmanager
def served(guest: Guest) -> Iterator[str]:
    """The socket's path, in a directory that is root's alone."""
    path = str(guest.share.with_name("remote"))
    with Listener(path) as listener:
        thread = threading.Thread(target=_serve, args=(guest, listener))
        thread.start()
        try:
            yield path
        finally:
            with Client(path) as client:
                client.send(None)
            thread.join()
