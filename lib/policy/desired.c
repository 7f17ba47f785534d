/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/desired.h"

#include <errno.h>

int desired_new(struct desired **ret)
{
	CLEANUP(pf_free_cleanup) struct pf *pf = NULL;
	struct desired *desired;
	int r;

	r = pf_new(&pf);
	if (r < 0)
		return r;
	desired = arena_alloc(pf->arena, sizeof(*desired));
	if (!desired)
		return -ENOMEM;
	desired->pf = TAKE(pf);
	*ret = desired;
	return 0;
}

void desired_free(struct desired *desired)
{
	/* The PF's arena holds desired itself too. */
	if (desired)
		pf_free(desired->pf);
}

const struct problem *desired_problem(const struct desired *desired)
{
	for (size_t i = 0; i < desired->n_problems; i++)
		if (!desired->problems[i].remark)
			return &desired->problems[i];
	return NULL;
}

const struct value *desired_written(const struct desired *desired, enum vf_setting setting,
				    const struct value *value)
{
	bool made = value->origin && desired->made & SETTING_BIT(setting);

	for (size_t i = 0; made && i < desired->n_rules; i++) {
		const struct rule *rule = desired->rules[i];

		for (size_t k = 0; k < rule->n_entries; k++) {
			const struct value *written =
				VALUES_GET(&rule->entries[k].settings, setting);

			/* The origin is the place itself, and no two settings have the same. */
			if (written && written->origin == value->origin)
				return value_equal(&vf_settings[setting], written, value) ? NULL
											  : written;
		}
	}
	return NULL;
}

bool desired_is_managed(const struct desired *desired)
{
	return desired->n_rules && !desired->ignored_by && !desired->undecided;
}

bool desired_is_observe_only(const struct desired *desired)
{
	return pf_is_observe_only(desired->pf);
}

bool desired_is_enforced(const struct desired *desired)
{
	return desired_is_managed(desired) && !desired_is_observe_only(desired);
}
