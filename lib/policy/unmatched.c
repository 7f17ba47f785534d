/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/unmatched.h"

#include <errno.h>

#include "policy/match.h"
#include "policy/mismatch.h"

static bool matches_any(const struct rule *rule, struct pf *const *pfs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rule_matches(rule, pfs[i], NULL))
			return true;
	return false;
}

static const char *reason_of(const struct rule *rule, struct pf *const *pfs, size_t n,
			     struct arena *arena)
{
	CLEANUP_TEXT struct text text = { 0 };

	mismatch_explain(rule, pfs, n, &text);
	return text.failed ? NULL : arena_strdup(arena, text_string(&text));
}

int unmatched_find(const struct policy *policy, struct pf *const *pfs, size_t n,
		   struct arena *arena, struct unmatched_list *ret)
{
	struct unmatched_list list = { arena_array(arena, policy->n_rules + 1,
						   sizeof(*list.items)) };

	if (!list.items)
		return -ENOMEM;
	for (size_t i = 0; i < policy->n_rules; i++) {
		struct unmatched *item = &list.items[list.count];

		if (matches_any(&policy->rules[i], pfs, n))
			continue;
		*item = (struct unmatched){ &policy->rules[i],
					    reason_of(&policy->rules[i], pfs, n, arena) };
		if (!item->reason)
			return -ENOMEM;
		list.count++;
	}
	*ret = list;
	return 0;
}
