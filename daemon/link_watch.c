/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "link_watch.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <sys/socket.h>

/* Enough for the burst that creating some hundred VFs makes. */
#define RECEIVE_BUFFER (1 << 20)
/* Then others have their turn in the event loop: messages may come as fast as they are read. */
#define MESSAGES_A_TURN 64

struct link_watch {
	struct nl_sock *socket;
	sd_event_source *source;
	void (*changed)(void *context, unsigned ifindex);
	void *context;
};

static int on_message(struct nl_msg *message, void *context)
{
	const struct link_watch *self = context;
	const struct nlmsghdr *header = nlmsg_hdr(message);
	const struct ifinfomsg *info = nlmsg_data(header);

	/* The kernel reports ports of bridges with the same type and a family of their own. */
	if ((header->nlmsg_type == RTM_NEWLINK || header->nlmsg_type == RTM_DELLINK) &&
	    nlmsg_valid_hdr(header, sizeof(*info)) && info->ifi_family == AF_UNSPEC)
		self->changed(self->context, (unsigned)info->ifi_index);
	return NL_OK;
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct link_watch *self = context;
	int r = 0;

	(void)source;
	(void)fd;
	(void)events;
	for (unsigned i = 0; r >= 0 && i < MESSAGES_A_TURN; i++)
		r = nl_recvmsgs_default(self->socket);
	/* Anything but an empty queue: messages were lost (ENOBUFS), or cannot be understood. */
	if (r < 0 && r != -NLE_AGAIN)
		self->changed(self->context, 0);
	return 0;
}

static int open_socket(struct link_watch *self)
{
	const int buffer = RECEIVE_BUFFER;

	self->socket = nl_socket_alloc();
	if (!self->socket)
		return -ENOMEM;
	nl_socket_disable_seq_check(self->socket);
	nl_socket_modify_cb(self->socket, NL_CB_VALID, NL_CB_CUSTOM, on_message, self);
	if (nl_connect(self->socket, NETLINK_ROUTE) < 0 ||
	    nl_socket_add_membership(self->socket, RTNLGRP_LINK) < 0 ||
	    nl_socket_set_nonblocking(self->socket) < 0)
		return -EIO;
	/* Past what net.core.rmem_max allows; a smaller one only loses more often, and that is
	 * noticed. */
	(void)setsockopt(nl_socket_get_fd(self->socket), SOL_SOCKET, SO_RCVBUFFORCE, &buffer,
			 sizeof(buffer));
	return 0;
}

int link_watch_new(sd_event *event, void (*changed)(void *context, unsigned ifindex), void *context,
		   struct link_watch **ret)
{
	CLEANUP(link_watch_free_cleanup) struct link_watch *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	self->changed = changed;
	self->context = context;
	r = open_socket(self);
	if (r < 0)
		return r;
	r = sd_event_add_io(event, &self->source, nl_socket_get_fd(self->socket), EPOLLIN,
			    on_readable, self);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(self->source, "rtnetlink");
	*ret = TAKE(self);
	return 0;
}

void link_watch_free(struct link_watch *self)
{
	if (!self)
		return;
	sd_event_source_disable_unref(self->source);
	nl_socket_free(self->socket);
	free(self);
}
