#!/bin/bash
# bash(1): functions, "case", and a loop of arithmetic
setup() {
    echo 4 > /sys/class/net/$1/device/sriov_numvfs
}
setup ens1f0
case "$1" in
start)
    echo 4 > /sys/class/net/ens1f1/device/sriov_numvfs
    ;;
esac
for ((i = 0; i < 4; i++)); do
    ip link set ens1f0 vf $i trust on
done
export IF=ens2f0
echo "2" > "/sys/class/net/$IF/device/sriov_numvfs" 2>/dev/null
ip link set $IF vf 0 trust on 2>/dev/null
