/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/bus_socket.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "util/fd.h"

int bus_socket_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, r;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	r = -errno;
	(void)close(fd);
	return r;
}

/* The directory that is the nearest to the socket. */
int bus_socket_watch(sd_event *event, const char *path, sd_event_inotify_handler_t handler,
		     void *context, sd_event_source **ret)
{
	char directory[PATH_MAX];
	int r = strlen(path) < sizeof(directory) ? -ENOENT : -ENAMETOOLONG;

	(void)stpcpy(directory, r == -ENOENT ? path : "");
	while (r == -ENOENT && strlen(directory) > 1) {
		char *slash = strrchr(directory, '/');

		slash[slash == directory] = '\0';
		r = sd_event_add_inotify(event, ret, directory,
					 IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF |
						 IN_MOVE_SELF | IN_ONLYDIR,
					 handler, context);
	}
	return r < 0 ? r : 0;
}
