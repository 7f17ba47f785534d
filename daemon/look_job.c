/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "look_job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/linux.h"

struct look {
	char *handle;
	void (*done)(void *context, const char *handle, struct pf *pf, int error);
	void *context;
	struct pf *pf;
	int error;
};

static void free_look(struct look *look)
{
	free(look->handle);
	free(look);
}

/* Who uses VFs may be hard to tell: the rest was seen all the same. */
static void run_look(void *job)
{
	struct look *look = job;
	struct kernel *kernel;

	look->error = kernel_linux_new(&kernel);
	if (look->error < 0)
		return;
	look->error = kernel->observe(kernel, look->handle, &look->pf);
	if (look->error >= 0)
		(void)kernel->find_holders(kernel, look->pf, KERNEL_ALL_VFS);
	kernel_free(kernel);
}

static void finish_look(void *job)
{
	struct look *look = job;

	look->done(look->context, look->handle, look->pf, look->error);
	free_look(look);
}

int look_start(struct workers *workers, const char *handle,
	       void (*done)(void *context, const char *handle, struct pf *pf, int error),
	       void *context)
{
	struct look *look = calloc(1, sizeof(*look));
	int r;

	if (!look)
		return -ENOMEM;
	*look = (struct look){ .handle = strdup(handle), .done = done, .context = context };
	r = look->handle ? workers_start(workers, run_look, finish_look, look) : -ENOMEM;
	if (r < 0)
		free_look(look);
	return r;
}
