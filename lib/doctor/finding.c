/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doctor/finding.h"

void findings_add(struct findings *findings, const struct finding *finding)
{
	if (arena_grow(findings->arena, &findings->items, findings->count, &findings->capacity,
		       sizeof(*findings->items)) < 0)
		findings->failed = true;
	else
		findings->items[findings->count++] = *finding;
}

void findings_add_untold(struct findings *findings, const struct untold *untold)
{
	if (arena_grow(findings->arena, &findings->untold, findings->n_untold,
		       &findings->untold_capacity, sizeof(*findings->untold)) < 0)
		findings->failed = true;
	else
		findings->untold[findings->n_untold++] = *untold;
}
