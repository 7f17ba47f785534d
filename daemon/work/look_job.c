/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "work/look_job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/linux.h"

struct look_job {
	char *handle;
	void (*done)(void *context, const char *handle, struct pf *pf, int error);
	void *context;
	struct pf *pf;
	int error;
};

static void free_job(struct look_job *job)
{
	free(job->handle);
	free(job);
}

/* Who uses VFs may be hard to find out: the rest was seen all the same. */
static void run_job(void *context)
{
	struct look_job *job = context;
	struct kernel *kernel;

	job->error = kernel_linux_new(&kernel);
	if (job->error < 0)
		return;
	job->error = kernel->observe(kernel, job->handle, &job->pf);
	if (job->error >= 0)
		(void)kernel->find_holders(kernel, job->pf, KERNEL_ALL_VFS);
	kernel_free(kernel);
}

static void finish_job(void *context)
{
	struct look_job *job = context;

	job->done(job->context, job->handle, job->pf, job->error);
	free_job(job);
}

int look_job_start(struct workers *workers, const char *handle,
		   void (*done)(void *context, const char *handle, struct pf *pf, int error),
		   void *context)
{
	struct look_job *job = calloc(1, sizeof(*job));
	int r;

	if (!job)
		return -ENOMEM;
	*job = (struct look_job){ .handle = strdup(handle), .done = done, .context = context };
	r = job->handle ? workers_start(workers, run_job, finish_job, job) : -ENOMEM;
	if (r < 0)
		free_job(job);
	return r;
}
