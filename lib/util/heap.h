/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How the heap of a daemon is kept that works for milliseconds and then sleeps for minutes: what
 * one look at a PF has used serves the next, and none of it is kept over the sleep. */

/* To be called before there are threads. */
void heap_configure(void);
/* Gives back to the kernel what is free. */
void heap_give_back(void);
