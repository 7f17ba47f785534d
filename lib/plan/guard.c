/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/guard.h"

#include <errno.h>
#include <linux/devlink.h>

#include "plan/eswitch_mode.h"
#include "plan/knowledge.h"

static uint64_t resize_policy(const struct draft *draft)
{
	const struct value *policy = VALUES_GET(&draft->desired->settings, PF_ON_RESIZE);

	return policy ? policy->number : RESIZE_REFUSE_IN_USE;
}

enum guard guard_of(const struct draft *draft, const struct step *step)
{
	/* With it VFs need not leave their drivers. */
	if (step->target.kind == STEP_ESWITCH_MODE_WITH_VFS &&
	    draft->driver->eswitch == ESWITCH_AFTER_VFS)
		return GUARD_NONE;
	if (step->first)
		return GUARD_USE;
	if (!step_takes_vfs(step))
		return GUARD_NONE;
	if (step->target.kind != STEP_DESTROY_VFS)
		return GUARD_USE;
	switch (resize_policy(draft)) {
	case RESIZE_FORCE:
		return GUARD_OPEN;
	case RESIZE_FORCE_OPEN:
		return GUARD_NONE;
	default:
		return GUARD_USE;
	}
}

static bool is_taken_over(const struct draft *draft, const struct vf *vf)
{
	return draft->knowledge && vf_is_bound(vf) &&
	       knowledge_is_taken_over(draft->knowledge, vf->index);
}

/* why is NULL when out of memory. */
static int set(struct block *ret, enum blocker by, const char *why)
{
	*ret = (struct block){ .why = why, .by = by };
	return why ? 0 : -ENOMEM;
}

int guard_vf(struct draft *draft, const struct vf *vf, struct block *ret)
{
	struct arena *arena = draft->plan->arena;
	const char *why;

	*ret = (struct block){ 0 };
	if (vf_is_held(vf))
		why = arena_printf(arena, "VF %u is in use: %s", vf->index, vf->holder.details);
	else if (is_taken_over(draft, vf))
		why = arena_printf(arena,
				   "VF %u is left alone for %u s: something else has just bound "
				   "%s to it, perhaps to use it",
				   vf->index, TAKEOVER_GRACE_MS / 1000,
				   vf->settings.value[VF_DRIVER].name);
	else
		return 0;
	return set(ret, BLOCKED_BY_HOLDER, why);
}

/* One that is held rather than one that may be soon. */
static const struct vf *find_used(const struct draft *draft)
{
	const struct vf *held = pf_held_vf(draft->observed);

	for (uint32_t i = 0; !held && i < draft->observed->n_vfs; i++)
		if (is_taken_over(draft, &draft->observed->vfs[i]))
			held = &draft->observed->vfs[i];
	return held;
}

bool guard_is_any_used(const struct draft *draft)
{
	return find_used(draft);
}

int guard_use(struct draft *draft, struct block *ret)
{
	const struct vf *used = find_used(draft);

	*ret = (struct block){ 0 };
	return used ? guard_vf(draft, used, ret) : 0;
}

static int guard_open(struct draft *draft, struct block *ret)
{
	const struct vf *open = pf_open_vf(draft->observed);

	*ret = (struct block){ 0 };
	if (!open)
		return 0;
	return set(ret, BLOCKED_BY_HOLDER,
		   arena_printf(draft->plan->arena,
				"VF %u may be open: %s; the kernel would wait for its end, with "
				"all changes of numbers of VFs on this host, which on-resize: "
				"force-open allows",
				open->index, open->holder.details));
}

static bool connects(const struct draft *draft)
{
	const struct value *from = VALUES_GET(&draft->observed->settings, PF_ESWITCH_MODE);
	const struct value *to = VALUES_GET(&draft->desired->settings, PF_ESWITCH_MODE);

	return eswitch_mode_connects(from, to);
}

static bool may_renew_netdev(const struct draft *draft, enum step_kind kind)
{
	switch (kind) {
	case STEP_ESWITCH_MODE:
	case STEP_UNBIND_VFS: /* for it */
	case STEP_ESWITCH_MODE_WITH_VFS:
		return !driver_does(draft->driver, DRIVER_KEEPS_NETDEV) && !connects(draft);
	case STEP_DESTROY_VFS:
		return driver_does(draft->driver, DRIVER_NETDEV_OF_VFS);
	default:
		return false;
	}
}

static bool guards_netdev(const struct draft *draft, enum step_kind kind)
{
	const struct value *policy = VALUES_GET(&draft->desired->settings, PF_ON_DISRUPT);

	return may_renew_netdev(draft, kind) && !(policy && policy->number == DISRUPT_ALLOW);
}

bool guard_takes_netdev(const struct draft *draft, const struct step *step)
{
	return may_renew_netdev(draft, step->target.kind);
}

bool guard_renews_netdev(const struct draft *draft, const struct step *step)
{
	return guards_netdev(draft, step->target.kind);
}

/* In legacy mode there are no such rates (devlink_nl_rate_new_doit() in net/devlink/rate.c). */
static bool may_have_rates(const struct draft *draft)
{
	const struct value *mode = VALUES_GET(&draft->observed->settings, PF_ESWITCH_MODE);

	if (driver_does(draft->driver, DRIVER_MAKES_RATES))
		return false;
	return mode ? mode->number != DEVLINK_ESWITCH_MODE_LEGACY : draft->observed->eswitch_silent;
}

