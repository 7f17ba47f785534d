/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The line of a document that a message is about. */

#include <stddef.h>

#include "document/document.h"
#include "util/arena.h"

/* The most bytes of a line that are shown; of a longer one it is the part about the place. */
#define EXCERPT_MAX 120

/* Copies the line that origin points to, without its break, tabs as blanks. *ret_caret is how many
 * of its bytes are left of the place. *ret is NULL where the document has no such line. Lines end
 * as in YAML: at LF, CR, CR LF, NEL, LS or PS. Returns 0 or -ENOMEM. */
int excerpt_make(const struct origin *origin, struct arena *arena, const char **ret,
		 size_t *ret_caret);

/* The columns that the first bytes of the excerpt take when it is printed escaped. */
size_t excerpt_width(const char *excerpt, size_t bytes);

/* The bytes of the first characters of an excerpt; all of it where it has fewer. */
size_t excerpt_bytes(const char *excerpt, size_t characters);

/* The largest number up to length at which a character of the string begins. */
size_t excerpt_boundary(const char *string, size_t length);

/* The place of a byte of the document. */
struct origin excerpt_origin(const struct document *document, size_t offset);

/* The byte that stands shift characters behind the place in its line, or NUL where there is none.
 */
char excerpt_character(const struct origin *origin, int shift);
