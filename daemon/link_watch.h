/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Watches network devices for changes, by rtnetlink. A change of a VF's settings shows as one of
 * its PF, while that is up. */

#include <systemd/sd-event.h>

#include "util/cleanup.h"

struct link_watch;

/* changed() gets the index of the network device that changed, or 0 if any may have: notifications
 * were lost. */
int link_watch_new(sd_event *event, void (*changed)(void *context, unsigned ifindex), void *context,
		   struct link_watch **ret);
void link_watch_free(struct link_watch *watch);
DEFINE_CLEANUP(struct link_watch *, link_watch_free);
