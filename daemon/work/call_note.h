/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which call into the kernel a pass is in right now: noted by the thread that makes the pass, read
 * by the event loop, which must not ask the thread itself. */

#include <stdbool.h>
#include <stdint.h>

#include "util/cleanup.h"

#define CALL_NOTE_NAME_SIZE 96u
#define CALL_NOTE_PF_SIZE   64u

/* How long a call may take before it counts as stuck, at the least. All but a few are done within
 * milliseconds, a reset of the card within a second or two. */
#define CALL_NOTE_ALLOWED_MS 10000u

struct call {
	char name[CALL_NOTE_NAME_SIZE]; /* "sriov_numvfs = 0" */
	uint64_t since;			/* ms of the note's clock */
	uint64_t allowed;		/* ms that it may take before it counts as stuck */
};

/* How long it has taken, in whole seconds. */
uint64_t call_seconds(const struct call *call, uint64_t now);

struct call_note;

/* Its clock is CLOCK_MONOTONIC, which sd-event has too. */
int call_note_new(struct call_note **ret);
void call_note_free(struct call_note *note);

/* Another clock, in ms, before the first call: for who has no time but a virtual one. */
void call_note_set_clock(struct call_note *note, uint64_t (*now)(void *context), void *context);
/* What it is by that. */
uint64_t call_note_now(const struct call_note *note);

/* A call begins; one that was noted before is over. */
void call_note_begin(struct call_note *note, const struct call *call);
void call_note_end(struct call_note *note);
/* How the PF is called that the pass is over, as it was seen last. */
void call_note_set_pf(struct call_note *note, const char *name);
/* The same; false where it was not seen yet. */
bool call_note_pf(struct call_note *note, char ret[static CALL_NOTE_PF_SIZE]);
/* Whether there is a call, and which. */
bool call_note_read(struct call_note *note, struct call *ret);
