#!/bin/sh
# https://docs.kernel.org/PCI/pci-iov-howto.html: as many VFs as there can be
cat /sys/class/net/ens1f0/device/sriov_totalvfs > /sys/class/net/ens1f0/device/sriov_numvfs
