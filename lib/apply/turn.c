/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/turn.h"

#include <errno.h>
#include <stdio.h>

#include "apply/lock.h"
#include "util/fd.h"

static int take(struct turns *turns, const struct pf *pf, struct kernel_error *ret_error)
{
	struct host_turns *self = (struct host_turns *)turns;
	char other[LOCK_NAME_SIZE];
	int r;

	if (self->fd >= 0)
		return 0;
	r = lock_try_vfs(self->directory, pf_name(pf), other, &self->fd);
	if (r == -EINPROGRESS)
		(void)snprintf(ret_error->message, sizeof(ret_error->message), "%s",
			       other[0] ? other : "another PF");
	return r;
}

static void end(struct turns *turns)
{
	struct host_turns *self = (struct host_turns *)turns;

	fd_cleanup(&self->fd);
	self->fd = -1;
}

void host_turns_init(struct host_turns *self, const char *directory)
{
	*self = (struct host_turns){ .turns = { take, end }, .directory = directory, .fd = -1 };
}