/* With the VFs they end (devl_rate_nodes_destroy()), whatever mode comes then; a mode is not
 * changed while there are some (devlink_rate_nodes_check()). */
static bool may_end_rates(const struct draft *draft, enum step_kind kind)
{
	switch (kind) {
	case STEP_DESTROY_VFS:
		return may_have_rates(draft) && resize_policy(draft) < RESIZE_FORCE;
	case STEP_ESWITCH_MODE:
	case STEP_UNBIND_VFS: /* for it */
	case STEP_ESWITCH_MODE_WITH_VFS:
		return may_have_rates(draft);
	default:
		return false;
	}
}

bool guard_ends_rates(const struct draft *draft, const struct step *step)
{
	return may_end_rates(draft, step->target.kind);
}

static bool is_netdev_used(const struct draft *draft, enum step_kind kind)
{
	return guards_netdev(draft, kind) && pf_is_held(draft->observed);
}

bool guard_is_pf_used(const struct draft *draft, enum step_kind kind)
{
	return is_netdev_used(draft, kind) ||
	       (may_end_rates(draft, kind) && draft->observed->shared_rates);
}

int guard_pf(struct draft *draft, enum step_kind kind, struct block *ret)
{
	const char *why;

	*ret = (struct block){ 0 };
	if (!guard_is_pf_used(draft, kind))
		return 0;
	if (is_netdev_used(draft, kind))
		why = arena_printf(draft->plan->arena,
				   "the PF's own network device may go for it, and is in use: %s",
				   draft->observed->holder.details);
	else
		why = arena_printf(draft->plan->arena,
				   "rates that VFs share would end: %s; 'devlink port function "
				   "rate del' ends them",
				   draft->observed->shared_rates);
	return set(ret, BLOCKED_BY_HOLDER, why);
}

/* VFs of which no rule says how many there are to be would be gone for good if something failed
 * between their end and the next ones: nobody would know of them any more. */
static int guard_number(struct draft *draft, struct block *ret)
{
	*ret = (struct block){ 0 };
	if (VALUES_GET(&draft->desired->settings, PF_VFS))
		return 0;
	return set(ret, BLOCKED_BY_POLICY,
		   arena_printf(draft->plan->arena,
				"%s changes it only without VFs, and no rule says with 'vfs' how "
				"many are to come back",
				draft->observed->driver));
}

int guard_resize(struct draft *draft, struct block *ret)
{
	int r = guard_number(draft, ret);

	if (r < 0 || ret->why)
		return r;
	switch (resize_policy(draft)) {
	case RESIZE_FORCE_OPEN:
		return 0;
	case RESIZE_FORCE:
		return guard_open(draft, ret);
	case RESIZE_REFUSE:
		return set(ret, BLOCKED_BY_POLICY, "on-resize: refuse protects the VFs that exist");
	default:
		return guard_use(draft, ret);
	}
}

int guard_down(struct draft *draft, bool creates, struct block *ret)
{
	const struct value *want = VALUES_GET(&draft->desired->settings, PF_UP);
	const struct value *now = VALUES_GET(&draft->observed->settings, PF_UP);

	*ret = (struct block){ 0 };
	if (!driver_does(draft->driver, creates ? DRIVER_CREATES_UP : DRIVER_DESTROYS_UP) ||
	    !want || want->number || !now || now->number)
		return 0;
	return set(ret, BLOCKED_BY_POLICY,
		   arena_printf(draft->plan->arena,
				"%s %s VFs only while the PF is up, and pf-up: false leaves that "
				"to others",
				draft->driver->name, creates ? "creates" : "destroys"));
}

/* A mode that needs no other VFs is no part of what leads to them. */
static bool is_apart(const struct draft *draft, const struct step *step)
{
	return step->target.kind == STEP_ESWITCH_MODE &&
	       draft->driver->eswitch != ESWITCH_WITHOUT_VFS;
}

/* Steps that are blocked by themselves, as those are that wait for a request, block the others. */
static struct block find_block(const struct draft *draft, size_t first)
{
	const struct plan *plan = draft->plan;

	for (size_t i = first; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		if (step->block.why && !is_apart(draft, step))
			return step->block;
	}
	return (struct block){ 0 };
}

bool guard_bind_together(struct draft *draft, size_t first, struct block block)
{
	struct plan *plan = draft->plan;
	const struct refusal *refused = NULL;

	if (!block.why)
		block = find_block(draft, first);
	for (size_t i = first; i < plan->n_steps; i++)
		if (plan->steps[i].refused && !is_apart(draft, &plan->steps[i]))
			refused = plan->steps[i].refused;
	/* To let go of the VFs would not help. */
	if (refused && refused->kind == REFUSAL_UNSUPPORTED)
		block = (struct block){ 0 };
	for (size_t i = first; i < plan->n_steps; i++) {
		if (is_apart(draft, &plan->steps[i]))
			continue;
		plan->steps[i].block = block;
		plan->steps[i].refused = refused;
	}
	return !block.why && !refused;
}
