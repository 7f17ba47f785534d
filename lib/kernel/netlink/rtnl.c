/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netlink/rtnl.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/net_namespace.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel/netlink/netlink.h"
#include "kernel/netlink/vf_list.h"

/* A dump that a change interrupts is incomplete, and begun anew this often. */
#define DUMP_TRIES 5

/* Requests in one message to the kernel. Their answers, 2 to 4 KB of its memory each, must have
 * room in the buffer that a socket can have without privileges: net.core.rmem_max, 208 KiB,
 * doubled. */
#define LINKS_AT_ONCE 64

struct rtnl {
	struct netlink *netlink;
};

DEFINE_CLEANUP(struct nl_msg *, nlmsg_free);

int rtnl_new(struct rtnl **ret)
{
	CLEANUP(rtnl_free_cleanup) struct rtnl *rtnl = calloc(1, sizeof(*rtnl));
	int r = rtnl ? netlink_new(NETLINK_ROUTE, &rtnl->netlink) : -ENOMEM;

	if (r < 0)
		return r;
	*ret = TAKE(rtnl);
	return 0;
}

void rtnl_free(struct rtnl *rtnl)
{
	if (!rtnl)
		return;
	netlink_free(rtnl->netlink);
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

/* An answer on its way into a struct link. */
struct link_request {
	struct arena *arena;
	struct link link;
};

static int on_link(const struct nlmsghdr *message, void *context)
{
	struct link_request *request = context;

	return link_read(message, request->arena, &request->link);
}

int rtnl_get_link(struct rtnl *rtnl, unsigned ifindex, enum rtnl_vfs vfs, struct arena *arena,
		  struct link *ret)
{
	static const uint32_t filters[] = {
		[RTNL_NO_VFS] = RTEXT_FILTER_SKIP_STATS,
		[RTNL_VFS] = RTEXT_FILTER_SKIP_STATS | RTEXT_FILTER_VF,
		[RTNL_VFS_WITH_COUNTERS] = RTEXT_FILTER_VF,
	};
	const struct ifinfomsg info = { .ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex };
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	struct link_request request = { .arena = arena };
	int r;

	r = message_new(RTM_GETLINK, NLM_F_REQUEST, &info, 0, &message);
	if (r < 0)
		return r;
	if (nla_put_u32(message, IFLA_EXT_MASK, filters[vfs]) < 0)
		return -ENOMEM;
	r = netlink_ask(rtnl->netlink, message, on_link, &request);
	if (r < 0)
		return r;
	*ret = request.link;
	ret->stats = NULL; /* the message is gone */
	return 0;
}

/* RTM_GETLINK as it is sent. */
struct link_question {
	struct nlmsghdr header;
	struct ifinfomsg info;
	struct nlattr filter;
	uint32_t mask;
};

_Static_assert(sizeof(struct link_question) == NLMSG_ALIGN(sizeof(struct link_question)),
	       "one can follow the other");

static struct link_question question_about(unsigned ifindex)
{
	return (struct link_question){
		.header = { .nlmsg_len = sizeof(struct link_question),
			    .nlmsg_type = RTM_GETLINK,
			    .nlmsg_flags = NLM_F_REQUEST },
		.info = { .ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex },
		.filter = { .nla_len = NLA_HDRLEN + sizeof(uint32_t), .nla_type = IFLA_EXT_MASK },
		.mask = RTEXT_FILTER_SKIP_STATS,
	};
}

/* Answers on their way to each(). */
struct links_request {
	struct arena *arena;
	int (*each)(void *context, const struct link *link);
	void *context;
};

static int on_one_of_links(const struct nlmsghdr *message, void *context)
{
	const struct links_request *request = context;
	struct link link;
	int r = link_read(message, request->arena, &link);

	return r < 0 ? r : request->each(request->context, &link);
}

int rtnl_get_links(struct rtnl *rtnl, const unsigned *ifindices, size_t count, struct arena *arena,
		   int (*each)(void *context, const struct link *link), void *context)
{
	struct links_request request = { arena, each, context };
	struct link_question questions[LINKS_AT_ONCE];
	int r = 0;

	for (size_t i = 0, n; r >= 0 && i < count; i += n) {
		for (n = 0; n < LINKS_AT_ONCE && i + n < count; n++)
			questions[n] = question_about(ifindices[i + n]);
		r = netlink_ask_each(rtnl->netlink, &questions[0].header, n * sizeof(*questions),
				     on_one_of_links, &request);
	}
	return r;
}

int rtnl_get_firmware(struct rtnl *rtnl, const char *ifname, struct arena *arena, const char **ret)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq request = { .ifr_data = (char *)&info };

	*ret = NULL;
	(void)strncpy(request.ifr_name, ifname, sizeof(request.ifr_name) - 1);
	if (ioctl(netlink_fd(rtnl->netlink), SIOCETHTOOL, &request) < 0 || !info.fw_version[0])
		return 0;
	*ret = arena_strndup(arena, info.fw_version,
			     strnlen(info.fw_version, sizeof(info.fw_version)));
	return *ret ? 0 : -ENOMEM;
}

