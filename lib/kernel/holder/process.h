/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Processes, by what they have open. */

#include "util/arena.h"

/* A file and a process that has it open. */
struct opener {
	const char *path;
	const char *process; /* "qemu-system-x86 (pid 4711)" */
};

/* Every file whose path begins with prefix and that some process has open, as far as we may see
 * what processes have open. 0 or -ENOMEM. */
int process_find_openers(const char *prefix, struct arena *arena, struct opener **ret,
			 size_t *ret_count);
