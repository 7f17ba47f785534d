/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Lines that say the same of several VFs, made one: "VFs 0-3,6". */

#include <stddef.h>
#include <stdint.h>

#include "style.h"
#include "util/arena.h"

#define FOLD_CELLS 4

#define FOLD_PF	   UINT32_MAX /* the line is of the PF itself */

struct fold_line {
	uint32_t vf; /* or FOLD_PF: such a line is never folded with a VF's */
	enum style style;
	const char *cells[FOLD_CELLS]; /* NULL where there is nothing to say */
};

struct fold_row {
	const char *subject; /* "VF 4", "VFs 0-3,6"; NULL for the PF */
	enum style style;
	const char *cells[FOLD_CELLS];
	size_t order; /* of the first of its lines */
};

struct fold {
	struct arena *arena; /* of the caller; it holds the strings too */
	struct fold_line *lines;
	size_t count;
	size_t capacity;
};

void fold_add(struct fold *fold, const struct fold_line *line);
/* The rows, each where the first of its lines was; in the arena. */
const struct fold_row *fold_rows(const struct fold *fold, size_t *ret_count);
