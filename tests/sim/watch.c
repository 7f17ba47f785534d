/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "watch.h"

#include <errno.h>
#include <inttypes.h>

#include "agree.h"
#include "daemon.h"
#include "device.h"
#include "finding.h"
#include "force.h"
#include "model/driver_reading.h"
#include "policy/match.h"
#include "setting.h"

/* The most write calls to a PF in a minute, whatever happens, and more for each of its VFs: what of
 * them is refused is tried some eight times in the first minute, setting by setting; or they are
 * made anew a dozen times for somebody who destroys them, each time with all of their settings. */
#define WRITES_PER_MINUTE 200
#define WRITES_PER_VF	  80
/* VFs are destroyed no more than SIM_DESTRUCTIONS_MAX times within that time. */
#define DESTRUCTIONS_MS 600000
/* So long are drivers kept off VFs that are not ready. */
#define PATIENCE_MS 5000

/* What the last of the rules that say it says. */
static const struct value *said(const struct desired *desired, enum pf_setting setting)
{
	const struct value *last = NULL;

	for (size_t i = 0; i < desired->n_rules; i++) {
		const struct value *value = VALUES_GET(&desired->rules[i]->settings, setting);

		last = value ? value : last;
	}
	return last;
}

/* Of the number that rules ask for with at-most as many are wanted as the card can have, and never
 * none for want of room. */
static void check_at_most(struct world *world, const struct sim_pf *pf,
			  const struct desired *desired)
{
	const struct value *vfs = said(desired, PF_VFS), *at_most = said(desired, PF_AT_MOST);
	const struct value *wanted = VALUES_GET(&desired->pf->settings, PF_VFS);
	uint64_t most = pf->profile->totalvfs ? pf->profile->totalvfs : UINT64_MAX;

	if (!desired_is_managed(desired) || !vfs || vfs->form != VALUE_PLAIN || !at_most ||
	    !at_most->number)
		return;
	most = vfs->number < most ? vfs->number : most;
	if (!wanted || wanted->number != most)
		world_violate(world, INVARIANT_AT_MOST,
			      "%s: %u VFs at most are asked for, and %" PRIu64 " are wanted",
			      pf->ifname, (unsigned)vfs->number, wanted ? wanted->number : 0);
}

struct desired *watch_desired(struct world *world, const struct sim_pf *pf,
			      const struct pf *observed)
{
	const struct policy *policy = pf->policy ? pf->policy : world->daemon->policy;
	struct desired *desired = NULL;

	if (policy_resolve(policy, &world->daemon->facts, observed, &desired) < 0)
		world_violate(world, INVARIANT_STORY, "out of memory");
	else
		check_at_most(world, pf, desired);
	return desired;
}

/* A write that is to be judged. */
struct write {
	struct world *world;
	struct sim_pf *pf;
	const struct pf *observed;
	const struct desired *desired;
	const void *argument;
};

static const struct value *wanted(const struct write *write, enum pf_setting setting)
{
	return VALUES_GET(&write->desired->pf->settings, setting);
}

static uint64_t resize_policy(const struct write *write)
{
	const struct value *policy = wanted(write, PF_ON_RESIZE);

	return policy ? policy->number : RESIZE_REFUSE_IN_USE;
}

static bool is_on_request(const struct write *write)
{
	const struct value *when = wanted(write, PF_DISRUPTION);

	return when && when->number == DISRUPTION_ON_REQUEST;
}

/* Nobody may lose a VF who could be known to use it: the last call before must have been to look,
 * and must have seen no user. */
static void check_use(const struct write *write, uint32_t index, const char *what)
{
	const struct sim_pf *pf = write->pf;
	const struct sim_vf *vf = &pf->vfs[index];

	if (!device_is_used(vf))
		return;
	if (!pf->checked || (pf->checked_vf != KERNEL_ALL_VFS && pf->checked_vf != index))
		world_violate(write->world, INVARIANT_HELD,
			      "%s: %s VF %u without a look at who uses it, and it is in use",
			      pf->ifname, what, index);
	else if (vf->used_since <= pf->checked_at)
		world_violate(write->world, INVARIANT_HELD, "%s: %s VF %u, which is in use",
			      pf->ifname, what, index);
}

