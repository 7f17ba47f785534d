/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Another number of VFs, and another eswitch mode, as the driver takes it. */

#include <errno.h>

#include "plan/draft.h"
#include "plan/knowledge.h"

static uint64_t resize_policy(const struct draft *draft)
{
	const struct value *policy = VALUES_GET(&draft->desired->settings, PF_ON_RESIZE);

	return policy ? policy->number : RESIZE_REFUSE_IN_USE;
}

/* Why the VFs that exist must not be taken from those who use them, or NULL. */
static int guard_use(struct draft *draft, const char **ret)
{
	const struct vf *held = pf_held_vf(draft->observed);

	*ret = NULL;
	return held ? draft_block_for(draft, held, ret) : 0;
}

/* VFs of which no rule says how many there are to be would be gone for good if something failed
 * between their end and the next ones: nobody would know of them any more. */
static int guard_number(struct draft *draft, const char **ret)
{
	*ret = NULL;
	if (VALUES_GET(&draft->desired->settings, PF_VFS))
		return 0;
	*ret = arena_printf(draft->plan->arena,
			    "%s changes it only without VFs, and no rule says with 'vfs' how many "
			    "are to come back",
			    draft->observed->driver);
	return *ret ? 0 : -ENOMEM;
}

/* Why the VFs that exist must not be destroyed, or NULL. */
static int guard_resize(struct draft *draft, const char **ret)
{
	int r = guard_number(draft, ret);

	if (r < 0 || *ret)
		return r;
	switch (resize_policy(draft)) {
	case RESIZE_FORCE:
		return 0;
	case RESIZE_REFUSE:
		*ret = "on-resize: refuse protects the VFs that exist";
		return 0;
	default:
		return guard_use(draft, ret);
	}
}

/* Whether drivers would bind new VFs by themselves. A PF without the attribute, a netdevsim one
 * say, has no drivers for its VFs. */
static bool autoprobes(const struct draft *draft)
{
	const struct value *now = VALUES_GET(&draft->observed->settings, PF_DRIVERS_AUTOPROBE);
	const struct value *want = VALUES_GET(&draft->desired->settings, PF_DRIVERS_AUTOPROBE);
	const struct step_target target = { .kind = STEP_AUTOPROBE };

	/* It is as it was where it could not be changed. */
	if (want && draft->knowledge && knowledge_refused(draft->knowledge, &target, want))
		want = NULL;
	return now && (want ? want : now)->number;
}

static int add_hold(struct draft *draft)
{
	if (!autoprobes(draft))
		return 0;
	draft->holds = true;
	/* Also where they are held already: that may be of a device that was here before this one.
	 */
	return draft_add(draft, &(struct step){ .target = { STEP_HOLD_DRIVERS } });
}

/* The eswitch mode that is wanted and is not, or NULL. */
static const struct value *other_mode(const struct draft *draft)
{
	const struct value *to = VALUES_GET(&draft->desired->settings, PF_ESWITCH_MODE);
	const struct value *from = VALUES_GET(&draft->observed->settings, PF_ESWITCH_MODE);

	return to && from && to->number != from->number ? to : NULL;
}

static bool mode_comes_first(const struct draft *draft)
{
	return other_mode(draft) && draft->quirk->eswitch != ESWITCH_UNBOUND_VFS;
}

/* The number of VFs to go to and from, and who wants that. False where there is to be no change. */
static bool find_resize(const struct draft *draft, struct value *ret_from, struct value *ret_to)
{
	const struct value *to = VALUES_GET(&draft->desired->settings, PF_VFS);
	const struct value *from = VALUES_GET(&draft->observed->settings, PF_VFS);

	/* Without a driver nobody makes VFs, and none is to be destroyed in vain. */
	if (!from || !draft->observed->driver)
		return false;
	*ret_from = *from;
	*ret_to = to ? *to : *from;
	if (ret_to->number != from->number)
		return true;
	if (!from->number || !other_mode(draft) || draft->quirk->eswitch != ESWITCH_WITHOUT_VFS)
		return false;
	ret_to->origin = other_mode(draft)->origin;
	return true;
}

bool resize_creates(const struct draft *draft)
{
	struct value from, to;

	return find_resize(draft, &from, &to) && to.number;
}

/* Why VFs cannot be created as things are, or NULL. */
static int guard_creation(struct draft *draft, const char **ret)
{
	const struct value *want = VALUES_GET(&draft->desired->settings, PF_UP);
	const struct value *now = VALUES_GET(&draft->observed->settings, PF_UP);

	*ret = NULL;
	if (!draft->quirk->vfs_need_up || !want || want->number || !now || now->number)
		return 0;
	*ret = arena_printf(
		draft->plan->arena,
		"%s creates VFs only while the PF is up, and pf-up: false leaves that to "
		"others",
		draft->observed->driver);
	return *ret ? 0 : -ENOMEM;
}

static int add_destroy(struct draft *draft, const struct value *from, const struct origin *origin)
{
	return draft_add(draft, &(struct step){ .target = { STEP_DESTROY_VFS },
						.from_known = true,
						.from = *from,
						.to = { .origin = origin },
						.guarded = resize_policy(draft) != RESIZE_FORCE,
						.disruption = DISRUPTS_ALL });
}

