/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is in the note of owed_vfs.h: "00000000000000012345 1\n". As long as that always, so that
 * none that was cut off says anything. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OWED_NOTE_LENGTH 23u

struct owed_note {
	uint64_t instance; /* of the PF (struct pf) */
	bool with_mode;	   /* its eswitch is to be in that mode: */
	unsigned mode;	   /* below 10; 0 without one */
};

void owed_note_write(const struct owed_note *note, char ret[static OWED_NOTE_LENGTH]);
/* -EBADMSG if the bytes are none that owed_note_write() makes. */
int owed_note_read(const char *bytes, size_t length, struct owed_note *ret);
