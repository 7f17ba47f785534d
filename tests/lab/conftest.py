# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fixtures of the laboratory.

lab    one booted guest for all scenarios of a run, with sriovd from $SRIOVD_DESTDIR
guest  the same guest, clean before each scenario and restored after it: what to use
tell   tells a line that the run shows at its end, whatever comes of the scenario

A scenario that fails has its part of the journal and the serial console's end in the
report. A guest that cannot be restored is replaced by a fresh one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.dont_write_bytecode = True  # before the modules beside this one are imported

import pytest  # noqa: E402

from channel import GuestError  # noqa: E402
from guest import Guest  # noqa: E402

HERE = Path(__file__).parent


def _image(request: pytest.FixtureRequest) -> Path:
    """The directory of the guest's image, built now if need be: that takes minutes, so
    its progress goes to the terminal."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        image = subprocess.run([HERE / "image"], stdout=subprocess.PIPE, text=True, check=False)
    if image.returncode != 0:
        pytest.fail("tests/lab/image failed, see above", pytrace=False)
    return Path(image.stdout.splitlines()[-1])


def _check_host() -> None:
    if os.geteuid() != 0:
        pytest.fail("the laboratory needs root (to build its image and share files)", pytrace=False)
    packages = subprocess.run([HERE / "packages", "--check"], capture_output=True, text=True)
    if packages.returncode != 0:
        pytest.fail(
            f"the laboratory lacks packages; install them with tests/lab/packages\n"
            f"{packages.stderr}",
            pytrace=False,
        )


def _boot(guest: Guest) -> None:
    guest.start()
    if destdir := os.environ.get("SRIOVD_DESTDIR"):
        guest.install(destdir)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest scenarios not at the end, where one guest alone would be busy with them."""
    items.sort(key=lambda item: item.path.name != "test_stuck.py")


@pytest.fixture(scope="session")
def lab(request: pytest.FixtureRequest) -> Iterator[Guest]:
    """The running guest, in whatever state the last scenario left it."""
    _check_host()
    lab = Guest(_image(request))
    try:
        _boot(lab)
    except GuestError as error:
        pytest.fail(f"the laboratory's guest does not boot: {error}", pytrace=False)
    yield lab
    lab.stop()


@pytest.fixture
def guest(lab: Guest, request: pytest.FixtureRequest) -> Iterator[Guest]:
    """The guest as it boots: PFs down and without VFs, no policy, no daemon running."""
    lab.mark(f"BEGIN {request.node.nodeid}")
    yield lab
    try:
        lab.run(f"logger -t lab -- 'END {request.node.nodeid}'")
        if lab.drives:
            lab.stop()
            _boot(lab)
        else:
            lab.restore()
    except GuestError:
        lab.stop()
        _boot(lab)
        raise


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    return lambda line: record_property("told", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    lines = [value for report in reports if getattr(report, "when", None) == "call"
             for name, value in report.user_properties if name == "told"]  # fmt: skip
    if lines:
        terminalreporter.section("told")
        terminalreporter.write("".join(f"{line}\n" for line in lines))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = (yield).get_result()
    guest = getattr(item, "funcargs", {}).get("guest")
    if report.when != "call" or not report.failed or guest is None:
        return
    try:
        journal = guest.journal() if guest.alive else "QEMU has died"
    except GuestError as error:
        journal = f"not readable: {error}"
    report.sections.append(("journal of the scenario", journal))
    report.sections.append(("serial console", guest.serial()))
