/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/provenance.h"

#include "memory.h"

static void add(struct provenance *provenance, struct arena *arena, const struct value *value)
{
	if (!value)
		return;
	if (arena_grow(arena, &provenance->places, provenance->count, &provenance->capacity,
		       sizeof(*provenance->places)) < 0)
		memory_exhausted();
	provenance->places[provenance->count++] = value;
}

struct provenance provenance_of_pf(const struct desired *desired, enum pf_setting setting,
				   struct arena *arena)
{
	struct provenance provenance = { .setting = &pf_settings[setting] };

	provenance.result = VALUES_GET(&desired->pf->settings, setting);
	for (size_t i = 0; i < desired->n_rules; i++)
		add(&provenance, arena, VALUES_GET(&desired->rules[i]->settings, setting));
	return provenance;
}

struct provenance provenance_of_vf(const struct desired *desired, uint32_t vf,
				   enum vf_setting setting, struct arena *arena)
{
	struct provenance provenance = { .setting = &vf_settings[setting] };

	provenance.result = VALUES_GET(&desired->pf->vfs[vf].settings, setting);
	for (size_t i = 0; i < desired->n_rules; i++) {
		const struct rule *rule = desired->rules[i];

		for (size_t k = 0; k < rule->n_entries; k++)
			if (index_set_contains(&rule->entries[k].indices, vf))
				add(&provenance, arena,
				    VALUES_GET(&rule->entries[k].settings, setting));
	}
	return provenance;
}

const struct value *provenance_last(const struct provenance *provenance)
{
	return provenance->count ? provenance->places[provenance->count - 1] : NULL;
}

const struct value *provenance_written(const struct provenance *provenance)
{
	const struct value *last = provenance_last(provenance);

	if (!last ||
	    (provenance->result && value_equal(provenance->setting, last, provenance->result)))
		return NULL;
	return last;
}
