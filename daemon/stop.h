/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The end of the event loop: when no worker is busy any more, but in a bounded time: longer for a
 * pass that has destroyed VFs, which owes the next ones: nobody else would make them. */

#include "log.h"
#include "util/cleanup.h"
#include "work/workers.h"

struct stop;

/* workers and log must outlive the answer. 0 or -errno. */
int stop_new(sd_event *event, const struct workers *workers, struct log *log, struct stop **ret);
void stop_free(struct stop *stop);
DEFINE_CLEANUP(struct stop *, stop_free);

/* What the passes are told of it. */
struct ending *stop_ending(struct stop *stop);

/* Leaves the event loop as soon as workers allow it. */
void stop_begin(struct stop *stop);
/* Work of a worker has ended: it may have been the last to be waited for. */
void stop_check(struct stop *stop);
