/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/host.h"

#include <stddef.h>
#include <string.h>

#include "util/hex.h"

static bool parse(const char *text, uint8_t ret[static HOST_MACHINE_ID_SIZE])
{
	static const uint8_t none[HOST_MACHINE_ID_SIZE];

	return hex_parse_digits(text, ret, HOST_MACHINE_ID_SIZE) >= 0 &&
	       memcmp(ret, none, sizeof(none)) != 0;
}

bool host_machine_id_is_valid(const char *machine_id)
{
	uint8_t bytes[HOST_MACHINE_ID_SIZE];

	return parse(machine_id, bytes);
}

bool host_get_machine_id(const struct host *host, uint8_t ret[static HOST_MACHINE_ID_SIZE])
{
	return host && host->machine_id && parse(host->machine_id, ret);
}
