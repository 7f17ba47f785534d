/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Memory that runs out on purpose: a program with this in it is linked with --wrap for the
 * functions that allocate, and so are the libraries that are linked into it. */

#include <stdbool.h>
#include <stddef.h>

/* From now on so many allocations succeed, and then none. */
void memory_lasts_for(size_t allocations);
/* From now on all succeed. */
void memory_lasts(void);
/* Whether allocations succeed for a while without being counted. */
void memory_pause(bool pause);
/* Whether one failed since memory_lasts_for(). */
bool memory_ran_out(void);

/* Calls run() with memory for no allocation, for one, two and so on until it is enough. It answers
 * expected then, and -ENOMEM each time before. Returns how many allocations it took. */
size_t memory_try_all(int (*run)(void *context), void *context, int expected);
