#!/bin/sh
# https://docs.kernel.org/PCI/pci-iov-howto.html, ip-link(8)
echo 4 > /sys/class/net/ens1f0/device/sriov_numvfs
