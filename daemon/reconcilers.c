/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reconcilers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/match.h"
#include "policy/mismatch.h"

void fleet_clear(struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++)
		reconciler_free(fleet->items[i]);
	free(fleet->items);
	*fleet = (struct fleet){ 0 };
}

struct reconciler *fleet_find(const struct fleet *fleet, const char *handle)
{
	for (size_t i = 0; i < fleet->count; i++)
		if (!strcmp(reconciler_handle(fleet->items[i]), handle))
			return fleet->items[i];
	return NULL;
}

static int grow(struct fleet *fleet)
{
	size_t capacity = fleet->capacity ? fleet->capacity * 2 : 8;
	struct reconciler **items;

	if (fleet->count < fleet->capacity)
		return 0;
	items = reallocarray(fleet->items, capacity, sizeof(struct reconciler *));
	if (!items)
		return -ENOMEM;
	fleet->items = items;
	fleet->capacity = capacity;
	return 0;
}

/* Differs from PF to PF, and from boot to boot is no need: it only spreads retries. */
static uint32_t seed_of(const char *handle)
{
	uint32_t seed = 5381; /* djb2 */

	while (*handle)
		seed = seed * 33 + (unsigned char)*handle++;
	return seed;
}

int fleet_get(struct fleet *fleet, const char *handle, struct log *log, struct reconciler **ret)
{
	struct reconciler *reconciler = fleet_find(fleet, handle);
	int r;

	if (!reconciler) {
		r = grow(fleet);
		if (r < 0)
			return r;
		r = reconciler_new(handle, log, seed_of(handle), &reconciler);
		if (r < 0)
			return r;
		fleet->items[fleet->count++] = reconciler;
	}
	*ret = reconciler;
	return 0;
}

void fleet_remove(struct fleet *fleet, struct reconciler *reconciler)
{
	for (size_t i = 0; i < fleet->count; i++) {
		if (fleet->items[i] != reconciler)
			continue;
		fleet->items[i] = fleet->items[--fleet->count];
		reconciler_free(reconciler);
		return;
	}
}

static bool has_ifindex(const struct pf *pf, unsigned ifindex)
{
	if (pf->ifindex == ifindex)
		return true;
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].ifindex == ifindex)
			return true;
	return false;
}

struct reconciler *fleet_find_ifindex(const struct fleet *fleet, unsigned ifindex)
{
	for (size_t i = 0; i < fleet->count; i++) {
		const struct pass *pass = reconciler_pass(fleet->items[i]);

		if (ifindex && pass && has_ifindex(pass->observed, ifindex))
			return fleet->items[i];
	}
	return NULL;
}

static bool has_vf(const struct pf *pf, const char *address)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].address && !strcmp(pf->vfs[i].address, address))
			return true;
	return false;
}

struct reconciler *fleet_find_vf(const struct fleet *fleet, const char *address)
{
	for (size_t i = 0; i < fleet->count; i++) {
		const struct pass *pass = reconciler_pass(fleet->items[i]);

		if (pass && has_vf(pass->observed, address))
			return fleet->items[i];
	}
	return NULL;
}

void fleet_poke_all(struct fleet *fleet, uint64_t now)
{
	for (size_t i = 0; i < fleet->count; i++)
		reconciler_poke(fleet->items[i], now);
}

void fleet_poke_unsure(struct fleet *fleet, uint64_t now)
{
	for (size_t i = 0; i < fleet->count; i++)
		if (reconciler_is_running(fleet->items[i]) || !reconciler_pass(fleet->items[i]))
			reconciler_poke(fleet->items[i], now);
}

uint64_t fleet_due(const struct fleet *fleet)
{
	uint64_t due = RECONCILER_NEVER;

	for (size_t i = 0; i < fleet->count; i++) {
		uint64_t other = reconciler_due(fleet->items[i]);

		due = other < due ? other : due;
	}
	return due;
}

bool fleet_is_unfinished(const struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++)
		if (reconciler_is_unfinished(fleet->items[i]))
			return true;
	return false;
}

/* Nobody can tell when that will end: nothing waits for it. */
static bool is_stuck(const struct reconciler *reconciler)
{
	return reconciler_state(reconciler) == STATE_STUCK;
}

static bool is_there(const struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++) {
		const struct pass *pass = reconciler_pass(fleet->items[i]);

		if (is_stuck(fleet->items[i]))
			continue;
		/* A driver is bound before it has made its network device. One that makes none is
		 * waited for until udev is done. */
		if (!pass || !pass->observed->driver || !pass->observed->ifname ||
		    pass->observed->settling)
			return false;
	}
	return true;
}

