/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A pause without a daemon, who finds its note once it starts. */

#include "util/arena.h"
#include "verdict.h"

struct options;

/* Pauses the PF that the first operand names, or with 0 ends that, and waits until nobody else is
 * at work on it. Gives its name, and until when by the note, NULL: it is not paused; both live in
 * arena. Prints what is wrong to standard error. */
enum verdict pause_direct(const struct options *options, unsigned seconds, struct arena *arena,
			  const char **ret_name, const char **ret_until);
