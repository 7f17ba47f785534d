/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "work/look_job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "foreign/rival.h"
#include "kernel/linux.h"

struct look_job {
	char *handle;
	const char *root;
	void (*done)(void *context, const char *handle, const struct look *look);
	void *context;
	struct look look;
};

static void free_job(struct look_job *job)
{
	free(job->handle);
	free(job);
}

/* Who uses VFs, and who else sets them up, may be hard to find out: the rest was seen all the same.
 */
static void run_job(void *context)
{
	struct look_job *job = context;
	struct look *look = &job->look;
	struct kernel *kernel;

	look->error = kernel_linux_new(&kernel);
	if (look->error < 0)
		return;
	look->error = kernel->observe(kernel, job->handle, &look->pf);
	if (look->error >= 0) {
		(void)kernel->find_holders(kernel, look->pf, KERNEL_ALL_VFS);
		look->has_rivals =
			rival_find(job->root, look->pf, look->pf->arena, &look->rivals) >= 0;
	}
	kernel_free(kernel);
}

static void finish_job(void *context)
{
	struct look_job *job = context;

	job->done(job->context, job->handle, &job->look);
	free_job(job);
}

int look_job_start(struct workers *workers, const char *handle, const char *root,
		   void (*done)(void *context, const char *handle, const struct look *look),
		   void *context)
{
	struct look_job *job = calloc(1, sizeof(*job));
	int r;

	if (!job)
		return -ENOMEM;
	*job = (struct look_job){
		.handle = strdup(handle), .root = root, .done = done, .context = context
	};
	r = job->handle ? workers_start(workers, run_job, finish_job, job) : -ENOMEM;
	if (r < 0)
		free_job(job);
	return r;
}
