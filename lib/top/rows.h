/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Two readings as rows: one a PF, with the sums of its VFs, and below it one a VF. */

#include "top/reading.h"
#include "top/traffic.h"

struct row {
	const struct pf *pf;
	const struct vf *vf; /* NULL: the row is the PF's */
	const char *name;    /* "ens1f0"; of a VF "3 ens1f0v3" */
	const char *driver;  /* or NULL: none, or not known */
	const char *link;    /* of a PF "up", "down"; of a VF its link-state; NULL: not known */
	const char *about;   /* the state of a PF, who uses a VF; NULL: nobody says */
	struct traffic totals, rates;
	uint32_t counted; /* of a PF: VFs of which something is counted */
};

struct rows {
	const struct row *items; /* each PF, and behind it its VFs in order */
	size_t count;
};

/* before may be NULL: then no rate is known. Nor is any of a PF or VF that is another since, at the
 * same place. What rows point to is in arena and in the reading of now. 0 or -ENOMEM. */
int rows_make(const struct reading *before, const struct reading *now, struct arena *arena,
	      struct rows *ret);
