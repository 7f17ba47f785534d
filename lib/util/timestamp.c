/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/timestamp.h"

#include <stddef.h>

const char *timestamp_words(time_t seconds, char buffer[static TIMESTAMP_SIZE])
{
	struct tm time;

	if (gmtime_r(&seconds, &time) &&
	    strftime(buffer, TIMESTAMP_SIZE, "%Y-%m-%d %H:%M:%S UTC", &time))
		return buffer;
	return "an unknown time";
}

const char *timestamp_iso(time_t seconds, char buffer[static TIMESTAMP_SIZE])
{
	struct tm time;

	if (seconds && gmtime_r(&seconds, &time) &&
	    strftime(buffer, TIMESTAMP_SIZE, "%Y-%m-%dT%H:%M:%SZ", &time))
		return buffer;
	return NULL;
}
