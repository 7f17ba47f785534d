/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A pass in a thread of its own, with a kernel of the PF's own: one that hangs hangs alone. */

#include "pf/reconciler.h"
#include "work/workers.h"

struct pass_job_options {
	struct policy *policy; /* referenced while the job runs */
	const char *lock_dir;  /* these four must outlive the job */
	struct ending *ending;
	const char *root; /* prefix of the paths of other programs' files, or NULL */
	void *context;
	/* In the event loop's thread: the pass, to be taken over, or NULL and the error, as of
	 * pass_run(). */
	void (*done)(void *context, struct reconciler *reconciler, struct pass *pass, int error);
};

/* Starts a pass of the reconciler. Returns 0 or -errno; on failure reconciler_finish() was called,
 * and done() is not. */
int pass_job_start(struct workers *workers, struct reconciler *reconciler,
		   const struct pass_job_options *options, uint64_t now);
