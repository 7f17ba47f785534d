/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as the note that drivers are kept off a PF's VFs, as that of a pause, and as that VFs
 * are owed. What is read is what writes the same bytes again: no note says two things, and none
 * that was cut off says anything. Then the bytes as what is to be noted. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "kernel/note/hold_note.h"
#include "kernel/note/owed_note.h"
#include "kernel/note/pause_note.h"

static void check_bytes(const char *bytes, size_t size)
{
	char again[HOLD_NOTE_LENGTH];
	struct hold_note note;
	int r = hold_note_read(bytes, size, &note);

	REQUIRE(r == 0 || r == -EBADMSG);
	if (r < 0)
		return;
	hold_note_write(&note, again);
	REQUIRE(size == sizeof(again) && !memcmp(bytes, again, size));
	for (size_t length = 0; length < size; length++)
		REQUIRE(hold_note_read(bytes, length, &note) == -EBADMSG);
}

static void check_pause(const char *bytes, size_t size)
{
	char again[PAUSE_NOTE_LENGTH];
	struct pause_note note;
	int r = pause_note_read(bytes, size, &note);

	REQUIRE(r == 0 || r == -EBADMSG);
	if (r < 0)
		return;
	pause_note_write(&note, again);
	REQUIRE(size == sizeof(again) && !memcmp(bytes, again, size));
}

static void check_owed(const char *bytes, size_t size)
{
	char again[OWED_NOTE_LENGTH];
	struct owed_note note;
	int r = owed_note_read(bytes, size, &note);

	REQUIRE(r == 0 || r == -EBADMSG);
	if (r < 0)
		return;
	owed_note_write(&note, again);
	REQUIRE(size == sizeof(again) && !memcmp(bytes, again, size));
}

static void check_note(const uint8_t *data, size_t size)
{
	struct hold_note note = { .autoprobe = size % 2 }, back;
	char bytes[HOLD_NOTE_LENGTH];

	memcpy(&note.instance, data, size < sizeof(note.instance) ? size : sizeof(note.instance));
	hold_note_write(&note, bytes);
	REQUIRE(hold_note_read(bytes, sizeof(bytes), &back) == 0);
	REQUIRE(back.autoprobe == note.autoprobe && back.instance == note.instance);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP_FREE char *bytes = malloc(size ? size : 1);

	REQUIRE(bytes);
	memcpy(bytes, data, size);
	check_bytes(bytes, size);
	check_pause(bytes, size);
	check_owed(bytes, size);
	check_note(data, size);
	return 0;
}
