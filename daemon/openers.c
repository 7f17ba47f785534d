/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sriovd-openers: writes which processes have VFs open through vfio to standard output, as
 * kernel/vfio_openers.h tells. sriovd-openers@.service says why this is a program. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/vfio_openers.h"

int main(void)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct opener *openers;
	size_t count;
	int r = arena_new(&arena);

	if (r >= 0)
		r = process_find_openers(VFIO_NODES, arena, &openers, &count);
	if (r >= 0)
		r = vfio_openers_tell(STDOUT_FILENO, openers, count);
	if (r < 0)
		(void)fprintf(stderr, "sriovd-openers: %s\n", strerror(-r));
	return r < 0;
}
