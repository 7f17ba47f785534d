/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the log has of a PF. Each state is told once, and so is what blocks it, since that may
 * become something else while it stays blocked: somebody else uses a VF by now. What is put back
 * again and again is told one by one at first, and then by number: in a contest each round is like
 * the one before. */

#include <stdbool.h>
#include <stdint.h>

#include "apply/pass.h"
#include "log.h"
#include "model/pf_state.h"
#include "pf/correction.h"
#include "pf/log_quota.h"
#include "util/text.h"

struct told {
	enum pf_state state;
	struct text blocked;	      /* why it was so, the last time that it was told */
	struct log_quota news;	      /* of that alone */
	uint64_t pause;		      /* until when it is paused; 0: it is not */
	struct log_quota corrections; /* that are told one by one */
	uint64_t hushed_until;	      /* one was not, and what comes of it is not either */
};

/* Nothing of a PF that is being set up. */
void told_init(struct told *told);
void told_clear(struct told *told);
/* What comes of the next pass is told, whatever was not lately. */
void told_begin_anew(struct told *told);
/* A pass has ended, in which correction was put back, which may be none; contested: the PF is, and
 * was before it. now: ms of any steady clock. */
void told_pass(struct told *told, struct log *log, const struct pass *pass,
	       struct knowledge *knowledge, const struct correction *correction, bool contested,
	       uint64_t now);
