/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a PF was called by when drivers were last kept off its VFs, beside the note of hold.h:
 * names, permanent address, port and firmware, which its network device tells. Rules match by
 * these, and are to go on doing so while that device is away for a moment: else drivers would be
 * let at VFs that lack what the rules say. As that note it ends with the device that it is of. */

#include "model/pf.h"

/* Of a PF that has no network device here nothing is written: what is noted stays. 0 or -errno. */
int hold_names_write(const struct pf *pf);
/* In the PF's arena, a struct pf of which nothing else is set. *ret is NULL, and the answer 0,
 * where nothing is noted of this device, or the note was cut off. Else -errno. */
int hold_names_read(const struct pf *pf, struct pf **ret);
/* 0 also if there were none. */
int hold_names_remove(const char *handle);
