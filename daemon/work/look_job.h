/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A look at a PF, at who uses its VFs and at who else is told to set it up, in a thread of its own;
 * it changes nothing. */

#include "model/pf.h"
#include "work/workers.h"

/* What was seen. */
struct look {
	struct pf *pf;	     /* to be taken over; NULL if there was an error */
	struct names rivals; /* other programs that are told to set up VFs; in the PF's arena */
	bool has_rivals;     /* it could be found out */
	int error;	     /* -errno, or 0 */
};

/* root is a prefix of the paths of other programs' files, or NULL; it must outlive the job. done()
 * is called in the event loop's thread. Returns 0 or -errno; on failure done() is not called. */
int look_job_start(struct workers *workers, const char *handle, const char *root,
		   void (*done)(void *context, const char *handle, const struct look *look),
		   void *context);
