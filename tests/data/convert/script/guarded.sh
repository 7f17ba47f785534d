#!/bin/bash
# https://docs.kernel.org/PCI/pci-iov-howto.html (sriov_numvfs), test(1), bash(1), ip-link(8):
# what is done only where the PF is there, or has another number of VFs
DEVICE=/sys/class/net/ens1f0/device
if [ -e $DEVICE/sriov_numvfs ]; then
    echo 4 > $DEVICE/sriov_numvfs
    ip link set ens1f0 vf 0 trust on
    ip link set ens1f1 vf 0 trust on
fi
[ -w /sys/bus/pci/devices/0000:3b:00.1/sriov_numvfs ] && echo 2 > /sys/bus/pci/devices/0000:3b:00.1/sriov_numvfs
if [ "$(cat /sys/class/net/ens2f0/device/sriov_numvfs)" != 8 ]; then
    echo 0 > /sys/class/net/ens2f0/device/sriov_numvfs
    echo 8 > /sys/class/net/ens2f0/device/sriov_numvfs
fi
if [ $(cat /sys/class/net/ens2f1/device/sriov_numvfs) -gt 0 ]; then
    ip link set ens2f1 vf 0 trust on
fi
