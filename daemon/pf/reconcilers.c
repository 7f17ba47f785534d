/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/reconcilers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/match.h"

void reconcilers_clear(struct reconcilers *self)
{
	for (size_t i = 0; i < self->count; i++)
		reconciler_free(self->items[i]);
	free(self->items);
	*self = (struct reconcilers){ 0 };
}

struct reconciler *reconcilers_find(const struct reconcilers *self, const char *handle)
{
	for (size_t i = 0; i < self->count; i++)
		if (!strcmp(reconciler_handle(self->items[i]), handle))
			return self->items[i];
	return NULL;
}

static int grow(struct reconcilers *self)
{
	size_t capacity = self->capacity ? self->capacity * 2 : 8;
	struct reconciler **items;

	if (self->count < self->capacity)
		return 0;
	items = reallocarray(self->items, capacity, sizeof(struct reconciler *));
	if (!items)
		return -ENOMEM;
	self->items = items;
	self->capacity = capacity;
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

int reconcilers_get(struct reconcilers *self, const char *handle, struct log *log,
		    struct reconciler **ret)
{
	struct reconciler *reconciler = reconcilers_find(self, handle);
	int r;

	if (!reconciler) {
		r = grow(self);
		if (r < 0)
			return r;
		r = reconciler_new(handle, log, seed_of(handle), &reconciler);
		if (r < 0)
			return r;
		self->items[self->count++] = reconciler;
		reconciler_set_booting(reconciler, self->booting);
	}
	*ret = reconciler;
	return 0;
}

void reconcilers_remove(struct reconcilers *self, struct reconciler *reconciler)
{
	for (size_t i = 0; i < self->count; i++) {
		if (self->items[i] != reconciler)
			continue;
		self->items[i] = self->items[--self->count];
		reconciler_free(reconciler);
		return;
	}
}

void reconcilers_begin_boot(struct reconcilers *self)
{
	self->booting = true;
}

void reconcilers_end_boot(struct reconcilers *self)
{
	self->booting = false;
	for (size_t i = 0; i < self->count; i++)
		reconciler_set_booting(self->items[i], false);
}

static bool has_ifindex(const struct pf *pf, unsigned ifindex)
{
	if (pf->ifindex == ifindex || pf->bond.ifindex == ifindex)
		return true;
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].ifindex == ifindex)
			return true;
	return false;
}

