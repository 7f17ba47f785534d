/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "provenance.h"

#include "memory.h"

static void add(struct chain *chain, struct arena *arena, const struct value *value)
{
	if (!value)
		return;
	if (arena_grow(arena, &chain->places, chain->count, &chain->capacity,
		       sizeof(*chain->places)) < 0)
		memory_exhausted();
	chain->places[chain->count++] = value;
}

struct chain chain_of_pf(const struct desired *desired, enum pf_setting setting,
			 struct arena *arena)
{
	struct chain chain = { .setting = &pf_settings[setting] };

	chain.result = VALUES_GET(&desired->pf->settings, setting);
	for (size_t i = 0; i < desired->n_rules; i++)
		add(&chain, arena, VALUES_GET(&desired->rules[i]->settings, setting));
	return chain;
}

struct chain chain_of_vf(const struct desired *desired, uint32_t vf, enum vf_setting setting,
			 struct arena *arena)
{
	struct chain chain = { .setting = &vf_settings[setting] };

	chain.result = VALUES_GET(&desired->pf->vfs[vf].settings, setting);
	for (size_t i = 0; i < desired->n_rules; i++) {
		const struct rule *rule = desired->rules[i];

		for (size_t k = 0; k < rule->n_entries; k++)
			if (index_set_contains(&rule->entries[k].indices, vf))
				add(&chain, arena, VALUES_GET(&rule->entries[k].settings, setting));
	}
	return chain;
}

const struct value *chain_last(const struct chain *chain)
{
	return chain->count ? chain->places[chain->count - 1] : NULL;
}

const struct value *chain_written(const struct chain *chain)
{
	const struct value *last = chain_last(chain);

	return last && (!chain->result || last->form != chain->result->form) ? last : NULL;
}
