/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netlink/netlink.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>

/* A PF of 512 VFs answers with more than 100 KB; the kernel drops what does not fit. */
#define RECEIVE_BUFFER (1 << 20)

/* The kernel answers while the request is sent; what is late was lost. */
#define RECEIVE_TIMEOUT_S 5

struct netlink {
	struct nl_sock *socket;
	/* of the requests under way */
	uint32_t sequence; /* of the first */
	uint32_t n_requests;
	uint32_t n_pending; /* not yet answered */
	int passed_over;    /* an error of one request that does not fail the whole; 0: none */
	int error;
	struct kernel_error *ret_error;				    /* NULL: nothing is changed */
	int (*each)(const struct nlmsghdr *message, void *context); /* NULL: no answer is wanted */
	void *context;
};

/* libnl's own error numbers are fewer than the kernel's; this keeps the kernel's. */
static int errno_of_libnl(int error)
{
	switch (-error) {
	case NLE_SUCCESS:
		return 0;
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_AGAIN: /* the receive timeout */
		return -ETIMEDOUT;
	case NLE_DUMP_INTR:
		return -EINTR;
	case NLE_MSGSIZE:
	case NLE_MSG_TRUNC:
		return -EMSGSIZE;
	default:
		return -EIO;
	}
}

/* The extended acknowledgement stands behind the error, which NETLINK_CAP_ACK keeps to its header.
 */
static void read_words(const struct nlmsghdr *message, const struct nlmsgerr *error,
		       struct kernel_error *ret)
{
	const struct nlattr *attribute = (const struct nlattr *)(error + 1);
	int room = (int)message->nlmsg_len - (int)((const char *)attribute - (const char *)message);

	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	for (; nla_ok(attribute, room); attribute = nla_next(attribute, &room))
		if (nla_type(attribute) == NLMSGERR_ATTR_MSG)
			(void)nla_strlcpy(ret->message, attribute, sizeof(ret->message));
}

static int on_error(struct sockaddr_nl *sender, struct nlmsgerr *error, void *context)
{
	/* libnl hands out the payload only; the message's header stands before it. */
	const struct nlmsghdr *message = (const struct nlmsghdr *)error - 1;
	struct netlink *netlink = context;

	(void)sender;
	if (netlink->error == 0 && error->error != netlink->passed_over)
		netlink->error = error->error;
	netlink->n_pending--;
	if (netlink->ret_error)
		read_words(message, error, netlink->ret_error);
	/* With NL_STOP libnl would fail, and leave other answers unread. */
	return NL_SKIP;
}

static int on_ack(struct nl_msg *message, void *context)
{
	struct netlink *netlink = context;

	(void)message;
	netlink->n_pending--;
	return NL_STOP;
}

/* The end of a dump, which too says whether it was interrupted, and whether it failed. */
static int on_finish(struct nl_msg *message, void *context)
{
	struct netlink *netlink = context;
	const struct nlmsghdr *header = nlmsg_hdr(message);
	const int *error = nlmsg_data(header);

	if (netlink->error == 0 && (header->nlmsg_flags & NLM_F_DUMP_INTR))
		netlink->error = -EINTR;
	if (netlink->error == 0 && nlmsg_datalen(header) >= (int)sizeof(*error) && *error < 0)
		netlink->error = *error;
	netlink->n_pending--;
	return NL_STOP;
}

static int on_valid(struct nl_msg *message, void *context)
{
	struct netlink *netlink = context;
	const struct nlmsghdr *header = nlmsg_hdr(message);
	int r = 0;

	if (netlink->error == 0 && netlink->each)
		r = header->nlmsg_flags & NLM_F_DUMP_INTR ? -EINTR
							  : netlink->each(header, netlink->context);
	if (r < 0)
		netlink->error = r;
	/* What follows in a dump must be read off the socket in any case. */
	if (header->nlmsg_flags & NLM_F_MULTI)
		return NL_OK;
	netlink->n_pending--;
	return NL_STOP;
}

/* An answer that came too late for its own request must not be taken for one of these. */
static int on_sequence(struct nl_msg *message, void *context)
{
	const struct netlink *netlink = context;

	return nlmsg_hdr(message)->nlmsg_seq - netlink->sequence < netlink->n_requests ? NL_OK
										       : NL_SKIP;
}

