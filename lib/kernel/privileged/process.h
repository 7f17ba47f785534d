/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Processes, by the device nodes that they have open. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/arena.h"

struct opener {
	dev_t node;	  /* which is asked about */
	const char *name; /* of a process that has it open: "qemu-system-x86 (pid 4711)", or NULL */
};

/* Names a process for each node that one has open, whatever the node is called there, and so in
 * containers too. proc is a directory as /proc.
 *
 * 0: nobody has the nodes without a name open. -EACCES, -EPERM: some process must not be looked
 * into, or that of number 1 is not even seen, so one of these may have a node without a name open;
 * what was found stands. It takes CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH. -EMFILE, -ENOMEM and
 * other errors likewise; and -ETIMEDOUT, where looking took budget_ms: users may have millions of
 * descriptors. */
int process_find_openers(const char *proc, struct opener *openers, size_t count, uint64_t budget_ms,
			 struct arena *arena);

/* Calls the process of that number by its name and the number, printable and UTF-8 whatever it
 * calls itself; NULL when out of memory. */
const char *process_describe(const char *proc, const char *pid, struct arena *arena);
