/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Notices that the host has got another name: the kernel wakes who polls its file (hostname_poll in
 * kernel/utsname_sysctl.c). */

#include <systemd/sd-event.h>

#include "util/cleanup.h"

struct hostname_watch;

/* changed is called whenever the name was set. 0 or -errno; -ENOENT and the like where there is no
 * such file. */
int hostname_watch_new(sd_event *event, void (*changed)(void *context), void *context,
		       struct hostname_watch **ret);
void hostname_watch_free(struct hostname_watch *watch);
DEFINE_CLEANUP(struct hostname_watch *, hostname_watch_free);
