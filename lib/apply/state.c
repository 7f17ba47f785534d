/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/state.h"

#include <string.h>

#include "apply/refusal.h"

static enum pf_state state_of_refusal(enum refusal_kind kind)
{
	static const enum pf_state states[REFUSAL_KIND_COUNT] = {
		[REFUSAL_UNSUPPORTED] = STATE_DEGRADED, [REFUSAL_REJECTED] = STATE_DEGRADED,
		[REFUSAL_NOT_TAKEN] = STATE_DEGRADED,	[REFUSAL_RETRY] = STATE_RETRYING,
		[REFUSAL_WAITS_TURN] = STATE_WAITING,	[REFUSAL_WAITS_LINK] = STATE_WAITING,
		[REFUSAL_WAITS_VF] = STATE_WAITING,	[REFUSAL_SPARED] = STATE_CONTESTED,
	};

	return states[kind];
}

/* Whether VFs are still to be made: what theirs waits for is not what the PF waits for yet. */
static bool makes_vfs(const struct plan *plan)
{
	const struct step *step = plan_find(plan, &(struct step_target){ .kind = STEP_CREATE_VFS });

	return step && step_is_ready(step);
}

/* What one remaining step makes of the PF's state; makes: of its plan. */
static enum pf_state state_of_step(const struct step *step, bool makes)
{
	if (step->block.why)
		return STATE_BLOCKED;
	if (step->refused)
		return state_of_refusal(step->refused->kind);
	if (step->waits && !(step_is_of_vf(&step->target) && makes))
		return STATE_WAITING;
	/* Nobody can know that a blind one is missing. */
	return step_is_unseen(step) ? STATE_IN_SYNC : STATE_DRIFTED;
}

static void describe_remaining(const struct step *step, size_t others, struct text *reason)
{
	if (step_is_requestable(step)) {
		step_describe(step, reason);
		text_printf(reason, ": %s", step->block.why);
	} else if (step->block.why) {
		step_describe(step, reason);
		if (step_is_unseen(step))
			text_append(reason, ", which it may have already (that cannot be read)");
		text_printf(reason, ": %s", step->block.why);
	} else if (step->refused) {
		refusal_describe(step->refused, reason);
	} else if (step->waits) {
		step_describe(step, reason);
		text_printf(reason, ": %s", step->waits);
	} else {
		step_describe(step, reason);
	}
	if (others)
		text_printf(reason, ", and %zu more step%s", others, others == 1 ? "" : "s");
}

static enum pf_state worst_of_plan(const struct plan *plan, bool makes)
{
	enum pf_state worst = STATE_IN_SYNC;

	for (size_t i = 0; i < plan->n_steps; i++) {
		enum pf_state state = state_of_step(&plan->steps[i], makes);

		worst = state > worst ? state : worst;
	}
	return worst;
}

/* Whether the second of two steps of the same state tells more of it than the first: not what only
 * serves another, and what nobody can ask for before what takes a request. Where drivers wait it is
 * what they wait for. */
static bool tells_more(const struct plan *plan, const struct step *first, const struct step *second)
{
	if (step_is_requestable(first) != step_is_requestable(second))
		return step_is_requestable(first);
	if (step_is_auxiliary(first) != step_is_auxiliary(second))
		return step_is_auxiliary(first);
	return plan->holds_all && !step_is_before_driver(first) && step_is_before_driver(second);
}

static const struct step *find_telling(const struct plan *plan, bool makes, enum pf_state state)
{
	const struct step *found = NULL;

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		if (state_of_step(step, makes) == state &&
		    (!found || tells_more(plan, found, step)))
			found = step;
	}
	return found;
}

/* The most urgent of the remaining steps. */
static enum pf_state state_of_plan(const struct plan *plan, const struct pf *observed,
				   struct text *reason)
{
	const bool makes = makes_vfs(plan);
	enum pf_state worst = worst_of_plan(plan, makes);
	const struct step *told = worst == STATE_IN_SYNC ? NULL : find_telling(plan, makes, worst);
	size_t others = 0;

	for (size_t i = 0; told && i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		others += step != told && state_of_step(step, makes) == worst &&
			  !step_is_auxiliary(step);
	}
	if (told)
		describe_remaining(told, others, reason);
	if (told && step_is_requestable(told))
		text_printf(reason, "; 'sriovctl apply --disruptive %s' goes on",
			    pf_name(observed));
	return worst;
}

/* What the PF itself still lacks before all of its settings can be written. */
static const char *lack_of(const struct pf *pf, const struct plan *remaining)
{
	if (pf->settling)
		return "udev has not finished with its network device";
	if (!pf->driver)
		return "no driver is bound to it";
	if (remaining && remaining->awaits_eswitch)
		return "devlink does not know its eswitch yet";
	if (remaining && remaining->lacks_netdev)
		return "it has no network device in this network namespace";
	if (!remaining || !remaining->n_missing)
		return NULL;
	return "the driver does not report all of its VFs";
}

static void describe_ignoring(const struct rule *rule, struct text *reason)
{
	const struct origin *origin = rule->settings.value[PF_MODE].origin;

	text_append(reason, "rule '");
	text_append_quoted(reason, rule->name);
	text_printf(reason, "' ignores it (%s:%u)", origin->document->name, origin->line);
}

static void describe_bond(const struct pf *pf, const char *bond, struct text *reason)
{
	bool is_in = pf->bond.name && !strcmp(pf->bond.name, bond);

	text_clear(reason);
	text_append(reason, is_in ? "its bond " : "it is not in bond ");
	text_append_quoted(reason, bond);
	text_append(reason, is_in ? " is not up" : "");
	text_append(reason, "; no driver is let at its VFs before that");
}

/* Who waits for one VF, or one setting, does not expect that no VF of the PF has a driver. */
static void append_hold(const struct desired *desired, const struct pf *observed,
			const struct plan *remaining, struct text *reason)
{
	const char *until = remaining ? remaining->holds_all : NULL;

	if (!until && remaining && desired_is_observe_only(desired) && observed->drivers_held &&
	    plan_is_bare(remaining))
		until = "until they are as the rules say";
	if (until)
		text_printf(reason, "%sno driver is let at its VFs %s", reason->length ? "; " : "",
			    until);
}

enum pf_state state_of(const struct desired *desired, const struct pf *observed,
		       const struct plan *remaining, bool passive, struct text *reason)
{
	const char *lack;
	enum pf_state state;

	if (desired->ignored_by)
		describe_ignoring(desired->ignored_by, reason);
	if (!desired->n_rules || desired->ignored_by)
		return STATE_UNMANAGED;
	if (desired->undecided) {
		text_append(reason, desired->undecided);
		return STATE_WAITING;
	}
	lack = lack_of(observed, remaining);
	state = remaining ? state_of_plan(remaining, observed, reason) : STATE_IN_SYNC;
	if (state == STATE_DRIFTED && !passive)
		state = STATE_RETRYING;
	if (!lack && remaining && remaining->awaits_bond && state <= STATE_WAITING) {
		describe_bond(observed, remaining->awaits_bond, reason);
		return STATE_WAITING;
	}
	if (lack && state <= STATE_WAITING) {
		text_clear(reason);
		text_append(reason, lack);
		append_hold(desired, observed, remaining, reason);
		return STATE_WAITING;
	}
	if (desired_problem(desired) && state < STATE_DEGRADED) {
		text_clear(reason);
		text_append(reason, desired_problem(desired)->message);
		return STATE_DEGRADED;
	}
	append_hold(desired, observed, remaining, reason);
	return state;
}
