/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who would be cut off with a PF's own network device. The device, what stands on it, addresses and
 * routes are real, in namespaces of this test's own; sockets are those of a table, as
 * net/ipv4/inet_diag.c would tell of them. tests/lab/test_cut_off.py has a real sshd. */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "kernel/netlink/netlink.h"
#include "kernel/netlink/tcp.h"
#include "own_card.h"
#include "own_namespace.h"
#include "runner.h"
#include "util/fd.h"

#define UPPER	   "/upper_bond0"
#define SSHD	   "/sys/fs/cgroup/system.slice/ssh.service"
#define CONNECTED  1u
#define LISTENING  10u
#define MAX	   4
#define NOBODY	   "uplink0 is up and has a device on top of it: bond0"
#define OTHER_SIDE "uplink0-peer"

struct made_up {
	unsigned state;
	int family;
	const char *local, *peer;
	uint16_t port;
	uint32_t inode;
	const char *unit;   /* whose cgroup it was made in; NULL: it is not told */
	const char *device; /* that it is bound to; NULL: none */
};

static const struct made_up *sockets; /* NULL: the kernel's own */
static int failure;		      /* of asking for them; 0: none */

int __real_netlink_ask(struct netlink *netlink, struct nl_msg *message,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context);
int __wrap_netlink_ask(struct netlink *netlink, struct nl_msg *message,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context);

static void put_address(int family, const char *text, __be32 *out)
{
	if (text)
		ck_assert_int_eq(inet_pton(family, text, out), 1);
}

/* The answer about one socket (inet_sk_diag_fill()). */
static struct nl_msg *answer_of(const struct made_up *socket)
{
	struct nl_msg *answer = nlmsg_alloc_simple(SOCK_DIAG_BY_FAMILY, NLM_F_MULTI);
	struct inet_diag_msg body = {
		.idiag_family = (uint8_t)socket->family,
		.idiag_state = (uint8_t)socket->state,
		.id.idiag_sport = htons(socket->port),
		.id.idiag_if = socket->device ? if_nametoindex(socket->device) : 0,
		.idiag_inode = socket->inode,
	};
	struct stat status;
	char path[128];

	put_address(socket->family, socket->local, body.id.idiag_src);
	put_address(socket->family, socket->peer, body.id.idiag_dst);
	ck_assert_int_eq(nlmsg_append(answer, &body, sizeof(body), NLMSG_ALIGNTO), 0);
	if (socket->unit) {
		(void)snprintf(path, sizeof(path), "/sys/fs/cgroup/system.slice/%s", socket->unit);
		ck_assert_int_eq(stat(path, &status), 0);
		ck_assert_int_eq(nla_put_u64(answer, INET_DIAG_CGROUP_ID, status.st_ino), 0);
	}
	return answer;
}

/* As inet_diag_dump_icsk(). */
static bool is_asked_for(const struct inet_diag_req_v2 *request, const struct made_up *socket)
{
	return socket->family == request->sdiag_family &&
	       request->idiag_states & 1u << socket->state &&
	       (!request->id.idiag_sport || request->id.idiag_sport == htons(socket->port));
}

int __wrap_netlink_ask(struct netlink *netlink, struct nl_msg *message,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	const struct inet_diag_req_v2 *request = nlmsg_data(nlmsg_hdr(message));
	int r = 0;

	if (nlmsg_hdr(message)->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    (request->sdiag_family != AF_INET && request->sdiag_family != AF_INET6) ||
	    (!sockets && !failure))
		return __real_netlink_ask(netlink, message, each, context);
	for (size_t i = 0; !failure && r >= 0 && i < MAX && sockets[i].state; i++) {
		struct nl_msg *answer;

		if (!is_asked_for(request, &sockets[i]))
			continue;
		answer = answer_of(&sockets[i]);
		r = each(nlmsg_hdr(answer), context);
		nlmsg_free(answer);
	}
	return failure ? failure : r;
}

static void bring_up(const char *ifname)
{
	const struct value up = { .number = 1 };
	const struct pf device = { .ifindex = if_nametoindex(ifname) };
	struct kernel_error words;

	ck_assert_int_eq(kernel->write_pf(kernel, &device, PF_UP, &up, &words), 0);
}

/* The card's device with an address, and what is on top of it with another. */
static void set_up(void)
{
	char ifindex[16];

	sockets = NULL;
	failure = 0;
	own_card_set_up();
	(void)own_card_replace_netdev("uplink0");
	(void)snprintf(ifindex, sizeof(ifindex), "%u\n", if_nametoindex(OTHER_SIDE));
	bring_up("lo");
	bring_up("uplink0");
	bring_up(OTHER_SIDE);
	own_address("uplink0", "192.0.2.1");
	own_address(OTHER_SIDE, "198.51.100.1");
	(void)own_link_local(if_nametoindex("uplink0"), AF_INET6, "fe80::1", 0);
	own_file(SSHD "/cgroup.procs", "812\n");
	own_file("/sys/fs/cgroup/system.slice/dropbear.socket/cgroup.procs", "");
	own_file("/sys/fs/cgroup/system.slice/nginx.service/cgroup.procs", "900\n");
	own_file(OWN_CARD_PATH "/net/uplink0" UPPER "/ifindex", ifindex);
}

static void assert_users(const char *details)
{
	observe();
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_PF), 0);
	ck_assert_pstr_eq(pf->holder.details, details);
}

