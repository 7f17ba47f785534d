/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sockets that are bound to a VF's network device: packet sockets, as suricata and ptp4l have them,
 * and XDP sockets. A socket is in the namespace of its device, whoever has it.
 *
 * Packet sockets are listed in a file, which is there wherever there are packet sockets
 * (packet_seq_show() in net/packet/af_packet.c); XDP sockets tell by sock_diag only
 * (net/xdp/xsk_diag.c), for which a kernel needs CONFIG_XDP_SOCKETS_DIAG. */

#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/sock_diag.h>
#include <linux/xdp_diag.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "kernel/holder/traces.h"
#include "kernel/netlink/netlink.h"
#include "util/file.h"
#include "util/text.h"

/* One line is about 60 bytes. */
#define PACKET_SOCKETS	    "/proc/self/net/packet"
#define PACKET_SOCKETS_SIZE (1u << 20)

DEFINE_CLEANUP(struct nl_msg *, nlmsg_free);

/* Notes that a kind of socket is bound to that device, if it is one of a candidate. */
static int note(struct inquiry *inquiry, const struct trace *trace, unsigned ifindex,
		const char *kind)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);

	for (; candidate; candidate = inquiry_next(inquiry, trace, candidate)) {
		const struct link *link = candidate_find_link(candidate, ifindex);
		const char *name = link ? text_quote(link->ifname, inquiry->arena) : NULL;

		if (link && !name)
			return -ENOMEM;
		if (link)
			return inquiry_hold(
				candidate, kind,
				arena_printf(inquiry->arena, "%s is bound to %s", kind, name));
	}
	return 0;
}

/* Who listens for LLDP learns what is at the other end of the cable, on whatever device there is,
 * as systemd-networkd does: that is no use of the VF. */
static int note_packet_socket(struct inquiry *inquiry, const struct trace *trace, const char *line)
{
	unsigned protocol, ifindex;

	/* The kernel's address of it, references, type, protocol, device. */
	if (sscanf(line, "%*s %*d %*d %x %u", &protocol, &ifindex) != 2)
		return -EBADMSG;
	if (!ifindex || protocol == ETH_P_LLDP)
		return 0;
	return note(inquiry, trace, ifindex, "a packet socket");
}

int packet_socket_find(struct inquiry *inquiry, const struct trace *trace)
{
	const char *lines = NULL;
	int r = file_read(AT_FDCWD, PACKET_SOCKETS, PACKET_SOCKETS_SIZE, inquiry->arena, &lines);

	/* The first names the columns. */
	lines = r >= 0 && lines ? strchr(lines, '\n') : NULL;
	for (; r >= 0 && lines && lines[1]; lines = strchr(lines + 1, '\n'))
		r = note_packet_socket(inquiry, trace, lines + 1);
	return r;
}

struct answers {
	struct inquiry *inquiry;
	const struct trace *trace;
};

static int on_xdp_socket(const struct nlmsghdr *message, void *context)
{
	const struct answers *answers = context;
	const struct nlattr *attribute = nlmsg_find_attr(
		(struct nlmsghdr *)message, sizeof(struct xdp_diag_msg), XDP_DIAG_INFO);
	const struct xdp_diag_info *info;

	if (!attribute || nla_len(attribute) < (int)sizeof(*info))
		return 0; /* not bound yet */
	info = nla_data(attribute);
	return note(answers->inquiry, answers->trace, info->ifindex, "an XDP socket");
}

static int xdp_question_new(struct nl_msg **ret)
{
	const struct xdp_diag_req request = { .sdiag_family = AF_XDP, .xdiag_show = XDP_SHOW_INFO };
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

/* -ENOENT where the kernel does not tell of XDP sockets. Who receives by one needs an XDP program
 * on the device, which it does tell of. */
int xdp_socket_find(struct inquiry *inquiry, const struct trace *trace)
{
	CLEANUP(netlink_free_cleanup) struct netlink *netlink = NULL;
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	struct answers answers = { inquiry, trace };
	int r = netlink_new(NETLINK_SOCK_DIAG, &netlink);

	if (r >= 0)
		r = xdp_question_new(&message);
	return r < 0 ? r : netlink_ask(netlink, message, on_xdp_socket, &answers);
}
