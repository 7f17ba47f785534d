/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hostname_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "util/fd.h"

#define INTERVAL_USEC 1000000
#define BURST	      5

struct hostname_watch {
	sd_event_source *source;
	void (*changed)(void *context);
	void *context;
};

static int on_event(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct hostname_watch *self = context;

	(void)source, (void)fd, (void)events;
	self->changed(self->context);
	return 0;
}

int hostname_watch_new(sd_event *event, void (*changed)(void *context), void *context,
		       struct hostname_watch **ret)
{
	CLEANUP(hostname_watch_free_cleanup) struct hostname_watch *self = calloc(1, sizeof(*self));
	CLEANUP_FD int fd = -1;
	int r;

	if (!self)
		return -ENOMEM;
	self->changed = changed;
	self->context = context;
	fd = open("/proc/sys/kernel/hostname", O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	/* What it reports is EPOLLERR, of which epoll always tells; it can be read at any time. */
	r = sd_event_add_io(event, &self->source, fd, 0, on_event, self);
	if (r >= 0)
		r = sd_event_source_set_io_fd_own(self->source, true);
	if (r < 0)
		return r;
	fd = -1;
	/* Whoever has a UTS namespace of his own can set a name, and is heard here. */
	(void)sd_event_source_set_ratelimit(self->source, INTERVAL_USEC, BURST);
	(void)sd_event_source_set_description(self->source, "hostname");
	*ret = TAKE(self);
	return 0;
}

void hostname_watch_free(struct hostname_watch *self)
{
	if (!self)
		return;
	sd_event_source_disable_unref(self->source);
	free(self);
}
