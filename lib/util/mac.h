/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Ethernet addresses. */

#include <stdbool.h>
#include <stdint.h>

struct mac {
	uint8_t bytes[6];
};

#define MAC_STRING_SIZE 18

/* "52:54:00:0a:0b:0c", in any case, with ':' or '-'. Returns 0 or -EINVAL. */
int mac_parse(const char *string, struct mac *ret);
/* Lower case with ':'; returns buffer. */
const char *mac_format(const struct mac *mac, char buffer[static MAC_STRING_SIZE]);
bool mac_equal(const struct mac *a, const struct mac *b);
bool mac_is_zero(const struct mac *mac);
bool mac_is_multicast(const struct mac *mac); /* broadcast included */
