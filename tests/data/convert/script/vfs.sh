#!/bin/sh
# ip-link(8): "vf"
ip link set dev ens1f0 up
ip link set ens1f0 vf 0 mac 52:54:00:00:01:00
ip link set ens1f0 vf 0 vlan 100 qos 3 proto 802.1ad
ip link set ens1f0 vf 0 spoofchk off trust on state enable
ip link set ens1f0 vf 1 max_tx_rate 1000 min_tx_rate 100
ip link set ens1f0 vf 1 query_rss on
ip link set dev ens1f0 vf 2 rate 500 \
    vlan 0
ip link set ens1f0 mtu 9000
