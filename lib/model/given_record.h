/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Notes of what VFs are given once, from one process to the next: how they are kept and what they
 * say of a VF later. Masks are of VF settings, SETTING_BIT. */

#include "model/pf.h"

/* What is noted of one VF. */
struct given_record {
	uint64_t done, due;
	/* Were to be written, and who wanted to may have died before he could note what became of
	 * it. */
	uint64_t tried;
	uint64_t told; /* of those: what they were before, as a hash: */
	uint64_t before[VF_SETTING_COUNT];
};

/* pf is a recent observation, which has the VF. */
void given_record_note(struct given_record *record, const struct given_note *note,
		       const struct pf *pf);
/* Fills in given of vf, whose other members are filled in, as pf's are. What was tried counts as
 * given unless it reads as before, or nobody can have had the VF yet: it may have been written, and
 * somebody have changed it since. Of a VF that starts over it cannot be told yet. */
void given_record_read(const struct given_record *record, const struct pf *pf, struct vf *vf);
