/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The exit codes of sriovctl(1), and which of two counts. */

enum verdict {
	VERDICT_OK = 0,
	VERDICT_FAILED = 1,
	VERDICT_USAGE = 2, /* bad usage or bad policy; nothing was touched */
	VERDICT_PENDING = 3,
	VERDICT_BLOCKED = 4,
};

/* The verdict of two things together: bad usage, then blocked, then failed, then pending. */
static inline enum verdict verdict_worst(enum verdict a, enum verdict b)
{
	static const int weight[] = {
		[VERDICT_OK] = 0,      [VERDICT_PENDING] = 1, [VERDICT_FAILED] = 2,
		[VERDICT_BLOCKED] = 3, [VERDICT_USAGE] = 4,
	};

	return weight[a] >= weight[b] ? a : b;
}