static bool wants_other_mode(const struct write *write)
{
	const struct value *want = wanted(write, PF_ESWITCH_MODE);
	const struct value *now = VALUES_GET(&write->observed->settings, PF_ESWITCH_MODE);

	return want && now && now->number != want->number;
}

/* What the driver makes is learnt from a look, which may fail once. */
static void check_destroy(const struct write *write)
{
	const struct value *want = wanted(write, PF_VFS);
	struct sim_pf *pf = write->pf;

	if (!(want && want->number != write->observed->n_vfs) && !wants_other_mode(write))
		world_violate(write->world, INVARIANT_UNSET, "%s: VFs destroyed for nothing",
			      pf->ifname);
	if (want && want->number && want->number == pf->asked && pf->n_vfs == pf->made &&
	    !wants_other_mode(write) && !world_is_by_hand(write->world) && pf->in_vain++)
		world_violate(
			write->world, INVARIANT_STORM,
			"%s: VFs destroyed again and again for %u, of which the driver makes %u",
			pf->ifname, pf->asked, pf->made);
	if (resize_policy(write) == RESIZE_FORCE_OPEN)
		return;
	if (resize_policy(write) == RESIZE_REFUSE && pf->n_vfs)
		world_violate(write->world, INVARIANT_HELD,
			      "%s: VFs destroyed in spite of on-resize: refuse", pf->ifname);
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (resize_policy(write) != RESIZE_FORCE || pf->vfs[i].use == USE_VFIO)
			check_use(write, i, "destroys");
}

static void check_numvfs(const struct write *write)
{
	uint32_t n = *(const uint32_t *)write->argument;
	const struct value *want = wanted(write, PF_VFS);
	struct sim_pf *pf = write->pf;

	if (want)
		pf->count_else = SIM_UNKNOWN;
	pf->will_owe = !n && want && want->number && is_on_request(write);
	if (!n)
		check_destroy(write);
	else if (want ? n != want->number : n != pf->count_else && pf->count_else != SIM_UNKNOWN)
		world_violate(write->world, INVARIANT_UNSET, "%s: makes %u VFs, which nobody wants",
			      write->pf->ifname, n);
}

static void check_hold(const struct write *write)
{
	if (!wanted(write, PF_VFS) && !wanted(write, PF_ESWITCH_MODE))
		world_violate(write->world, INVARIANT_UNSET, "%s: holds drivers for nothing",
			      write->pf->ifname);
}

static void check_up(const struct write *write)
{
	const struct value *up = wanted(write, PF_UP), *vfs = wanted(write, PF_VFS);
	/* Also for VFs that are to go (bnxt_sriov_configure()). */
	bool implied =
		!up && write->pf->profile->needs_up && (vfs || wanted(write, PF_ESWITCH_MODE));

	if (!implied && !(up && up->number))
		world_violate(write->world, INVARIANT_UNSET, "%s: brought up, which nobody wants",
			      write->pf->ifname);
}

/* The host may not lose its own network device: as check_use(). */
static void check_netdev(const struct write *write)
{
	const struct value *policy = wanted(write, PF_ON_DISRUPT);
	const struct sim_pf *pf = write->pf;
	bool seen = false;

	if (!device_pf_is_used(pf) || pf->profile->eswitch != ESWITCH_WHILE_UNBOUND ||
	    (policy && policy->number == DISRUPT_ALLOW))
		return;
	for (enum pf_use i = 0; i < PF_USE_COUNT; i++)
		seen = seen || device_pf_is_used_since(pf, i, pf->netdev_checked_at);
	if (!pf->netdev_checked)
		world_violate(write->world, INVARIANT_HELD,
			      "%s: another eswitch mode without a look at who uses its network "
			      "device, which the host does",
			      pf->ifname);
	else if (seen)
		world_violate(write->world, INVARIANT_HELD,
			      "%s: another eswitch mode while the host uses its network device",
			      pf->ifname);
}

