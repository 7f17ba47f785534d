/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Watches for devices that appear, change and go, as udev announces them once its rules have run.
 */

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "util/cleanup.h"

struct udev_watch;

struct udev_watch_calls {
	/* Something happened to the device with this handle: a PF, a VF that is about to go, or a
	 * device of another kind. */
	void (*device)(void *context, const char *handle);
	/* Events were lost: anything may have happened. */
	void (*lost)(void *context);
	/* udev's queue has run empty, and all that came of it was passed on; called only until
	 * udev_watch_forget_queue(). */
	void (*queue_empty)(void *context);
};

/* Events are kept from now on; what was there before is for the caller to enumerate. */
int udev_watch_new(sd_event *event, const struct udev_watch_calls *calls, void *context,
		   struct udev_watch **ret);
void udev_watch_free(struct udev_watch *watch);
DEFINE_CLEANUP(struct udev_watch *, udev_watch_free);

/* Whether udev has nothing left to do, and all that it did was passed on. */
bool udev_watch_queue_is_empty(struct udev_watch *watch);
/* Stops watching the queue: it would wake us for each device of the host. */
void udev_watch_forget_queue(struct udev_watch *watch);
