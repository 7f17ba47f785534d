# SPDX-License-Identifier: LGPL-2.1-or-later
"""What sriovctl metrics prints, as the parsers of Prometheus's own client read it."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import unittest

from harness import Case, FAILED, HERE, INVENTORIES, IN_A_ROOM, USAGE, have_room, main
from prometheus_client import parser as classic
from prometheus_client.openmetrics import parser as openmetrics


PF = ("sriovd_pf_vfs", ("pf", "ens1f1np1"))


def samples(families):
    return {(sample.name, *sorted(sample.labels.items())): sample.value
            for family in families for sample in family.samples}


def read(text):
    return samples(classic.text_string_to_metric_families(text))


class Metrics(Case):
    def metrics(self, inventory, *arguments, **keywords):
        return self.simulated(inventory, "metrics", "--direct", *arguments, **keywords).out

    def test_what_is_printed(self):
        self.assert_golden("metrics-hypervisor.txt", self.metrics("hypervisor", script="traffic"))

    def test_both_formats_say_the_same(self):
        text = self.metrics("hypervisor", "--openmetrics", script="traffic")
        self.assertTrue(text.endswith("# EOF\n"))
        families = list(openmetrics.text_string_to_metric_families(text))
        self.assertEqual({family.name: family.type for family in families
                          if family.name in ("sriovd_pf_vfs", "sriovd_pf", "sriovd_vf_receive_bytes")},
                         {"sriovd_pf_vfs": "gauge", "sriovd_pf": "info",
                          "sriovd_vf_receive_bytes": "counter"})
        self.assertEqual(samples(families), read(self.metrics("hypervisor", script="traffic")))

    def test_what_a_driver_does_not_count_has_no_sample(self):
        traffic = "sriovd_vf_receive_packets_total"
        self.assertIn(traffic, self.metrics("hypervisor", script="traffic"))
        self.assertNotIn(traffic, self.metrics("hypervisor"))
        # igb_main.c has no ndo_get_vf_stats.
        self.assertNotIn(traffic, self.metrics("igb-drifted", script="traffic"))

    def test_pfs_that_are_named(self):
        named = read(self.metrics("hypervisor", "ens1f1np1"))
        self.assertEqual({value for key in named for name, value in key[1:] if name == "pf"},
                         {"ens1f1np1"})
        self.metrics("hypervisor", "nosuch", code=FAILED)

    def test_without_the_daemon_no_state_is_made_up(self):
        text = self.metrics("hypervisor")
        self.assertNotIn("sriovd_up", text)
        self.assertNotIn("sriovd_pf_state", text)

    def test_a_file_is_replaced_as_a_whole(self):
        path = self.file("sriovd.prom", "old\n")
        os.chmod(path, 0o600)
        before = os.stat(path).st_ino
        self.assertEqual(self.metrics("hypervisor", "-o", path), "")
        with open(path, encoding="utf-8") as stream:
            self.assertEqual(stream.read(), self.metrics("hypervisor"))
        after = os.stat(path)
        self.assertNotEqual(after.st_ino, before)
        self.assertEqual(after.st_mode & 0o777, 0o644)
        self.assertEqual(os.listdir(self.directory), ["sriovd.prom"])

    def test_a_file_that_cannot_be_written_is_named(self):
        path = os.path.join(self.directory, "nosuch", "sriovd.prom")
        result = self.simulated("hypervisor", "metrics", "--direct", "-o", path, code=FAILED)
        self.assertEqual(result.err,
                         f"sriovctl: cannot write {path}: No such file or directory\n")
        # Nothing is left of it where it cannot be put in its place.
        os.mkdir(path := os.path.join(self.directory, "sriovd.prom"))
        self.simulated("hypervisor", "metrics", "--direct", "-o", path, code=FAILED)
        self.assertEqual(os.listdir(self.directory), ["sriovd.prom"])

    def test_what_is_no_file_stays(self):
        os.mkfifo(pipe := os.path.join(self.directory, "pipe"))
        os.symlink("/dev/null", link := os.path.join(self.directory, "null"))
        for path in (pipe, link):
            result = self.simulated("hypervisor", "metrics", "--direct", "-o", path, code=FAILED)
            self.assertEqual(result.err, f"sriovctl: cannot write {path}: what is there is no file, "
                                         "and stays\n")
        self.assertTrue(os.path.islink(link))
        self.assertCountEqual(os.listdir(self.directory), ["pipe", "null"])


class Served(Case):
    SCRIPT = ""

    def setUp(self):
        super().setUp()
        if not have_room():
            self.skipTest("no user namespaces here")
        ours, theirs = socket.socketpair()
        env = {**os.environ, "SIM_INVENTORY": f"{INVENTORIES}/hypervisor.yaml",
               "SIM_SCRIPT": self.SCRIPT}
        self.process = subprocess.Popen(
            [*IN_A_ROOM, os.environ["SRIOVCTL_SIM"], "metrics", "--http"], cwd=HERE, env=env,
            stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL)
        theirs.close()
        ours.settimeout(60)
        self.socket = ours
        self.addCleanup(self.process.wait)
        self.addCleanup(ours.close)

    def answer(self):
        text = b""
        while chunk := self.socket.recv(65536):
            text += chunk
        head, _, body = text.decode().partition("\r\n\r\n")
        status, *headers = head.split("\r\n")
        headers = dict(header.split(": ", 1) for header in headers)
        return status, headers, body

    def ask(self, request):
        self.socket.sendall(request.replace("\n", "\r\n").encode())
        return self.answer()


class Http(Served):
    def test_the_classic_format(self):
        status, headers, body = self.ask("GET /metrics HTTP/1.1\nHost: localhost\nAccept: */*\n\n")
        self.assertEqual(status, "HTTP/1.1 200 OK")
        self.assertEqual(headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        self.assertEqual(int(headers["Content-Length"]), len(body.encode()))
        self.assertIn(PF, read(body))

    def test_openmetrics_for_those_who_take_it(self):
        _, headers, body = self.ask("GET /metrics?a=b HTTP/1.1\nHost: localhost\naccept: text/plain;"
                                    "q=0.2,application/openmetrics-text;version=1.0.0\n\n")
        self.assertEqual(headers["Content-Type"],
                         "application/openmetrics-text; version=1.0.0; charset=utf-8")
        self.assertIn(PF, samples(openmetrics.text_string_to_metric_families(body)))

    def test_a_request_that_comes_in_pieces(self):
        for piece in ("GET /met", "rics HTTP/1.1\r", "\nAccept: application/openmetrics-text\r\n\r",
                      "\n"):
            self.socket.sendall(piece.encode())
            time.sleep(0.05)
        status, headers, _ = self.answer()
        self.assertEqual(status, "HTTP/1.1 200 OK")
        self.assertTrue(headers["Content-Type"].startswith("application/openmetrics-text"))

    def test_head_has_no_body(self):
        status, headers, body = self.ask("HEAD /metrics HTTP/1.1\n\n")
        self.assertEqual((status, body), ("HTTP/1.1 200 OK", ""))
        self.assertGreater(int(headers["Content-Length"]), 1000)

    def test_another_path(self):
        status, headers, body = self.ask("GET / HTTP/1.1\n\n")
        self.assertEqual((status, body), ("HTTP/1.1 404 Not Found", "Not Found\n"))
        self.assertEqual(int(headers["Content-Length"]), len(body))

    def test_another_method(self):
        status, headers, _ = self.ask("POST /metrics HTTP/1.1\n\n")
        self.assertEqual((status, headers["Allow"]),
                         ("HTTP/1.1 405 Method Not Allowed", "GET, HEAD"))

    def test_nonsense(self):
        self.assertEqual(self.ask("\x01\x02 hello\n\n")[0], "HTTP/1.1 400 Bad Request")

    def test_no_http(self):
        self.assertEqual(self.ask("GET /metrics GOPHER\n\n")[0], "HTTP/1.1 400 Bad Request")

    def test_who_sends_too_much_is_turned_away(self):
        status, _, _ = self.ask("GET /metrics HTTP/1.1\nA: " + "x" * 8192)
        self.assertEqual(status, "HTTP/1.1 431 Request Header Fields Too Large")

    def test_who_says_nothing_is_not_waited_for(self):
        begin = time.monotonic()
        self.socket.sendall(b"GET /metrics HTTP/1.1\r\n")
        self.assertEqual(self.answer()[0], "HTTP/1.1 408 Request Timeout")
        self.assertGreater(time.monotonic() - begin, 4)

    def test_who_trickles_is_not_waited_for(self):
        begin = time.monotonic()
        self.socket.sendall(b"GET /metrics HTTP/1.1\r\n")
        self.socket.settimeout(1)
        while time.monotonic() - begin < 30:
            try:
                self.socket.send(b"x")
                if self.socket.recv(4096):
                    break
            except TimeoutError:
                continue
        self.assertLess(time.monotonic() - begin, 20)


class HttpWithoutKernel(Served):
    SCRIPT = "dead"

    def test_a_host_that_cannot_be_read_is_no_empty_page(self):
        status, _, body = self.ask("GET /metrics HTTP/1.1\n\n")
        self.assertEqual((status, body),
                         ("HTTP/1.1 500 Internal Server Error", "Internal Server Error\n"))


class Files(Case):
    """What is installed for Prometheus and Grafana."""

    ROOT = os.path.join(HERE, "..", "..")

    def read(self, path):
        with open(os.path.join(self.ROOT, path), encoding="utf-8") as stream:
            return stream.read()

    def queries(self):
        dashboard = json.loads(self.read("etc/metrics/dashboard.json"))
        return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]

    def families(self):
        text = self.read("man/sriovctl.1.scd")
        section = text[text.index("\n# METRICS\n"):text.index("\n# EXAMPLES\n")]
        return set(re.findall(r"^(?:\||:<?)\s+_(sriovd_\w+)_$", section, re.M))

    def test_all_families_are_in_the_manual(self):
        written = re.findall(r'\{ "(sriovd_\w+)", METRIC_', self.read("lib/report/metrics.c"))
        self.assertGreater(len(written), 30)
        self.assertEqual(self.families(), set(written))

    def test_what_is_asked_for_is_there(self):
        texts = [self.read("etc/metrics/alerts.yml"), *self.queries()]
        asked = {name for text in texts for name in re.findall(r"sriovd_\w+", text)}
        names = {name + suffix for name in self.families()
                 for suffix in ("", "_total", "_info", "_bucket")}
        self.assertLessEqual(asked, names)

    def test_states_that_are_asked_for_are_there(self):
        states = set(re.findall(r'\] = "([\w-]+)"', self.read("lib/model/pf_state.c")))
        texts = [self.read("etc/metrics/alerts.yml"), *self.queries()]
        asked = {state for text in texts
                 for states in re.findall(r'sriovd_pf_state[!=]?[=~]+"([\w|-]+)"', text)
                 for state in states.split("|")}
        self.assertLessEqual(asked, states)
        # A PF that is gone has no samples; all others are alerted on, or said to be good.
        self.assertEqual(states - asked, {"absent"})

    def test_vectors_that_some_drivers_have_none_of_are_not_added(self):
        # fm10k counts what VFs do not get, and not what they do not send: a sum would be nothing.
        for text in [self.read("etc/metrics/alerts.yml"), *self.queries()]:
            self.assertNotRegex(text, r"\) *[-+*/] *rate\(")

    @unittest.skipUnless(shutil.which("promtool"), "no promtool here")
    def test_alerts_are_given_when_there_is_reason(self):
        result = subprocess.run(["promtool", "test", "rules", "../data/alerts.yml"], cwd=HERE,
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


class Usage(Case):
    def test_http_is_of_the_whole_host(self):
        result = self.sriovctl("metrics", "--http", "ens1", code=USAGE)
        self.assertIn("takes neither PFs nor --output", result.err)


if __name__ == "__main__":
    main()
