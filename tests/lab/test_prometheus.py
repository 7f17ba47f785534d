# SPDX-License-Identifier: LGPL-2.1-or-later
"""The real Prometheus and its node_exporter read the figures, and an alert fires."""

from __future__ import annotations

import json
import re
import shlex
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest

import sriov
from guest import Guest

PORT = 19748
TEXTFILES = "/var/lib/prometheus/node-exporter"
RULES = "/usr/share/doc/sriovd/metrics/alerts.yml"

CONFIG = f"""\
global: {{scrape_interval: 20s, scrape_timeout: 20s, evaluation_interval: 5s}}
rule_files: [/tmp/alerts.yml]
scrape_configs:
  - job_name: sriovd
    static_configs: [{{targets: ["127.0.0.1:{PORT}"]}}]
  - job_name: node
    static_configs: [{{targets: ["127.0.0.1:9100"]}}]
"""


def fetch(guest: Guest, url: str) -> str:
    program = f"import urllib.request; print(urllib.request.urlopen({url!r}, timeout=20).read().decode())"
    return guest.run(f"python3 -c {json.dumps(program)}").out


def query(guest: Guest, expression: str) -> list[dict[str, Any]]:
    """What Prometheus has of it now."""
    words = urllib.parse.urlencode({"query": expression})
    return json.loads(fetch(guest, f"http://127.0.0.1:9090/api/v1/query?{words}"))["data"]["result"]


# In one process: to start one after the other keeps an emulated processor busy.
WAIT = """
import json, sys, time, urllib.request
url, end = sys.argv[1], time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    try:
        if json.load(urllib.request.urlopen(url, timeout=20))["data"]["result"]:
            sys.exit(0)
    except OSError as error:
        print(error)
    time.sleep(3)
sys.exit(1)
"""


def wait_for(guest: Guest, expression: str, timeout: float = 180) -> None:
    """Until Prometheus has a sample of it."""
    url = f"http://127.0.0.1:9090/api/v1/query?{urllib.parse.urlencode({'query': expression})}"
    guest.run(f"python3 -c {shlex.quote(WAIT)} {shlex.quote(url)} {timeout}", timeout + 60)


@pytest.fixture
def figures(guest: Guest) -> Iterator[Guest]:
    """Two VFs, sriovd's socket and timer, node_exporter with its file, Prometheus."""
    pf = guest.pf[0]
    sriov.policy(guest, f"- {{name: r, match: {{interface: {pf.ifname}}}, vfs: 2, pf-up: true, "
                        "vf-defaults: {vlan: 100}}")  # fmt: skip
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    guest.write("/tmp/prometheus.yml", CONFIG)
    # As they are but for how long they wait: minutes.
    guest.run(f"sed 's/for: [0-9]*m/for: 0s/' {RULES} >/tmp/alerts.yml")
    try:
        guest.run(
            "systemd-sysusers; systemctl start sriovd-metrics.socket; "
            f"mkdir -p {TEXTFILES}; chown prometheus: {TEXTFILES}; "
            "systemctl start sriovd-textfile.service prometheus-node-exporter"
        )
        guest.spawn("prometheus", "exec prometheus --config.file=/tmp/prometheus.yml "
                    "--storage.tsdb.path=/tmp/tsdb --web.listen-address=127.0.0.1:9090")
        wait_for(guest, "vector(1)")
        yield guest
    finally:
        guest.run(
            "systemctl stop lab-prometheus prometheus-node-exporter sriovd-metrics.socket "
            f"'sriovd-metrics@*'; rm -rf /tmp/tsdb /tmp/alerts.yml /tmp/prometheus.yml {TEXTFILES}",
            timeout=180,
        )


@pytest.mark.long
def test_prometheus_scrapes_and_an_alert_fires(figures: Guest) -> None:
    guest, pf = figures, figures.pf[0].ifname
    guest.run("promtool check config /tmp/prometheus.yml", timeout=300)
    wait_for(guest, 'sriovd_up{job="sriovd"} == 1')
    wait_for(guest, f'sriovd_pf_state{{pf="{pf}",sriovd_pf_state="in-sync"}} == 1')
    # By node_exporter from the file, by Prometheus from the socket: the same of both.
    vlans = {(sample["metric"]["job"], sample["metric"]["vf"], sample["value"][1])
             for sample in query(guest, f'sriovd_vf_vlan{{pf="{pf}"}}')}  # fmt: skip
    assert vlans == {(job, vf, "100") for job in ("sriovd", "node") for vf in "01"}
    (targets,) = query(guest, 'count(up == 1)')
    assert targets["value"][1] == "2", targets
    assert re.search(r"^node_textfile_scrape_error 0$",
                     fetch(guest, "http://127.0.0.1:9100/metrics"), re.M)  # fmt: skip
    assert not query(guest, 'ALERTS{alertname=~"Sriovd.*",job="sriovd"}')

    guest.run("systemctl stop sriovd")
    wait_for(guest, 'ALERTS{alertname="SriovdDown",alertstate="firing"}')


@pytest.mark.long
def test_promtool_finds_nothing_to_say(figures: Guest) -> None:
    """Of the page, and of the alerts."""
    guest = figures
    guest.run(f"promtool check rules {RULES}", timeout=300)
    page = f"exec 3<>/dev/tcp/127.0.0.1/{PORT}; printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"
    told = guest.run(f"({page}) | sed '1,/^\\r$/d' | promtool check metrics", timeout=300)
    assert not told.out + told.err, told
