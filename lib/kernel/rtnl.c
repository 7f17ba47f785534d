/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/rtnl.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "kernel/vf_list.h"

/* A PF of 512 VFs answers with more than 100 KB; the kernel drops what does not fit. */
#define RECEIVE_BUFFER (1 << 20)

/* The kernel answers while the request is sent; what is late was lost. */
#define RECEIVE_TIMEOUT_S 5

/* A dump that a change interrupts is incomplete, and begun anew this often. */
#define DUMP_TRIES 5

struct rtnl {
	struct nl_sock *socket;
	/* of the request under way */
	uint32_t sequence;
	int error;
	struct kernel_error *ret_error;
	struct arena *arena;
	struct link *link;					    /* NULL: no answer is wanted */
	int (*each)(const struct nlmsghdr *message, void *context); /* of a dump */
	void *context;
	bool answered;
};

DEFINE_CLEANUP(struct nl_msg *, nlmsg_free);

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
static void read_message(const struct nlmsghdr *message, const struct nlmsgerr *error,
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
	struct rtnl *rtnl = context;

	(void)sender;
	rtnl->error = error->error;
	rtnl->answered = true;
	if (rtnl->ret_error)
		read_message(message, error, rtnl->ret_error);
	return NL_STOP;
}

static int on_ack(struct nl_msg *message, void *context)
{
	struct rtnl *rtnl = context;

	(void)message;
	rtnl->answered = true;
	return NL_STOP;
}

/* A message of a dump; the last one of it is on_finish()'s. */
static int on_dumped(struct rtnl *rtnl, struct nl_msg *message)
{
	const struct nlmsghdr *header = nlmsg_hdr(message);
	int r = 0;

	if (rtnl->error == 0)
		r = header->nlmsg_flags & NLM_F_DUMP_INTR ? -EINTR
							  : rtnl->each(header, rtnl->context);

	/* What follows must still be read off the socket. */
	if (r < 0)
		rtnl->error = r;
	return NL_OK;
}

static int on_finish(struct nl_msg *message, void *context)
{
	struct rtnl *rtnl = context;
	const struct nlmsghdr *header = nlmsg_hdr(message);
	const int *error = nlmsg_data(header);

	/* The end too says whether the dump was interrupted, and whether it failed. */
	if (rtnl->error == 0 && (header->nlmsg_flags & NLM_F_DUMP_INTR))
		rtnl->error = -EINTR;
	if (rtnl->error == 0 && nlmsg_datalen(header) >= (int)sizeof(*error) && *error < 0)
		rtnl->error = *error;
	rtnl->answered = true;
	return NL_STOP;
}

static int on_valid(struct nl_msg *message, void *context)
{
	struct rtnl *rtnl = context;

	if (rtnl->each)
		return on_dumped(rtnl, message);

	if (rtnl->link)
		rtnl->error = link_read(nlmsg_hdr(message), rtnl->arena, rtnl->link);
	rtnl->answered = true;
	return NL_STOP;
}

/* An answer that came too late for its own request must not be taken for this one's. */
static int on_sequence(struct nl_msg *message, void *context)
{
	const struct rtnl *rtnl = context;

	return nlmsg_hdr(message)->nlmsg_seq == rtnl->sequence ? NL_OK : NL_SKIP;
}

static int socket_set_up(struct rtnl *rtnl)
{
	const struct timeval timeout = { .tv_sec = RECEIVE_TIMEOUT_S };
	const int on = 1, buffer = RECEIVE_BUFFER;
	int fd = nl_socket_get_fd(rtnl->socket);

	/* Without these two a refusal has no words, or too many: kernels before 4.12. */
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) < 0)
		return -errno;
	/* Past what net.core.rmem_max allows: that takes CAP_NET_ADMIN, which reading alone does
	 * not. */
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
	nl_socket_disable_auto_ack(rtnl->socket);
	nl_socket_modify_cb(rtnl->socket, NL_CB_VALID, NL_CB_CUSTOM, on_valid, rtnl);
	nl_socket_modify_cb(rtnl->socket, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, rtnl);
	nl_socket_modify_cb(rtnl->socket, NL_CB_ACK, NL_CB_CUSTOM, on_ack, rtnl);
	nl_socket_modify_cb(rtnl->socket, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_sequence, rtnl);
	nl_socket_modify_err_cb(rtnl->socket, NL_CB_CUSTOM, on_error, rtnl);
	return 0;
}

int rtnl_new(struct rtnl **ret)
{
	CLEANUP(rtnl_free_cleanup) struct rtnl *rtnl = calloc(1, sizeof(*rtnl));
	int r;

	if (!rtnl)
		return -ENOMEM;
	rtnl->socket = nl_socket_alloc();
	if (!rtnl->socket)
		return -ENOMEM;
	r = nl_connect(rtnl->socket, NETLINK_ROUTE);
	if (r < 0)
		return errno_of_libnl(r);
	r = socket_set_up(rtnl);
	if (r < 0)
		return r;
	*ret = TAKE(rtnl);
	return 0;
}

