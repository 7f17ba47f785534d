/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "truth.h"

#include "device.h"
#include "finding.h"
#include "watch.h"

/* In mode observe what differs is drifted, or what was found out about it before. */
static bool is_true(struct finding *finding, enum pf_state state)
{
	bool observes = desired_is_observe_only(finding->desired);

	if (!finding->desired->n_rules || finding->desired->ignored_by)
		return state == STATE_UNMANAGED;
	if (finding->desired->undecided)
		return state == STATE_WAITING;
	if (state == finding->state ||
	    ((finding->possible & 1u << state) && state > finding->state))
		return true;
	/* What was refused before it was only observed is still known. */
	if (observes && state == STATE_DEGRADED)
		return true;
	/* Drivers are kept off VFs of which nobody can read whether they are as rules say. */
	if (observes && state == STATE_DRIFTED && finding->pf->noted &&
	    finding_withholds_any(finding))
		return true;
	/* It differs, or nobody can read whether it does, and the driver is known to refuse it. */
	return observes && (finding->states || finding->possible) &&
	       (state == STATE_DRIFTED || ((finding->states | finding->possible) & 1u << state));
}

/* Nobody can tell whether drivers are to be let at VFs: it may be for the rules to say, and not. */
static bool may_hold(const struct finding *finding)
{
	return finding->desired->undecided || finding_withholds_any(finding);
}

static void check_hold(const struct finding *finding)
{
	const struct sim_pf *pf = finding->pf;
	const struct sim_vf *owed = device_find_owed(pf);
	struct world *world = finding->world;

	if ((pf->noted || owed) && may_hold(finding))
		return;
	if (owed)
		world_violate(world, INVARIANT_HOLD, "%s: VF %u does not get %s back", pf->ifname,
			      (unsigned)(owed - pf->vfs), owed->owed);
	else if (pf->noted)
		world_violate(world, INVARIANT_HOLD, "%s: drivers are still held", pf->ifname);
	else if (pf->profile->vf_driver && pf->autoprobe != pf->autoprobe_else)
		world_violate(world, INVARIANT_HOLD,
			      "%s: drivers-autoprobe is %d after a hold, and was %d", pf->ifname,
			      pf->autoprobe, pf->autoprobe_else);
}

static void check_count(struct world *world, const struct sim_pf *pf, const struct desired *desired)
{
	if (!(desired->pf->settings.present & SETTING_BIT(PF_VFS)) &&
	    pf->count_else != SIM_UNKNOWN && pf->n_vfs != pf->count_else)
		world_violate(world, INVARIANT_UNSET,
			      "%s: there are %u VFs, there were %u, and no rule sets a number",
			      pf->ifname, pf->n_vfs, pf->count_else);
}

/* Fills in the truth about a PF; the caller's to free: what finding points to. */
static bool judge_pf(struct daemon *daemon, struct sim_pf *pf, bool verdict)
{
	CLEANUP(desired_free_cleanup) struct desired *desired = NULL;
	CLEANUP(pf_free_cleanup) struct pf *observed = NULL;
	const struct reconciler *reconciler = reconcilers_find(&daemon->reconcilers, pf->handle);
	CLEANUP_TEXT struct text why = { 0 };
	struct finding finding = { daemon->world, pf, NULL, STATE_IN_SYNC, 0, 0, &why };
	const struct pass *pass = reconciler ? reconciler_pass(reconciler) : NULL;
	enum pf_state state;

	if (sim_observe(daemon->world, pf, true, &observed) < 0)
		return false;
	desired = watch_desired(daemon->world, pf, observed);
	if (!desired)
		return false;
	finding.desired = desired;
	finding_make(&finding);
	state = reconciler ? reconciler_state(reconciler) : STATE_ABSENT;
	if (!verdict)
		return is_true(&finding, state) &&
		       ((!pf->noted && !device_find_owed(pf)) || may_hold(&finding));
	if (!is_true(&finding, state))
		world_violate(daemon->world, INVARIANT_REASON,
			      "%s is said to be %s%s%s, and in truth %s%s%s", pf->ifname,
			      pf_state_name(state), pass ? ": " : "", pass ? pass->reason : "",
			      !desired_is_managed(desired) ? "not managed"
							   : pf_state_name(finding.state),
			      why.length ? ": " : "", text_string(&why));
	check_hold(&finding);
	if (desired->n_rules)
		check_count(daemon->world, pf, desired);
	return true;
}

void truth_check(struct daemon *daemon)
{
	struct world *world = daemon->world;

	for (uint32_t i = 0; i < world->n_pfs; i++)
		if (world->pfs[i].plugged)
			(void)judge_pf(daemon, &world->pfs[i], true);
		else if (reconcilers_find(&daemon->reconcilers, world->pfs[i].handle))
			world_violate(world, INVARIANT_REASON, "%s is gone, and still there",
				      world->pfs[i].ifname);
}

bool truth_holds(struct daemon *daemon)
{
	struct world *world = daemon->world;
	bool holds = true;

	for (uint32_t i = 0; i < world->n_pfs; i++)
		if (world->pfs[i].plugged)
			holds = holds && judge_pf(daemon, &world->pfs[i], false);
	return holds;
}

static void check_plan(struct daemon *daemon, struct sim_pf *pf)
{
	const struct pass_options options = { .dry = true };
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	CLEANUP(pass_free_cleanup) struct pass *pass = NULL;

	if (knowledge_new(&knowledge) < 0 ||
	    pass_run(&daemon->world->kernel, daemon->policy, &daemon->facts, pf->handle, knowledge,
		     &options, &pass) < 0 ||
	    !pass->remaining)
		return;
	for (size_t i = 0; i < pass->remaining->n_steps; i++) {
		const struct step *step = &pass->remaining->steps[i];
		CLEANUP_TEXT struct text text = { 0 };

		if (step->blind)
			continue;
		step_describe(step, &text);
		world_violate(daemon->world, INVARIANT_EMPTY, "%s is in sync, and a plan says: %s",
			      pf->ifname, text_string(&text));
	}
}

void truth_check_plans(struct daemon *daemon)
{
	struct world *world = daemon->world;

	for (uint32_t i = 0; i < world->n_pfs && !world->over; i++) {
		const struct reconciler *reconciler =
			reconcilers_find(&daemon->reconcilers, world->pfs[i].handle);

		if (reconciler && reconciler_state(reconciler) == STATE_IN_SYNC)
			check_plan(daemon, &world->pfs[i]);
	}
}
