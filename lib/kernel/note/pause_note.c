/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/note/pause_note.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kernel/note/digits.h"

void pause_note_write(const struct pause_note *note, char ret[static PAUSE_NOTE_LENGTH])
{
	char text[PAUSE_NOTE_LENGTH + 1];

	(void)snprintf(text, sizeof(text), "%020" PRIu64 " %020" PRIu64 "\n", note->over_at,
		       note->until);
	memcpy(ret, text, PAUSE_NOTE_LENGTH);
}

/* And what follows. */
static bool read_number(const char *digits, char end, uint64_t *ret)
{
	return digits_read(digits, ret) && digits[DIGITS_LENGTH] == end;
}

int pause_note_read(const char *bytes, size_t length, struct pause_note *ret)
{
	struct pause_note note;

	if (length != PAUSE_NOTE_LENGTH || !read_number(bytes, ' ', &note.over_at) ||
	    !read_number(bytes + DIGITS_LENGTH + 1, '\n', &note.until))
		return -EBADMSG;
	*ret = note;
	return 0;
}