void rtnl_free(struct rtnl *rtnl)
{
	if (!rtnl)
		return;
	nl_socket_free(rtnl->socket);
	free(rtnl);
}

static int message_new(int type, int flags, const struct ifinfomsg *info, size_t room,
		       struct nl_msg **ret)
{
	CLEANUP(nlmsg_free_cleanup)
	struct nl_msg *message = nlmsg_alloc_size(NLMSG_HDRLEN + sizeof(*info) + 64 + room);

	if (!message || !nlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, type, 0, flags) ||
	    nlmsg_append(message, (void *)info, sizeof(*info), NLMSG_ALIGNTO) < 0)
		return -ENOMEM;
	*ret = TAKE(message);
	return 0;
}

static int transact(struct rtnl *rtnl, struct nl_msg *message)
{
	int r;

	nl_complete_msg(rtnl->socket, message);
	rtnl->sequence = nlmsg_hdr(message)->nlmsg_seq;
	rtnl->answered = false;
	rtnl->error = 0;
	r = nl_send(rtnl->socket, message);
	while (r >= 0 && !rtnl->answered)
		r = nl_recvmsgs_default(rtnl->socket);
	return rtnl->answered ? rtnl->error : errno_of_libnl(r);
}

/* A request that the kernel acknowledges. */
static int request(struct rtnl *rtnl, struct nl_msg *message, struct kernel_error *ret_error)
{
	int r;

	ret_error->message[0] = '\0';
	rtnl->ret_error = ret_error;
	rtnl->link = NULL;
	r = transact(rtnl, message);
	rtnl->ret_error = NULL;
	return r;
}

int rtnl_get_link(struct rtnl *rtnl, unsigned ifindex, bool with_vfs, struct arena *arena,
		  struct link *ret)
{
	const uint32_t filter = RTEXT_FILTER_SKIP_STATS | (with_vfs ? RTEXT_FILTER_VF : 0);
	const struct ifinfomsg info = { .ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex };
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	struct link link = { 0 };
	int r;

	r = message_new(RTM_GETLINK, NLM_F_REQUEST, &info, 0, &message);
	if (r < 0)
		return r;
	if (nla_put_u32(message, IFLA_EXT_MASK, filter) < 0)
		return -ENOMEM;
	rtnl->arena = arena;
	rtnl->link = &link;
	r = transact(rtnl, message);
	rtnl->link = NULL;
	if (r < 0)
		return r;
	*ret = link;
	return 0;
}

static int dump_once(struct rtnl *rtnl, int type)
{
	/* Long enough for the header of any kind of dump that is asked for here. */
	const struct ifinfomsg info = { .ifi_family = AF_UNSPEC };
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r = message_new(type, NLM_F_REQUEST | NLM_F_DUMP, &info, 0, &message);

	return r < 0 ? r : transact(rtnl, message);
}

int rtnl_dump(struct rtnl *rtnl, int type,
	      int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	int r = -EINTR;

	rtnl->each = each;
	rtnl->context = context;
	for (unsigned try = 0; try < DUMP_TRIES; try++) {
		r = dump_once(rtnl, type);
		if (r != -EINTR)
			break;
	}
	rtnl->each = NULL;
	return r;
}

int rtnl_set_up(struct rtnl *rtnl, unsigned ifindex, struct kernel_error *ret_error)
{
	const struct ifinfomsg info = {
		.ifi_index = (int)ifindex,
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r;

	r = message_new(RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, &info, 0, &message);
	if (r < 0)
		return r;
	return request(rtnl, message, ret_error);
}

int rtnl_set_mtu(struct rtnl *rtnl, unsigned ifindex, uint32_t mtu, struct kernel_error *ret_error)
{
	const struct ifinfomsg info = { .ifi_index = (int)ifindex };
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r;

	r = message_new(RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, &info, 0, &message);
	if (r < 0)
		return r;
	if (nla_put_u32(message, IFLA_MTU, mtu) < 0)
		return -ENOMEM;
	return request(rtnl, message, ret_error);
}

int rtnl_set_vfs(struct rtnl *rtnl, unsigned ifindex, const struct vf_change *changes,
		 size_t n_changes, struct kernel_error *ret_error)
{
	const struct ifinfomsg info = { .ifi_index = (int)ifindex };
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r;

	r = message_new(RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, &info, vf_list_size(n_changes),
			&message);
	if (r < 0)
		return r;
	if (vf_list_put(message, changes, n_changes) < 0)
		return -ENOMEM;
	return request(rtnl, message, ret_error);
}
