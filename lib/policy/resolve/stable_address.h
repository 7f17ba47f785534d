/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The addresses that "mac: stable", "node-guid: stable" and "port-guid: stable" stand for. */

#include <stddef.h>
#include <stdint.h>

#include "model/host.h"
#include "util/mac.h"

/* sriovd's own id, as machine-id(5) wants applications to have one. */
#define STABLE_ADDRESS_APPLICATION "ed3e493e6ef880d0b26650896771630e"

/* Equal inputs give equal addresses for ever: the scheme is part of the contract, and unit tests
 * and sriovd.yaml(5) hold examples of it. With
 *
 *     key = HMAC-SHA256(machine_id, application)
 *
 * of 16 bytes each, the address is the first count bytes, 32 at most, of
 *
 *     HMAC-SHA256(key, label permanent vf_index)
 *
 * where label has no terminating NUL, permanent is the PF's permanent address (6 bytes) and
 * vf_index has 4 bytes, the most significant first; and its first byte is made that of a locally
 * administered unicast address: (byte & 0xfc) | 0x02. Whoever knows some addresses can tell
 * neither others nor the machine ID. */
void stable_address(const uint8_t machine_id[static HOST_MACHINE_ID_SIZE], const char *label,
		    const struct mac *permanent, uint32_t vf_index, uint8_t *ret, size_t count);
