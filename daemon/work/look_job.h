/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A look at a PF and at who uses its VFs, in a thread of its own; it changes nothing. */

#include "model/pf.h"
#include "work/workers.h"

/* done() is called in the event loop's thread with what was seen, to be taken over, or NULL and the
 * error, -errno. Returns 0 or -errno; on failure done() is not called. */
int look_job_start(struct workers *workers, const char *handle,
		   void (*done)(void *context, const char *handle, struct pf *pf, int error),
		   void *context);
