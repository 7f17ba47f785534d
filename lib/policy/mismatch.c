/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/mismatch.h"

#include <string.h>

#include "policy/match.h"

/* The most PFs that a message names. */
#define NAMES_MAX 16

static bool is_same(const char *name, const char *word)
{
	return name && strcmp(name, word) == 0;
}

static bool is_vf(const struct vf *vf, const char *word)
{
	for (size_t i = 0; i < vf->altnames.count; i++)
		if (is_same(vf->altnames.items[i], word))
			return true;
	return is_same(vf->ifname, word) || is_same(vf->address, word);
}

bool mismatch_names_vf(struct pf *const *pfs, size_t n, const char *word, struct text *out)
{
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < pfs[i]->n_vfs; k++) {
			if (!is_vf(&pfs[i]->vfs[k], word))
				continue;
			text_printf(out, "VF %u of ", k);
			text_append_quoted(out, pf_name(pfs[i]));
			return true;
		}
	return false;
}

/* A rule that names a VF where a PF has to be named. */
static bool explain_vf(const struct rule *rule, struct pf *const *pfs, size_t n, struct text *out)
{
	static const enum match_key keys[] = { MATCH_INTERFACE, MATCH_PCI };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		for (size_t k = 0; k < rule->match[keys[i]].count; k++) {
			const char *word = rule->match[keys[i]].patterns[k];
			CLEANUP_TEXT struct text vf = { 0 };

			if (!mismatch_names_vf(pfs, n, word, &vf))
				continue;
			text_append_quoted(out, word);
			text_printf(out,
				    " is %s: 'match' names the PF, 'index' in 'virtual-functions' "
				    "the VF",
				    text_string(&vf));
			out->failed = out->failed || vf.failed;
			return true;
		}
	return false;
}

void mismatch_names(struct pf *const *pfs, size_t n, struct text *out)
{
	for (size_t i = 0; i < n && i < NAMES_MAX; i++) {
		text_append(out, i ? ", " : "");
		text_append_quoted(out, pf_name(pfs[i]));
	}
	if (n > NAMES_MAX)
		text_printf(out, " and %zu more", n - NAMES_MAX);
	if (!n)
		text_append(out, "none");
}

/* Keys are tried in order, those of not: after those of match:. */
static unsigned rank_of(const struct match_failure *failure)
{
	return failure->key + (failure->of_not ? MATCH_KEY_COUNT : 0);
}

/* The PF that the rule comes nearest to: the one that fails last. */
static const struct pf *nearest(const struct rule *rule, struct pf *const *pfs, size_t n,
				struct match_failure *ret, bool *ret_all)
{
	const struct pf *best = NULL;
	struct match_failure failure = { 0 };

	*ret_all = true;
	for (size_t i = 0; i < n; i++) {
		(void)rule_matches(rule, pfs[i], &failure);
		if (best && rank_of(&failure) != rank_of(ret))
			*ret_all = false;
		if (best && rank_of(&failure) <= rank_of(ret))
			continue;
		best = pfs[i];
		*ret = failure;
	}
	return best;
}

static void explain_nearest(const struct rule *rule, const struct pf *pf,
			    const struct match_failure *failure, struct text *out)
{
	text_append(out, "nearest is ");
	text_append_quoted(out, pf_name(pf));
	text_append(out, ", whose ");
	if (failure->of_not) {
		match_failure_describe(failure, rule, pf, out);
		return;
	}
	text_printf(out, "%s is ", match_key_names[failure->key]);
	match_actual(pf, failure->key, out);
	text_append(out, " and not ");
	match_patterns_describe(match_failure_patterns(failure, rule), out);
}

void mismatch_explain(const struct rule *rule, struct pf *const *pfs, size_t n, struct text *out)
{
	struct match_failure failure = { 0 };
	bool all;
	const struct pf *pf = nearest(rule, pfs, n, &failure, &all);

	if (!pf) {
		text_append(out, "there are no PFs here");
		return;
	}
	if (explain_vf(rule, pfs, n, out))
		return;
	if (all && !failure.of_not) {
		text_printf(out, "no %s matches ", match_key_names[failure.key]);
		match_patterns_describe(match_failure_patterns(&failure, rule), out);
	} else {
		explain_nearest(rule, pf, &failure, out);
	}
	text_append(out, "; PFs here: ");
	mismatch_names(pfs, n, out);
}
