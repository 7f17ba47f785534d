/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/timestamp.h"

#include <errno.h>
#include <stddef.h>

#define ISO "%Y-%m-%dT%H:%M:%SZ"

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

	if (seconds && gmtime_r(&seconds, &time) && strftime(buffer, TIMESTAMP_SIZE, ISO, &time))
		return buffer;
	return NULL;
}

int timestamp_read_iso(const char *text, time_t *ret)
{
	struct tm time = { 0 };
	const char *end = strptime(text, ISO, &time);

	if (!end || *end)
		return -EINVAL;
	*ret = timegm(&time);
	return 0;
}
