/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netlink/tcp.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "kernel/netlink/netlink.h"
#include "util/text.h"

DEFINE_CLEANUP(struct nl_msg *, nlmsg_free);

/* A request on its way through the answers. */
struct search {
	int (*each)(const struct tcp_socket *socket, void *context);
	void *context;
};

int tcp_read(const struct nlmsghdr *message, struct tcp_socket *ret)
{
	const struct inet_diag_msg *body = nlmsg_data(message);
	struct tcp_socket socket = { 0 };
	const struct nlattr *cgroup;

	if (!nlmsg_valid_hdr(message, sizeof(*body)) ||
	    ip_address_read(body->idiag_family, body->id.idiag_src, sizeof(body->id.idiag_src),
			    &socket.local) < 0 ||
	    ip_address_read(body->idiag_family, body->id.idiag_dst, sizeof(body->id.idiag_dst),
			    &socket.peer) < 0)
		return -EBADMSG;
	socket.local_port = ntohs(body->id.idiag_sport);
	socket.ifindex = body->id.idiag_if;
	socket.inode = body->idiag_inode;
	cgroup = nlmsg_find_attr((struct nlmsghdr *)message, sizeof(*body), INET_DIAG_CGROUP_ID);
	if (cgroup && nla_len(cgroup) >= (int)sizeof(socket.cgroup))
		socket.cgroup = nla_get_u64(cgroup);
	*ret = socket;
	return 0;
}

static int on_socket(const struct nlmsghdr *message, void *context)
{
	const struct search *search = context;
	struct tcp_socket socket;
	int r = tcp_read(message, &socket);

	return r < 0 ? r : search->each(&socket, search->context);
}

static int question_new(int family, enum tcp_state state, uint16_t port, struct nl_msg **ret)
{
	/* Numbers of enum in include/net/tcp_states.h, which is the kernel's own. */
	static const uint32_t states[] = {
		[TCP_CONNECTED] = 1u << 1,
		[TCP_LISTENING] = 1u << 10,
	};
	const struct inet_diag_req_v2 request = {
		.sdiag_family = (uint8_t)family,
		.sdiag_protocol = IPPROTO_TCP,
		.idiag_states = states[state],
		.id.idiag_sport = htons(port),
	};
	CLEANUP(nlmsg_free_cleanup)
	struct nl_msg *message = nlmsg_alloc_size(NLMSG_HDRLEN + sizeof(request) + 16);

	if (!message ||
	    !nlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, SOCK_DIAG_BY_FAMILY, 0,
		       NLM_F_REQUEST | NLM_F_DUMP) ||
	    nlmsg_append(message, (void *)&request, sizeof(request), NLMSG_ALIGNTO) < 0)
		return -ENOMEM;
	*ret = TAKE(message);
	return 0;
}

int tcp_find(struct netlink *netlink, enum tcp_state state, uint16_t port,
	     int (*each)(const struct tcp_socket *socket, void *context), void *context)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct search search = { each, context };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(families); i++) {
		CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;

		r = question_new(families[i], state, port, &message);
		if (r >= 0)
			r = netlink_ask(netlink, message, on_socket, &search);
	}
	return r;
}
