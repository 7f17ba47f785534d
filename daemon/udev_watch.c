/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "udev_watch.h"

#include <errno.h>
#include <libudev.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/device/device.h"
#include "util/arena.h"

/* Enough for the burst that creating some hundred VFs makes. */
#define RECEIVE_BUFFER (4 << 20)

/* Events that are handled before the event loop looks at its other sources again: a pass that ends
 * in the midst of a burst is not to wait for the end of that. */
#define EVENTS_AT_ONCE 16

DEFINE_CLEANUP(struct udev_device *, udev_device_unref);

struct udev_watch {
	struct udev_watch_calls calls;
	void *context;
	struct udev *udev;
	struct udev_monitor *monitor;
	struct udev_queue *queue;
	sd_event_source *monitor_source;
	sd_event_source *queue_source;
};

static void handle_event(struct udev_watch *self, struct udev_device *device)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	const char *handle = NULL;

	if (arena_new(&arena) < 0 || device_handle_of(device, arena, &handle) < 0)
		self->calls.lost(self->context);
	else if (handle)
		self->calls.device(self->context, handle);
}

static void check_queue(struct udev_watch *self)
{
	if (self->queue && udev_watch_queue_is_empty(self))
		self->calls.queue_empty(self->context);
}

static int on_event(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct udev_watch *self = context;

	(void)source;
	(void)fd;
	(void)events;
	for (unsigned i = 0; i < EVENTS_AT_ONCE; i++) {
		CLEANUP(udev_device_unref_cleanup)
		struct udev_device *device = udev_monitor_receive_device(self->monitor);

		if (device)
			handle_event(self, device);
		else if (errno == ENOBUFS)
			self->calls.lost(self->context);
		else
			break;
	}
	check_queue(self);
	return 0;
}

static int on_queue(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct udev_watch *self = context;

	(void)source;
	(void)fd;
	(void)events;
	(void)udev_queue_flush(self->queue);
	check_queue(self);
	return 0;
}

static int watch_events(struct udev_watch *self, sd_event *event)
{
	static const char *const subsystems[] = { "net", "pci", "netdevsim" };
	int r;

	self->monitor = udev_monitor_new_from_netlink(self->udev, "udev");
	if (!self->monitor)
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(subsystems); i++) {
		r = udev_monitor_filter_add_match_subsystem_devtype(self->monitor, subsystems[i],
								    NULL);
		if (r < 0)
			return r;
	}
	/* Refused without CAP_NET_ADMIN; a smaller buffer only loses more often, and that is
	 * noticed. */
	(void)udev_monitor_set_receive_buffer_size(self->monitor, RECEIVE_BUFFER);
	r = udev_monitor_enable_receiving(self->monitor);
	if (r < 0)
		return r;
	r = sd_event_add_io(event, &self->monitor_source, udev_monitor_get_fd(self->monitor),
			    EPOLLIN, on_event, self);
	if (r >= 0)
		(void)sd_event_source_set_description(self->monitor_source, "udev");
	return r;
}

/* A host without udev has no queue, and nothing to wait for. */
static int watch_queue(struct udev_watch *self, sd_event *event)
{
	int fd, r;

	self->queue = udev_queue_new(self->udev);
	if (!self->queue)
		return -ENOMEM;
	fd = udev_queue_get_fd(self->queue);
	if (fd < 0)
		return 0;
	r = sd_event_add_io(event, &self->queue_source, fd, EPOLLIN, on_queue, self);
	if (r >= 0)
		(void)sd_event_source_set_description(self->queue_source, "udev-queue");
	return r;
}

int udev_watch_new(sd_event *event, const struct udev_watch_calls *calls, void *context,
		   struct udev_watch **ret)
{
	CLEANUP(udev_watch_free_cleanup) struct udev_watch *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	self->calls = *calls;
	self->context = context;
	self->udev = udev_new();
	if (!self->udev)
		return -ENOMEM;
	r = watch_events(self, event);
	if (r < 0)
		return r;
	r = watch_queue(self, event);
	if (r < 0)
		return r;
	*ret = TAKE(self);
	return 0;
}

void udev_watch_free(struct udev_watch *self)
{
	if (!self)
		return;
	udev_watch_forget_queue(self);
	sd_event_source_disable_unref(self->monitor_source);
	udev_monitor_unref(self->monitor);
	udev_unref(self->udev);
	free(self);
}

/* What udev is done with may still be on its way to us. */
static bool has_unread_events(const struct udev_watch *self)
{
	struct pollfd monitor = { .fd = udev_monitor_get_fd(self->monitor), .events = POLLIN };

	return poll(&monitor, 1, 0) > 0;
}

bool udev_watch_queue_is_empty(struct udev_watch *self)
{
	return !self->queue ||
	       (udev_queue_get_queue_is_empty(self->queue) && !has_unread_events(self));
}

void udev_watch_forget_queue(struct udev_watch *self)
{
	self->queue_source = sd_event_source_disable_unref(self->queue_source);
	self->queue = udev_queue_unref(self->queue);
}
