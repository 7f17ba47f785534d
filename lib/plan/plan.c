/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/plan.h"

#include <errno.h>

#include "plan/knowledge.h"

/* The plan while it is made. */
struct draft {
	struct plan *plan;
	size_t capacity;
	const struct pf *desired;
	const struct pf *observed;
	const struct knowledge *knowledge;
	bool resizes; /* the VFs there are will go, and others come */
	bool holds;   /* drivers will be kept off those */
	bool unready; /* a VF's setting is to be tried again soon */
};

/* What the steps on the PF itself write. STEP_DESTROY_VFS and STEP_CREATE_VFS both write the count.
 */
static const enum pf_setting pf_step_settings[] = {
	[STEP_PF_MTU] = PF_MTU,
	[STEP_PF_UP] = PF_UP,
	[STEP_AUTOPROBE] = PF_DRIVERS_AUTOPROBE,
	[STEP_HOLD_DRIVERS] = PF_DRIVERS_AUTOPROBE,
	[STEP_RELEASE_DRIVERS] = PF_DRIVERS_AUTOPROBE,
	[STEP_DESTROY_VFS] = PF_VFS,
	[STEP_CREATE_VFS] = PF_VFS,
};

const struct setting *step_setting(const struct step_target *target)
{
	if (target->kind == STEP_VF_SETTING)
		return &vf_settings[target->setting];
	return &pf_settings[pf_step_settings[target->kind]];
}

int step_target_compare(const struct step_target *a, const struct step_target *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->vf != b->vf)
		return a->vf < b->vf ? -1 : 1;
	return (int)a->setting - (int)b->setting;
}

bool step_is_auxiliary(const struct step *step)
{
	return step->target.kind == STEP_HOLD_DRIVERS || step->target.kind == STEP_RELEASE_DRIVERS;
}

bool step_target_equal(const struct step_target *a, const struct step_target *b)
{
	return step_target_compare(a, b) == 0;
}

/* Whether the refusal is of a VF that is not ready yet, rather than of the value. */
static bool is_soon(const struct refusal *refusal)
{
	return refusal->target.kind == STEP_VF_SETTING &&
	       (refusal->kind == REFUSAL_RETRY || refusal->kind == REFUSAL_WAITS_VF);
}

/* Adds a step, with the refusal that holds it back if there is one. */
static int add_step(struct draft *draft, const struct step *step)
{
	struct plan *plan = draft->plan;
	const struct refusal *refusal = NULL;
	struct step *added;
	int r;

	r = arena_grow(plan->arena, &plan->steps, plan->n_steps, &draft->capacity,
		       sizeof(*plan->steps));
	if (r < 0)
		return r;
	added = &plan->steps[plan->n_steps];
	*added = *step;
	if (draft->knowledge)
		refusal = knowledge_refused(draft->knowledge, &step->target, &step->to);
	if (refusal) {
		struct refusal *copy = arena_alloc(plan->arena, sizeof(*copy));

		if (!copy)
			return -ENOMEM;
		*copy = *refusal;
		added->refused = copy;
		draft->unready = draft->unready || is_soon(refusal);
	}
	plan->n_steps++;
	return 0;
}

/* A step that writes one setting of the PF, if it differs. */
static int add_pf_setting(struct draft *draft, enum step_kind kind, enum disruption disruption)
{
	enum pf_setting setting = pf_step_settings[kind];
	const struct value *to = VALUES_GET(&draft->desired->settings, setting);
	const struct value *from = VALUES_GET(&draft->observed->settings, setting);

	/* What the PF does not have now, for want of a network device say, cannot be written. */
	if (!to || !from || value_equal(&pf_settings[setting], from, to))
		return 0;
	return add_step(draft, &(struct step){ .target = { .kind = kind },
					       .from_known = true,
					       .from = *from,
					       .to = *to,
					       .disruption = disruption });
}

/* "pf-up: false" only says that sriovd leaves the PF's state to others: taking a PF down would take
 * the host's network with it. */
static int add_pf_up(struct draft *draft)
{
	const struct value *to = VALUES_GET(&draft->desired->settings, PF_UP);

	if (!to || !to->number)
		return 0;
	return add_pf_setting(draft, STEP_PF_UP, DISRUPTS_NOTHING);
}

static const struct vf *first_held(const struct pf *observed)
{
	for (uint32_t i = 0; i < observed->n_vfs; i++)
		if (observed->vfs[i].holder)
			return &observed->vfs[i];
	return NULL;
}

