/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The daemon's place on the system bus. The daemon is there long before the bus, and outlives it:
 * the name is taken whenever a bus appears. Where there never is one nothing happens. */

#include <systemd/sd-bus.h>

#include "log.h"
#include "util/cleanup.h"

struct bus;

struct bus_calls {
	/* A connection begins: objects are to be added to it now. 0 or -errno. */
	int (*opened)(void *context, sd_bus *connection);
	/* The name is ours: from now on it is worth while to send signals. */
	void (*named)(void *context);
	/* It is about to end; all that belongs to it must be given up. */
	void (*closed)(void *context);
};

/* calls, context and log must outlive the answer. */
int bus_new(sd_event *event, const struct bus_calls *calls, void *context, struct log *log,
	    struct bus **ret);
void bus_free(struct bus *bus);
DEFINE_CLEANUP(struct bus *, bus_free);

/* The connection; NULL as long as the name is not ours: nobody would listen to what is sent, and
 * without a bus it would be kept for ever. */
sd_bus *bus_connection(const struct bus *bus);
