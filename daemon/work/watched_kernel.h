/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A kernel whose calls are noted while they last: it passes all on to another kernel. */

#include "kernel/kernel.h"
#include "work/call_note.h"

/* What a call that goes over all VFs of a card may take beyond CALL_NOTE_ALLOWED_MS for each of
 * them: there are cards that need ten to twenty seconds to create 128. */
#define WATCHED_KERNEL_ALLOWED_PER_VF_MS 250u

/* Takes over kernel; on failure the caller keeps it. note must outlive the answer. 0 or -ENOMEM. */
int watched_kernel_new(struct kernel *kernel, struct call_note *note, struct kernel **ret);

/* The same note for what is no call of a struct kernel, with CALL_NOTE_ALLOWED_MS. */
void watched_kernel_note(struct call_note *note, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));
