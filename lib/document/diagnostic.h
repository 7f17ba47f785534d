/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is wrong in a document, collected so that a file's errors are all reported at once. */

#include <stdbool.h>
#include <stddef.h>

#include "document/document.h"
#include "util/arena.h"
#include "util/text.h"

enum severity {
	SEVERITY_ERROR,
	SEVERITY_WARNING,
	SEVERITY_NOTE, /* that a file does not count, which may well be meant so */
};

/* "error", "warning", "note" */
const char *severity_name(enum severity severity);

struct diagnostic {
	enum severity severity;
	struct origin origin; /* document NULL: of no place; line 0: of the document as a whole.
			       * The document has its name only, not its text */
	const char *message;  /* one sentence without a full stop, what is wrong */
	const char *hint;     /* the remedy, or NULL */
	const char *excerpt;  /* the line that origin is in, or a part of a long one, or NULL */
	size_t caret;	      /* bytes of excerpt left of the place */
};

/* The most that one list keeps; more are counted only. */
#define DIAGNOSTICS_MAX 100

/* The longest message and the longest hint, in bytes; more is cut off. */
#define DIAGNOSTIC_MESSAGE_MAX 1023

/* Initialise with { 0 }. All is copied: no document needs to outlive the list. */
struct diagnostics {
	struct arena *arena; /* made at the first report */
	struct diagnostic *items;
	size_t count;
	size_t capacity;
	size_t errors;	/* all errors, the unkept included */
	size_t dropped; /* reported past DIAGNOSTICS_MAX */
	bool failed;	/* out of memory while reporting */
};

void diagnostics_clear(struct diagnostics *list);
#define CLEANUP_DIAGNOSTICS CLEANUP(diagnostics_clear)

/* Adds one, unless the same was said of the same place before, as happens where an alias repeats a
 * node. Message by format; hint may be NULL. origin may be NULL: of no place. */
void diagnostics_report(struct diagnostics *list, enum severity severity,
			const struct origin *origin, const char *hint, const char *format, ...)
	__attribute__((__format__(__printf__, 5, 6)));
/* Adds one that was made elsewhere, in the same way. All is copied. */
void diagnostics_add(struct diagnostics *list, const struct diagnostic *item);
/* Reports an error and returns -EINVAL, for the caller to return. */
int diagnostics_error(struct diagnostics *list, const struct origin *origin, const char *hint,
		      const char *format, ...) __attribute__((__format__(__printf__, 4, 5)));

/* Whether there are so many errors that nobody reads on; what is still to be read may be left. */
#define DIAGNOSTICS_ERRORS_MAX 1000
bool diagnostics_are_enough(const struct diagnostics *list);

/* How many of that severity are kept. */
size_t diagnostics_count(const struct diagnostics *list, enum severity severity);
/* Removes those of that severity. */
void diagnostics_remove(struct diagnostics *list, enum severity severity);

/* Sorts by place: documents in the order of their first report, those of no place before. */
void diagnostics_sort(struct diagnostics *list);

/* All of them as compilers do it: "file:line:col: error: message", the line and a caret below it,
 * "  hint: ..."; and how many were not kept. Everything taken from the document is escaped. */
void diagnostics_format(const struct diagnostics *list, struct text *out);

/* The candidate nearest to word by edit distance, or NULL where none is near enough to be meant. */
const char *diagnostic_suggest(const char *word, const char *const *candidates, size_t count);

#define DIAGNOSTIC_QUOTE_SIZE 72

/* The string in single quotes for a message, shortened where it is long; returns buffer. */
const char *diagnostic_quote(const char *string, char buffer[static DIAGNOSTIC_QUOTE_SIZE]);
#define DIAGNOSTIC_QUOTE(string) diagnostic_quote(string, (char[DIAGNOSTIC_QUOTE_SIZE]){ 0 })
