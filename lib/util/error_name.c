/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/error_name.h"

#include <stdlib.h>
#include <string.h>

void error_name_append(int error, struct text *out)
{
	int number = abs(error);
	const char *name = number == ERROR_ENOTSUPP ? "ENOTSUPP" : strerrorname_np(number);

	if (name)
		text_append(out, name);
	else
		text_printf(out, "error %d", number);
}

const char *error_name_untold(const char *what, int error, struct arena *arena)
{
	CLEANUP_TEXT struct text name = { 0 };

	error_name_append(error, &name);
	return name.failed ? NULL
			   : arena_printf(arena, "%s cannot be told now (%s)", what,
					  text_string(&name));
}
