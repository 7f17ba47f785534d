/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/resolve/stable_mac.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static void add_lower_case(XXH3_state_t *state, const char *string)
{
	for (; *string; string++) {
		char c = *string >= 'A' && *string <= 'Z' ? (char)(*string - 'A' + 'a') : *string;

		(void)XXH3_64bits_update(state, &c, 1);
	}
}

struct mac stable_mac(const char *machine_id, const struct mac *permanent, uint32_t vf_index)
{
	static const char scheme[] = "sriovd-stable-mac-v1";
	const uint8_t index[4] = { (uint8_t)vf_index, (uint8_t)(vf_index >> 8),
				   (uint8_t)(vf_index >> 16), (uint8_t)(vf_index >> 24) };
	XXH64_canonical_t hash;
	XXH3_state_t state;
	struct mac mac;

	XXH3_INITSTATE(&state);
	(void)XXH3_64bits_reset(&state);
	(void)XXH3_64bits_update(&state, scheme, sizeof(scheme));
	add_lower_case(&state, machine_id);
	(void)XXH3_64bits_update(&state, "", 1);
	(void)XXH3_64bits_update(&state, permanent->bytes, sizeof(permanent->bytes));
	(void)XXH3_64bits_update(&state, "", 1);
	(void)XXH3_64bits_update(&state, index, sizeof(index));
	XXH64_canonicalFromHash(&hash, XXH3_64bits_digest(&state));
	memcpy(mac.bytes, hash.digest, sizeof(mac.bytes));
	/* Locally administered, unicast (IEEE 802, the U/L and I/G bits). */
	mac.bytes[0] = (uint8_t)((mac.bytes[0] & 0xfc) | 0x02);
	return mac;
}
