/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/mac.h"

#include <errno.h>
#include <string.h>

#include "util/hex.h"

int mac_parse(const char *string, struct mac *ret)
{
	struct mac mac;

	if (hex_parse_bytes(string, mac.bytes, sizeof(mac.bytes)) < 0)
		return -EINVAL;
	*ret = mac;
	return 0;
}

const char *mac_format(const struct mac *mac, char buffer[static MAC_STRING_SIZE])
{
	return hex_format_bytes(mac->bytes, sizeof(mac->bytes), buffer);
}

bool mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool mac_is_zero(const struct mac *mac)
{
	static const struct mac zero;

	return mac_equal(mac, &zero);
}

bool mac_is_multicast(const struct mac *mac)
{
	return mac->bytes[0] & 0x01;
}
