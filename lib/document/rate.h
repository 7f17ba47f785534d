/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Rates as people write them. */

#include <stdint.h>

/* "10Gbit/s", "2.5Gbit/s", "500Mbit/s", in Mbit/s. -EINVAL: it is none; -ERANGE: it is no whole
 * number of Mbit/s, or too large a one. */
int rate_parse(const char *string, uint64_t *ret);