bool fleet_is_idle(const struct fleet *fleet, uint64_t now)
{
	for (size_t i = 0; i < fleet->count; i++) {
		const struct reconciler *reconciler = fleet->items[i];

		if (is_stuck(reconciler))
			continue;
		if (!reconciler_has_looked(reconciler) || reconciler_is_running(reconciler) ||
		    reconciler_due(reconciler) <= now + RECONCILER_DEBOUNCE_MS)
			return false;
	}
	return true;
}

bool fleet_is_seen(const struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++) {
		const struct reconciler *reconciler = fleet->items[i];

		if (!reconciler_pass(reconciler) &&
		    (!reconciler_has_looked(reconciler) || is_stuck(reconciler)))
			return false;
	}
	return true;
}

static bool is_of_rule(const struct reconciler *reconciler, const struct rule *rule)
{
	const struct pass *pass = reconciler_pass(reconciler);

	for (size_t i = 0; pass && i < pass->desired->n_rules; i++)
		if (pass->desired->rules[i] == rule)
			return true;
	return false;
}

/* By the rule itself: the latest pass may be of an earlier policy. */
static bool has_match(const struct fleet *fleet, const struct rule *rule)
{
	for (size_t i = 0; i < fleet->count; i++) {
		const struct pass *pass = reconciler_pass(fleet->items[i]);

		if (pass && rule_matches(rule, pass->observed, NULL))
			return true;
	}
	return false;
}

/* What the latest passes saw of the PFs, those included that no rule matches. */
static int observed_pfs(const struct fleet *fleet, struct pf ***ret, size_t *ret_count)
{
	struct pf **pfs = calloc(fleet->count + 1, sizeof(*pfs));
	size_t count = 0;

	if (!pfs)
		return -ENOMEM;
	for (size_t i = 0; i < fleet->count; i++)
		if (reconciler_pass(fleet->items[i]))
			pfs[count++] = reconciler_pass(fleet->items[i])->observed;
	*ret = pfs;
	*ret_count = count;
	return 0;
}

static bool is_settled(enum pf_state state)
{
	return state != STATE_APPLYING && state != STATE_RETRYING && state != STATE_WAITING;
}

static bool rule_has_settled(const struct fleet *fleet, const struct rule *rule)
{
	bool settled = false;

	for (size_t i = 0; i < fleet->count; i++) {
		/* One that is stuck and was never seen may well be of this rule. */
		if (is_stuck(fleet->items[i]) && !reconciler_pass(fleet->items[i]))
			settled = true;
		if (!is_of_rule(fleet->items[i], rule))
			continue;
		if (!is_settled(reconciler_state(fleet->items[i])))
			return false;
		settled = true;
	}
	return settled;
}

/* A rule may well be for PFs that are still to come, beside one that it has: all must be there. */
bool fleet_has_settled(const struct fleet *fleet, const struct policy *policy)
{
	if (!is_there(fleet))
		return false;
	for (size_t i = 0; i < policy->n_rules; i++)
		if (!rule_has_settled(fleet, &policy->rules[i]))
			return false;
	return true;
}

void fleet_each_unmatched(const struct fleet *fleet, const struct policy *policy,
			  void (*tell)(void *context, const struct rule *rule, const char *why),
			  void *context)
{
	CLEANUP_FREE struct pf **pfs = NULL;
	size_t count;

	if (!fleet_is_seen(fleet) || observed_pfs(fleet, &pfs, &count) < 0)
		return;
	for (size_t i = 0; i < policy->n_rules; i++) {
		CLEANUP_TEXT struct text why = { 0 };

		if (has_match(fleet, &policy->rules[i]))
			continue;
		mismatch_explain(&policy->rules[i], pfs, count, &why);
		tell(context, &policy->rules[i], text_string(&why));
	}
}

void fleet_describe(const struct fleet *fleet, struct text *out)
{
	size_t counts[STATE_COUNT] = { 0 }, managed = 0;

	for (size_t i = 0; i < fleet->count; i++)
		counts[reconciler_state(fleet->items[i])]++;
	for (enum pf_state state = 0; state < STATE_COUNT; state++)
		managed += state == STATE_UNMANAGED ? 0 : counts[state];
	text_printf(out, "%zu PF%s", managed, managed == 1 ? "" : "s");
	for (enum pf_state state = 0, told = 0; state < STATE_COUNT; state++)
		if (state != STATE_UNMANAGED && counts[state])
			text_printf(out, "%s%zu %s", told++ ? ", " : ": ", counts[state],
				    pf_state_name(state));
}

enum pf_state fleet_worst(const struct fleet *fleet)
{
	enum pf_state worst = STATE_UNMANAGED;

	for (size_t i = 0; i < fleet->count; i++) {
		enum pf_state state = reconciler_state(fleet->items[i]);

		worst = state > worst ? state : worst;
	}
	return worst;
}
