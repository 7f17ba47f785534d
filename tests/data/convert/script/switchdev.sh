#!/bin/sh
# devlink-dev(8)
echo 4 > /sys/bus/pci/devices/0000:03:00.0/sriov_numvfs
devlink dev eswitch set pci/0000:03:00.0 mode switchdev inline-mode transport
/sbin/devlink dev eswitch set pci/0000:03:00.0 encap-mode basic
devlink dev param set pci/0000:03:00.0 name flow_steering_mode value smfs cmode runtime