/* nsid: of another network namespace, or NETNSA_NSID_NOT_ASSIGNED for our own. */
static int dump_once(struct rtnl *rtnl, int type, int32_t nsid,
		     int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	/* Long enough for the header of any kind of dump that is asked for here. */
	const struct ifinfomsg info = { .ifi_family = AF_UNSPEC };
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r = message_new(type, NLM_F_REQUEST | NLM_F_DUMP, &info, 0, &message);

	if (r < 0)
		return r;
	/* Nothing may follow its header (nh_valid_dump_req() in net/ipv4/nexthop.c). */
	if (type == RTM_GETNEXTHOP)
		nlmsg_hdr(message)->nlmsg_len = NLMSG_LENGTH(sizeof(struct nhmsg));
	if (nsid >= 0 && (nla_put_s32(message, IFLA_TARGET_NETNSID, nsid) < 0 ||
			  nla_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS) < 0))
		return -ENOMEM;
	return netlink_ask(rtnl->netlink, message, each, context);
}

static int dump(struct rtnl *rtnl, int type, int32_t nsid,
		int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	int r = -EINTR;

	for (unsigned try = 0; try < DUMP_TRIES && r == -EINTR; try++)
		r = dump_once(rtnl, type, nsid, each, context);
	return r;
}

int rtnl_dump(struct rtnl *rtnl, int type,
	      int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	return dump(rtnl, type, NETNSA_NSID_NOT_ASSIGNED, each, context);
}

int rtnl_dump_links_of(struct rtnl *rtnl, int32_t nsid,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	return dump(rtnl, RTM_GETLINK, nsid, each, context);
}

int rtnl_read_nsid(const struct nlmsghdr *message, int32_t *ret)
{
	const struct nlattr *nsid =
		nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct rtgenmsg), NETNSA_NSID);

	if (!nsid || nla_len(nsid) < (int)sizeof(*ret))
		return -EBADMSG;
	*ret = nla_get_s32(nsid);
	return 0;
}

static int on_nsid(const struct nlmsghdr *message, void *context)
{
	return rtnl_read_nsid(message, context);
}

static int nsid_message_new(int type, int flags, enum rtnl_netns by, uint32_t which,
			    struct nl_msg **ret)
{
	static const int attributes[] = {
		[RTNL_NETNS_FD] = NETNSA_FD,
		[RTNL_NETNS_PID] = NETNSA_PID,
	};
	struct rtgenmsg header = { .rtgen_family = AF_UNSPEC };
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = nlmsg_alloc_size(NLMSG_HDRLEN + 64);

	if (!message || !nlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, type, 0, flags) ||
	    nlmsg_append(message, &header, sizeof(header), NLMSG_ALIGNTO) < 0 ||
	    nla_put_u32(message, attributes[by], which) < 0)
		return -ENOMEM;
	*ret = TAKE(message);
	return 0;
}

int rtnl_get_nsid(struct rtnl *rtnl, enum rtnl_netns by, uint32_t which, int32_t *ret)
{
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int32_t nsid = NETNSA_NSID_NOT_ASSIGNED;
	int r = nsid_message_new(RTM_GETNSID, NLM_F_REQUEST, by, which, &message);

	if (r >= 0)
		r = netlink_ask(rtnl->netlink, message, on_nsid, &nsid);
	if (r < 0)
		return r;
	*ret = nsid;
	return 0;
}

