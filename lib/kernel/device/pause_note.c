/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/pause_note.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define DIGITS 20u

void pause_note_write(const struct pause_note *note, char ret[static PAUSE_NOTE_LENGTH])
{
	char text[PAUSE_NOTE_LENGTH + 1];

	(void)snprintf(text, sizeof(text), "%020" PRIu64 " %020" PRIu64 "\n", note->over_at,
		       note->until);
	memcpy(ret, text, PAUSE_NOTE_LENGTH);
}

/* DIGITS of them, and what follows. */
static bool read_number(const char *digits, char end, uint64_t *ret)
{
	uint64_t number = 0;

	for (size_t i = 0; i < DIGITS; i++) {
		if (digits[i] < '0' || digits[i] > '9' ||
		    __builtin_mul_overflow(number, 10u, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(digits[i] - '0'), &number))
			return false;
	}
	*ret = number;
	return digits[DIGITS] == end;
}

int pause_note_read(const char *bytes, size_t length, struct pause_note *ret)
{
	struct pause_note note;

	if (length != PAUSE_NOTE_LENGTH || !read_number(bytes, ' ', &note.over_at) ||
	    !read_number(bytes + DIGITS + 1, '\n', &note.until))
		return -EBADMSG;
	*ret = note;
	return 0;
}
