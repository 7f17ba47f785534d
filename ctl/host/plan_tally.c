/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/plan_tally.h"

#include "memory.h"
#include "policy/desired.h"
#include "print/json.h"
#include "report/pf.h"
#include "report/steps.h"

/* Whether a PF in that state will not be as its rules say by what can be done now. */
static bool cannot_be(enum pf_state state)
{
	return state == STATE_DEGRADED || state == STATE_WAITING;
}

static void count_steps(const struct picked_pf *picked, struct plan_tally *tally)
{
	const struct plan *plan = picked->pass->remaining;

	if (desired_is_observe_only(picked->pass->desired))
		return;
	tally->degraded += cannot_be(picked->pass->state);
	if (!plan)
		return;
	for (size_t i = 0; i < plan->n_steps; i++)
		if (!plan->steps[i].block.why && !plan->steps[i].refused &&
		    step_is_unseen(&plan->steps[i]))
			tally->blind++;
	tally->ready += plan->n_ready;
	tally->blocked += plan->n_blocked - plan->n_requestable;
	tally->requestable += plan->n_requestable;
	tally->refused += plan->n_refused;
}

struct plan_tally plan_tally_of(const struct passes *passes)
{
	struct plan_tally tally = { 0 };

	for (size_t i = 0; i < passes->count; i++)
		count_steps(&passes->items[i], &tally);
	tally.ready -= tally.blind;
	return tally;
}

enum verdict plan_tally_verdict(const struct plan_tally *tally)
{
	if (tally->blocked)
		return VERDICT_BLOCKED;
	return tally->ready || tally->requestable || tally->degraded ? VERDICT_PENDING : VERDICT_OK;
}

struct json_object *plan_tally_pfs_json(const struct passes *passes)
{
	struct json_object *pfs = json_new_array();

	for (size_t i = 0; i < passes->count; i++) {
		const struct picked_pf *picked = &passes->items[i];
		struct json_object *pf = passes_pf_json(picked);

		if (picked->pass->state == STATE_DRIFTED &&
		    !desired_is_observe_only(picked->pass->desired))
			json_set_text(pf, "state",
				      "pending"); /* as its host is, and the exit code */
		json_set(pf, "steps", MEMORY_REQUIRE(report_steps(picked->pass)));
		json_append(pfs, pf);
	}
	return pfs;
}