static uint64_t resize_policy(const struct draft *draft)
{
	const struct value *policy = VALUES_GET(&draft->desired->settings, PF_ON_RESIZE);

	return policy ? policy->number : RESIZE_REFUSE_IN_USE;
}

/* Why the VFs that exist must not be destroyed, or NULL. */
static int guard_resize(struct draft *draft, uint64_t on_resize, const char **ret)
{
	const struct vf *held = first_held(draft->observed);
	struct arena *arena = draft->plan->arena;

	*ret = NULL;
	if (on_resize == RESIZE_REFUSE)
		*ret = arena_strdup(arena, "on-resize: refuse protects the VFs that exist");
	else if (on_resize == RESIZE_REFUSE_IN_USE && held)
		*ret = arena_printf(arena, "VF %u is in use: %s", held->index, held->holder);
	else
		return 0;
	return *ret ? 0 : -ENOMEM;
}

/* Whether drivers would bind new VFs by themselves. A PF without the attribute, a netdevsim one
 * say, has no drivers for its VFs. */
static bool autoprobes(const struct draft *draft)
{
	const struct value *now = VALUES_GET(&draft->observed->settings, PF_DRIVERS_AUTOPROBE);
	const struct value *want = VALUES_GET(&draft->desired->settings, PF_DRIVERS_AUTOPROBE);

	return now && (want ? want : now)->number;
}

static int add_hold(struct draft *draft)
{
	if (!autoprobes(draft))
		return 0;
	draft->holds = true;
	/* Also where they are held already: that may be of a device that was here before this one.
	 */
	return add_step(draft, &(struct step){ .target = { STEP_HOLD_DRIVERS } });
}

/* Last, since it is what the settings were to come before. While VFs are not ready for theirs it
 * has to wait, but not for ever. */
static int add_release(struct draft *draft)
{
	bool patient = !draft->knowledge || knowledge_is_patient(draft->knowledge);

	if (!draft->holds && !draft->observed->drivers_held)
		return 0;
	if ((draft->plan->n_missing || draft->unready) && patient)
		return 0;
	return add_step(
		draft, &(struct step){ .target = { STEP_RELEASE_DRIVERS }, .to = { .number = 1 } });
}

/* To another number the way leads over 0, which destroys every VF (sriov_numvfs_store() in
 * drivers/pci/iov.c answers EBUSY to anything else). If one half cannot be done, neither is. */
static int add_resize(struct draft *draft)
{
	const struct value *to = VALUES_GET(&draft->desired->settings, PF_VFS);
	const struct value *from = VALUES_GET(&draft->observed->settings, PF_VFS);
	struct plan *plan = draft->plan;
	size_t first = plan->n_steps;
	const struct refusal *refused = NULL;
	const char *blocked = NULL;
	int r = 0;

	/* Without a driver nobody makes VFs, and none is to be destroyed in vain. */
	if (!to || !from || to->number == from->number || !draft->observed->driver)
		return 0;
	if (from->number > 0) {
		struct value none = { .origin = to->origin };

		r = guard_resize(draft, resize_policy(draft), &blocked);
		if (r >= 0)
			r = add_step(draft, &(struct step){ .target = { STEP_DESTROY_VFS },
							    .from_known = true,
							    .from = *from,
							    .to = none,
							    .guarded = resize_policy(draft) !=
								       RESIZE_FORCE,
							    .disruption = DISRUPTS_ALL });
	}
	if (r >= 0 && to->number > 0)
		r = add_hold(draft);
	if (r >= 0 && to->number > 0)
		r = add_step(draft, &(struct step){ .target = { STEP_CREATE_VFS },
						    .to = *to,
						    .disruption = DISRUPTS_PF });
	if (r < 0)
		return r;
	for (size_t i = first; i < plan->n_steps; i++)
		refused = plan->steps[i].refused ? plan->steps[i].refused : refused;
	for (size_t i = first; i < plan->n_steps; i++) {
		plan->steps[i].blocked = blocked;
		plan->steps[i].refused = refused;
	}
	draft->resizes = !blocked && !refused;
	draft->holds = draft->holds && draft->resizes;
	return 0;
}