static int give_nsid(struct rtnl *rtnl, enum rtnl_netns by, uint32_t which)
{
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	struct kernel_error words;
	int r = nsid_message_new(RTM_NEWNSID, NLM_F_REQUEST | NLM_F_ACK, by, which, &message);

	/* Of the kernel's choice. */
	if (r >= 0 && nla_put_s32(message, NETNSA_NSID, NETNSA_NSID_NOT_ASSIGNED) < 0)
		r = -ENOMEM;
	if (r >= 0)
		r = netlink_change(rtnl->netlink, message, &words);
	return r == -EEXIST ? 0 : r;
}

int rtnl_need_nsid(struct rtnl *rtnl, enum rtnl_netns by, uint32_t which, int32_t *ret)
{
	int r = rtnl_get_nsid(rtnl, by, which, ret);

	if (r < 0 || *ret >= 0)
		return r;
	r = give_nsid(rtnl, by, which);
	if (r >= 0)
		r = rtnl_get_nsid(rtnl, by, which, ret);
	if (r < 0)
		return r;
	return *ret < 0 ? -ESRCH : 0;
}

int rtnl_find_ifindex(struct rtnl *rtnl, const char *name, unsigned *ret)
{
	struct ifreq request = { 0 };

	if (strlen(name) >= sizeof(request.ifr_name))
		return -ENODEV;
	(void)strcpy(request.ifr_name, name);
	if (ioctl(netlink_fd(rtnl->netlink), SIOCGIFINDEX, &request) < 0)
		return -errno;
	*ret = (unsigned)request.ifr_ifindex;
	return 0;
}

static int on_way(const struct nlmsghdr *message, void *context)
{
	const struct nlattr *device =
		nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct rtmsg), RTA_OIF);
	unsigned *ret = context;

	if (device && nla_len(device) >= (int)sizeof(*ret))
		*ret = nla_get_u32(device);
	return 0;
}

/* What a route that leads nowhere answers, or that there is none (fib_props in
 * net/ipv4/fib_semantics.c). */
static bool is_no_way(int r)
{
	return r == -ENETUNREACH || r == -EHOSTUNREACH || r == -EACCES || r == -EINVAL ||
	       r == -ENODEV;
}

int rtnl_find_way(struct rtnl *rtnl, const struct ip_address *to, unsigned ifindex, unsigned *ret)
{
	const int size = (int)ip_address_size(to);
	const struct rtmsg info = { .rtm_family = (uint8_t)to->family,
				    .rtm_dst_len = (uint8_t)(8 * size) };
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = nlmsg_alloc_size(NLMSG_HDRLEN + 64);
	unsigned way = 0;
	int r;

	if (!message ||
	    !nlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, RTM_GETROUTE, 0, NLM_F_REQUEST) ||
	    nlmsg_append(message, (void *)&info, sizeof(info), NLMSG_ALIGNTO) < 0 ||
	    nla_put(message, RTA_DST, size, to->bytes) < 0 ||
	    (ifindex && nla_put_u32(message, RTA_OIF, ifindex) < 0))
		return -ENOMEM;
	r = netlink_ask(rtnl->netlink, message, on_way, &way);
	if (r < 0 && !is_no_way(r))
		return r;
	*ret = way;
	return 0;
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
	return netlink_change(rtnl->netlink, message, ret_error);
}

int rtnl_set_number(struct rtnl *rtnl, unsigned ifindex, int attribute, uint32_t number,
		    struct kernel_error *ret_error)
{
	const struct ifinfomsg info = { .ifi_index = (int)ifindex };
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r;

	r = message_new(RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, &info, 0, &message);
	if (r < 0)
		return r;
	if (nla_put_u32(message, attribute, number) < 0)
		return -ENOMEM;
	return netlink_change(rtnl->netlink, message, ret_error);
}

int rtnl_add_altname(struct rtnl *rtnl, unsigned ifindex, const char *name,
		     struct kernel_error *ret_error)
{
	const int flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_EXCL | NLM_F_CREATE | NLM_F_APPEND;
	const struct ifinfomsg info = { .ifi_index = (int)ifindex };
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r;

	/* Never IFLA_IFNAME: that would rename the device. */
	r = message_new(RTM_NEWLINKPROP, flags, &info, ALTIFNAMSIZ, &message);
	if (r >= 0)
		r = link_put_altname(message, name);
	return r < 0 ? r : netlink_change(rtnl->netlink, message, ret_error);
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
	return netlink_change(rtnl->netlink, message, ret_error);
}
