/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which rows are shown, and in which order. VFs stay below their PF. */

#include "top/rows.h"

/* What rows can be sorted by. */
enum view_key {
	VIEW_NAME, /* PFs in order of handle, VFs of number */
	VIEW_RX,
	VIEW_TX,
	VIEW_RX_PACKETS,
	VIEW_TX_PACKETS,
	VIEW_DROPS,
	VIEW_LINK,
	VIEW_ABOUT,
	VIEW_KEY_COUNT,
};

struct view {
	enum view_key key;
	bool reversed; /* figures begin with the greatest, words with the first, or so */
	bool totals;   /* since counters began, not in a second */
	/* Rows that have this in their name, address, driver, link, state or holder, in upper or
	 * lower case; "" for all. All VFs of a PF with it are shown, and PFs of VFs with it. */
	char filter[64];
	struct names folded; /* handles of PFs whose VFs are not shown, each allocated */
};

void view_clear(struct view *view);
/* Hides the VFs of a PF, or shows them again. 0 or -ENOMEM. */
int view_fold(struct view *view, const char *handle);
bool view_is_folded(const struct view *view, const struct pf *pf);

/* A figure of the row, as the view has it: in a second, or all. NULL for not known. */
struct figure {
	bool known;
	bool at_least; /* some of it is not counted */
	uint64_t number;
};

/* Of VIEW_RX to VIEW_DROPS: bytes, packets. Drops are those of both ways. */
struct figure view_figure(const struct view *view, const struct row *row, enum view_key key);

/* The rows that are shown, in order, in arena. What is not known comes last, in either order. 0 or
 * -ENOMEM. */
int view_select(const struct view *view, const struct rows *rows, struct arena *arena,
		const struct row ***ret, size_t *ret_count);
