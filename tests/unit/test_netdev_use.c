/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which network devices have routes, in a network namespace of this test's own with a loopback
 * device alone. tests/unit/test_holder.c and tests/lab/test_holders.py have the rest. */

#include <errno.h>
#include <fcntl.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kernel/holder/netdev_use.h"
#include "own_namespace.h"
#include "runner.h"
#include "util/cleanup.h"
#include "util/fd.h"

#define LOOPBACK 1
#define NEXTHOP	 7u
#define GROUP	 8u

static struct arena *arena;
static struct rtnl *rtnl;
static struct nl_sock *sender;

static void set_up(void)
{
	ck_assert_int_eq(arena_new(&arena), 0);
	ck_assert_int_eq(rtnl_new(&rtnl), 0);
	sender = nl_socket_alloc();
	ck_assert_int_eq(nl_connect(sender, NETLINK_ROUTE), 0);
}

static void tear_down(void)
{
	nl_socket_free(sender);
	rtnl_free(rtnl);
	arena_free(arena);
}

static void bring_up(const char *ifname)
{
	CLEANUP_FD int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_flags = IFF_UP };

	(void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &request), 0);
}

static struct nl_msg *message_of(int type, const void *header, size_t size)
{
	struct nl_msg *message = nlmsg_alloc_simple(type, NLM_F_CREATE | NLM_F_REPLACE);

	ck_assert_int_eq(nlmsg_append(message, (void *)header, size, NLMSG_ALIGNTO), 0);
	return message;
}

/* Kernels before 5.10 always tell the device; where /proc is read-only nobody can have them not. */
static bool hide_devices(void)
{
	CLEANUP_FD int fd = open("/proc/sys/net/ipv4/nexthop_compat_mode", O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, "0", 1) == 1;
}

/* Those of kernels before 5.3 do not know them. */
static bool make_nexthops(void)
{
	const struct nhmsg info = { .nh_family = AF_INET }, none = { .nh_family = AF_UNSPEC };
	const struct nexthop_grp member = { .id = NEXTHOP };
	struct nl_msg *one = message_of(RTM_NEWNEXTHOP, &info, sizeof(info));
	struct nl_msg *group = message_of(RTM_NEWNEXTHOP, &none, sizeof(none));
	int r;

	ck_assert_int_eq(nla_put_u32(one, NHA_ID, NEXTHOP), 0);
	ck_assert_int_eq(nla_put_u32(one, NHA_OIF, LOOPBACK), 0);
	ck_assert_int_eq(nla_put_u32(group, NHA_ID, GROUP), 0);
	ck_assert_int_eq(nla_put(group, NHA_GROUP, sizeof(member), &member), 0);
	r = nl_send_sync(sender, one);
	if (r < 0)
		nlmsg_free(group);
	return r >= 0 && nl_send_sync(sender, group) >= 0;
}

/* bits: of the network, 0 for a default route. */
static void make_route(uint8_t bits, uint32_t nexthop)
{
	const struct rtmsg info = {
		.rtm_family = AF_INET,
		.rtm_dst_len = bits,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_type = RTN_UNICAST,
	};
	struct nl_msg *message = message_of(RTM_NEWROUTE, &info, sizeof(info));
	const uint8_t network[] = { 198, 51, 100, 0 };

	if (bits)
		ck_assert_int_eq(nla_put(message, RTA_DST, sizeof(network), network), 0);
	ck_assert_int_eq(nla_put_u32(message, RTA_NH_ID, nexthop), 0);
	ck_assert_int_ge(nl_send_sync(sender, message), 0);
}

static struct netdev_uses read_uses(void)
{
	struct netdev_uses uses;

	ck_assert_int_eq(netdev_uses_read(rtnl, arena, &uses), 0);
	return uses;
}

/* As routers have it that know no other kind. */
START_TEST(a_route_may_tell_its_nexthop_object_and_no_device)
{
	struct netdev_uses uses;

	bring_up("lo");
	if (!make_nexthops() || !hide_devices())
		return;
	uses = read_uses();
	ck_assert(!ifindex_set_contains(&uses.routed, LOOPBACK));
	make_route(24, GROUP);
	uses = read_uses();
	ck_assert(ifindex_set_contains(&uses.routed, LOOPBACK));
	ck_assert(!ifindex_set_contains(&uses.defaults, LOOPBACK));
	make_route(0, NEXTHOP);
	uses = read_uses();
	ck_assert(ifindex_set_contains(&uses.defaults, LOOPBACK));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tests;

	if (!own_namespace_enter())
		return RUNNER_SKIPPED;
	suite = suite_create("netdev_use");
	tests = tcase_create("netdev_use");
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_route_may_tell_its_nexthop_object_and_no_device);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
