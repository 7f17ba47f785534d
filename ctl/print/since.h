/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Times that are past, as people write them. */

#include <stdint.h>
#include <time.h>

/* Reads how long ago it was (10m, 2h, 3d), or when: 2026-01-31, '2026-01-31 23:59:59', in the time
 * zone of who asks, or 2026-01-31T23:59:59 with Z or an offset behind it, as monitor prints it.
 * *ret: in microseconds since 1970. 0, or -EINVAL: it is none of these, or not past. */
int since_read(const char *word, time_t now, uint64_t *ret);
