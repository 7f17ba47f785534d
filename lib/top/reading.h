/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A host as it was looked at: PFs with their VFs' counters, and what the daemon said. */

#include <json-c/json_types.h>

#include "model/pf.h"
#include "util/cleanup.h"
#include "util/text.h"

struct reading {
	struct pf_list pfs;	  /* in order of handle */
	uint64_t *times;	  /* of each, ms of a steady clock: when its counters were read */
	struct json_object *told; /* what the daemon says of the host (report/host.h), or NULL */
	struct text problem;	  /* what could not be looked at, and why; "" for nothing */
	const char *without;	  /* why the daemon says nothing, a constant; NULL: it does */
};

/* Accepts NULL. */
void reading_free(struct reading *reading);
DEFINE_CLEANUP(struct reading *, reading_free);

/* The place in it of the PF with that handle, or -1. */
long reading_find(const struct reading *reading, const char *handle);
/* What the daemon says of the PF, or NULL: nothing, or that was of another number of VFs. */
struct json_object *reading_told(const struct reading *reading, const struct pf *pf);

/* Appends which PFs have come and gone from one reading to another: "ens1f0 is gone". before may be
 * NULL, and nothing is new then. */
void reading_compare(const struct reading *before, const struct reading *now, struct text *out);