struct reconciler *reconcilers_find_ifindex(const struct reconcilers *self, unsigned ifindex,
					    size_t *position)
{
	while (*position < self->count) {
		struct reconciler *reconciler = self->items[(*position)++];
		const struct pass *pass = reconciler_pass(reconciler);

		if (ifindex && pass && has_ifindex(pass->observed, ifindex))
			return reconciler;
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

struct reconciler *reconcilers_find_vf(const struct reconcilers *self, const char *address)
{
	for (size_t i = 0; i < self->count; i++) {
		const struct pass *pass = reconciler_pass(self->items[i]);

		if (pass && has_vf(pass->observed, address))
			return self->items[i];
	}
	return NULL;
}

void reconcilers_poke_all(struct reconcilers *self, uint64_t now)
{
	for (size_t i = 0; i < self->count; i++)
		reconciler_poke(self->items[i], now);
}

void reconcilers_take_turn(struct reconcilers *self, uint64_t now)
{
	for (size_t i = 0; i < self->count; i++)
		if (reconciler_take_turn(self->items[i], now))
			return;
}

void reconcilers_poke_unsure(struct reconcilers *self, uint64_t now)
{
	for (size_t i = 0; i < self->count; i++)
		if (reconciler_is_running(self->items[i]) || !reconciler_pass(self->items[i]))
			reconciler_poke(self->items[i], now);
}

uint64_t reconcilers_due(const struct reconcilers *self)
{
	uint64_t due = RECONCILER_NEVER;

	for (size_t i = 0; i < self->count; i++) {
		uint64_t other = reconciler_due(self->items[i]);

		due = other < due ? other : due;
	}
	return due;
}

bool reconcilers_are_unfinished(const struct reconcilers *self)
{
	for (size_t i = 0; i < self->count; i++)
		if (reconciler_is_unfinished(self->items[i]))
			return true;
	return false;
}

/* Nobody knows when that will end: nothing waits for it. */
static bool is_stuck(const struct reconciler *reconciler)
{
	return reconciler_state(reconciler) == STATE_STUCK;
}

static bool is_there(const struct reconcilers *self)
{
	for (size_t i = 0; i < self->count; i++) {
		const struct pass *pass = reconciler_pass(self->items[i]);

		if (is_stuck(self->items[i]))
			continue;
		/* A driver is bound before it has made its network device. One that makes none is
		 * waited for until udev is done. */
		if (!pass || !pass->observed->driver || !pass->observed->ifname ||
		    pass->observed->settling)
			return false;
	}
	return true;
}

bool reconcilers_are_idle(const struct reconcilers *self, uint64_t now)
{
	for (size_t i = 0; i < self->count; i++) {
		const struct reconciler *reconciler = self->items[i];

		if (is_stuck(reconciler))
			continue;
		if (!reconciler_has_looked(reconciler) || reconciler_is_under_way(reconciler, now))
			return false;
	}
	return true;
}

bool reconcilers_are_seen(const struct reconcilers *self)
{
	for (size_t i = 0; i < self->count; i++) {
		const struct reconciler *reconciler = self->items[i];

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

/* What the latest passes saw of the PFs, those included that no rule matches. */
static int observed_pfs(const struct reconcilers *self, struct pf ***ret, size_t *ret_count)
{
	struct pf **pfs = calloc(self->count + 1, sizeof(*pfs));
	size_t count = 0;

	if (!pfs)
		return -ENOMEM;
	for (size_t i = 0; i < self->count; i++)
		if (reconciler_pass(self->items[i]))
			pfs[count++] = reconciler_pass(self->items[i])->observed;
	*ret = pfs;
	*ret_count = count;
	return 0;
}

/* A bond is made by those who come after READY. */
static bool is_settled(const struct reconciler *reconciler)
{
	const enum pf_state state = reconciler_state(reconciler);
	const struct pass *pass = reconciler_pass(reconciler);

	if (state == STATE_WAITING && pass && pass->remaining && pass->remaining->awaits_bond)
		return true;
	return state != STATE_APPLYING && state != STATE_RETRYING && state != STATE_WAITING;
}

static bool rule_has_settled(const struct reconcilers *self, const struct rule *rule)
{
	bool settled = false;

	for (size_t i = 0; i < self->count; i++) {
		/* One that is stuck and was never seen may well be of this rule. */
		if (is_stuck(self->items[i]) && !reconciler_pass(self->items[i]))
			settled = true;
		if (!is_of_rule(self->items[i], rule))
			continue;
		if (!is_settled(self->items[i]))
			return false;
		settled = true;
	}
	return settled;
}

/* A rule may well be for PFs that are still to come, beside one that it has: all must be there. */
bool reconcilers_have_settled(const struct reconcilers *self, const struct policy *policy)
{
	if (!is_there(self))
		return false;
	for (size_t i = 0; i < policy->n_rules; i++)
		if (!rule_has_settled(self, &policy->rules[i]))
			return false;
	return true;
}

int reconcilers_unmatched(const struct reconcilers *self, const struct policy *policy,
			  struct arena *arena, struct unmatched_list *ret)
{
	CLEANUP_FREE struct pf **pfs = NULL;
	size_t count;
	int r;

	*ret = (struct unmatched_list){ 0 };
	if (!reconcilers_are_seen(self))
		return 0;
	r = observed_pfs(self, &pfs, &count);
	return r < 0 ? r : unmatched_find(policy, pfs, count, arena, ret);
}

void reconcilers_describe(const struct reconcilers *self, struct text *out)
{
	size_t counts[STATE_COUNT] = { 0 }, managed = 0;

	for (size_t i = 0; i < self->count; i++)
		counts[reconciler_state(self->items[i])]++;
	for (enum pf_state state = 0; state < STATE_COUNT; state++)
		managed += state == STATE_UNMANAGED ? 0 : counts[state];
	text_printf(out, "%zu PF%s", managed, managed == 1 ? "" : "s");
	for (enum pf_state state = 0, listed = 0; state < STATE_COUNT; state++)
		if (state != STATE_UNMANAGED && counts[state])
			text_printf(out, "%s%zu %s", listed++ ? ", " : ": ", counts[state],
				    pf_state_name(state));
}

enum pf_state reconcilers_worst(const struct reconcilers *self)
{
	enum pf_state worst = STATE_UNMANAGED;

	for (size_t i = 0; i < self->count; i++) {
		enum pf_state state = reconciler_state(self->items[i]);

		worst = state > worst ? state : worst;
	}
	return worst;
}
