/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What libvirt gives VFs to its domains by. */

#include "export/exported.h"

/* A network of forward mode hostdev for each group, of which libvirt chooses a VF for each
 * interface: https://libvirt.org/formatnetwork.html, "Connectivity". It is named after the group.
 * One group is one document; of several, each begins with a line of its own. */
void libvirt_write_networks(const struct groups *groups, struct export *export);

/* An interface of type hostdev for each VF, to be put into the definition of a domain, with the
 * address and VLAN that the VF has: libvirt sets both when it starts the domain, and takes others
 * where it is not told (https://libvirt.org/formatdomain.html, "PCI Passthrough"). */
void libvirt_write_interfaces(const struct groups *groups, struct export *export);

/* Each of these beside a virtio one over the PF, with the same address, that the guest goes on with
 * while the VF is away, as in a migration (https://libvirt.org/formatdomain.html, "Teaming a
 * virtio/hostdev NIC pair"; Documentation/networking/net_failover.rst of Linux). Of VFs without a
 * VLAN: the PF is in none. */
void libvirt_write_pairs(const struct groups *groups, struct export *export);
