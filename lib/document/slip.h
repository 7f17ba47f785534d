/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Slips of the pen that YAML takes for something else, and complains of further down. */

#include <stdbool.h>

#include "document/document.h"

struct slip {
	struct origin origin;
	const char *message, *hint;
};

/* The last such slip in the lines of the document up to that one: "vfs:8" and "-name: a" without a
 * blank, and indentation with no-break spaces. False: there is none. */
bool slip_find(const struct document *document, unsigned line, struct slip *ret);

/* Whether the document begins as an ini file does: with a section's name in brackets. */
bool slip_is_ini(const struct document *document);
