/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "socket/bus_socket.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

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

/* Watches the nearest directory above path that is there. path becomes what is missing in it. */
static int watch_nearest(sd_event *event, char *path, sd_event_inotify_handler_t handler,
			 void *context, sd_event_source **ret)
{
	char directory[PATH_MAX];
	int r = -ENOENT;

	while (r == -ENOENT && strlen(path) > 1) {
		char *slash;

		(void)stpcpy(directory, path);
		slash = strrchr(directory, '/');
		slash[slash == directory] = '\0';
		r = sd_event_add_inotify(event, ret, directory,
					 IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF |
						 IN_MOVE_SELF | IN_ONLYDIR,
					 handler, context);
		if (r == -ENOENT)
			(void)stpcpy(path, directory);
	}
	return r < 0 ? r : 0;
}

/* A directory may have come before the one above it was watched, and would not be told of. */
int bus_socket_watch(sd_event *event, const char *path, sd_event_inotify_handler_t handler,
		     void *context, sd_event_source **ret)
{
	sd_event_source *source = NULL;
	char missing[PATH_MAX];
	int r;

	if (strlen(path) >= sizeof(missing))
		return -ENAMETOOLONG;
	do {
		sd_event_source_disable_unref(source);
		source = NULL;
		(void)stpcpy(missing, path);
		r = watch_nearest(event, missing, handler, context, &source);
	} while (r >= 0 && strcmp(missing, path) != 0 && access(missing, F_OK) == 0);
	if (r >= 0)
		*ret = source;
	return r;
}
