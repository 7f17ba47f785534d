/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What Proxmox VE gives VFs to its guests by. */

#include "export/exported.h"

/* A resource mapping for each group, as /etc/pve/mapping/pci.cfg has them, with all VFs of the
 * group that this host has: $map_fmt in src/PVE/Mapping/PCI.pm of pve-guest-common, whose
 * assert_valid() wants id, subsystem-id and iommugroup to be there where the device has them, and
 * to be right. */
void proxmox_write(const struct groups *groups, struct export *export);
