/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is in the note of hold.h: "1 00000000000000012345", the value that the attribute is to have
 * again, and which device it is of. As long as that always, so that it is replaced in place. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOLD_NOTE_LENGTH 22u

struct hold_note {
	bool autoprobe;
	uint64_t instance;
};

void hold_note_write(const struct hold_note *note, char ret[static HOLD_NOTE_LENGTH]);
/* -EBADMSG if the bytes are none that hold_note_write() makes: a program that died while it wrote
 * them, which it does before anything else, or something else has made them. */
int hold_note_read(const char *bytes, size_t length, struct hold_note *ret);
