#!/bin/bash
# ip-link(8), seq(1): what all VFs have
PF=ens1f0
NUM=4
echo 0 > /sys/class/net/$PF/device/sriov_numvfs
echo $NUM > /sys/class/net/${PF}/device/sriov_numvfs
for i in $(seq 0 3); do
    ip link set "$PF" vf $i trust on
    ip link set $PF vf $i vlan $((100 + i)) mac "52:54:00:00:01:0$i"
done
