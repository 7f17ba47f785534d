/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is in the note of pause.h: "00000000000012345678 00000000001764502205\n". As long as that
 * always, so that none that was cut off says anything. */

#include <stddef.h>
#include <stdint.h>

#define PAUSE_NOTE_LENGTH 42u

struct pause_note {
	uint64_t over_at; /* ms of CLOCK_BOOTTIME */
	uint64_t until;	  /* the same by the calendar as it was set then, s since 1970 */
};

void pause_note_write(const struct pause_note *note, char ret[static PAUSE_NOTE_LENGTH]);
/* -EBADMSG if the bytes are none that pause_note_write() makes. */
int pause_note_read(const char *bytes, size_t length, struct pause_note *ret);
