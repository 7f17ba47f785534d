/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Times of the calendar as text, in UTC: early in a boot the time zone may not be there yet. */

#include <time.h>

#define TIMESTAMP_SIZE 40

/* For people: "2026-01-31 23:59:59 UTC", or "an unknown time". Returns buffer. */
const char *timestamp_words(time_t seconds, char buffer[static TIMESTAMP_SIZE]);
/* For programs, as ISO 8601 has it: "2026-01-31T23:59:59Z"; NULL for 0, never, and where there is
 * no such time. */
const char *timestamp_iso(time_t seconds, char buffer[static TIMESTAMP_SIZE]);
/* Reads what timestamp_iso() has written. 0 or -EINVAL. */
int timestamp_read_iso(const char *text, time_t *ret);
