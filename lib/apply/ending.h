/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* That a process is to end while passes are under way in its threads: none of them destroys VFs any
 * more, and one that has done so is waited for, until the next VFs are there and it can be logged
 * what was done. */

#include <stdatomic.h>
#include <stdbool.h>

/* Shared by the passes of a process. Initialise with { 0 }. */
struct ending {
	atomic_bool wanted; /* set by who waits for the passes */
	atomic_uint owed;   /* passes that have begun to destroy VFs */
};

/* What a pass owes. Initialise with the ending alone. */
struct debt {
	struct ending *ending; /* NULL: the process does not end */
	bool owes;	       /* it is counted as one that owes VFs */
};

/* Whether VFs may be destroyed: then others are owed until debt_end(). */
bool debt_begin(struct debt *debt);
void debt_end(struct debt *debt);