/* Behind what is said of the device itself. */
static void assert_also(const char *user)
{
	char details[256];

	(void)snprintf(details, sizeof(details), "%s%s%s", NOBODY, user ? "; " : "",
		       user ? user : "");
	assert_users(details);
}

#define LISTENER(family, port, unit)                                                               \
	{                                                                                          \
		LISTENING, family, NULL, NULL, port, 70, unit, NULL,                               \
	}

static const struct {
	const char *name;
	struct made_up sockets[MAX];
	const char *user; /* NULL: none */
} cases[] = {
	{ "a session",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 22, 80, "ssh.service", NULL } },
	  "an ssh session from 192.0.2.7" },
	{ "at whatever port sshd listens",
	  { LISTENER(AF_INET, 2222, "ssh.service"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 2222, 80, NULL, NULL } },
	  "an ssh session from 192.0.2.7" },
	{ "at a socket that systemd has made",
	  { LISTENER(AF_INET, 2222, "dropbear.socket"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 2222, 80, NULL, NULL } },
	  "an ssh session from 192.0.2.7" },
	{ "who else listens is nobody's way in",
	  { LISTENER(AF_INET, 443, "nginx.service"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 443, 80, "nginx.service", NULL } },
	  NULL },
	{ "port 22 is told of also where it is not known who listens",
	  { LISTENER(AF_INET, 22, NULL),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 22, 80, NULL, NULL } },
	  "a connection to TCP port 22 from 192.0.2.7" },
	{ "several are told as one that is likely to stay",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.9", 22, 90, NULL, NULL },
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 22, 80, NULL, NULL },
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.8", 22, 85, NULL, NULL } },
	  "ssh sessions, one of them from 192.0.2.7" },
	{ "nobody has accepted it",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 22, 0, NULL, NULL } },
	  NULL },
	{ "on what stands on the device",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "198.51.100.1", "203.0.113.9", 22, 80, NULL, NULL } },
	  "an ssh session from 203.0.113.9" },
	{ "to an address that is nobody's device's, by this one",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "203.0.113.1", "192.0.2.7", 22, 80, NULL, NULL } },
	  "an ssh session from 192.0.2.7" },
	{ "by another device",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "203.0.113.1", "203.0.113.9", 22, 80, NULL, NULL } },
	  NULL },
	{ "from the host itself",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "127.0.0.1", "127.0.0.1", 22, 80, NULL, NULL } },
	  NULL },
	{ "IPv4 in a socket for both",
	  { LISTENER(AF_INET6, 22, "ssh.service"),
	    { CONNECTED, AF_INET6, "::ffff:192.0.2.1", "::ffff:192.0.2.7", 22, 80, NULL, NULL } },
	  "an ssh session from 192.0.2.7" },
	{ "IPv6 by an address that means something only on its device",
	  { LISTENER(AF_INET6, 22, "ssh.service"),
	    { CONNECTED, AF_INET6, "fe80::1", "fe80::7", 22, 80, NULL, "uplink0" } },
	  "an ssh session from fe80::7" },
	{ "likewise, on another device",
	  { LISTENER(AF_INET6, 22, "ssh.service"),
	    { CONNECTED, AF_INET6, "fe80::1", "fe80::7", 22, 80, NULL, "lo" } },
	  NULL },
};

START_TEST(an_ssh_session_is_named)
{
	sockets = cases[_i].sockets;
	assert_also(cases[_i].user);
}
END_TEST

START_TEST(what_the_kernel_does_not_tell_of_is_left_out_and_what_fails_is_not)
{
	failure = -ENOENT;
	assert_also(NULL);
	failure = -EPERM;
	assert_also(NULL);
	/* Where nobody else is known. */
	own_namespace_clear();
	own_card_make();
	own_card_add_netdev(OWN_CARD_PATH, "free0", own_veth("free0"));
	own_remove(OWN_CARD_PATH "/net/lo");
	failure = -EPERM;
	assert_users("whether an ssh session is on it cannot be told now (EPERM)");
}
END_TEST

/* The kernel's own answers. Who has the sockets is not known: there is no cgroup in this /sys. */
START_TEST(a_real_connection_is_found)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(22),
		.sin_addr.s_addr = htonl(0xc0000201),
	};
	CLEANUP_FD int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CLEANUP_FD int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CLEANUP_FD int session = -1;

	assert_also(NULL);
	ck_assert_int_eq(bind(listener, (const struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	ck_assert_int_eq(connect(client, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_also(NULL);
	session = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(session, 0);
	assert_also("a connection to TCP port 22 from 192.0.2.1");
}
END_TEST

/* Kernels may be without. */
static bool tells_of_tcp(void)
{
	CLEANUP(netlink_free_cleanup) struct netlink *netlink = NULL;

	return netlink_new(NETLINK_SOCK_DIAG, &netlink) == 0 &&
	       tcp_find(netlink, TCP_LISTENING, 1, NULL, NULL) == 0;
}

int main(void)
{
	Suite *suite;
	TCase *tests;

	if (!own_namespace_enter() || !own_veth("probe"))
		return RUNNER_SKIPPED;
	suite = suite_create("pf_users");
	tests = tcase_create("pf_users");
	tcase_add_checked_fixture(tests, set_up, own_card_tear_down);
	tcase_add_loop_test(tests, an_ssh_session_is_named, 0, (int)ARRAY_SIZE(cases));
	tcase_add_test(tests, what_the_kernel_does_not_tell_of_is_left_out_and_what_fails_is_not);
	if (tells_of_tcp())
		tcase_add_test(tests, a_real_connection_is_found);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
