/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agree.h"

#include "force.h"
#include "setting.h"

int agree_begin(struct daemon *daemon, struct sim_pf *pf, struct policy *policy,
		struct knowledge *knowledge)
{
	const struct pass_options options = { .dry = true };
	struct pass *pass;
	int r;

	daemon->world->frozen = true;
	r = pass_run(&daemon->world->kernel, policy, &daemon->facts, pf->handle, knowledge,
		     &options, &pass);
	pf->dry = r < 0 ? NULL : pass;
	return r;
}

bool agree_has_plan(const struct sim_pf *pf)
{
	return pf->dry->remaining;
}

/* The step of the dry run that writes this, or NULL. */
static const struct step *find(const struct plan *plan, enum step_kind kind, uint32_t vf,
			       unsigned setting)
{
	const struct step_target target = { kind, vf, setting };

	for (size_t i = 0; plan && i < plan->n_steps; i++)
		if (step_target_equal(&plan->steps[i].target, &target))
			return &plan->steps[i];
	return NULL;
}

static bool has(const struct plan *plan, enum step_kind kind)
{
	return find(plan, kind, 0, 0);
}

/* Also where the card goes back to another with its VFs. */
static bool changes_mode(const struct sim_pf *pf, const struct plan *plan)
{
	return has(plan, STEP_ESWITCH_MODE) || has(plan, STEP_ESWITCH_MODE_WITH_VFS) ||
	       (pf->profile->legacy_without_vfs && has(plan, STEP_DESTROY_VFS));
}

/* A driver that does not destroy its VFs: what was planned was for others. */
static bool keeps_vfs(const struct sim_pf *pf, const struct plan *plan)
{
	return (pf->profile->vfs_at_load || pf->profile->none_error) && has(plan, STEP_DESTROY_VFS);
}

/* What cannot be foreseen: time passes also in a pass of which nothing else does, a link comes up,
 * a VF is ready again, a driver makes its network device; another mode is another driver. */
static bool is_unforeseeable(const struct sim_pf *pf, enum step_kind kind, uint32_t index,
			     enum vf_setting setting)
{
	const struct pf *seen = pf->dry->observed;
	const struct vf *vf = index < seen->n_vfs ? &seen->vfs[index] : NULL;

	if (changes_mode(pf, pf->dry->remaining) || keeps_vfs(pf, pf->dry->remaining) || !vf)
		return true;
	switch (kind == STEP_VF_DEVICE && setting == VF_MAC ? VF_LAYER_NETDEV
							    : vf_settings[setting].layer) {
	case VF_LAYER_FUNCTION:
		return !vf->reported || !seen->carrier;
	case VF_LAYER_NETDEV:
		return !vf->ifname || vf->settling || pf->dry->remaining->n_ready > 0;
	default:
		return false;
	}
}

/* Of a VF that a driver has and that starts over for a setting whoever reads the plan is told. */
static void check_disruption(struct world *world, const struct sim_pf *pf, const struct step *step,
			     const struct value *value)
{
	const struct step_target *target = &step->target;
	const struct sim_vf *vf = &pf->vfs[target->vf];

	if (target->kind != STEP_VF_SETTING || target->vf >= pf->n_vfs || step->disruption ||
	    !(pf->profile->resets & SETTING_BIT(target->setting)) ||
	    has(pf->dry->remaining, STEP_CREATE_VFS) || !vf->driver[0] ||
	    value_equal(&vf_settings[target->setting], &vf->now.value[target->setting], value))
		return;
	world_violate(world, INVARIANT_AGREE,
		      "%s: VF %u starts over for its %s, which the plan does not say", pf->ifname,
		      target->vf, vf_settings[target->setting].key);
}

static void check_setting(struct world *world, const struct sim_pf *pf, enum step_kind kind,
			  uint32_t index, enum vf_setting setting, const struct value *value)
{
	const struct step *step = find(pf->dry->remaining, kind, index, setting);

	if (step)
		check_disruption(world, pf, step, value);
	if (step && step_is_ready(step) &&
	    (value_equal(&vf_settings[setting], &step->to, value) ||
	     force_is_between(pf, setting, value, &step->to)))
		return;
	if (!is_unforeseeable(pf, kind, index, setting))
		world_violate(world, INVARIANT_AGREE,
			      "%s: writes %s of VF %u, which the plan did not %s", pf->ifname,
			      vf_settings[setting].key, index, step ? "allow" : "have");
}

