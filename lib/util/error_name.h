/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Names of the kernel's errors, also of one that no program should see. */

#include "util/text.h"

/* The kernel's own ENOTSUPP (include/linux/errno.h), which some drivers let out and no libc knows:
 * they mean EOPNOTSUPP by it. */
#define ERROR_ENOTSUPP 524

/* "EINVAL", "ENOTSUPP"; "error 999" for one without a name. error is an errno, positive or
 * negative. */
void error_name_append(int error, struct text *out);
/* "WHAT cannot be told now (EACCES)", in arena; NULL when out of memory. */
const char *error_name_untold(const char *what, int error, struct arena *arena);
