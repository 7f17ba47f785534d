#!/bin/bash
# sh(1), ip-link(8): what cannot be known without running it
PF=$(ls /sys/class/net | head -1)
echo 4 > /sys/class/net/$PF/device/sriov_numvfs
echo $1 > /sys/class/net/ens1f0/device/sriov_numvfs
ip link set ens1f0 vf $2 trust on
ip link set ens1f0 vf 0 mac $(cat /etc/mac)
if [ -e /sys/class/net/ens1f1 ]; then
    echo 4 > /sys/class/net/ens1f1/device/sriov_numvfs
else
    exit 1
fi
[ -d /sys/class/net/ens2f0 ] && echo 2 > /sys/class/net/ens2f0/device/sriov_numvfs
modprobe vfio-pci && echo 2 > /sys/class/net/ens2f1/device/sriov_numvfs || exit 1
echo 2 > /sys/class/net/ens3*/device/sriov_numvfs
while read line; do
    ip link set $line vf 0 trust on
done < /etc/vfs