static void check_pf(const struct write *write)
{
	const struct pf_write *argument = write->argument;
	const struct setting *setting = &pf_settings[argument->setting];
	const struct value *want = wanted(write, argument->setting);
	CLEANUP_TEXT struct text text = { 0 };

	if (argument->setting == PF_UP) {
		check_up(write);
		return;
	}
	if (argument->setting == PF_ESWITCH_MODE)
		check_netdev(write);
	if (want && value_equal(setting, want, argument->value))
		return;
	value_format(setting, argument->value, &text);
	world_violate(write->world, INVARIANT_UNSET, "%s: writes %s %s, which nobody wants",
		      write->pf->ifname, setting->key, text_string(&text));
}

static void check_vf_value(const struct write *write, uint32_t index, enum vf_setting setting,
			   const struct value *value)
{
	const struct pf *desired = write->desired->pf;
	const struct value *want =
		index < desired->n_vfs ? VALUES_GET(&desired->vfs[index].settings, setting) : NULL;

	if (index < desired->n_vfs && index < write->pf->n_vfs &&
	    (desired->vfs[index].once & write->pf->vfs[index].theirs & SETTING_BIT(setting)))
		world_violate(write->world, INVARIANT_ONCE,
			      "%s: writes %s of VF %u, which was given once and changed since",
			      write->pf->ifname, vf_settings[setting].key, index);
	if (!want || want->form != value->form ||
	    (!value_equal(&vf_settings[setting], want, value) &&
	     !force_is_between(write->pf, setting, value, want)))
		world_violate(write->world, INVARIANT_UNSET,
			      "%s: writes %s of VF %u as nobody wants it", write->pf->ifname,
			      vf_settings[setting].key, index);
}

/* The rate that is written only because the kernel takes both must stay as it is; where the one is
 * refused nothing is written. */
static void check_other_rate(const struct write *write, const struct vf_change *change,
			     enum vf_setting one, enum vf_setting other)
{
	const struct sim_pf *pf = write->pf;
	const struct sim_vf *vf = &pf->vfs[change->index];

	if (!(change->mask & SETTING_BIT(one)) || (change->mask & SETTING_BIT(other)) ||
	    change->index >= pf->n_vfs || device_is_mute(pf, change->index) ||
	    vf->touched & SETTING_BIT(other) ||
	    setting_refusal(write->world, pf, change->index, one, &change->values.value[one]) < 0)
		return;
	if (change->values.value[other].number != vf->now.value[other].number &&
	    !force_is_ignored(pf, other, &change->values.value[other]))
		world_violate(write->world, INVARIANT_UNSET,
			      "%s: changes %s of VF %u while writing %s", pf->ifname,
			      vf_settings[other].key, change->index, vf_settings[one].key);
}

static void check_vfs(const struct write *write)
{
	const struct vfs_write *argument = write->argument;

	for (size_t i = 0; i < argument->count; i++) {
		const struct vf_change *change = &argument->changes[i];

		for (enum vf_setting k = 0; k < VF_SETTING_COUNT; k++)
			if (change->mask & SETTING_BIT(k))
				check_vf_value(write, change->index, k, &change->values.value[k]);
		check_other_rate(write, change, VF_MIN_TX_RATE, VF_MAX_TX_RATE);
		check_other_rate(write, change, VF_MAX_TX_RATE, VF_MIN_TX_RATE);
	}
}

static void check_vf(const struct write *write)
{
	const struct vf_write *argument = write->argument;
	bool unbinds = argument->setting == VF_DRIVER || argument->setting == VF_MSIX_VECTORS ||
		       argument->setting == VF_MAC;

	check_vf_value(write, argument->vf, argument->setting, argument->value);
	if (unbinds && argument->vf < write->pf->n_vfs)
		check_use(write, argument->vf, "changes the driver of");
}

