/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What callers pass to methods, read piece by piece: nothing is copied, and no more is looked at
 * than there can be of use, however much was sent. */

#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

/* More PFs than a host has, and longer than any name or handle of one. */
#define ARGUMENTS_MAX_WORDS  256u
#define ARGUMENTS_MAX_LENGTH 255u

struct arguments {
	const char *words[ARGUMENTS_MAX_WORDS + 1]; /* the message's; with NULL after the last */
	size_t count;
	uint64_t wait_us; /* the option wait-usec, or 0 */
	uint64_t time_us; /* the argument of Pause() that is one, or 0 */
	int disruptive;	  /* the option of that name, or 0 */
};

/* Reads a sealed message of any shape that a method here has, ours or sd-bus's own. Returns 0, or
 * -errno with error set: -E2BIG for more words than can be meant. */
int arguments_read(sd_bus_message *message, struct arguments *ret, sd_bus_error *error);
