/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/note/hold_note.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel/note/digits.h"

/* Of the number: the value and a blank are before it. */
#define AT 2

void hold_note_write(const struct hold_note *note, char ret[static HOLD_NOTE_LENGTH])
{
	char text[HOLD_NOTE_LENGTH + 1];

	(void)snprintf(text, sizeof(text), "%c %020" PRIu64, note->autoprobe ? '1' : '0',
		       note->instance);
	memcpy(ret, text, HOLD_NOTE_LENGTH);
}

int hold_note_read(const char *bytes, size_t length, struct hold_note *ret)
{
	uint64_t instance;

	if (length != HOLD_NOTE_LENGTH || (bytes[0] != '0' && bytes[0] != '1') || bytes[1] != ' ' ||
	    !digits_read(bytes + AT, &instance))
		return -EBADMSG;
	*ret = (struct hold_note){ .autoprobe = bytes[0] == '1', .instance = instance };
	return 0;
}
