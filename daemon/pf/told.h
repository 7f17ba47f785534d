/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the log has of the state of a PF: each is told once, and so is what blocks it, since that
 * may become something else while it stays blocked: somebody else uses a VF by now. */

#include <stdbool.h>
#include <stdint.h>

#include "apply/pass.h"
#include "model/pf_state.h"
#include "pf/log_quota.h"
#include "util/text.h"

struct told {
	enum pf_state state;
	struct text blocked;   /* why it was so, the last time that it was told */
	struct log_quota news; /* of that alone */
	uint64_t pause;	       /* until when it is paused; 0: it is not */
};

/* Nothing of a PF that is being set up. */
void told_init(struct told *told);
void told_clear(struct told *told);
/* Whether it is to be logged that the PF is paused, or is no longer, which it is taken to be then.
 */
bool told_take_pause(struct told *told, const struct pass *pass);
/* Whether the state of the pass is to be logged, which it is taken to be then. With quiet it is not
 * where it passes: that something is busy, or is waited for. now: ms of any steady clock. */
bool told_take(struct told *told, const struct pass *pass, bool quiet, uint64_t now);