static void check_unbind(const struct write *write)
{
	if (!wants_other_mode(write))
		world_violate(write->world, INVARIANT_UNSET, "%s: takes drivers off for nothing",
			      write->pf->ifname);
	for (uint32_t i = 0; i < write->pf->n_vfs; i++)
		check_use(write, i, "takes the driver of");
}

static void (*const checks[OP_COUNT])(const struct write *write) = {
	[OP_NUMVFS] = check_numvfs, [OP_PF] = check_pf, [OP_HOLD] = check_hold,
	[OP_VFS] = check_vfs,	    [OP_VF] = check_vf, [OP_UNBIND] = check_unbind,
};

/* Whether it had when it was seen: somebody may bind a driver in between. */
static bool has_traffic(const struct write *write, uint32_t index)
{
	const struct sim_pf *pf = write->pf;

	if (index >= write->observed->n_vfs || !vf_is_bound(&write->observed->vfs[index]))
		return false;
	return index >= pf->n_vfs || !device_is_used(&pf->vfs[index]) ||
	       pf->vfs[index].used_since < pf->began;
}

static bool vf_setting_disrupts(const struct sim_pf *pf, enum vf_setting setting)
{
	return vf_settings[setting].disrupts != DISRUPTS_NOTHING ||
	       (pf->profile->resets & SETTING_BIT(setting));
}

static bool vfs_write_disrupts(const struct write *write)
{
	const struct vfs_write *argument = write->argument;

	for (size_t i = 0; i < argument->count; i++)
		for (enum vf_setting k = 0; k < VF_SETTING_COUNT; k++)
			if ((argument->changes[i].mask & SETTING_BIT(k)) &&
			    vf_setting_disrupts(write->pf, k) &&
			    has_traffic(write, argument->changes[i].index))
				return true;
	return false;
}

static bool vf_write_disrupts(const struct write *write)
{
	const struct vf_write *argument = write->argument;

	return has_traffic(write, argument->vf) &&
	       (vf_settings[argument->setting].unbinds || argument->setting == VF_MAC ||
		vf_setting_disrupts(write->pf, argument->setting));
}

/* Whether somebody's traffic stops for it. */
static bool disrupts(const struct write *write, enum op op)
{
	const struct sim_pf *pf = write->pf;

	switch (op) {
	case OP_NUMVFS:
		return *(const uint32_t *)write->argument ? pf->ifindex != 0 : pf->n_vfs != 0;
	case OP_PF:
		return pf_settings[((const struct pf_write *)write->argument)->setting].disrupts !=
		       DISRUPTS_NOTHING;
	case OP_VFS:
		return vfs_write_disrupts(write);
	case OP_VF:
		return vf_write_disrupts(write);
	default:
		return op == OP_UNBIND;
	}
}

/* Whether it ends what an earlier request has begun, whose VFs are not there or half made. */
static bool is_owed(const struct write *write, enum op op)
{
	const struct sim_pf *pf = write->pf;
	const struct pf_write *argument = write->argument;

	if (!watch_owes_vfs(pf))
		return false;
	if (op == OP_NUMVFS)
		return *(const uint32_t *)write->argument;
	return op == OP_PF && argument->setting == PF_ESWITCH_MODE && pf->owed_vfs.with_mode &&
	       pf->owed_vfs.mode == argument->value->number;
}

/* Nothing of the kind is done that nobody has asked for. */
static void check_request(const struct write *write, enum op op)
{
	struct sim_pf *pf = write->pf;

	if (is_on_request(write) && !pf->permitted && disrupts(write, op) && !is_owed(write, op))
		world_violate(
			write->world, INVARIANT_REQUEST,
			"%s: a write that disrupts (%s), and nobody has asked for it", pf->ifname,
			op == OP_PF
				? pf_settings[((const struct pf_write *)write->argument)->setting]
					  .key
				: "VFs");
}

static void note_once(struct sim_pf *pf, const struct desired *desired)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		pf->vfs[i].once = i < desired->pf->n_vfs ? desired->pf->vfs[i].once : 0;
}

