/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Scripts that write sriov_numvfs and call ip(8), by themselves or from other files. Private to
 * lib/convert. */

#include "convert/conversion.h"

int script_read(const struct document *document, struct conversion *conversion);
int script_take(struct conversion *conversion);

/* Takes the commands from the first fact to that before end, where a variable has that value; NULL:
 * it is not known. 0 or -ENOMEM. */
int script_run(struct conversion *conversion, const char *name, const char *value, size_t first,
	       size_t end);
