/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the log says of passes: each thing once, VFs that share it in one line. */

#include "apply/pass.h"
#include "log.h"

/* Names of the rules that matched, for RULE= of the log: "a,b". */
void pass_log_rules(const struct desired *desired, struct text *out);
/* Logs what the pass did, as repairs where it put back what somebody else had changed, refusals
 * that were not logged before (they are marked in knowledge), and the state where it is news
 * (told.h). With quiet neither what was done nor what passes: that something is busy, or is waited
 * for. */
void pass_log_ended(struct log *log, const struct pass *pass, struct knowledge *knowledge,
		    bool repairs, bool quiet, bool state_is_news);
/* Logs that the PF is paused, or is no longer. */
void pass_log_pause(struct log *log, const struct pass *pass);
/* Logs that so many times within LOG_QUOTA_MS something was put back without a line of its own. */
void pass_log_left_out(struct log *log, const struct pass *pass, unsigned count);
/* Logs that a pass failed as a whole, and why. */
void pass_log_failed(struct log *log, const char *name, const char *why);
/* Logs that another program is told to set up VFs of the pass's PF. */
void pass_log_rival(struct log *log, const struct pass *pass, const char *rival);
