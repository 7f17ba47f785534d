/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a doctor finds: one thing that is wrong, or that will be; and the list of them. */

#include <stdbool.h>
#include <stddef.h>

#include "document/diagnostic.h"
#include "util/arena.h"

struct finding {
	enum severity severity;
	const char *check;  /* the check that found it: "pf-down" */
	const char *pf;	    /* the name of the PF that it is about; NULL: the host */
	const char *what;   /* what is so, a sentence without a full stop, as all of these */
	const char *read;   /* what was read for it, and where */
	const char *why;    /* why it matters */
	const char *remedy; /* what to do */
};

/* That a check could not be made. */
struct untold {
	const char *check;
	const char *pf;	    /* or NULL */
	const char *reason; /* what could not be read */
};

struct findings {
	struct arena *arena;   /* holds all of it; the caller's */
	struct finding *items; /* the worst first */
	size_t count, capacity;
	struct untold *untold;
	size_t n_untold, untold_capacity;
	size_t n_good; /* checks that were made, of a PF or of the host, and found nothing */
	bool failed;   /* out of memory: it is incomplete */
};

/* Each adds one. */
void findings_add(struct findings *findings, const struct finding *finding);
void findings_add_untold(struct findings *findings, const struct untold *untold);
