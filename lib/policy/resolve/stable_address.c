/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/resolve/stable_address.h"

#include <nettle/hmac.h>
#include <string.h>

#include "util/hex.h"

static void derive_key(const uint8_t *machine_id, uint8_t ret[static SHA256_DIGEST_SIZE])
{
	uint8_t application[HOST_MACHINE_ID_SIZE];
	struct hmac_sha256_ctx context;

	(void)hex_parse_digits(STABLE_ADDRESS_APPLICATION, application, sizeof(application));
	hmac_sha256_set_key(&context, HOST_MACHINE_ID_SIZE, machine_id);
	hmac_sha256_update(&context, sizeof(application), application);
	hmac_sha256_digest(&context, SHA256_DIGEST_SIZE, ret);
}

void stable_address(const uint8_t machine_id[static HOST_MACHINE_ID_SIZE], const char *label,
		    const struct mac *permanent, uint32_t vf_index, uint8_t *ret, size_t count)
{
	const uint8_t index[4] = { (uint8_t)(vf_index >> 24), (uint8_t)(vf_index >> 16),
				   (uint8_t)(vf_index >> 8), (uint8_t)vf_index };
	uint8_t key[SHA256_DIGEST_SIZE];
	struct hmac_sha256_ctx context;

	derive_key(machine_id, key);
	hmac_sha256_set_key(&context, sizeof(key), key);
	hmac_sha256_update(&context, strlen(label), (const uint8_t *)label);
	hmac_sha256_update(&context, sizeof(permanent->bytes), permanent->bytes);
	hmac_sha256_update(&context, sizeof(index), index);
	hmac_sha256_digest(&context, count, ret);
	/* Of EUI-48 and EUI-64 alike: the U/L and I/G bits (IEEE 802). */
	ret[0] = (uint8_t)((ret[0] & 0xfc) | 0x02);
}
