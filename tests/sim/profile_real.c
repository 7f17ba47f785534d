/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* profile-real HANDLE TABLE SECTION: does what a section of the table has on a real PF. The PF is
 * in the section's state already. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/linux.h"
#include "operations.h"

static void wait(void *context, unsigned seconds)
{
	(void)context;
	(void)sleep(seconds);
}

int main(int argc, char **argv)
{
	struct kernel *kernel;
	FILE *table;
	int r;

	if (argc != 4)
		return 2;
	table = fopen(argv[2], "r");
	if (!table)
		return 2;
	r = kernel_linux_new(&kernel);
	if (r >= 0) {
		const struct stage stage = { kernel, argv[1], wait, NULL };

		r = operations_run(&stage, table, argv[3], stdout);
		kernel_free(kernel);
	}
	(void)fclose(table);
	if (r < 0)
		(void)fprintf(stderr, "profile-real: %s\n", strerror(-r));
	return r < 0;
}
