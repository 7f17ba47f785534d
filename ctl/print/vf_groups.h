/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Lines that say the same of several VFs, made one: "VFs 0-3,6". So are those that differ only in
 * what each VF has of its own by one wish of the policy, where values count, "VFs 0-7: vlan
 * 100-107", or there are many: "VFs 0-127: mac stable (128 values)". */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "style.h"
#include "util/arena.h"

#define VF_GROUPS_CELLS 4

#define VF_GROUPS_PF	UINT32_MAX /* the line is of the PF itself */

/* A value that counts over VFs, as it stands in a cell. */
struct vf_groups_counted {
	const char *before, *value, *behind; /* "vlan {id: ", "100", ", qos: 3}" */
	uint64_t number;		     /* the value: the next one has one more */
};

struct vf_groups_line {
	uint32_t vf; /* or VF_GROUPS_PF: such a line is never grouped with a VF's */
	enum style style;
	const char *cells[VF_GROUPS_CELLS]; /* NULL where there is nothing to say */
	/* What stands in the cells of a line that is one of many such; NULL: the same. */
	const char *folded[VF_GROUPS_CELLS];
	/* Of a value that counts; value is NULL for all others. */
	struct vf_groups_counted counted;
	size_t counted_cell; /* in which it stands */
};

/* So many lines of the same wish are told one by one, and values that count are told in so many
 * parts. */
#define VF_GROUPS_APART 4

struct vf_groups_row {
	const char *vfs; /* "VF 4", "VFs 0-3,6"; NULL for the PF */
	enum style style;
	const char *cells[VF_GROUPS_CELLS];
	size_t order; /* of the first of its lines */
};

struct vf_groups {
	struct arena *arena; /* of the caller; it holds the strings too */
	bool all;	     /* VFs are told one by one where their values differ */
	struct vf_groups_line *lines;
	size_t count;
	size_t capacity;
};

void vf_groups_add(struct vf_groups *groups, const struct vf_groups_line *line);
/* The rows, each where the first of its lines was; in the arena. */
const struct vf_groups_row *vf_groups_rows(struct vf_groups *groups, size_t *ret_count);