/* Whether what is noted of the VF may be so without that it was given. */
static bool counts_as_given(const struct sim_pf *pf, uint32_t speed, const struct vf *seen,
			    const struct vf *wanted, enum vf_setting setting)
{
	const struct sim_vf *vf = &pf->vfs[seen->index];
	const struct value *want = VALUES_GET(&wanted->settings, setting),
			   *now = VALUES_GET(&seen->settings, setting);

	/* Who binds the driver once more that was there is taken for a user, until it has begun. */
	bool bound = vf->rebound || vf->touched & SETTING_BIT(VF_DRIVER);
	/* What a process that died was about to give is taken for given if it changed, by a try in
	 * vain or by a policy that has it always. */
	uint64_t excused =
		vf->gave | vf->touched | ((vf->failed | vf->wrote) & pf->given[seen->index].tried);

	return pf->untold || bound || vf->use || vf->used_since ||
	       (excused & SETTING_BIT(setting)) || !want || force_is(pf, vf, setting, want) ||
	       vf_has(seen, setting, want) || !now ||
	       driver_reading(pf->driver, speed, setting, want, now) == READS_AS_WANTED;
}

void watch_note(struct world *world, struct sim_pf *pf, const struct pf *observed,
		const struct given_note *notes, size_t n_notes)
{
	CLEANUP(desired_free_cleanup) struct desired *desired = NULL;

	/* VFs that are no more. */
	if (!n_notes || observed->n_vfs != pf->n_vfs ||
	    observed->vfs[0].instance != pf->vfs[0].instance || observed->instance != pf->instance)
		return;
	desired = watch_desired(world, pf, observed);
	for (size_t i = 0; desired && i < n_notes; i++) {
		const uint32_t vf = notes[i].vf;

		for (uint64_t rest = notes[i].done; rest && vf < desired->pf->n_vfs;) {
			const enum vf_setting setting = setting_take(&rest);

			if (!pf->renamed &&
			    !counts_as_given(pf, observed->speed, &observed->vfs[vf],
					     &desired->pf->vfs[vf], setting))
				world_violate(world, INVARIANT_ONCE,
					      "%s: %s of VF %u counts as given, and was not",
					      pf->ifname, vf_settings[setting].key, vf);
			pf->vfs[vf].gave |= SETTING_BIT(setting);
		}
	}
}

bool watch_owes_vfs(const struct sim_pf *pf)
{
	return pf->owed_vfs.owed && pf->owed_instance == pf->instance && (!pf->n_vfs || pf->noted);
}

/* That VFs are owed is noted by who was asked for them, and taken back once there are some, or none
 * are wanted. */
void watch_owed(struct world *world, struct sim_pf *pf, const struct pf *observed,
		const struct owed_vfs *owed)
{
	CLEANUP(desired_free_cleanup) struct desired *desired = watch_desired(world, pf, observed);
	const struct value *vfs = desired ? VALUES_GET(&desired->pf->settings, PF_VFS) : NULL;

	if (owed && !pf->permitted)
		world_violate(world, INVARIANT_REQUEST,
			      "%s: VFs are noted as owed, and nobody has asked for any",
			      pf->ifname);
	if (!owed && !observed->n_vfs && vfs && vfs->number && !pf->renamed)
		world_violate(world, INVARIANT_REQUEST, "%s: owed VFs are forgotten", pf->ifname);
	if (!owed)
		pf->owes_vfs = false;
}

static void count(struct world *world, struct sim_pf *pf)
{
	if (world->now - pf->window >= 60000) {
		pf->window = world->now;
		pf->writes = pf->most_vfs = 0;
	}
	pf->writes_total++;
	pf->most_vfs = pf->n_vfs > pf->most_vfs ? pf->n_vfs : pf->most_vfs;
	if (++pf->writes > WRITES_PER_MINUTE + WRITES_PER_VF * pf->most_vfs)
		world_violate(world, INVARIANT_STORM, "%s: more than %u writes in a minute",
			      pf->ifname, WRITES_PER_MINUTE + WRITES_PER_VF * pf->most_vfs);
}

