/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A socket at which root asks the daemon in D-Bus's language with no bus in between: while the bus
 * is busy with what others send, and where there is none. systemd has one for the same reasons. */

#include <systemd/sd-bus.h>

#include "util/cleanup.h"

struct root_socket;

struct root_socket_calls {
	/* Root has connected: objects are to be added now. 0 or -errno. */
	int (*opened)(void *context, sd_bus *bus);
	/* It has gone; all that belongs to the connection must be given up. */
	void (*closed)(void *context, sd_bus *bus);
};

/* Listens at the path, where a socket of an earlier daemon may be. calls and context must outlive
 * the answer. 0 or -errno. */
int root_socket_new(sd_event *event, const char *path, const struct root_socket_calls *calls,
		    void *context, struct root_socket **ret);
/* The socket is left where it is: by now it may be another daemon's. */
void root_socket_free(struct root_socket *socket);
DEFINE_CLEANUP(struct root_socket *, root_socket_free);
