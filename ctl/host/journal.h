/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the journal has of sriovd.service. What others write into it as if they were sriovd does not
 * count: by fields that the journal itself sets. */

#include <stdbool.h>
#include <stdint.h>

/* A message, as long as it is looked at; what it does not have is NULL. */
struct journal_line {
	uint64_t usec; /* since 1970 */
	const char *message, *pf, *vf, *rule, *step, *event;
};

/* Calls each() for every message since then, the oldest first. How many there were, or -errno:
 * -EACCES where the caller may read none of the journal. */
int journal_read(uint64_t since_usec, void (*each)(void *context, const struct journal_line *line),
		 void *context);
