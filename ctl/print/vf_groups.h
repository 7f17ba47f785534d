/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Lines that say the same of several VFs, made one: "VFs 0-3,6". */

#include <stddef.h>
#include <stdint.h>

#include "style.h"
#include "util/arena.h"

#define VF_GROUPS_CELLS 4

#define VF_GROUPS_PF	UINT32_MAX /* the line is of the PF itself */

struct vf_groups_line {
	uint32_t vf; /* or VF_GROUPS_PF: such a line is never grouped with a VF's */
	enum style style;
	const char *cells[VF_GROUPS_CELLS]; /* NULL where there is nothing to say */
};

struct vf_groups_row {
	const char *vfs; /* "VF 4", "VFs 0-3,6"; NULL for the PF */
	enum style style;
	const char *cells[VF_GROUPS_CELLS];
	size_t order; /* of the first of its lines */
};

struct vf_groups {
	struct arena *arena; /* of the caller; it holds the strings too */
	struct vf_groups_line *lines;
	size_t count;
	size_t capacity;
};

void vf_groups_add(struct vf_groups *groups, const struct vf_groups_line *line);
/* The rows, each where the first of its lines was; in the arena. */
const struct vf_groups_row *vf_groups_rows(const struct vf_groups *groups, size_t *ret_count);