/* A pass that had begun is finished, and so are VFs that somebody has left half made. */
static void check_pause(struct world *world, const struct sim_pf *pf)
{
	bool half_made = pf->noted || device_find_owed(pf);

	if (world->now < pf->paused_until && pf->began > pf->paused_at && !half_made)
		world_violate(world, INVARIANT_PAUSE, "%s: written to while it is paused",
			      pf->ifname);
}

/* Not by what resolving made of the rules: whether one of them ignores the PF, or may. What was
 * kept from drivers may be given back once it is known to. False: it is not to be judged by others.
 */
static bool check_ignored(struct world *world, const struct sim_pf *pf, const struct pf *observed,
			  bool leftover)
{
	const struct policy *policy = pf->policy ? pf->policy : world->daemon->policy;
	enum match_answer worst = MATCH_NO;

	for (size_t i = 0; i < policy->n_rules; i++) {
		enum match_answer answer = rule_answer(&policy->rules[i], observed, NULL);

		if (rule_ignores(&policy->rules[i]) && worst != MATCH_YES && answer != MATCH_NO)
			worst = answer;
	}
	if (worst == MATCH_NO || leftover)
		return worst == MATCH_NO;
	world_violate(world, INVARIANT_IGNORE, "%s: written to, and a rule %s it", pf->ifname,
		      worst == MATCH_YES ? "ignores" : "may ignore");
	return false;
}

void watch_write(struct world *world, struct sim_pf *pf, enum op op, const struct pf *observed,
		 const void *argument)
{
	CLEANUP(desired_free_cleanup) struct desired *desired = NULL;
	/* What a process that died has left may be undone on any PF. */
	bool leftover = op == OP_RELEASE && pf_owes_drivers(observed);

	count(world, pf);
	desired = watch_desired(world, pf, observed);
	if (!desired)
		return;
	/* Which rules match it was seen when the pass began, by the name that it had then. */
	if (pf->renamed) {
		pf->count_else = SIM_UNKNOWN;
		return;
	}
	note_once(pf, desired);
	check_pause(world, pf);
	if (!check_ignored(world, pf, observed, leftover && !desired->undecided))
		return;
	if (!desired->n_rules && !leftover)
		world_violate(world, INVARIANT_UNMATCHED, "%s: written to, and no rule matches it",
			      pf->ifname);
	else if (desired->n_rules && desired_is_observe_only(desired) && !leftover)
		world_violate(world, INVARIANT_OBSERVE, "%s: written to in mode observe",
			      pf->ifname);
	else if (desired->n_rules && checks[op])
		checks[op](&(struct write){ world, pf, observed, desired, argument });
	if (desired->n_rules)
		check_request(&(struct write){ world, pf, observed, desired, argument }, op);
	if (pf->dry && agree_has_plan(pf))
		agree_check(world, pf, op, argument);
}

/* What the answer to a value is once the VF is ready. */
static int lasting_refusal(const struct world *world, struct sim_pf *pf, uint32_t index,
			   enum vf_setting setting, const struct value *want)
{
	struct sim_vf *vf = &pf->vfs[index];
	uint64_t reset_until = vf->reset_until;
	int error;

	vf->reset_until = 0;
	error = setting_refusal(world, pf, index, setting, want);
	vf->reset_until = reset_until;
	return error;
}

/* Whether it is known, or not to be known, that a value could not be there by now. For a VF that
 * only is not ready drivers wait. */
static bool is_excused(const struct world *world, struct sim_pf *pf, uint32_t index,
		       enum vf_setting setting, const struct value *want)
{
	const struct sim_vf *vf = &pf->vfs[index];
	uint64_t bit = SETTING_BIT(setting);

	return (vf->failed | vf->touched | pf->never) & bit ||
	       (!(vf->known & bit) && force_is_twin(pf, vf, setting, want)) ||
	       lasting_refusal(world, pf, index, setting, want);
}

