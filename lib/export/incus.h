/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What Incus, and LXD, give VFs to their instances by. */

#include "export/exported.h"

/* Profiles, as "incus admin init --preseed" reads them: of all VFs of a PF that has a network
 * device one with a nic of type sriov, for which Incus chooses a VF of it
 * (https://linuxcontainers.org/incus/docs/main/reference/devices_nic/); of every other VF, as of a
 * pool, one with that VF as a device of type pci (devices_pci/), which virtual machines alone can
 * have, and one of them at a time. */
void incus_write(const struct groups *groups, struct export *export);
