/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How many entries of a kind are logged one by one: the first of an hour. Those after them are
 * counted. Times are in milliseconds of any steady clock. */

#include <stdbool.h>
#include <stdint.h>

#define LOG_QUOTA_ENTRIES 20
#define LOG_QUOTA_MS	  3600000

/* Initialise with { 0 }. */
struct log_quota {
	uint64_t since; /* of the first entry of the hour */
	unsigned taken, left_out;
};

/* To be called before an entry may be taken, and now and then: where an hour is over begins anew,
 * and returns how many entries were left out in it. Else 0. */
unsigned log_quota_renew(struct log_quota *quota, uint64_t now);
/* Whether the entry is to be logged; it is counted if not, so also if nobody wants it to be. */
bool log_quota_take(struct log_quota *quota, bool wanted, uint64_t now);