/* Whoever runs a pass by hand may: he begins anew. */
void watch_destroyed(struct world *world, struct sim_pf *pf)
{
	const struct task *task = world->daemon->current;
	uint64_t *at = &pf->destroyed_at[pf->destroyed % SIM_DESTRUCTIONS_MAX];

	pf->owes_vfs = pf->will_owe;
	/* What a call does that outlives its process is on nobody's account. */
	if (!task || task->by_hand || task->doing.dead)
		return;
	if (pf->destroyed >= SIM_DESTRUCTIONS_MAX && world->now < *at + DESTRUCTIONS_MS)
		world_violate(world, INVARIANT_STORM,
			      "%s: VFs destroyed more than %u times in ten minutes", pf->ifname,
			      SIM_DESTRUCTIONS_MAX);
	*at = world->now;
	pf->destroyed++;
}

/* Whether nothing is to be asked of who lets a driver at the VF. */
static bool is_free_to_bind(const struct world *world, const struct sim_pf *pf,
			    const struct desired *desired, uint32_t index)
{
	return !desired_is_managed(desired) || index >= desired->pf->n_vfs || pf->meddled ||
	       device_is_mute(pf, index) || !pf->ifindex || world->now < pf->truncated_until ||
	       /* Another mode than a moment before has other settings. */
	       pf->seen_mode != pf->eswitch[PF_ESWITCH_MODE];
}

static void check_settings_first(struct world *world, struct sim_pf *pf,
				 const struct desired *desired, uint32_t index)
{
	static const enum vf_setting first[] = { VF_MAC, VF_VLAN, VF_SPOOF_CHECK, VF_TRUST };

	if (world->now >= pf->held_since + PATIENCE_MS)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(first); i++) {
		const struct value *want = VALUES_GET(&desired->pf->vfs[index].settings, first[i]);

		if (finding_is_left(pf, desired, index, first[i]))
			continue;

		/* What the link has undone in this moment is seen by the next look. */
		if (want &&
		    !value_equal(&vf_settings[first[i]], want,
				 &pf->vfs[index].now.value[first[i]]) &&
		    !is_excused(world, pf, index, first[i], want))
			world_violate(world, INVARIANT_BARE,
				      "%s: a driver gets VF %u without its %s", pf->ifname, index,
				      vf_settings[first[i]].key);
	}
}

void watch_bind(struct world *world, struct sim_pf *pf, uint32_t index)
{
	CLEANUP(desired_free_cleanup) struct desired *desired = NULL;
	CLEANUP(pf_free_cleanup) struct pf *observed = NULL;

	/* As watch_write(): which rules match it was seen by another name. */
	if (!world->ours || !pf->policy || pf->renamed ||
	    sim_observe(world, pf, true, &observed) < 0)
		return;
	desired = watch_desired(world, pf, observed);
	if (!desired || is_free_to_bind(world, pf, desired, index))
		return;
	check_settings_first(world, pf, desired, index);
	/* As with the PF's link. */
	if (finding_lacks_bond(pf->seen_bonded, desired))
		world_violate(world, INVARIANT_BARE,
			      "%s: a driver gets VF %u before the bond is up", pf->ifname, index);
	/* That it went down a moment before is seen by the next look. */
	if (!pf->seen_up && finding_withholds(pf, desired, index) &&
	    !is_excused(world, pf, index, VF_MAC,
			VALUES_GET(&desired->pf->vfs[index].settings, VF_MAC)))
		world_violate(world, INVARIANT_BARE,
			      "%s: a driver gets VF %u while the PF is down and gives no address",
			      pf->ifname, index);
}

void watch_return(struct world *world, struct sim_pf *pf, bool plugged)
{
	world_say(world, "%s: %s", pf->ifname, plugged ? "plugged in again" : "gets its driver");
	if (plugged)
		device_plug(world, pf);
	else
		device_load(world, pf);
}
