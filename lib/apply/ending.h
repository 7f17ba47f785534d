/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* That a process is to end while passes are under way in its threads: none of them destroys VFs any
 * more, and what was destroyed is followed by its successors first. */

#include <stdatomic.h>
#include <stdbool.h>

/* Shared by the passes of a process. Initialise with { 0 }. */
struct ending {
	atomic_bool wanted; /* set by who waits for the passes */
	atomic_uint owed;   /* passes that have begun to destroy VFs, and not made the next ones */
};