static int set_up(struct netlink *netlink)
{
	const struct timeval timeout = { .tv_sec = RECEIVE_TIMEOUT_S };
	const int on = 1, buffer = RECEIVE_BUFFER;
	int fd = netlink_fd(netlink);

	/* Without these two a refusal has no words, or too many: kernels before 4.12. */
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) < 0)
		return -errno;
	/* As net.core.rmem_max allows; past that takes CAP_NET_ADMIN, which reading alone does not.
	 */
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
	nl_socket_disable_auto_ack(netlink->socket);
	nl_socket_modify_cb(netlink->socket, NL_CB_VALID, NL_CB_CUSTOM, on_valid, netlink);
	nl_socket_modify_cb(netlink->socket, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, netlink);
	nl_socket_modify_cb(netlink->socket, NL_CB_ACK, NL_CB_CUSTOM, on_ack, netlink);
	nl_socket_modify_cb(netlink->socket, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_sequence, netlink);
	nl_socket_modify_err_cb(netlink->socket, NL_CB_CUSTOM, on_error, netlink);
	return 0;
}

int netlink_new(int protocol, struct netlink **ret)
{
	CLEANUP(netlink_free_cleanup) struct netlink *netlink = calloc(1, sizeof(*netlink));
	int r;

	if (!netlink)
		return -ENOMEM;
	netlink->socket = nl_socket_alloc();
	if (!netlink->socket)
		return -ENOMEM;
	r = nl_connect(netlink->socket, protocol);
	if (r < 0)
		return errno_of_libnl(r);
	r = set_up(netlink);
	if (r < 0)
		return r;
	*ret = TAKE(netlink);
	return 0;
}

void netlink_free(struct netlink *netlink)
{
	if (!netlink)
		return;
	nl_socket_free(netlink->socket);
	free(netlink);
}

int netlink_fd(const struct netlink *netlink)
{
	return nl_socket_get_fd(netlink->socket);
}

/* Reads what answers the requests that were sent, r being what sending them returned. */
static int receive(struct netlink *netlink, int r)
{
	while (r >= 0 && netlink->n_pending)
		r = nl_recvmsgs_default(netlink->socket);
	return netlink->n_pending ? errno_of_libnl(r) : netlink->error;
}

static void expect(struct netlink *netlink, uint32_t sequence, uint32_t n_requests)
{
	netlink->sequence = sequence;
	netlink->n_requests = n_requests;
	netlink->n_pending = n_requests;
	netlink->error = 0;
}

static int transact(struct netlink *netlink, struct nl_msg *message)
{
	nl_complete_msg(netlink->socket, message);
	expect(netlink, nlmsg_hdr(message)->nlmsg_seq, 1);
	return receive(netlink, nl_send(netlink->socket, message));
}

int netlink_ask(struct netlink *netlink, struct nl_msg *message,
		int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	int r;

	netlink->each = each;
	netlink->context = context;
	r = transact(netlink, message);
	netlink->each = NULL;
	return r;
}

int netlink_ask_each(struct netlink *netlink, struct nlmsghdr *requests, size_t size,
		     int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	struct nlmsghdr *request = requests;
	uint32_t sequence = 0, count = 0;
	int r, room = (int)size;

	for (; nlmsg_ok(request, room); request = nlmsg_next(request, &room), count++) {
		request->nlmsg_pid = nl_socket_get_local_port(netlink->socket);
		request->nlmsg_seq = nl_socket_use_seq(netlink->socket);
		if (!count)
			sequence = request->nlmsg_seq;
	}
	expect(netlink, sequence, count);
	netlink->each = each;
	netlink->context = context;
	netlink->passed_over = -ENODEV;
	r = receive(netlink, nl_sendto(netlink->socket, requests, size));
	netlink->passed_over = 0;
	netlink->each = NULL;
	return r;
}

int netlink_change(struct netlink *netlink, struct nl_msg *message, struct kernel_error *ret_error)
{
	int r;

	ret_error->message[0] = '\0';
	netlink->ret_error = ret_error;
	r = transact(netlink, message);
	netlink->ret_error = NULL;
	return r;
}