static int add_create(struct draft *draft, const struct value *to)
{
	int r = add_hold(draft);

	if (r < 0)
		return r;
	return draft_add(draft, &(struct step){ .target = { STEP_CREATE_VFS },
						.to = *to,
						.disruption = DISRUPTS_PF });
}

/* A mode that needs no other VFs is no part of what leads to them. */
static bool is_apart(const struct draft *draft, const struct step *step)
{
	return step->target.kind == STEP_ESWITCH_MODE &&
	       draft->quirk->eswitch != ESWITCH_WITHOUT_VFS;
}

/* Steps from first on are one: if one of them cannot be done, none is. */
static bool bind_together(struct draft *draft, size_t first, const char *blocked)
{
	struct plan *plan = draft->plan;
	const struct refusal *refused = NULL;

	for (size_t i = first; i < plan->n_steps; i++)
		if (plan->steps[i].refused && !is_apart(draft, &plan->steps[i]))
			refused = plan->steps[i].refused;
	for (size_t i = first; i < plan->n_steps; i++) {
		if (is_apart(draft, &plan->steps[i]))
			continue;
		plan->steps[i].blocked = blocked;
		plan->steps[i].refused = refused;
	}
	return !blocked && !refused;
}

/* To another number the way leads over 0, which destroys every VF (sriov_numvfs_store() in
 * drivers/pci/iov.c answers EBUSY to anything else). */
static int add_resize(struct draft *draft, const struct value *from, const struct value *to)
{
	size_t first = draft->plan->n_steps;
	const char *blocked = NULL;
	bool with_mode = mode_comes_first(draft);
	int r = 0;

	if (from->number) {
		r = guard_resize(draft, &blocked);
		if (r >= 0)
			r = add_destroy(draft, from, to->origin);
	}
	if (r >= 0 && with_mode)
		r = draft_add_pf_setting(draft, STEP_ESWITCH_MODE, DISRUPTS_PF);
	if (r >= 0 && to->number && !blocked)
		r = guard_creation(draft, &blocked);
	if (r >= 0 && to->number)
		r = add_create(draft, to);
	if (r < 0)
		return r;
	draft->resizes = bind_together(draft, first, blocked);
	draft->holds = draft->holds && draft->resizes;
	return 0;
}

static bool is_any_bound(const struct pf *observed)
{
	for (uint32_t i = 0; i < observed->n_vfs; i++)
		if (vf_is_bound(&observed->vfs[i]))
			return true;
	return false;
}

/* Whether drivers will leave the VFs that there are for another eswitch mode, and are not kept off
 * them yet. */
static bool takes_drivers_off(const struct draft *draft)
{
	const struct step_target target = { .kind = STEP_ESWITCH_MODE_WITH_VFS };
	const struct value *to = other_mode(draft);

	return to && is_any_bound(draft->observed) && !draft->observed->drivers_held &&
	       !pf_held_vf(draft->observed) &&
	       !(draft->knowledge && knowledge_refused(draft->knowledge, &target, to));
}

int resize_add(struct draft *draft)
{
	struct value from, to;

	if (find_resize(draft, &from, &to))
		return add_resize(draft, &from, &to);
	if (mode_comes_first(draft))
		return draft_add_pf_setting(draft, STEP_ESWITCH_MODE, DISRUPTS_PF);
	if (takes_drivers_off(draft))
		return add_hold(draft);
	return 0;
}

/* With the VFs in place and without drivers. */
static int add_mode_with_vfs(struct draft *draft)
{
	struct plan *plan = draft->plan;
	size_t first = plan->n_steps;
	bool there = draft->observed->n_vfs && !draft->resizes;
	const char *blocked = NULL;
	int r = 0;

	if (there)
		r = guard_use(draft, &blocked);
	/* Only until it is done: the mode comes in a look of its own after it. */
	if (r >= 0 && there && is_any_bound(draft->observed))
		r = draft_add(draft, &(struct step){ .target = { STEP_UNBIND_VFS },
						     .disruption = DISRUPTS_PF });
	if (r >= 0)
		r = draft_add_pf_setting(draft, STEP_ESWITCH_MODE_WITH_VFS, DISRUPTS_PF);
	if (r < 0)
		return r;
	for (size_t i = first; i < plan->n_steps; i++)
		plan->steps[i].guarded = there;
	(void)bind_together(draft, first, blocked);
	return 0;
}

int resize_add_eswitch(struct draft *draft)
{
	int r = 0;

	if (draft->quirk->eswitch == ESWITCH_UNBOUND_VFS && other_mode(draft))
		r = add_mode_with_vfs(draft);
	if (r >= 0)
		r = draft_add_pf_setting(draft, STEP_ESWITCH_INLINE_MODE, DISRUPTS_NOTHING);
	if (r >= 0)
		r = draft_add_pf_setting(draft, STEP_ESWITCH_ENCAP_MODE, DISRUPTS_NOTHING);
	return r;
}

/* Late, since it is what the settings were to come before. */
int resize_add_release(struct draft *draft)
{
	if (!draft->holds && !draft->observed->drivers_held)
		return 0;
	if (draft_holds_back(draft))
		return 0;
	return draft_add(
		draft, &(struct step){ .target = { STEP_RELEASE_DRIVERS }, .to = { .number = 1 } });
}
