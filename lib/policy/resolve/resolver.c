/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/resolve/resolver.h"

#include <errno.h>
#include <string.h>

static bool is_last_problem(const struct desired *desired, const struct origin *origin,
			    const char *message)
{
	const struct problem *last;

	if (!desired->n_problems)
		return false;
	last = &desired->problems[desired->n_problems - 1];
	return last->origin.document == origin->document && last->origin.line == origin->line &&
	       last->origin.column == origin->column && strcmp(last->message, message) == 0;
}

static int add(struct resolver *resolver, const struct origin *origin, const char *message,
	       bool remark)
{
	struct desired *desired = resolver->desired;
	int r;

	if (!message)
		return -ENOMEM;
	if (is_last_problem(desired, origin, message))
		return 0;
	r = arena_grow(resolver->arena, &desired->problems, desired->n_problems,
		       &resolver->problems_capacity, sizeof(*desired->problems));
	if (r < 0)
		return r;
	desired->problems[desired->n_problems++] = (struct problem){ *origin, message, remark };
	return 0;
}

int resolver_problem(struct resolver *resolver, const struct origin *origin, const char *message)
{
	return add(resolver, origin, message, false);
}

int resolver_remark(struct resolver *resolver, const struct origin *origin, const char *message)
{
	return add(resolver, origin, message, true);
}