/* The settings of one VF that differ. now is NULL for a VF that is still to be created. */
static int add_vf(struct draft *draft, const struct vf *want, const struct vf *now)
{
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++) {
		const struct value *to = VALUES_GET(&want->settings, i);
		const struct value *from = now ? VALUES_GET(&now->settings, i) : NULL;
		struct step step = { .target = { STEP_VF_SETTING, want->index, i } };
		int r;

		if (!to || !vf_settings[i].applied ||
		    (from && value_equal(&vf_settings[i], from, to)))
			continue;
		step.blind = now && !from;
		if (step.blind && draft->knowledge &&
		    knowledge_is_written(draft->knowledge, &step.target, to))
			continue;
		step.from_known = from;
		step.from = from ? *from : step.from;
		step.to = *to;
		step.disruption = now && vf_settings[i].interrupts ? DISRUPTS_VF : DISRUPTS_NOTHING;
		r = add_step(draft, &step);
		if (r < 0)
			return r;
	}
	return 0;
}

static bool wants_settings(const struct vf *vf)
{
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++)
		if (vf_settings[i].applied && (vf->settings.present & SETTING_BIT(i)))
			return true;
	return false;
}

static int add_vfs(struct draft *draft)
{
	const struct pf *desired = draft->desired, *observed = draft->observed;

	for (uint32_t i = 0; i < desired->n_vfs; i++) {
		const struct vf *now = i < observed->n_vfs ? &observed->vfs[i] : NULL;
		int r = 0;

		if (draft->resizes)
			r = add_vf(draft, &desired->vfs[i], NULL);
		else if (now && now->reported)
			r = add_vf(draft, &desired->vfs[i], now);
		else if (now && wants_settings(&desired->vfs[i]))
			draft->plan->n_missing++;
		if (r < 0)
			return r;
	}
	return 0;
}

static int add_all(struct draft *draft)
{
	int r = add_pf_setting(draft, STEP_PF_MTU, DISRUPTS_PF);

	if (r >= 0)
		r = add_pf_up(draft);
	if (r >= 0)
		r = add_pf_setting(draft, STEP_AUTOPROBE, DISRUPTS_NOTHING);
	if (r >= 0)
		r = add_resize(draft);
	if (r >= 0)
		r = add_vfs(draft);
	if (r >= 0)
		r = add_release(draft);
	return r;
}

static void count_steps(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		if (step->blocked)
			plan->n_blocked++;
		else if (step->refused)
			plan->n_refused++;
		else
			plan->n_ready++;
	}
}

int plan_make(const struct pf *desired, const struct pf *observed,
	      const struct knowledge *knowledge, struct plan **ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct draft draft = { .desired = desired, .observed = observed, .knowledge = knowledge };
	int r = arena_new(&arena);

	if (r < 0)
		return r;
	draft.plan = arena_alloc(arena, sizeof(*draft.plan));
	if (!draft.plan)
		return -ENOMEM;
	draft.plan->arena = arena;
	r = add_all(&draft);
	if (r < 0)
		return r;
	count_steps(draft.plan);
	(void)TAKE(arena);
	*ret = draft.plan;
	return 0;
}

void plan_free(struct plan *plan)
{
	if (plan)
		arena_free(plan->arena);
}

static void describe_change(const struct step *step, struct text *out)
{
	const struct setting *setting = step_setting(&step->target);

	if (step->target.kind == STEP_VF_SETTING)
		text_printf(out, "VF %u: ", step->target.vf);
	text_printf(out, "%s ", setting->key);
	if (step->from_known) {
		value_describe(setting, &step->from, out);
		text_append(out, " -> ");
	}
	value_describe(setting, &step->to, out);
}

static void describe_count(const struct value *count, struct text *out)
{
	text_printf(out, "%u VF%s", (unsigned)count->number, count->number == 1 ? "" : "s");
}

void step_describe(const struct step *step, struct text *out)
{
	switch (step->target.kind) {
	case STEP_PF_UP:
		text_append(out, "bring the PF up");
		return;
	case STEP_HOLD_DRIVERS:
		text_append(out, "keep drivers off new VFs");
		return;
	case STEP_RELEASE_DRIVERS:
		text_append(out, "let drivers bind the VFs");
		return;
	case STEP_DESTROY_VFS:
		text_append(out, "destroy ");
		describe_count(&step->from, out);
		return;
	case STEP_CREATE_VFS:
		text_append(out, "create ");
		describe_count(&step->to, out);
		return;
	default:
		describe_change(step, out);
		return;
	}
}

const char *disruption_word(enum disruption disruption)
{
	static const char *const words[] = {
		[DISRUPTS_NOTHING] = "nothing",
		[DISRUPTS_VF] = "traffic of the VF for a moment",
		[DISRUPTS_PF] = "the PF's link for a moment",
		[DISRUPTS_ALL] = "every VF: all are destroyed",
	};

	return words[disruption];
}
