/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* os-net-config's sriov_config.yaml, and its network configuration with sriov_pf and sriov_vf:
 * https://docs.openstack.org/os-net-config/latest/. Private to lib/convert. */

#include "convert/conversion.h"

int osnet_read(const struct document *document, struct conversion *conversion);
int osnet_take(struct conversion *conversion);
