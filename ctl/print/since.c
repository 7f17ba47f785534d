/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/since.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "options.h"
#include "util/cleanup.h"

/* Whoever asks for more than that writes a date. */
#define AGO_MAX_S (100u * 366 * 86400)

static int read_date(const char *word, time_t *ret)
{
	static const struct {
		const char *format;
		bool has_zone;
	} forms[] = { { "%Y-%m-%dT%H:%M:%S%z", true },
		      { "%Y-%m-%d %H:%M:%S", false },
		      { "%Y-%m-%d %H:%M", false },
		      { "%Y-%m-%d", false } };

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct tm parts = { .tm_isdst = -1 };
		const char *end = strptime(word, forms[i].format, &parts);
		long offset = parts.tm_gmtoff;

		if (!end || *end)
			continue;
		*ret = forms[i].has_zone ? timegm(&parts) - offset : mktime(&parts);
		return 0;
	}
	return -EINVAL;
}

int since_read(const char *word, time_t now, uint64_t *ret)
{
	unsigned seconds;
	time_t when;

	if (options_read_seconds(word, AGO_MAX_S, &seconds) >= 0)
		when = now - (time_t)seconds;
	else if (read_date(word, &when) < 0)
		return -EINVAL;
	if (when < 0 || when > now)
		return -EINVAL;
	*ret = (uint64_t)when * 1000000;
	return 0;
}
