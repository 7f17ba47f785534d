/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The states that a PF can be in. It is in one at a time: the most urgent that holds. */

/* In order of urgency, which is compared with < and >: exit codes and levels of the log follow from
 * it. A new state belongs in its place among them. Up to STATE_IN_SYNC all is well. */
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
/* The state of that name, which may be NULL; STATE_COUNT where there is none: who says it may be a
 * newer version. */
enum pf_state pf_state_by_name(const char *name);
