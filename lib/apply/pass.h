/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One pass over one PF: observe, resolve, plan, apply, verify, until nothing is left that can be
 * done now. The daemon, "sriovd --once", "sriovctl apply", "plan" and "status" all run this. */

#include <stdbool.h>
#include <stddef.h>

#include "apply/action.h"
#include "model/host.h"
#include "model/pf_state.h"
#include "plan/knowledge.h"
#include "plan/plan.h"
#include "policy/desired.h"
#include "policy/policy.h"

struct ending;
struct kernel;
struct lock_waiter;
struct text;
struct turns;

/* VFs, their settings, their devices, drivers, network devices, and what a driver adds on its own:
 * a pass that is not done by then goes on at the next one. */
#define PASS_ROUNDS_MAX 8

struct pass {
	enum pf_state state;
	const char *reason;    /* why it is in that state, in one line; "" if in sync */
	struct policy *policy; /* whose rules and origins desired points to */
	struct desired *desired;
	struct pf *observed;	/* as the kernel was at the end */
	struct plan *remaining; /* what differs still */
	struct actions actions; /* what was tried, in order; none for a dry run */
	/* Other programs that are told to set up VFs of the PF, a sentence each: for whoever runs
	 * the pass to fill in, if he asks. */
	struct names rivals;
	bool has_rivals;
	/* How many of the actions were of another PF at this place, and of VFs that are gone. */
	size_t of_other_pf, of_other_vfs;
	uint64_t instance, vf_instance; /* as at the latest look that told them */
	bool dry;			/* as the options said */
	bool begun_paused;		/* the PF was paused when it was looked at first */
	bool paused;			/* it is, and so nothing is written to it */
	bool passive;			/* nothing is: a dry run, or pass_only_looks() */
	struct arena *arena;
};

struct pass_options {
	bool dry;	      /* observe and plan only */
	const char *lock_dir; /* where the lock of each PF is; NULL: lock nothing */
	struct turns *turns;  /* of writing numbers of VFs; NULL: by a lock in lock_dir */
	const struct lock_waiter *lock_waiter; /* may be NULL */
	struct ending *ending;		       /* of the process; NULL: it does not end */
	struct text
		*failure; /* is told what failed where the -errno does not say it; may be NULL */
};

/* At most PASS_ROUNDS_MAX times, while there are steps that can be done now: does these, looks
 * again and learns. knowledge is updated. Returns 0 whatever became of the steps; -ENODEV if the PF
 * is gone, -ENOMEM, or the -errno of a failed look. */
int pass_run(struct kernel *kernel, struct policy *policy, const struct host *host,
	     const char *handle, struct knowledge *knowledge, const struct pass_options *options,
	     struct pass **ret);
/* The same without a kernel, for an observed PF of an inventory; always dry. knowledge may be NULL.
 * Takes over observed, unless it fails.
 */
int pass_plan(struct policy *policy, const struct host *host, struct pf *observed,
	      struct knowledge *knowledge, struct pass **ret);
/* Whether what differs stays as it is: its rules ask only to look (mode: observe), or it is paused.
 */
bool pass_only_looks(const struct pass *pass);
/* Whether it matters who else is told to set up the PF, and can be found out: not of one that no
 * rule matches or that is only observed, nor before udev is done with its network device. */
bool pass_asks_rivals(const struct pass *pass);
/* Whether it was the PF's turn to have its number of VFs written. */
bool pass_had_turn(const struct pass *pass);
void pass_free(struct pass *pass);
DEFINE_CLEANUP(struct pass *, pass_free);
