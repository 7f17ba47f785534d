/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The address that "mac: stable" stands for. */

#include <stdint.h>

#include "util/mac.h"

/* Equal inputs give equal addresses for ever: the scheme is part of the contract, and unit tests
 * hold examples of it. It is the XXH3 64-bit hash, without seed, of the bytes
 * "sriovd-stable-mac-v1" NUL machine_id in lower case NUL permanent (6 bytes) NUL vf_index (4
 * bytes, the least significant first); of the hash in big-endian order the first 6 bytes, with the
 * first byte made that of a locally administered unicast address: (byte & 0xfc) | 0x02. */
struct mac stable_mac(const char *machine_id, const struct mac *permanent, uint32_t vf_index);
