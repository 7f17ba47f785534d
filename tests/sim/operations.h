/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A table of operations (operations.txt), done on a PF of any kernel. */

#include <stdio.h>

#include "kernel/kernel.h"

/* Where it is done. */
struct stage {
	struct kernel *kernel;
	const char *handle;
	void (*wait)(void *context, unsigned seconds);
	void *context;
};

/* Does what the section has and prints a row for each: "operation | result | what reads back".
 * 0, or -errno where the table is wrong or the PF cannot be looked at. */
int operations_run(const struct stage *stage, FILE *table, const char *section, FILE *out);
