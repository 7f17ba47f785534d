#!/bin/sh
# https://docs.kernel.org/PCI/pci-iov-howto.html, ip-link(8): by address, as root and not
echo 0 > /sys/bus/pci/devices/0000:3b:00.0/sriov_drivers_autoprobe
echo 0 > /sys/bus/pci/devices/0000:3b:00.0/sriov_numvfs
echo 8 > /sys/bus/pci/devices/0000\:3b\:00.0/sriov_numvfs
echo 2 | sudo tee /sys/bus/pci/devices/0000:3b:00.1/sriov_numvfs > /dev/null
