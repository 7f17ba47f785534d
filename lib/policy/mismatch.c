/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/mismatch.h"

#include "policy/match.h"

/* The most PFs that a message names. */
#define NAMES_MAX 16

void mismatch_wanted(const struct rule *rule, enum match_key key, struct text *out)
{
	const struct match_patterns *wanted = &rule->match[key];

	for (size_t i = 0; i < wanted->count; i++) {
		text_append(out, i ? " or '" : "'");
		text_append_escaped(out, wanted->patterns[i]);
		text_append(out, "'");
	}
}

void mismatch_names(struct pf *const *pfs, size_t n, struct text *out)
{
	for (size_t i = 0; i < n && i < NAMES_MAX; i++) {
		text_append(out, i ? ", " : "");
		text_append_escaped(out, pf_name(pfs[i]));
	}
	if (n > NAMES_MAX)
		text_printf(out, " and %zu more", n - NAMES_MAX);
	if (!n)
		text_append(out, "none");
}

/* The PF that the rule comes nearest to: keys are tried in order, so the one that fails last. */
static const struct pf *nearest(const struct rule *rule, struct pf *const *pfs, size_t n,
				enum match_key *ret_key, bool *ret_all)
{
	const struct pf *best = NULL;
	enum match_key failed = 0;

	*ret_all = true;
	for (size_t i = 0; i < n; i++) {
		(void)rule_matches(rule, pfs[i], &failed);
		if (best && failed != *ret_key)
			*ret_all = false;
		if (best && failed <= *ret_key)
			continue;
		best = pfs[i];
		*ret_key = failed;
	}
	return best;
}

void mismatch_explain(const struct rule *rule, struct pf *const *pfs, size_t n, struct text *out)
{
	enum match_key key = 0;
	bool all;
	const struct pf *pf = nearest(rule, pfs, n, &key, &all);

	if (!pf) {
		text_append(out, "there are no PFs here");
		return;
	}
	if (all) {
		text_printf(out, "no %s matches ", match_key_names[key]);
	} else {
		text_printf(out, "nearest is %s, whose %s is ", pf_name(pf), match_key_names[key]);
		match_actual(pf, key, out);
		text_append(out, " and not ");
	}
	mismatch_wanted(rule, key, out);
	text_append(out, "; PFs here: ");
	mismatch_names(pfs, n, out);
}