static void check_vfs(struct world *world, const struct sim_pf *pf, const struct vfs_write *write)
{
	for (size_t i = 0; i < write->count; i++)
		for (enum vf_setting k = 0; k < VF_SETTING_COUNT; k++)
			if (write->changes[i].mask & SETTING_BIT(k))
				check_setting(world, pf, STEP_VF_SETTING, write->changes[i].index,
					      k, &write->changes[i].values.value[k]);
}

static void check_kind(struct world *world, const struct sim_pf *pf, enum step_kind kind,
		       enum step_kind other)
{
	const struct step *step = find(pf->dry->remaining, kind, 0, 0);
	const struct step *second = find(pf->dry->remaining, other, 0, 0);

	if ((step && step_is_ready(step)) || (second && step_is_ready(second)))
		return;
	if (changes_mode(pf, pf->dry->remaining))
		return;
	world_violate(world, INVARIANT_AGREE, "%s: a step of kind %d that the plan did not %s",
		      pf->ifname, kind, step || second ? "allow" : "have");
}

/* Of the eswitch it is tried once more with VFs what was refused while there were none. */
static void check_pf_setting(struct world *world, const struct sim_pf *pf, enum pf_setting setting)
{
	const struct step_target target = step_target_of_pf(setting);
	const struct plan *plan = pf->dry->remaining;
	const struct step *step = find(plan, target.kind, 0, setting);
	bool wanted_vfs = step && target.kind == STEP_PF_AFTER && has(plan, STEP_CREATE_VFS) &&
			  !pf->dry->observed->n_vfs;

	if ((step && step_is_ready(step)) || changes_mode(pf, plan) || wanted_vfs)
		return;
	world_violate(world, INVARIANT_AGREE, "%s: writes %s, which the plan did not %s",
		      pf->ifname, pf_settings[setting].key, step ? "allow" : "have");
}

void agree_check(struct world *world, const struct sim_pf *pf, enum op op, const void *argument)
{
	static const struct {
		enum step_kind kind, other;
	} kinds[OP_COUNT] = {
		[OP_HOLD] = { STEP_HOLD_DRIVERS, STEP_HOLD_DRIVERS },
		[OP_UNBIND] = { STEP_UNBIND_VFS, STEP_UNBIND_VFS },
	};
	const struct vf_write *one = argument;
	const struct pf_write *of_pf = argument;

	switch (op) {
	case OP_VFS:
		check_vfs(world, pf, argument);
		break;
	case OP_VF:
		check_setting(world, pf,
			      one->setting == VF_MAC ? STEP_VF_DEVICE : step_kind_of(one->setting),
			      one->vf, one->setting, one->value);
		break;
	case OP_NUMVFS:
		if (*(const uint32_t *)argument)
			check_kind(world, pf, STEP_CREATE_VFS, STEP_CREATE_VFS);
		else
			check_kind(world, pf, STEP_DESTROY_VFS, STEP_DESTROY_VFS);
		break;
	case OP_PF:
		if (of_pf->setting == PF_ESWITCH_MODE)
			check_kind(world, pf, STEP_ESWITCH_MODE, STEP_ESWITCH_MODE_WITH_VFS);
		else
			check_pf_setting(world, pf, of_pf->setting);
		break;
	case OP_RELEASE: /* is what is left to do once VFs are ready */
		break;
	default:
		check_kind(world, pf, kinds[op].kind, kinds[op].other);
	}
}

/* What was to be done was done, or is known not to have been possible. */
static void check_done(struct world *world, const struct sim_pf *pf, const struct pass *pass)
{
	const struct plan *plan = pf->dry->remaining;

	for (size_t i = 0; i < pass->actions.count; i++)
		if (!pass->actions.items[i].done)
			return;
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];
		const struct step *left = find(pass->remaining, step->target.kind, step->target.vf,
					       step->target.setting);

		/* These wait for VFs, and their network devices, that were not there for the dry
		 * run. */
		if (step->target.kind == STEP_RELEASE_DRIVERS ||
		    step->target.kind == STEP_VF_NETDEV)
			continue;
		if (step_is_ready(step) && left && step_is_ready(left) &&
		    value_equal(step_setting(&step->target), &step->to, &left->to))
			world_violate(world, INVARIANT_AGREE,
				      "%s: a planned step of kind %d was not done", pf->ifname,
				      step->target.kind);
	}
}

void agree_end(struct daemon *daemon, struct sim_pf *pf, const struct pass *pass)
{
	struct world *world = daemon->world;

	world->frozen = false;
	if (!pf->dry)
		return;
	if (pass && pass->remaining && pf->dry->remaining && !pass->passive && !world->over)
		check_done(world, pf, pass);
	pass_free((struct pass *)(uintptr_t)pf->dry);
	pf->dry = NULL;
}
