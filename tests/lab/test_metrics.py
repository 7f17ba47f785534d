# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host in figures, as the units give them."""

from __future__ import annotations

import re

import sriov
from guest import Guest

PORT = 19748


def scrape(guest: Guest, address: str = "127.0.0.1", headers: str = "") -> str:
    """What the socket answers, head and body."""
    request = f"GET /metrics HTTP/1.1\\r\\nHost: localhost\\r\\n{headers}\\r\\n"
    return guest.run(
        f"exec 3<>/dev/tcp/{address}/{PORT}; printf '{request}' >&3; timeout 20 cat <&3"
    ).out


def test_the_socket_tells_states_and_traffic_to_who_asks(guest: Guest) -> None:
    """By a program without rights, on the loopback alone."""
    pf = guest.pf[0]
    sriov.policy(guest, f"- {{name: r, match: {{interface: {pf.ifname}}}, vfs: 2, "
                        "vf-defaults: {vlan: 100}}")  # fmt: skip
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    guest.run("systemd-sysusers; systemctl start sriovd-metrics.socket")
    try:
        told = scrape(guest)
        assert told.startswith("HTTP/1.1 200 OK"), told
        assert f'sriovd_pf_state{{pf="{pf.ifname}",sriovd_pf_state="in-sync"}} 1' in told, told
        assert re.search(rf'^sriovd_pf_vfs{{pf="{pf.ifname}"}} 2$', told, re.M), told
        assert re.search(rf'^sriovd_vf_vlan{{pf="{pf.ifname}",vf="1"}} 100$', told, re.M), told
        # igb counts nothing of its VFs; igbvf does, where it is bound.
        vf = f'{{pf="{pf.ifname}",vf="0"}}'
        name = re.search(rf'sriovd_vf_info{{pf="{pf.ifname}",vf="0",.*?interface="(\w+)"', told)
        assert name, told
        sent = guest.run(f"cat /sys/class/net/{name[1]}/statistics/tx_packets").out.strip()
        assert re.search(rf"^sriovd_vf_transmit_packets_total{re.escape(vf)} {sent}$", told, re.M), told
        assert "application/openmetrics-text" in scrape(
            guest, headers="Accept: application/openmetrics-text\\r\\n"
        )
        assert scrape(guest, "::1").startswith("HTTP/1.1 200 OK")
        listening = guest.run(f"ss -Hltn sport = :{PORT}").out.split()
        assert [word for word in listening if word.endswith(f":{PORT}")] == [
            f"127.0.0.1:{PORT}", f"[::1]:{PORT}"]  # fmt: skip
        # Who opens connections and says nothing keeps nobody out for long.
        guest.run(f"for i in $(seq 20); do exec {{fd}}<>/dev/tcp/127.0.0.1/{PORT} || :; done 2>/dev/null; sleep 7")
        assert scrape(guest).startswith("HTTP/1.1 200 OK")
        guest.run("systemctl stop sriovd")
        assert "\nsriovd_up 0\n" in scrape(guest)
    finally:
        guest.run("systemctl stop sriovd-metrics.socket 'sriovd-metrics@*'")


def test_the_service_writes_a_file_for_node_exporter(guest: Guest) -> None:
    pf = guest.pf[0]
    path = "/var/lib/prometheus/node-exporter"
    sriov.policy(guest, f"- {{name: r, match: {{interface: {pf.ifname}}}, vfs: 2}}")
    sriov.start(guest)
    sriov.wait_in_sync(guest, pf.ifname)
    # Without its directory there is nobody who reads it.
    guest.run(f"rm -rf {path}; systemctl start sriovd-textfile.service")
    guest.run(f"[ ! -e {path} ]")
    try:
        guest.run(f"mkdir -p {path}; chown nobody: {path}; systemctl start sriovd-textfile.service")
        told = guest.read(f"{path}/sriovd.prom")
        assert 'sriovd_policy_standing{sriovd_policy_standing="current"} 1\n' in told, told
        assert f'sriovd_pf_vfs_desired{{pf="{pf.ifname}"}} 2\n' in told, told
        assert guest.run(f"stat -c %a {path}/*; ls -A {path}").out.split() == ["644", "sriovd.prom"]
    finally:
        guest.run("rm -rf /var/lib/prometheus")
