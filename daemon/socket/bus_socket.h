/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The socket of a bus that may be there only later. */

#include <systemd/sd-event.h>

/* A connection to the socket at the path, which does not block: a descriptor, or -errno. */
int bus_socket_connect(const char *path);
/* Calls the handler when something appears that may be the socket, or a directory on the way to it.
 * Nothing is missed once this returns. 0 or -errno. */
int bus_socket_watch(sd_event *event, const char *path, sd_event_inotify_handler_t handler,
		     void *context, sd_event_source **ret);
