/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/rivals.h"

#include <errno.h>
#include <string.h>

#include "pf/pass_log.h"

void rivals_clear(struct rivals *self)
{
	arena_free(self->arena);
	*self = (struct rivals){ 0 };
}

static bool has_name(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->items[i], name))
			return true;
	return false;
}

/* Those of the pass go with it. */
static int copy_names(const struct names *names, struct arena *arena, struct names *ret)
{
	struct names copy = { arena_array(arena, names->count + 1, sizeof(*copy.items)), 0 };

	if (!copy.items)
		return -ENOMEM;
	for (; copy.count < names->count; copy.count++) {
		copy.items[copy.count] = arena_strdup(arena, names->items[copy.count]);
		if (!copy.items[copy.count])
			return -ENOMEM;
	}
	*ret = copy;
	return 0;
}

void rivals_begin(struct rivals *self)
{
	self->asked = self->wanted;
	self->wanted = false;
}

static void keep(struct rivals *self, const struct pass *pass, struct log *log)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;

	for (size_t i = 0; i < pass->rivals.count; i++)
		if (!has_name(&self->names, pass->rivals.items[i]))
			pass_log_rival(log, pass, pass->rivals.items[i]);
	if (arena_new(&arena) < 0 || copy_names(&pass->rivals, arena, &self->names) < 0)
		return;
	arena_free(self->arena);
	self->arena = TAKE(arena);
}

void rivals_end(struct rivals *self, const struct pass *pass, struct log *log)
{
	if (pass && pass->has_rivals)
		keep(self, pass, log);
	else
		self->wanted = self->wanted || self->asked;
	self->asked = false;
}

const struct names *rivals_known(const struct rivals *self)
{
	return self->arena ? &self->names : NULL;
}
