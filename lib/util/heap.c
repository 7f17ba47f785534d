/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/heap.h"

#include <malloc.h>

/* A pass over a thousand VFs takes a few MiB at a time. Memory that is mapped for each array of it
 * anew, or given back in its midst, costs a fault for every page: 7 microseconds on the
 * laboratory's emulated processor. */
#define KEPT_WHILE_WORKING (16 << 20)

void heap_configure(void)
{
	(void)mallopt(M_ARENA_MAX, 1); /* threads are short-lived: one heap for all */
	(void)mallopt(M_MMAP_THRESHOLD, KEPT_WHILE_WORKING);
	(void)mallopt(M_TRIM_THRESHOLD, KEPT_WHILE_WORKING);
}

void heap_give_back(void)
{
	(void)malloc_trim(0);
}
