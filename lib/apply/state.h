/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The one state that a PF is in. */

#include "util/text.h"

struct pass;

enum pf_state {
	STATE_UNMANAGED, /* no rule matches it */
	STATE_IN_SYNC,
	STATE_APPLYING,
	STATE_DRIFTED,	/* it differs and nothing is done about it: mode observe, or a dry run */
	STATE_DEGRADED, /* some settings are refused or unsupported */
	STATE_RETRYING,
	STATE_WAITING, /* for a link, VFs or a driver */
	STATE_CONTESTED,
	STATE_BLOCKED, /* a guard forbids a step */
	STATE_STUCK,
	STATE_ABSENT, /* there is no such PF */
	STATE_COUNT,
};

const char *pf_state_name(enum pf_state state); /* "in-sync" */

/* The state that a pass leaves a PF in, the most urgent that holds, and why, in one line. */
enum pf_state state_of_pass(const struct pass *pass, struct text *reason);
