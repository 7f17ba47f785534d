/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* unbind HANDLE take|give: takes the drivers off all VFs of a PF, as for another eswitch mode of
 * cards that no emulation has; lets them back. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel/linux.h"

DEFINE_CLEANUP(struct kernel *, kernel_free);

static int take(struct kernel *kernel, const struct pf *pf)
{
	int r = kernel->hold_drivers(kernel, pf);

	return r < 0 ? r : kernel->unbind_vfs(kernel, pf);
}

static int run(const char *handle, const char *verb)
{
	CLEANUP(kernel_free_cleanup) struct kernel *kernel = NULL;
	CLEANUP(pf_free_cleanup) struct pf *pf = NULL;
	int r = kernel_linux_new(&kernel);

	if (r >= 0)
		r = kernel->observe(kernel, handle, &pf);
	if (r < 0)
		return r;
	return strcmp(verb, "take") ? kernel->release_drivers(kernel, pf) : take(kernel, pf);
}

int main(int argc, char **argv)
{
	int r = argc == 3 ? run(argv[1], argv[2]) : -EINVAL;

	if (r < 0)
		(void)fprintf(stderr, "unbind: %s\n", strerror(-r));
	return r < 0;
}
