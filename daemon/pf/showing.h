/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is seen of the pass over a PF that runs: nothing of a short one; of a longer one that it is
 * under way, with the call that it is in; and that this call is stuck, if it takes longer than it
 * may. Times are of the clock of the call note, ms. */

#include <stdbool.h>
#include <stdint.h>

#include "util/text.h"
#include "work/call_note.h"

/* A pass is not seen before it has been under way for so long. */
#define SHOWING_AFTER_MS 1000
/* While a call is stuck it is looked at this often whether it has returned. */
#define SHOWING_STUCK_WATCH_MS 1000

enum showing_kind {
	SHOWS_NOTHING, /* it is short so far, or none runs */
	SHOWS_APPLYING,
	SHOWS_STUCK,
};

struct showing {
	struct call_note *note;
	enum showing_kind kind;
	uint64_t watch_at; /* while a pass runs: when it is to be looked at again */
	struct call stuck; /* the call that is, or was last */
};

/* 0 or -ENOMEM. */
int showing_init(struct showing *showing);
void showing_clear(struct showing *showing);

/* A pass begins. */
void showing_begin(struct showing *showing, uint64_t now);
/* It has ended. Whether the call in stuck had been shown as stuck, and so has returned. */
bool showing_end(struct showing *showing);

/* What a look at the pass that runs finds, where it is news. */
struct showing_news {
	bool loose; /* the call that was stuck has returned: */
	struct call returned;
	bool stuck; /* the one in stuck of struct showing is, by now */
};

/* Looks, when watch_at has come. */
struct showing_news showing_look(struct showing *showing, uint64_t now);

/* The call that the pass which shows is in; false if there is none, or nothing shows. */
bool showing_call(const struct showing *showing, struct call *ret);
/* That call, and how long it has taken. */
void showing_describe(const struct showing *showing, uint64_t now, struct text *out);
