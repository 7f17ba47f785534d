/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The daemon's place on the system bus. The daemon is there long before the bus, and outlives it:
 * the name is taken whenever a bus appears. Where there never is one nothing happens. */

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "log.h"
#include "util/cleanup.h"

struct connection;

struct connection_calls {
	/* A connection begins: objects are to be added to it now. 0 or -errno. */
	int (*opened)(void *context, sd_bus *bus);
	/* The name is ours, maybe again: from now on it is worth while to send signals. */
	void (*named)(void *context);
	/* It is about to end; all that belongs to it must be given up. */
	void (*closed)(void *context, sd_bus *bus);
};

/* calls, context and log must outlive the answer. With replace the name is taken from who has it,
 * an instance that hangs; else it is waited for. */
int connection_new(sd_event *event, const struct connection_calls *calls, void *context,
		   bool replace, struct log *log, struct connection **ret);
void connection_free(struct connection *connection);
DEFINE_CLEANUP(struct connection *, connection_free);

/* The connection; NULL as long as the name is not ours: nobody would listen to what is sent, and
 * without a bus it would be kept for ever. */
sd_bus *connection_bus(const struct connection *connection);
