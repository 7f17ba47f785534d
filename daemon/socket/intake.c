/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "socket/intake.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "socket/cutter.h"
#include "util/fd.h"

/* A piece that is read at once. */
#define PIECE (64u << 10)

struct intake {
	int bus, reader; /* and our end of what reads it */
	sd_event_source *bus_source, *reader_source;
	struct cutter cutter;
	char in[PIECE], out[PIECE + CUTTER_FIXED_SIZE];
	size_t begin, end; /* what of out was not handed on yet */
};

/* Waits for more to come, or else until what has come can be handed on. */
static int wait_for(struct intake *self, bool more)
{
	int r = sd_event_source_set_enabled(self->bus_source, more ? SD_EVENT_ON : SD_EVENT_OFF);

	return r < 0 ? r
		     : sd_event_source_set_enabled(self->reader_source,
						   more ? SD_EVENT_OFF : SD_EVENT_ON);
}

/* Who reads it sees the end. */
static int close_reader(struct intake *self)
{
	self->bus_source = sd_event_source_disable_unref(self->bus_source);
	self->reader_source = sd_event_source_disable_unref(self->reader_source);
	(void)shutdown(self->reader, SHUT_RDWR);
	return 0;
}

static int hand_on(struct intake *self)
{
	while (self->begin < self->end) {
		ssize_t n = send(self->reader, self->out + self->begin, self->end - self->begin,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN)
			return wait_for(self, false);
		if (n < 0)
			return close_reader(self);
		self->begin += (size_t)n;
	}
	return wait_for(self, true);
}

static int on_bus(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct intake *self = context;
	ssize_t n = recv(fd, self->in, sizeof(self->in), MSG_DONTWAIT);

	(void)source;
	(void)events;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	self->begin = 0;
	if (n <= 0 || cutter_feed(&self->cutter, self->in, (size_t)n, self->out, &self->end) < 0)
		return close_reader(self);
	return hand_on(self);
}

static int on_reader(sd_event_source *source, int fd, uint32_t events, void *context)
{
	(void)source;
	(void)fd;
	(void)events;
	return hand_on(context);
}

static int add_source(sd_event *event, int64_t priority, int fd, uint32_t events,
		      sd_event_io_handler_t handler, struct intake *self, sd_event_source **ret)
{
	int r = sd_event_add_io(event, ret, fd, events, handler, self);

	if (r >= 0)
		r = sd_event_source_set_priority(*ret, priority);
	if (r >= 0)
		(void)sd_event_source_set_description(*ret, "bus-intake");
	return r;
}

static int begin(struct intake *self, sd_event *event, int64_t priority)
{
	int r = add_source(event, priority, self->bus, EPOLLIN, on_bus, self, &self->bus_source);

	if (r >= 0)
		r = add_source(event, priority, self->reader, EPOLLOUT, on_reader, self,
			       &self->reader_source);
	return r < 0 ? r : wait_for(self, true);
}

int intake_new(sd_event *event, int64_t priority, int bus, struct intake **ret, int *ret_fd)
{
	CLEANUP(intake_free_cleanup) struct intake *self = calloc(1, sizeof(*self));
	int pair[2], r;

	if (!self) {
		(void)close(bus);
		return -ENOMEM;
	}
	self->bus = bus;
	self->reader = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
		return -errno;
	self->reader = pair[0];
	r = begin(self, event, priority);
	if (r < 0) {
		(void)close(pair[1]);
		return r;
	}
	*ret = TAKE(self);
	*ret_fd = pair[1];
	return 0;
}

void intake_free(struct intake *self)
{
	if (!self)
		return;
	sd_event_source_disable_unref(self->bus_source);
	sd_event_source_disable_unref(self->reader_source);
	fd_cleanup(&self->bus);
	fd_cleanup(&self->reader);
	free(self);
}
