/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A kernel whose calls are noted while they last: it passes all on to another kernel. */

#include "call_note.h"
#include "kernel/kernel.h"

/* How long a call may take before it counts as stuck. All but a few are done within milliseconds, a
 * reset of the card within a second or two. One that goes over all VFs of a card may take longer
 * for each of them: there are cards that need ten to twenty seconds to create 128. */
#define WATCHED_KERNEL_ALLOWED_MS	 10000u
#define WATCHED_KERNEL_ALLOWED_PER_VF_MS 250u

/* Takes over kernel; on failure the caller keeps it. note must outlive the answer. 0 or -ENOMEM. */
int watched_kernel_new(struct kernel *kernel, struct call_note *note, struct kernel **ret);

/* The same note for what is no call of a struct kernel, with WATCHED_KERNEL_ALLOWED_MS. */
void watched_kernel_note(struct call_note *note, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));
