/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What KubeVirt gives VFs to virtual machines by: the resources of the device plugin, of VFs that
 * vfio's driver has (https://kubevirt.io/user-guide/network/interfaces_and_networks/, "sriov"). */

#include "export/exported.h"

/* permittedHostDevices of the KubeVirt object, with an entry for each resource and kind of card
 * (https://kubevirt.io/user-guide/compute/host-devices/), which the device plugin hands out. */
void kubevirt_write_permitted(const struct groups *groups, struct export *export);

/* An interface and its network for each resource, for the specification of a virtual machine. The
 * network is the one that "network-attachment" writes. */
void kubevirt_write_interfaces(const struct groups *groups, struct export *export);
