/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/holder/netdev_use.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>

static int add(struct arena *arena, struct ifindex_set *set, unsigned ifindex)
{
	if (arena_grow(arena, &set->items, set->count, &set->capacity, sizeof(*set->items)) < 0)
		return -ENOMEM;
	set->items[set->count++] = ifindex;
	return 0;
}

/* An IPv6 link-local address. Kernels since 5.18 say which of these they made themselves. */
static bool is_made_by_kernel(const struct nlmsghdr *message, const struct ifaddrmsg *address)
{
	const struct nlattr *protocol =
		nlmsg_find_attr((struct nlmsghdr *)message, sizeof(*address), IFA_PROTO);

	if (address->ifa_family != AF_INET6 || address->ifa_scope != RT_SCOPE_LINK)
		return false;
	return !protocol || nla_get_u8(protocol) == IFAPROT_KERNEL_LL;
}

static int on_address(const struct nlmsghdr *message, void *context)
{
	struct netdev_uses *uses = context;
	const struct ifaddrmsg *address = nlmsg_data(message);

	if (message->nlmsg_type != RTM_NEWADDR || !nlmsg_valid_hdr(message, sizeof(*address)) ||
	    is_made_by_kernel(message, address))
		return 0;
	return add(uses->arena, &uses->addressed, address->ifa_index);
}

/* A route of several ways. */
static int add_hops(struct netdev_uses *uses, struct ifindex_set *set, const struct nlattr *hops)
{
	const struct rtnexthop *hop = nla_data(hops);
	int room = nla_len(hops), r = 0;

	for (; r >= 0 && RTNH_OK(hop, room); hop = RTNH_NEXT(hop)) {
		r = add(uses->arena, set, (unsigned)hop->rtnh_ifindex);
		room -= RTNH_ALIGN(hop->rtnh_len);
	}
	return r;
}

/* With net.ipv4.nexthop_compat_mode=0 a route of a nexthop object tells that alone
 * (fib_dump_info() in net/ipv4/fib_semantics.c). */
static int add_route(struct netdev_uses *uses, struct ifindex_set *set,
		     const struct nlmsghdr *message, bool *by_nexthop)
{
	const struct nlattr *device =
		nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct rtmsg), RTA_OIF);
	const struct nlattr *hops =
		nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct rtmsg), RTA_MULTIPATH);

	if (device)
		return add(uses->arena, set, nla_get_u32(device));
	if (hops)
		return add_hops(uses, set, hops);
	*by_nexthop = *by_nexthop ||
		      nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct rtmsg), RTA_NH_ID);
	return 0;
}

static int on_route(const struct nlmsghdr *message, void *context)
{
	struct netdev_uses *uses = context;
	const struct rtmsg *route = nlmsg_data(message);
	int r = 0;

	if (message->nlmsg_type != RTM_NEWROUTE || !nlmsg_valid_hdr(message, sizeof(*route)))
		return 0;
	if (!route->rtm_dst_len && route->rtm_type == RTN_UNICAST)
		r = add_route(uses, &uses->defaults, message, &uses->default_by_nexthop);
	if (r < 0 || route->rtm_protocol == RTPROT_KERNEL || route->rtm_protocol == RTPROT_RA)
		return r;
	return add_route(uses, &uses->routed, message, &uses->by_nexthop);
}

/* Which of them a route leads to, also by groups, is not asked: somebody has made each for one. */
static int on_nexthop(const struct nlmsghdr *message, void *context)
{
	struct netdev_uses *uses = context;
	const struct nlattr *device =
		nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct nhmsg), NHA_OIF);
	int r = 0;

	if (message->nlmsg_type != RTM_NEWNEXTHOP || !device)
		return 0;
	if (uses->default_by_nexthop)
		r = add(uses->arena, &uses->defaults, nla_get_u32(device));
	if (r >= 0 && uses->by_nexthop)
		r = add(uses->arena, &uses->routed, nla_get_u32(device));
	return r;
}

static int compare(const void *a, const void *b)
{
	const unsigned *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void sort(struct ifindex_set *set)
{
	if (set->count)
		qsort(set->items, set->count, sizeof(*set->items), compare);
}

int netdev_uses_read(struct rtnl *rtnl, struct arena *arena, struct netdev_uses *ret)
{
	struct netdev_uses uses = { .arena = arena };
	int r = rtnl_dump(rtnl, RTM_GETADDR, on_address, &uses);

	if (r >= 0)
		r = rtnl_dump(rtnl, RTM_GETROUTE, on_route, &uses);
	if (r >= 0 && (uses.by_nexthop || uses.default_by_nexthop))
		r = rtnl_dump(rtnl, RTM_GETNEXTHOP, on_nexthop, &uses);
	if (r < 0)
		return r;
	sort(&uses.addressed);
	sort(&uses.routed);
	sort(&uses.defaults);
	*ret = uses;
	return 0;
}

bool ifindex_set_contains(const struct ifindex_set *set, unsigned ifindex)
{
	return set->count &&
	       bsearch(&ifindex, set->items, set->count, sizeof(*set->items), compare);
}
