/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Runs calls that may block in threads of their own, so that a kernel that hangs does not hang the
 * event loop. */

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "util/cleanup.h"

struct workers;

int workers_new(sd_event *event, struct workers **ret);
/* Must not be called while workers_busy(). */
void workers_free(struct workers *workers);
DEFINE_CLEANUP(struct workers *, workers_free);

/* Calls run(job) in a thread, then done(job) in the thread of the event loop. 0 or -errno; on
 * failure neither is called. */
int workers_start(struct workers *workers, void (*run)(void *job), void (*done)(void *job),
		  void *job);
/* Whether a thread still runs. */
bool workers_busy(const struct workers *workers);
