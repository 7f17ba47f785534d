/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the functions that resolve a policy share. Private to lib/policy. */

#include "model/host.h"
#include "model/pf.h"
#include "policy/desired.h"
#include "policy/segment.h"
#include "util/arena.h"

struct resolver {
	const struct host *host; /* may be NULL */
	const struct pf *observed;
	struct desired *desired;
	struct arena *arena; /* of desired->pf */
	size_t rules_capacity, problems_capacity;
	bool count_refused; /* vfs was asked for and is left out */
	uint32_t asked;	    /* so many VFs, and the card cannot have them; 0: it can */
};

/* Notes a problem, unless the last one was the same. message lives in the resolver's arena; NULL,
 * out of memory, is passed on. Returns 0 or -ENOMEM. */
int resolver_problem(struct resolver *resolver, const struct origin *origin, const char *message);

/* The same of what is in force all the same. */
int resolver_remark(struct resolver *resolver, const struct origin *origin, const char *message);

/* Fills the VFs of the desired PF, whose own settings are resolved. Returns 0 or -ENOMEM. */
int resolve_vfs(struct resolver *resolver);
/* Tells what is wanted of network devices that there will never be, and leaves it out: of the PF,
 * and of its VFs. Return 0 or -ENOMEM. */
int resolve_netdev(struct resolver *resolver);
int resolve_netdev_vfs(struct resolver *resolver, struct segments *segments);
/* Tells what of them the PF's driver would not carry out, and leaves out what it cannot be told
 * now. Returns 0 or -ENOMEM. */
int resolve_driver(struct resolver *resolver);
/* Tells which VFs are there and can do nothing, as long as nobody sets them online. Returns 0 or
 * -ENOMEM. */
int resolve_offline(struct resolver *resolver);
