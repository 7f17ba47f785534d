/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/unmatched.h"

#include "memory.h"
#include "policy/match.h"
#include "policy/mismatch.h"
#include "print/json.h"
#include "print/warnings.h"
#include "report/pf.h"

static const char *reason_of(const struct rule *rule, const struct pf_list *pfs,
			     struct arena *arena)
{
	CLEANUP_TEXT struct text text = { 0 };

	mismatch_explain(rule, pfs->items, pfs->count, &text);
	return memory_keep(arena, &text);
}

static bool matches_any(const struct rule *rule, const struct pf_list *pfs)
{
	for (size_t i = 0; i < pfs->count; i++)
		if (rule_matches(rule, pfs->items[i], NULL))
			return true;
	return false;
}

const struct unmatched *unmatched_find(const struct policy *policy, const struct pf_list *pfs,
				       struct arena *arena, size_t *ret_count)
{
	struct unmatched *unmatched =
		MEMORY_REQUIRE(arena_array(arena, policy->n_rules + 1, sizeof(*unmatched)));
	size_t count = 0;

	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct rule *rule = &policy->rules[i];

		if (!matches_any(rule, pfs))
			unmatched[count++] =
				(struct unmatched){ rule, reason_of(rule, pfs, arena) };
	}
	*ret_count = count;
	return unmatched;
}

void unmatched_print(const struct unmatched *unmatched, size_t count)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };

	for (size_t i = 0; i < count; i++)
		diagnostics_report(&diagnostics, SEVERITY_WARNING, &unmatched[i].rule->origin, NULL,
				   "rule '%s' matches no PF: %s", unmatched[i].rule->name,
				   unmatched[i].reason);
	warnings_print_diagnostics(&diagnostics);
}

struct json_object *unmatched_json(const struct unmatched *unmatched, size_t count)
{
	struct json_object *array = json_new_array();

	for (size_t i = 0; i < count; i++)
		json_append(array, MEMORY_REQUIRE(report_unmatched(unmatched[i].rule,
								   unmatched[i].reason)));
	return array;
}
