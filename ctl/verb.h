/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a word on the command line does: one file a verb, each with one of these. */

#include <stddef.h>

#include "options.h"

/* The exit codes of sriovctl(1). */
enum verdict {
	VERDICT_OK = 0,
	VERDICT_FAILED = 1,
	VERDICT_USAGE = 2, /* bad usage or bad policy; nothing was touched */
	VERDICT_PENDING = 3,
	VERDICT_BLOCKED = 4,
};

struct verb {
	const char *name;
	const char *operands; /* for the synopsis: "[PF...]", or NULL */
	const char *summary;
	unsigned options; /* bit per enum option_id, besides those that all verbs take */
	unsigned without; /* of those that all take: not this one */
	size_t operands_min, operands_max;
	enum verdict (*run)(const struct options *options);
};

extern const struct verb verb_apply, verb_check, verb_explain, verb_inventory, verb_list,
	verb_monitor, verb_plan, verb_reload, verb_resync, verb_status;

/* The verdict of two things together: blocked, then failed, then pending. */
static inline enum verdict verdict_worst(enum verdict a, enum verdict b)
{
	static const int weight[] = {
		[VERDICT_OK] = 0,      [VERDICT_PENDING] = 1, [VERDICT_FAILED] = 2,
		[VERDICT_BLOCKED] = 3, [VERDICT_USAGE] = 4,
	};

	return weight[a] >= weight[b] ? a : b;
}
