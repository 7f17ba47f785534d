/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a policy does not say of a PF, in words. Private to lib/policy/capture. */

#include "policy/capture/saying.h"

struct note_list {
	const char **items; /* "VFs 0-3: trust false: ..." */
	size_t count, capacity;
};

/* Add what is not said, and why; of PFs that begins with the key. Strings are of arena. Return 0 or
 * -ENOMEM. */
int note_vfs(const struct pf *pf, const struct saying *vfs, struct arena *arena,
	     struct note_list *list);
int note_pf(const struct pf *pf, enum pf_setting setting, enum lack lack, const struct value *value,
	    struct arena *arena, struct note_list *list);
/* The text is moved to arena. */
int note_add(struct text *text, struct arena *arena, struct note_list *list);
