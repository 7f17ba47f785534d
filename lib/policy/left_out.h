/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The files of a policy that do not count on a host, and why. */

#include <stddef.h>

#include "model/host.h"
#include "policy/policy.h"
#include "util/arena.h"

struct left_out_list {
	struct left_out *items; /* masked files first, then in file order */
	size_t count;
};

/* The files of the policy that are masked or for other hosts. The list and its strings live in
 * arena, documents in the policy. 0 or -ENOMEM. */
int left_out_find(const struct policy *policy, const struct host *host, struct arena *arena,
		  struct left_out_list *ret);
