/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Every place of the policy that sets one setting of a PF or VF; the last one wins. */

#include "policy/desired.h"
#include "util/arena.h"

struct provenance {
	const struct setting *setting;
	const struct value *result;  /* made plain for the PF; NULL where it makes no sense there */
	const struct value **places; /* as written, in order */
	size_t count;
	size_t capacity;
};

/* The places live in arena. */
struct provenance provenance_of_pf(const struct desired *desired, enum pf_setting setting,
				   struct arena *arena);
struct provenance provenance_of_vf(const struct desired *desired, uint32_t vf,
				   enum vf_setting setting, struct arena *arena);

/* The place that wins; NULL where the policy does not speak of the setting. */
const struct value *provenance_last(const struct provenance *provenance);
/* The same, where what is written there is not the value itself: "50%", "stable". Else NULL. */
const struct value *provenance_written(const struct provenance *provenance);
