/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/request.h"

#include "plan/knowledge.h"

bool request_is_awaited(const struct pf *desired, const struct knowledge *knowledge)
{
	const struct value *when = VALUES_GET(&desired->settings, PF_DISRUPTION);

	/* What is only observed would not be done on request either. */
	if (!when || when->number != DISRUPTION_ON_REQUEST || pf_is_observe_only(desired))
		return false;
	return !knowledge || !knowledge_is_requested(knowledge);
}

bool request_is_awaited_for(const struct pf *desired, const struct knowledge *knowledge,
			    const struct step *step)
{
	return step->disruption != DISRUPTS_NOTHING && !step->refused &&
	       step->block.by != BLOCKED_BY_POLICY && request_is_awaited(desired, knowledge);
}

void request_block(const struct pf *desired, const struct knowledge *knowledge, struct step *step)
{
	static const struct block block = { "waits for request", BLOCKED_BY_REQUEST };

	if (!step->block.why && request_is_awaited_for(desired, knowledge, step))
		step->block = block;
}
