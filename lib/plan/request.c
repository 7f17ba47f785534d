/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/request.h"

#include "plan/knowledge.h"

static bool is_on_request(const struct pf *desired)
{
	const struct value *when = VALUES_GET(&desired->settings, PF_DISRUPTION);

	return when && when->number == DISRUPTION_ON_REQUEST;
}

bool request_is_awaited(const struct pf *desired, const struct knowledge *knowledge)
{
	/* What is only observed would not be done on request either. */
	if (!is_on_request(desired) || pf_is_observe_only(desired))
		return false;
	return !knowledge || !knowledge_is_requested(knowledge);
}

/* Whether the step is what a request that has destroyed VFs is to end with. It was not for another
 * mode than the one that was wanted then. */
static bool is_owed(const struct pf *observed, const struct step *step)
{
	const struct owed_vfs *owed = &observed->owed_vfs;

	if (!pf_owes_vfs(observed))
		return false;
	switch (step->target.kind) {
	case STEP_CREATE_VFS:
		return true;
	case STEP_ESWITCH_MODE:
	case STEP_ESWITCH_MODE_WITH_VFS:
		return owed->with_mode && owed->mode == step->to.number;
	default:
		return false;
	}
}

bool request_concerns(const struct pf *desired, const struct pf *observed,
		      const struct knowledge *knowledge, const struct step *step)
{
	return step->disruption != DISRUPTS_NOTHING && request_is_awaited(desired, knowledge) &&
	       !is_owed(observed, step);
}

bool request_is_awaited_for(const struct pf *desired, const struct pf *observed,
			    const struct knowledge *knowledge, const struct step *step)
{
	return !step->refused && step->block.by != BLOCKED_BY_POLICY &&
	       request_concerns(desired, observed, knowledge, step);
}

static const char *why_of(const struct pf *observed, const struct step *step)
{
	const char *doubtful = observed->owed_vfs.doubtful, *why = NULL;

	if (doubtful && step->target.kind == STEP_CREATE_VFS && !observed->n_vfs)
		why = arena_printf(observed->arena,
				   "waits for request, since it cannot be told whether it belongs "
				   "to an earlier one (%s)",
				   doubtful);
	return why ? why : "waits for request";
}

void request_block(const struct pf *desired, const struct pf *observed,
		   const struct knowledge *knowledge, struct step *step)
{
	if (!step->block.why && request_is_awaited_for(desired, observed, knowledge, step))
		step->block = (struct block){ why_of(observed, step), BLOCKED_BY_REQUEST };
}

void request_note_owed(const struct pf *desired, struct step *destroy)
{
	/* Also where it is in that mode: some drivers leave it with their VFs. */
	const struct value *mode = VALUES_GET(&desired->settings, PF_ESWITCH_MODE);

	if (is_on_request(desired))
		destroy->owed = (struct owed_vfs){
			.owed = true,
			.with_mode = mode,
			.mode = mode ? (unsigned)mode->number : 0,
		};
}
