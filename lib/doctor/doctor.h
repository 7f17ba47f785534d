/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* All checks of a host, by one table: facts, rules and plans to findings. A check is a row in
 * check_*.c. */

#include <stdbool.h>
#include <stddef.h>

#include "doctor/examined.h"
#include "doctor/finding.h"

/* What is known of a check, for the manual and for tests. */
struct doctor_check {
	const char *name;
	enum severity severity;
	const char *why;
	bool of_host; /* it is made once, and not of each PF */
};

/* Check number i, of the worst kind first, or false: there are not so many. */
bool doctor_check(size_t i, struct doctor_check *ret);

/* Makes all checks of that severity or a worse one. Findings and their strings live in arena. 0 or
 * -ENOMEM. */
int doctor_examine(const struct examined *examined, enum severity least, struct arena *arena,
		   struct findings *ret);
