#!/bin/sh -e
# sh(1), ip-link(8): what stands beside in a script of /etc/rc.local
set -e
modprobe -r igbvf
echo "setting up VFs"
echo 4 > /sys/class/net/ens1f0/device/sriov_numvfs
sleep 1; udevadm settle
ip addr add 192.0.2.2/24 dev ens1f0
ip link set ens1f0 txqueuelen 1000
ip link set eno1 up
echo vfio-pci > /sys/bus/pci/devices/0000:3b:02.0/driver_override
ip link set ens1f0 vf 0 colour red
exit 0
