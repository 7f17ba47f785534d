/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/resolve/resolve.h"

#include <errno.h>

#include "policy/match.h"
#include "policy/resolve/resolver.h"

static void merge_settings(struct pf *pf, const struct pf_values *settings)
{
	for (size_t setting = 0; setting < PF_SETTING_COUNT; setting++)
		if (settings->present & SETTING_BIT(setting))
			VALUES_SET(&pf->settings, setting, settings->value[setting]);
}

static int add_rule(struct resolver *resolver, const struct rule *rule)
{
	struct desired *desired = resolver->desired;
	int r = arena_grow(resolver->arena, &desired->rules, desired->n_rules,
			   &resolver->rules_capacity, sizeof(*desired->rules));

	if (r < 0)
		return r;
	desired->rules[desired->n_rules++] = rule;
	merge_settings(desired->pf, &rule->settings);
	return 0;
}

/* A PF that a rule may turn out to be for that says to ignore it must not be touched meanwhile. */
static int note_undecided(struct resolver *resolver, const struct rule *rule,
			  const struct match_failure *failure)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (resolver->desired->undecided)
		return 0;
	text_append(&text, "it cannot be told yet whether rule '");
	text_append_quoted(&text, rule->name);
	text_append(&text, "' ignores it: ");
	match_failure_describe(failure, rule, resolver->observed, &text);
	resolver->desired->undecided =
		text.failed ? NULL : arena_strdup(resolver->arena, text_string(&text));
	return resolver->desired->undecided ? 0 : -ENOMEM;
}

static int merge_rule(struct resolver *resolver, const struct rule *rule)
{
	struct desired *desired = resolver->desired;
	struct match_failure failure;
	enum match_answer answer = rule_answer(rule, resolver->observed, &failure);

	if (answer == MATCH_UNTOLD && rule_ignores(rule))
		return note_undecided(resolver, rule, &failure);
	if (answer != MATCH_YES)
		return 0;
	if (rule_ignores(rule) && !desired->ignored_by)
		desired->ignored_by = rule;
	return add_rule(resolver, rule);
}

static int merge_rules(struct resolver *resolver, const struct policy *policy)
{
	struct desired *desired = resolver->desired;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < policy->n_rules; i++)
		r = merge_rule(resolver, &policy->rules[i]);
	if (desired->ignored_by || !desired->n_rules)
		desired->undecided = NULL;
	if (!desired_is_managed(desired))
		desired->pf->settings = (struct pf_values){ 0 };
	return r;
}

static int refuse_count(struct resolver *resolver, const struct value *vfs, const char *message)
{
	resolver->desired->pf->settings.present &= ~SETTING_BIT(PF_VFS);
	resolver->count_refused = true;
	return resolver_problem(resolver, vfs->origin, message);
}

/* The least that a percentage other than 0% asks for is one VF. */
static uint64_t percent_of(uint64_t percent, uint32_t total)
{
	uint64_t number = total * percent / 100;

	return percent && !number ? 1 : number;
}

/* Leaves no more than the card can have, where that is known. */
static void limit_count(struct resolver *resolver, struct value *vfs)
{
	const struct value *at_most = VALUES_GET(&resolver->desired->pf->settings, PF_AT_MOST);
	uint32_t total = resolver->observed->totalvfs;

	if (!at_most || !at_most->number || !total || vfs->number <= total)
		return;
	resolver->asked = (uint32_t)vfs->number;
	vfs->number = total;
}

/* Makes the number of VFs a plain one. */
static int resolve_count(struct resolver *resolver)
{
	struct value *vfs = &resolver->desired->pf->settings.value[PF_VFS];
	uint32_t total = resolver->observed->totalvfs;

	if (!(resolver->desired->pf->settings.present & SETTING_BIT(PF_VFS)))
		return 0;
	if (vfs->form != VALUE_PLAIN && !total)
		return refuse_count(resolver, vfs,
				    "'vfs' depends on how many VFs the card can have, "
				    "which the kernel does not say; write a number");
	if (vfs->form == VALUE_PERCENT)
		vfs->number = percent_of(vfs->number, total);
	else if (vfs->form == VALUE_MAX)
		vfs->number = total;
	vfs->form = VALUE_PLAIN;
	limit_count(resolver, vfs);
	if (total && vfs->number > total)
		return refuse_count(resolver, vfs,
				    arena_printf(resolver->arena,
						 "'vfs' is %llu, but the card can have %u VFs",
						 (unsigned long long)vfs->number, total));
	return 0;
}

/* A plan leaves alone what a PF does not have, which may come: what comes with a driver does not,
 * once one has the PF and devlink has answered. */
static int check_reported(struct resolver *resolver)
{
	struct pf_values *wanted = &resolver->desired->pf->settings;
	const struct pf_values *has = &resolver->observed->settings;
	int r = 0;

	for (enum pf_setting i = 0; r >= 0 && i < PF_SETTING_COUNT; i++) {
		const struct value *value = VALUES_GET(wanted, i);

		if (!value || !pf_settings[i].from_driver || (has->present & SETTING_BIT(i)) ||
		    resolver->observed->eswitch_silent)
			continue;
		wanted->present &= ~SETTING_BIT(i);
		r = resolver_problem(
			resolver, value->origin,
			arena_printf(resolver->arena,
				     "'%s': the kernel does not say that this PF has one",
				     pf_settings[i].key));
	}
	return r;
}

static int resolve(struct resolver *resolver, const struct policy *policy)
{
	const struct value *vfs;
	struct pf *pf = resolver->desired->pf;
	int r;

	r = merge_rules(resolver, policy);
	if (r < 0)
		return r;
	if (!desired_is_managed(resolver->desired))
		return pf_alloc_vfs(pf, resolver->observed->n_vfs);
	r = resolve_count(resolver);
	if (r >= 0)
		r = resolve_netdev(resolver);
	if (r >= 0 && resolver->observed->driver)
		r = check_reported(resolver);
	if (r < 0)
		return r;
	vfs = VALUES_GET(&pf->settings, PF_VFS);
	r = pf_alloc_vfs(pf, vfs ? (uint32_t)vfs->number : resolver->observed->n_vfs);
	if (r < 0)
		return r;
	r = resolve_vfs(resolver);
	if (r >= 0)
		r = resolve_driver(resolver);
	return r < 0 ? r : resolve_offline(resolver);
}

int policy_resolve(const struct policy *policy, const struct host *host, const struct pf *observed,
		   struct desired **ret)
{
	CLEANUP(desired_free_cleanup) struct desired *desired = NULL;
	struct resolver resolver = { .host = host, .observed = observed };
	int r;

	r = desired_new(&desired);
	if (r < 0)
		return r;
	resolver.desired = desired;
	resolver.arena = desired->pf->arena;
	r = resolve(&resolver, policy);
	if (r < 0)
		return r;
	*ret = TAKE(desired);
	return 0;
}
