/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What OpenStack gives VFs to its servers by. A group is a physical network. */

#include "export/exported.h"

/* The section [pci] of nova.conf ("Attaching physical PCI devices to guests" in the Compute
 * Service's administrator guide): a device_spec for each VF, which ports of the group's physical
 * network get; of cards that are none for networks an alias, too, by which flavors ask for one. */
void openstack_write_nova(const struct groups *groups, struct export *export);

/* The section [sriov_nic] of sriov_agent.ini ("SR-IOV" in Neutron's administrator guide). The agent
 * has a PF in one physical network only (neutron_lib.utils.helpers.parse_mappings() with unique
 * values): that of its first group. VFs of others are excluded. */
void openstack_write_neutron(const struct groups *groups, struct export *export);
