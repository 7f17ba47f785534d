/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "socket/root_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "socket/outflow.h"
#include "util/fd.h"

/* More at once are turned away, so that descriptors are left. */
#define PEERS_MAX 64u

/* Whoever has more answers to read does not read them. */
#define ANSWERS_MAX 64u
/* What is left at the end is sent for so long, to all of them together. */
#define END_US UINT64_C(200000)

/* The kernel keeps so many bytes besides; sd-bus would have it keep 8 MiB. */
#define ANSWERS_BYTES (256 * 1024)

/* After all else that has happened, and before what comes from the bus, which has
 * SD_EVENT_PRIORITY_IDLE. */
#define PRIORITY (SD_EVENT_PRIORITY_IDLE - 10)

struct peer {
	struct root_socket *socket;
	sd_bus *bus;
	struct peer *next;
};

struct root_socket {
	const struct root_socket_calls *calls;
	void *context;
	sd_event *event;
	int fd;
	sd_event_source *source;
	sd_event_source *after; /* each turn of the loop */
	struct peer *peers;
	size_t count;
};

static void free_peer(struct peer *peer)
{
	if (peer->bus) {
		peer->socket->calls->closed(peer->socket->context, peer->bus);
		(void)sd_bus_detach_event(peer->bus);
		sd_bus_close(peer->bus);
	}
	sd_bus_unref(peer->bus);
	free(peer);
}

static void remove_peer(struct peer *peer)
{
	struct peer **place = &peer->socket->peers;

	while (*place != peer)
		place = &(*place)->next;
	*place = peer->next;
	peer->socket->count--;
	free_peer(peer);
}

static int on_disconnected(sd_bus_message *message, void *context, sd_bus_error *error)
{
	(void)message;
	(void)error;
	remove_peer(context);
	return 0;
}

static int start(sd_bus *bus, int fd)
{
	static const int bytes = ANSWERS_BYTES;
	int r = sd_bus_start(bus);

	if (r >= 0 && setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)) < 0)
		r = -errno;
	return r;
}

/* Takes the descriptor over. */
static int set_up(struct peer *peer, int fd)
{
	sd_id128_t id;
	int r = sd_bus_new(&peer->bus);

	if (r >= 0)
		r = sd_bus_set_fd(peer->bus, fd, fd);
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	r = sd_id128_randomize(&id);
	if (r >= 0)
		r = sd_bus_set_server(peer->bus, true, id);
	if (r >= 0)
		r = outflow_own(peer->bus);
	if (r >= 0)
		r = sd_bus_negotiate_fds(peer->bus, false);
	if (r >= 0)
		r = start(peer->bus, fd);
	if (r >= 0)
		r = sd_bus_match_signal_async(peer->bus, NULL, "org.freedesktop.DBus.Local",
					      "/org/freedesktop/DBus/Local",
					      "org.freedesktop.DBus.Local", "Disconnected",
					      on_disconnected, NULL, peer);
	if (r >= 0)
		r = peer->socket->calls->opened(peer->socket->context, peer->bus);
	return r < 0 ? r : sd_bus_attach_event(peer->bus, peer->socket->event, PRIORITY);
}

/* The daemon does not grow for those who ask and do not read. */
static int on_turn(sd_event_source *source, void *context)
{
	struct root_socket *self = context;
	struct peer *next;

	(void)source;
	for (struct peer *peer = self->peers; peer; peer = next) {
		next = peer->next;
		if (outflow_length(peer->bus) > ANSWERS_MAX)
			remove_peer(peer);
	}
	return 0;
}

/* The mode of the socket keeps others away already. */
static bool is_root(int fd)
{
	struct ucred who;
	socklen_t length = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length) == 0 && who.uid == 0;
}

static int add_peer(struct root_socket *self, int fd)
{
	struct peer *peer = calloc(1, sizeof(*peer));
	int r;

	if (!peer) {
		(void)close(fd);
		return -ENOMEM;
	}
	peer->socket = self;
	r = set_up(peer, fd);
	if (r < 0) {
		free_peer(peer);
		return r;
	}
	peer->next = self->peers;
	self->peers = peer;
	self->count++;
	return 0;
}

/* What fails is that one's connection; it is told so by its end. */
static int on_connection(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct root_socket *self = context;
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)events;
	if (peer < 0)
		return 0;
	if (self->count < PEERS_MAX && is_root(peer))
		(void)add_peer(self, peer);
	else
		(void)close(peer);
	return 0;
}

/* Nobody can connect before it listens, and so before it has its mode. */
static int listen_at(int fd, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chmod(path, 0600) < 0 || listen(fd, SOMAXCONN) < 0)
		return -errno;
	return 0;
}

int root_socket_new(sd_event *event, const char *path, const struct root_socket_calls *calls,
		    void *context, struct root_socket **ret)
{
	CLEANUP(root_socket_free_cleanup) struct root_socket *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	*self = (struct root_socket){ .calls = calls, .context = context };
	self->event = sd_event_ref(event);
	self->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (self->fd < 0)
		return -errno;
	r = listen_at(self->fd, path);
	if (r >= 0)
		r = sd_event_add_io(event, &self->source, self->fd, EPOLLIN, on_connection, self);
	if (r >= 0)
		r = sd_event_source_set_priority(self->source, PRIORITY);
	if (r >= 0)
		r = sd_event_add_post(event, &self->after, on_turn, self);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(self->source, "root-socket");
	*ret = TAKE(self);
	return 0;
}

void root_socket_free(struct root_socket *self)
{
	if (!self)
		return;
	while (self->peers) {
		outflow_end(self->peers->bus, END_US / self->count);
		remove_peer(self->peers);
	}
	sd_event_source_disable_unref(self->source);
	sd_event_source_disable_unref(self->after);
	fd_cleanup(&self->fd);
	sd_event_unref(self->event);
	free(self);
}
