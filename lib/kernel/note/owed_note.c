/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/note/owed_note.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel/note/digits.h"

#define NO_MODE '-'

void owed_note_write(const struct owed_note *note, char ret[static OWED_NOTE_LENGTH])
{
	char text[OWED_NOTE_LENGTH + 1];

	(void)snprintf(text, sizeof(text), "%020" PRIu64 " %c\n", note->instance,
		       note->with_mode ? (char)('0' + note->mode % 10) : NO_MODE);
	memcpy(ret, text, OWED_NOTE_LENGTH);
}

int owed_note_read(const char *bytes, size_t length, struct owed_note *ret)
{
	struct owed_note note = { 0 };
	char mode;

	if (length != OWED_NOTE_LENGTH || !digits_read(bytes, &note.instance) ||
	    bytes[DIGITS_LENGTH] != ' ' || bytes[OWED_NOTE_LENGTH - 1] != '\n')
		return -EBADMSG;
	mode = bytes[DIGITS_LENGTH + 1];
	if (mode != NO_MODE && !(mode >= '0' && mode <= '9'))
		return -EBADMSG;
	note.with_mode = mode != NO_MODE;
	note.mode = note.with_mode ? (unsigned)(mode - '0') : 0;
	*ret = note;
	return 0;
}
