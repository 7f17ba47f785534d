/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How the policy in force stands to the policy's files: whether it is what they say, and if not
 * what is in force, since when, and where their first error is. */

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "document/diagnostic.h"
#include "document/digest.h"
#include "util/text.h"

enum policy_relation {
	POLICY_CURRENT,	  /* it is what they say */
	POLICY_OUTDATED,  /* they have errors by now; it is what they said before */
	POLICY_LAST_GOOD, /* they had errors at the start: it is the last good one */
	POLICY_NONE,	  /* they had errors at the start and nothing was kept */
};

struct policy_standing {
	enum policy_relation relation;
	unsigned revision;	  /* another one whenever something of this has changed */
	time_t since;		  /* the policy is in force since then; 0 where none is */
	char digest[DIGEST_SIZE]; /* of the list of its files (digest_list()); empty where none is
				   */
	time_t kept;		  /* a last good policy was kept then */
	/* Of files that were refused; 0 and NULL where they were not. */
	time_t refused_since;
	char *refused_at; /* the place of the first error, "file:line:column"; may be NULL */
	size_t errors;	  /* 0: the files could not be read, for lack of memory */
};

/* Whether files of that digest are in force, without one that was refused since. */
bool policy_standing_is(const struct policy_standing *standing,
			const char digest[static DIGEST_SIZE]);
/* Notes what was made of the files. Nothing fails: for lack of memory no place is known.
 * What is read again unchanged is in force since it was read first. */
void policy_standing_accepted(struct policy_standing *standing,
			      const char digest[static DIGEST_SIZE]);
void policy_standing_refused(struct policy_standing *standing,
			     const struct diagnostics *diagnostics);
/* The last good policy is in force, which was kept then. */
void policy_standing_restored(struct policy_standing *standing, time_t kept,
			      const char digest[static DIGEST_SIZE]);
void policy_standing_clear(struct policy_standing *standing);

/* "current", "outdated", "last-good", "none" */
const char *policy_relation_name(enum policy_relation relation);
/* In words, with what follows from it; nothing where the policy is current. The place of the first
 * error is not for everybody. */
void policy_standing_describe(const struct policy_standing *standing, bool with_place,
			      struct text *out);
