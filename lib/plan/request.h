/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is done on request only (disruption: on-request); private to plan/. */

#include "model/pf.h"
#include "plan/step.h"

struct knowledge;

/* Whether steps that disrupt anything wait for somebody to ask for them, and nobody has. knowledge
 * may be NULL. */
bool request_is_awaited(const struct pf *desired, const struct knowledge *knowledge);
/* Whether the step does, were it not blocked or refused: not what makes the VFs that the PF owes
 * since an earlier request. */
bool request_concerns(const struct pf *desired, const struct pf *observed,
		      const struct knowledge *knowledge, const struct step *step);
/* Whether the step does. What is refused for good does not: to ask would not help. */
bool request_is_awaited_for(const struct pf *desired, const struct pf *observed,
			    const struct knowledge *knowledge, const struct step *step);
/* Blocks the step if it does, and nothing else blocks it. */
void request_block(const struct pf *desired, const struct pf *observed,
		   const struct knowledge *knowledge, struct step *step);
/* What is to be noted before VFs are destroyed for others. */
void request_note_owed(const struct pf *desired, struct step *destroy);
