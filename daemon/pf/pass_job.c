/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/pass_job.h"

#include <errno.h>
#include <stdlib.h>

#include "apply/lock.h"
#include "foreign/rival.h"
#include "kernel/linux.h"
#include "work/watched_kernel.h"

struct pass_job {
	struct pass_job_options options;
	struct reconciler *reconciler;
	struct knowledge *knowledge;
	bool wants_rivals;
	struct pass *pass;
	int error;
	struct text failure; /* as of pass_run() */
};

static void free_job(struct pass_job *job)
{
	policy_free(job->options.policy);
	text_clear(&job->failure);
	free(job);
}

/* Waiting for another process is a call as well: if that process hangs, this one does. */
static void note_lock(void *context, pid_t holder)
{
	struct pass_job *job = context;

	watched_kernel_note(reconciler_call_note(job->reconciler),
			    "waiting for the lock, held by process %d", (int)holder);
}

static int open_kernel(struct pass_job *job, struct kernel **slot)
{
	struct kernel *kernel;
	int r = kernel_linux_new(&kernel);

	if (r < 0)
		return r;
	r = watched_kernel_new(kernel, reconciler_call_note(job->reconciler), slot);
	if (r < 0)
		kernel_free(kernel);
	return r;
}

/* Files can hang as well as drivers. */
static void find_rivals(struct pass_job *job)
{
	struct pass *pass = job->pass;
	struct call_note *note = reconciler_call_note(job->reconciler);

	if (!pass_asks_rivals(pass))
		return;
	watched_kernel_note(note, "reading what other programs are told");
	pass->has_rivals =
		rival_find(job->options.root, pass->observed, pass->arena, &pass->rivals) >= 0;
	call_note_end(note);
}

static void run_job(void *context)
{
	struct pass_job *job = context;
	const struct lock_waiter waiter = { note_lock, job };
	const struct pass_options options = {
		.lock_dir = job->options.lock_dir,
		.lock_waiter = &waiter,
		.ending = job->options.ending,
		.failure = &job->failure,
	};
	struct kernel **kernel = reconciler_kernel(job->reconciler);

	/* It stays open for the next pass. */
	if (!*kernel)
		job->error = open_kernel(job, kernel);
	if (job->error >= 0)
		job->error = pass_run(*kernel, job->options.policy, &job->options.policy->host,
				      reconciler_handle(job->reconciler), job->knowledge, &options,
				      &job->pass);
	if (job->error >= 0 && job->wants_rivals)
		find_rivals(job);
}

/* The sandbox has all but the directory itself read-only, which systemd makes at each start. */
static void note_failure(struct pass_job *job)
{
	if (job->error == -EROFS)
		text_printf(&job->failure, ": 'systemctl restart sriovd' makes %s again",
			    job->options.lock_dir);
	reconciler_note_failure(job->reconciler, text_string(&job->failure));
}

static void finish_job(void *context)
{
	struct pass_job *job = context;

	/* After an error nothing is built on it. */
	if (job->error < 0)
		kernel_free(TAKE(*reconciler_kernel(job->reconciler)));
	if (job->failure.length)
		note_failure(job);
	job->options.done(job->options.context, job->reconciler, job->pass, job->error);
	free_job(job);
}

int pass_job_start(struct workers *workers, struct reconciler *reconciler,
		   const struct pass_job_options *options, uint64_t now)
{
	struct knowledge *knowledge = reconciler_start(reconciler, now);
	struct pass_job *job = calloc(1, sizeof(*job));
	int r = -ENOMEM;

	if (job) {
		job->options = *options;
		(void)policy_ref(job->options.policy);
		job->reconciler = reconciler;
		job->knowledge = knowledge;
		job->wants_rivals = reconciler_wants_rivals(reconciler);
		r = workers_start(workers, run_job, finish_job, job);
	}
	if (r < 0) {
		(void)reconciler_finish(reconciler, NULL, r, now);
		if (job)
			free_job(job);
	}
	return r;
}
