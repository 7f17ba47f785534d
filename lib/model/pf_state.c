/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/pf_state.h"

#include <string.h>

static const char *const names[STATE_COUNT] = {
	[STATE_UNMANAGED] = "unmanaged", [STATE_IN_SYNC] = "in-sync",
	[STATE_APPLYING] = "applying",	 [STATE_DRIFTED] = "drifted",
	[STATE_DEGRADED] = "degraded",	 [STATE_RETRYING] = "retrying",
	[STATE_WAITING] = "waiting",	 [STATE_CONTESTED] = "contested",
	[STATE_BLOCKED] = "blocked",	 [STATE_STUCK] = "stuck",
	[STATE_ABSENT] = "absent",
};

const char *pf_state_name(enum pf_state state)
{
	return names[state];
}

enum pf_state pf_state_by_name(const char *name)
{
	enum pf_state state = 0;

	while (state < STATE_COUNT && (!name || strcmp(names[state], name) != 0))
		state++;
	return state;
}
