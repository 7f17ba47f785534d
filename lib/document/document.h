/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A text with the name that messages call it by: a policy file as it was read. */

#include <stddef.h>

struct document {
	const char *name; /* path as the user knows it, or "<stdin>" */
	const char *text; /* terminated; may hold NUL bytes before length */
	size_t length;	  /* bytes */
};

/* A place in a document, for messages and for explaining where a value comes from. */
struct origin {
	const struct document *document;
	unsigned line;	 /* from 1 */
	unsigned column; /* from 1, in characters */
};

/* A file as a whole, of which no text is shown. It is there to the end of the block. */
#define ORIGIN_OF_FILE(path)                                                                       \
	(&(const struct origin){ .document =                                                       \
					 &(const struct document){ .name = (path), .text = "" } })
