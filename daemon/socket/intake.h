/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Reads what comes from the bus, a bounded piece in each turn of the event loop, and hands it on
 * cut short (socket/cutter.h). */

#include <systemd/sd-event.h>

#include "util/cleanup.h"

struct intake;

/* Takes bus over, a connected socket. *ret_fd, which is the caller's, is where to read what is left
 * of it; it ends when the bus does. No descriptors come with it. 0 or -errno. */
int intake_new(sd_event *event, int64_t priority, int bus, struct intake **ret, int *ret_fd);
void intake_free(struct intake *intake);
DEFINE_CLEANUP(struct intake *, intake_free);
